"""Which column of a table is which field, and what its texts mean: header row, aliases, checks.

A header is known by its folded text: half-width, lower case, blanks, underscores, a remark in
brackets and the star of a required column left out. Of several columns for one field the one whose
alias stands first wins, the others are listed as ignored.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.crypto.fields import ProtectedField
from geo.exchange.report import Report
from geo.exchange.table import Table, blank
from geo.exchange.values import Flaw, Parser, Value, folded

# The header stands in one of the first rows.
HEADER_ROWS = 10
_CUT_BYTES = 10
_REMARK = re.compile(r"[(（\[【].*?[)）\]】]\s*$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind.

    Parameters
    ----------
    headers : accepted headers, the preferred first
    key : part of what identifies a row, so its column must be there and every cell filled
    needed : a row that is new must have it
    empty : what an empty cell means, and a row that is new in a file without the column
    protected : the field it fills is encrypted: its texts are masked in every report, and what
        stands is never read back to fill a gap
    """

    name: str
    headers: tuple[str, ...]
    parse: Parser
    key: bool = False
    needed: bool = False
    empty: Value = None
    protected: ProtectedField | None = None


@dataclass(frozen=True)
class Sheet:
    """A table whose columns are known.

    Parameters
    ----------
    values : a column for each field the file has; index the row numbers; None where empty or faulty
    places : field → position of its column in the table
    ignored : headers nobody asked for
    """

    table: Table
    fields: Mapping[str, Field]
    values: pd.DataFrame
    places: Mapping[str, int]
    ignored: tuple[str, ...]
    report: Report

    def has(self, name: str) -> bool:
        """Return whether the file has the field's column."""
        return name in self.places

    def header(self, name: str) -> str:
        """Return the field's header as written, or what to write when it is missing."""
        if name in self.places and self.table.headers:
            return self.table.headers[self.places[name]]
        return self.fields[name].headers[0] if name in self.fields else name

    def refuse(
        self,
        key: str,
        rows: np.ndarray | pd.Series,
        name: str,
        facts: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Report the rows of a mask as wrong in a field."""
        where = np.flatnonzero(rows)
        if not len(where):
            return
        texts = self._texts(name, where)
        self.report.refuse(
            key,
            layer=self.table.name,
            rows=self.table.cells.index.to_numpy()[where].tolist(),
            column=self.header(name),
            values=texts,
            facts=facts,
        )

    def _texts(self, name: str, where: np.ndarray) -> list[str] | None:
        """Return what stands in a field's column, as it may be shown."""
        if name not in self.places:
            return None
        texts: list[str] = self.table.cells[self.places[name]].to_numpy()[where].tolist()
        protected = self.fields[name].protected
        return [protected.mask(text) for text in texts] if protected else texts

    def note(self, key: str, rows: np.ndarray | pd.Series, **facts: Any) -> None:
        """Note something about the rows of a mask."""
        where = np.flatnonzero(rows)
        if len(where):
            numbers = self.table.cells.index.to_numpy()[where].tolist()
            self.report.note(key, layer=self.table.name, rows=numbers, **facts)


def sheet(table: Table, fields: Sequence[Field], report: Report) -> Sheet:
    """Return a table with its columns found and its texts read; flaws go to the report.

    A row too long for its header, a missing key column and an empty key cell are faults too.
    """
    named = table if table.headers is not None else with_header(table, fields)
    places, ignored = matched(named, fields)
    by_name = {field.name: field for field in fields}
    values = pd.DataFrame(index=named.cells.index)
    made = Sheet(named, by_name, values, places, ignored, report)
    for name, place in places.items():
        read = _read(made, by_name[name], named.cells[place])
        values[name] = pd.Series(read, index=values.index, dtype=object)
    if named.cells.empty:
        report.refuse("no_rows", layer=table.name)
    for field in fields:
        if field.key and field.name not in places:
            refuse_missing_column(made, field)
    _refuse_long_rows(made)
    return made


def refuse_missing_column(made: Sheet, field: Field) -> None:
    """Report that a table has no column for a field.

    Where no header was known at all, the row taken for the header may hold somebody's data: its
    texts are not told.
    """
    found = ", ".join(made.ignored) if made.places else ""
    made.report.refuse(
        "missing_column",
        layer=made.table.name,
        column=field.headers[0],
        facts={"headers": " / ".join(field.headers[:6]), "found": found or "–"},
    )


def recognised(headers: Sequence[str], fields: Sequence[Field]) -> int:
    """Return how many fields some headers would fill."""
    known = [{folded(header) for header in field.headers} for field in fields]
    given = {header_key(header) for header in headers}
    return sum(bool(aliases & given) for aliases in known)


def header_key(header: str) -> str:
    """Return a header folded, without a remark in brackets at its end."""
    return folded(_REMARK.sub("", header.strip()) or header)


def with_header(table: Table, fields: Sequence[Field]) -> Table:
    """Return the table below its header row."""
    best = header_row(table, fields)
    if best is None:
        return table.below(len(table.cells), [""] * table.cells.shape[1])
    first = table.cells.iloc[:HEADER_ROWS].to_numpy(dtype=object)
    return table.below(best, [_joined(first[: best + 1, place]) for place in range(first.shape[1])])


def header_row(table: Table, fields: Sequence[Field]) -> int | None:
    """Return the position of the header: the row that names most fields, else the first one.

    None when the rows where it may stand are blank.
    """
    filled = np.flatnonzero(~blank(table.cells.iloc[:HEADER_ROWS]))
    if not len(filled):
        return None
    first = table.cells.iloc[:HEADER_ROWS].to_numpy(dtype=object)
    scores = [recognised(first[row].tolist(), fields) for row in filled]
    return int(filled[scores.index(max(scores))])


def _joined(above: np.ndarray) -> str:
    """Return a header; under a merged cell the text stands in a row above."""
    return next((text.strip() for text in above[::-1] if text.strip()), "")


def matched(table: Table, fields: Sequence[Field]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the position of each field's column, and the headers nobody asked for."""
    headers = table.headers or ()
    keys = [header_key(header) for header in headers]
    places: dict[str, int] = {}
    for field in fields:
        wanted = [folded(alias) for alias in field.headers]
        all_ranks = {p: _rank(key, wanted, headers[p], table) for p, key in enumerate(keys)}
        ranks = {p: rank for p, rank in all_ranks.items() if rank is not None}
        if found := [place for place in ranks if place not in places.values()]:
            places[field.name] = min(found, key=ranks.__getitem__)
    left = [h for place, h in enumerate(headers) if place not in places.values() and h]
    return places, tuple(left)


def _rank(key: str, wanted: list[str], header: str, table: Table) -> int | None:
    if key in wanted:
        return wanted.index(key)
    cut = table.cut_headers and _CUT_BYTES - 2 <= len(header.encode()) <= _CUT_BYTES
    begins = [rank for rank, alias in enumerate(wanted) if cut and key and alias.startswith(key)]
    return len(wanted) + begins[0] if begins else None


def _read(made: Sheet, field: Field, column: pd.Series) -> np.ndarray:
    """Return the column's values; each different text is parsed once."""
    codes, uniques = pd.factorize(column)
    parsed = [field.parse(text) if text.strip() else None for text in uniques]
    values = np.empty(len(uniques), dtype=object)
    values[:] = [None if isinstance(value, Flaw) else value for value in parsed]
    _refuse_flaws(made, field, [parsed[code] for code in codes])
    empty = np.array([value is None or value == "" for value in parsed], dtype=bool)[codes]
    if field.key or field.needed:
        made.refuse("missing_value", empty, field.name)
    result = values[codes]
    result[empty] = field.empty
    return result


def _refuse_flaws(made: Sheet, field: Field, parsed: Sequence[Value | Flaw]) -> None:
    flaws = [value if isinstance(value, Flaw) else None for value in parsed]
    for key in {flaw.key for flaw in flaws if flaw}:
        rows = np.array([flaw is not None and flaw.key == key for flaw in flaws], dtype=bool)
        facts = [flaw.facts for flaw in flaws if flaw is not None and flaw.key == key]
        made.refuse(key, rows, field.name, facts)


def _refuse_long_rows(made: Sheet) -> None:
    headers = np.array(made.table.headers, dtype=object)
    extra = made.table.cells.loc[:, headers == ""]
    filled = np.zeros(len(extra), dtype=bool)
    for column in extra.columns:
        filled |= extra[column].str.strip().ne("").to_numpy(dtype=bool)
    if made.table.counted == "row":
        made.refuse("value_without_header", filled, "")
