"""One sheet or layer of a file as text, with its row numbers, before anybody knows what it means.

Readers make tables, ``geo.exchange.columns`` finds out which column is which field.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from geo.exchange.values import EXACT_BELOW
from geo.spatial.storage import Geometries

# What a table counts: rows as a spreadsheet shows them, or features from 1.
Counted = Literal["row", "feature"]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet or layer.

    Parameters
    ----------
    name : of the sheet or layer; empty for a format that holds only one
    cells : text of every cell, columns 0 …, index the row or feature number in the file
    headers : a header for each column; None while the header row is still among the cells
    counted : what the index counts
    geometry : a geometry or None for each row; None for a table without
    unreadable : which rows had a geometry that is none, False everywhere else
    system : coordinate system that the file names, ``EPSG:n`` or WKT; None when it names none
    assumed : the system is the format's default, not a statement of the file
    cut_headers : the format cuts headers to ten bytes
    """

    name: str
    cells: pd.DataFrame
    headers: tuple[str, ...] | None = None
    counted: Counted = "row"
    geometry: Geometries | None = None
    unreadable: np.ndarray | None = None
    system: str | None = None
    assumed: bool = False
    cut_headers: bool = False

    def below(self, row: int, headers: Sequence[str]) -> "Table":
        """Return the table with its header row found at a position: only what follows stays."""
        rest = self.cells.iloc[row + 1 :]
        return replace(self, cells=rest[~blank(rest)], headers=tuple(headers))


def from_records(name: str, records: Iterable[Sequence[Any]]) -> Table:
    """Return a table of records that count from 1 and may differ in length."""
    rows = [[v if type(v) is str else as_text(v) for v in record] for record in records]
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    index = pd.RangeIndex(1, len(rows) + 1)
    return Table(name, pd.DataFrame(padded, index=index, columns=range(width), dtype=object))


def kept(shapes: np.ndarray, where: np.ndarray) -> Geometries:
    """Return the shapes of a mask, None elsewhere."""
    result = np.full(len(shapes), None, dtype=object)
    result[where] = shapes[where]
    return result


def blank(cells: pd.DataFrame) -> np.ndarray:
    """Return which rows hold nothing but blanks."""
    empty = np.ones(len(cells), dtype=bool)
    for column in cells.columns:
        values = cells[column].to_numpy()
        empty[empty] = [not value.strip() for value in values[empty]]
    return empty


def as_text(value: Any) -> str:
    """Return a cell as text: a whole number without a point, nothing for null.

    Digits a number no longer has are not made up: from 10¹⁵ on it is written in scientific form,
    which ``geo.exchange.values.code`` refuses.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | np.floating):
        return _float_text(float(value))
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | np.integer | timedelta) else ""


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return repr(value)
    if abs(value) >= EXACT_BELOW:
        return f"{value:.14e}"
    return str(int(value)) if value == math.floor(value) else repr(value)
