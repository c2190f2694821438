"""What a file changes: rows laid beside what stands, so that only differences are written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.crypto.fields import blind
from geo.crypto.keyring import Keyring
from geo.exchange.columns import Field, Sheet, refuse_missing_column
from geo.exchange.table import kept

_SHAPES = ("geometry", "footprint")


@dataclass(frozen=True)
class Differences:
    """Which rows are new and which differ from what stands; both masks over the rows."""

    new: np.ndarray
    changed: np.ndarray

    @property
    def written(self) -> np.ndarray:
        """Rows to write."""
        return self.new | self.changed

    @property
    def unchanged(self) -> int:
        """How many rows stand already as they are."""
        return int((~self.written).sum())


def completed(
    sheet: Sheet, fields: Sequence[Field], old: pd.DataFrame, known: np.ndarray
) -> pd.DataFrame:
    """Return every field of the rows: from the file, else as it stands, else its empty value.

    A column the file does not have changes nothing; a new row gets the field's empty value, or a
    fault when it is needed. A protected field that the file does not have stays missing: what
    stands of it is not read.

    Parameters
    ----------
    old : what stands, row by row, with a column a field; missing where nothing stands
    known : (n,) bool, which rows stand
    """
    frame = pd.DataFrame(index=sheet.values.index)
    for field in fields:
        if sheet.has(field.name):
            frame[field.name] = sheet.values[field.name]
            continue
        if field.protected:
            frame[field.name] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
            continue
        if field.needed and not known.all() and not field.key:
            refuse_missing_column(sheet, field)
        values = np.full(len(frame), None, dtype=object)
        values[:] = [field.empty] * len(frame)
        if field.name in old:
            values[known] = old[field.name].to_numpy(dtype=object)[known]
        frame[field.name] = pd.Series(values, index=frame.index, dtype=object)
    return frame


def differences(
    rows: pd.DataFrame, old: pd.DataFrame, known: np.ndarray, columns: Sequence[str]
) -> Differences:
    """Return which rows are new or differ from what stands in any of some columns.

    Parameters
    ----------
    rows, old : the same length and order
    """
    differs = np.zeros(len(rows), dtype=bool)
    for column in columns:
        compare = _shapes_differ if column in _SHAPES else _differ
        differs |= compare(rows[column].to_numpy(object), old[column].to_numpy(object))
    return Differences(~known, known & differs)


def with_blind(
    sheet: Sheet, rows: pd.DataFrame, keyring: Keyring
) -> tuple[pd.DataFrame, list[str]]:
    """Return rows with a blind index for each protected field of the file, and those columns.

    By them ``differences`` compares with what stands, and nothing is decrypted.
    """
    given = [f.protected for f in sheet.fields.values() if f.protected and sheet.has(f.name)]
    made = rows.copy()
    for field in given:
        indexes = [blind(keyring, field, value) for value in rows[field.name]]
        made[f"{field.name}_blind"] = pd.Series(indexes, index=rows.index, dtype=object)
    return made, [f"{field.name}_blind" for field in given]


def _differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    unlike = np.array([a != b for a, b in zip(one, other, strict=True)], dtype=bool)
    return unlike & ~(pd.isna(one) & pd.isna(other))


def _shapes_differ(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    left, right = (kept(values, ~pd.isna(values)) for values in (one, other))
    neither = shapely.is_missing(left) & shapely.is_missing(right)
    return np.asarray(~(neither | shapely.equals_exact(left, right, tolerance=0.0)))
