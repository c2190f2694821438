"""Keyset pages: the rows after a key, in the order of an index; no OFFSET and no full count.

Tables under the row policy are read area by area, each area its own query with its own range
``path >= a AND path < b``. One query with the ranges joined by OR would sort the union before
the first row (29 ms instead of 0.2 ms, ``docs/decisions/0008-row-scope.md``), and without a range
the policy alone would filter every row of the table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, false, or_, true, tuple_

from geo.access.scope import EVERYTHING, Scope, area_range

AnySelect = Select[*tuple[Any, ...]]
Row = TypeVar("Row")
Query = TypeVar("Query", bound=AnySelect)

Key = tuple[int | str, ...]
PathRange = tuple[str, str]


class Placed(Protocol):
    """A row of a table under the row policy."""

    @property
    def path(self) -> str:
        """The path of the cell it lies in."""

    @property
    def id(self) -> int:
        """Its number."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are asked for: at most ``limit`` after the key of the last one had."""

    limit: int
    after: Key | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page of rows; ``after`` is the key to go on from, None on the last page."""

    rows: list[Row]
    after: Key | None


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], Key]) -> Slice[Row]:
    """Return the first ``limit`` rows as a page, knowing from one row more whether others follow.

    Examples
    --------
    >>> cut([1, 2, 3], 2, lambda row: (row,))
    Slice(rows=[1, 2], after=(2,))
    >>> cut([1, 2], 2, lambda row: (row,)).after is None
    True
    """
    kept = list(rows[:limit])
    return Slice(kept, key(kept[-1]) if len(rows) > limit else None)


def ranges_within(scope: Scope, area: str | None = None) -> list[PathRange | None]:
    """Return the path ranges of a scope, cut to one cell's area, in path order.

    Parameters
    ----------
    area : path of a cell; None asks for all that the scope holds

    Returns
    -------
    list of half-open ranges; None in it stands for all paths; empty when nothing is left

    Examples
    --------
    >>> ranges_within(Scope.of_areas(["1.2.", "1.7."]), "1.")
    [('1.2.', '1.2/'), ('1.7.', '1.7/')]
    >>> ranges_within(Scope.of_areas(["1.2."]), "1.2.5.")
    [('1.2.5.', '1.2.5/')]
    >>> ranges_within(Scope.of_areas(["1.2."]), "1.7.")
    []
    """
    if area is None:
        return scope.ranges
    if any(own == EVERYTHING or area.startswith(own) for own in scope.areas):
        return [area_range(area)]
    return [area_range(own) for own in scope.areas if own.startswith(area)]


def ranges_of(scope: Scope, area: str) -> list[PathRange]:
    """Return the path ranges of a cell's area that lie in a scope, for statements that bind them.

    Examples
    --------
    >>> ranges_of(Scope.everything(), "1.2."), ranges_of(Scope.of_areas(["1.7."]), "1.2.")
    ([('1.2.', '1.2/')], [])
    """
    # A cell's area is never all paths, so no range of it is either.
    return [bounds for bounds in ranges_within(scope, area) if bounds is not None]


def in_path_order(
    query: Query,
    columns: tuple[SQLColumnExpression[str], SQLColumnExpression[int]],
    bounds: PathRange | None,
    page: Page,
) -> Query:
    """Return a query of a table with an index on ``(path, id)`` cut to one range and page.

    Parameters
    ----------
    columns : the table's path and id
    bounds : half-open path range; None for all paths
    """
    path, row_id = columns
    query = query.where(*in_range(path, bounds))
    if page.after is not None:
        query = query.where(tuple_(path, row_id) > tuple_(*page.after))
    return query.order_by(path, row_id).limit(page.limit)


def in_range(
    path: SQLColumnExpression[str], bounds: PathRange | None
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of one path range; none for all paths."""
    return () if bounds is None else (path >= bounds[0], path < bounds[1])


def is_within(path: SQLColumnExpression[str], scope: Scope) -> ColumnElement[bool]:
    """Return whether a row found by other means lies in the scope; never a way to find rows."""
    return or_(false(), *(and_(true(), *in_range(path, bounds)) for bounds in scope.ranges))


def read_by_area(
    ranges: Sequence[PathRange | None],
    page: Page,
    read: Callable[[PathRange | None, Page], Sequence[Row]],
    key: Callable[[Row], Key],
) -> Slice[Row]:
    """Return one page of a scoped table, reading only as many areas as the page needs.

    Parameters
    ----------
    ranges : disjoint and in path order, see ``ranges_within``
    read : gives at most ``page.limit`` rows of one range after ``page.after``, in path order
    key : the path and id of a row
    """
    rows: list[Row] = []
    for bounds in ranges:
        missing = page.limit + 1 - len(rows)
        if missing == 0:
            break
        if not _is_behind(bounds, page.after):
            rows.extend(read(bounds, Page(missing, page.after)))
    return cut(rows, page.limit, key)


def first_by_area(
    scope: Scope, read: Callable[[PathRange | None, Page], Sequence[Row]]
) -> Row | None:
    """Return the first row of a scope, None without one: of a query that finds one row or none."""
    rows = (row for bounds in scope.ranges for row in read(bounds, Page(1)))
    return next(rows, None)


def by_place(row: Placed) -> Key:
    """Return the key of a row in a list ordered by path and id."""
    return row.path, row.id


def _is_behind(bounds: PathRange | None, after: Key | None) -> bool:
    return bounds is not None and after is not None and str(after[0]) >= bounds[1]
