"""Many points at once against a grid in memory: the same answers as ``locate``, point by point.

Arrays in, arrays out, no database, no people. A row that cannot be used has a flaw and no answer,
and the others go on. What files, pages and frames make of it stands in ``geo.locate.table``.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from geo.crs.faults import Fault
from geo.crs.systems import System, system
from geo.crs.transform import to_storage_each
from geo.locate.answer import ACCURACY_LIMIT_M, SWAPPED_FAR_M
from geo.locate.cells import NO_ROW, Rows
from geo.locate.snapshot import NEIGHBOURS, SLACK_M, Metres, Snapshot
from geo.spatial.storage import Points

Flaws = npt.NDArray[np.int8]
Marks = npt.NDArray[np.bool_]
Column = npt.NDArray[np.float64]

# Points at a time: what belongs to them stays small.
BLOCK = 65_536


class Flaw(IntEnum):
    """What is wrong with a row; the first five are those of ``geo.crs.faults.Fault``."""

    NONE = Fault.NONE
    NOT_FINITE = Fault.NOT_FINITE
    OFF_GLOBE = Fault.OFF_GLOBE
    SWAPPED = Fault.SWAPPED
    BEYOND_CRS = Fault.BEYOND_CRS
    MISSING = 5
    NOT_NUMBER = 6
    NOT_POINT = 7
    ACCURACY = 8


# What the column ``error`` says; sentences stand in ``geo/texts`` under ``locate.flaw.<code>``.
CODES: dict[Flaw, str] = {
    Flaw.NOT_FINITE: "coordinate_not_finite",
    Flaw.OFF_GLOBE: "coordinate_outside_globe",
    Flaw.SWAPPED: "axes_swapped",
    Flaw.BEYOND_CRS: "coordinate_beyond_crs",
    Flaw.MISSING: "coordinate_missing",
    Flaw.NOT_NUMBER: "coordinate_not_number",
    Flaw.NOT_POINT: "not_a_point",
    Flaw.ACCURACY: "accuracy_refused",
}


@dataclass(frozen=True, slots=True)
class Doubts:
    """The neighbours that ambiguous points may belong to as well, nearest first.

    Parameters
    ----------
    places : (m,) int64, which of the points
    cells : (m, 8) int32, rows of ``Snapshot.cells``, filled up with -1
    metres : (m, 8) float64, filled up with NaN
    """

    places: npt.NDArray[np.int64]
    cells: Rows
    metres: Metres


@dataclass(frozen=True, slots=True)
class Batch:
    """What points resolve to, in their order.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat on the storage grid; NaN where there is a flaw
    flaws : (n,) int8, ``Flaw``
    leaves : (n,) int32, rows of ``Snapshot.cells``; -1 outside every cell and with a flaw
    border_m : (n,) float64, metres to the nearest border of the leaf, 0 on it; NaN where there is
        no leaf
    ambiguous : (n,) the border is nearer than the point is accurate, or the point is on it
    doubts : of the ambiguous ones
    nearest : (n,) int32, the nearest leaf of a point outside every cell, else -1
    nearest_m : (n,) float64, how far it is, else NaN
    """

    points: Points
    flaws: Flaws
    leaves: Rows
    border_m: Metres
    ambiguous: Marks
    doubts: Doubts
    nearest: Rows
    nearest_m: Metres

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.flaws)


def locate_points(
    grid: Snapshot,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    *,
    crs: str | System = "wgs84",
    accuracy_m: float | Column = 0.0,
    flaws: Flaws | None = None,
    borders: bool = True,
    neighbours: bool = True,
    threads: int = 1,
) -> Batch:
    """Return what points resolve to.

    Parameters
    ----------
    lon, lat : (n,) float64, in ``crs``
    accuracy_m : how far off each may be, 0 to 10000 metres; NaN counts as 0
    flaws : (n,) what is known already to be wrong with rows; their numbers are not looked at
    borders : whether borders are measured; else ``border_m`` is NaN, and no point is ambiguous
    neighbours : whether the nearest leaf is sought outside; else ``nearest`` is -1
    threads : how many may look for cells at once

    Raises
    ------
    UnknownCrs, CrsUncertain
        When the system is not known, or its way to WGS-84 is not.
    """
    known = system(crs)
    how = _How(borders, neighbours, threads)
    wanted = np.broadcast_to(np.asarray(accuracy_m, dtype=np.float64), len(lon))
    parts = []
    for begin in range(0, max(len(lon), 1), BLOCK):
        part = slice(begin, begin + BLOCK)
        given = None if flaws is None else flaws[part]
        pairs = np.column_stack([lon[part], lat[part]])
        parts.append(_located(grid, pairs, known, wanted[part], given, how))
    return parts[0] if len(parts) == 1 else _joined(parts)


def turned_matches(
    grid: Snapshot, batch: Batch, lon: Column, lat: Column, crs: str | System
) -> Marks:
    """Return which points outside every cell, or off the globe, match when turned round.

    Parameters
    ----------
    lon, lat : (n,) as they were given to ``locate_points``
    """
    unmatched = (batch.leaves < 0) & np.isin(batch.flaws, (Flaw.NONE, Flaw.SWAPPED))
    found = np.zeros(len(batch), dtype=np.bool_)
    rows = np.flatnonzero(unmatched)
    each = to_storage_each(np.column_stack([lat[rows], lon[rows]]), crs)
    good = each.faults == Fault.NONE
    found[rows[good]] = grid.index.find(each.points[good]) >= 0
    return found


@dataclass(frozen=True, slots=True)
class _How:
    """What is wanted of points, and how many threads may look for it."""

    borders: bool
    neighbours: bool
    threads: int


def _located(
    grid: Snapshot,
    pairs: Points,
    known: System,
    accuracy_m: Column,
    flaws: Flaws | None,
    how: _How,
) -> Batch:
    points, found = _stored(pairs, known, accuracy_m, flaws)
    good = np.flatnonzero(found == Flaw.NONE)
    number = len(found)
    cells = np.full(number, NO_ROW, dtype=np.int32)
    # Most chunks have no flaw: then nothing has to be gathered.
    everything = len(good) == number
    cells[good] = grid.index.find(points if everything else points[good], threads=how.threads)
    inside = np.flatnonzero(cells >= 0)
    border_m = np.full(number, np.nan)
    whole = len(inside) == number
    if how.borders:
        border_m[inside] = grid.index.border_m(
            points if whole else points[inside], cells if whole else cells[inside]
        )
    ambiguous = (border_m == 0.0) | (border_m < accuracy_m)
    nearest = np.full(number, NO_ROW, dtype=np.int32)
    nearest_m = np.full(number, np.nan)
    outside = good if not len(inside) else good[cells[good] < 0]
    swapped = _swapped(grid, pairs, points, outside, known)
    if len(swapped):
        found[swapped], points[swapped] = Flaw.SWAPPED, np.nan
        outside = np.setdiff1d(outside, swapped)
    if how.neighbours and len(outside):
        near, metres = grid.index.nearest(points[outside])
        nearest[outside] = _rows(grid, near)
        nearest_m[outside] = np.where(near < 0, np.nan, metres)
    return Batch(
        points,
        found,
        _rows(grid, cells),
        border_m,
        ambiguous,
        _doubts(grid, points, cells, accuracy_m, np.flatnonzero(ambiguous)),
        nearest,
        nearest_m,
    )


def _stored(
    pairs: Points, known: System, accuracy_m: Column, flaws: Flaws | None
) -> tuple[Points, Flaws]:
    """Return points on the storage grid, NaN where there is a flaw, and the flaws."""
    each = to_storage_each(pairs, known)
    found = each.faults.copy()
    # NaN, which is no accuracy at all, is no flaw.
    found[(found == Flaw.NONE) & ((accuracy_m < 0.0) | (accuracy_m > ACCURACY_LIMIT_M))] = (
        Flaw.ACCURACY
    )
    if flaws is not None:
        found = np.where(flaws != Flaw.NONE, flaws, found).astype(np.int8)
    if found.any():
        each.points[found != Flaw.NONE] = np.nan
    return each.points, found


def _swapped(
    grid: Snapshot,
    given: Points,
    points: Points,
    outside: npt.NDArray[np.intp],
    known: System,
) -> npt.NDArray[np.intp]:
    """Return which points outside lie far from every cell, and in one with their numbers swapped.

    Parameters
    ----------
    given, points : as they came, and on the storage grid
    """
    turned = to_storage_each(given[outside][:, ::-1], known)
    usable = np.flatnonzero(turned.faults == Fault.NONE)
    if len(usable):
        usable = usable[grid.index.find(turned.points[usable]) >= 0]
    if not len(usable):
        return outside[:0]
    _, metres = grid.index.nearest(points[outside[usable]])
    return outside[usable[metres > SWAPPED_FAR_M]]


def _doubts(
    grid: Snapshot,
    points: Points,
    cells: Rows,
    accuracy_m: Column,
    places: npt.NDArray[np.int64],
) -> Doubts:
    radius_m = np.fmax(accuracy_m[places], SLACK_M)
    near = grid.index.near(points[places], radius_m, own=cells[places], limit=NEIGHBOURS)
    return Doubts(places, _rows(grid, near.cells), near.metres)


def _rows(grid: Snapshot, cells: Rows) -> Rows:
    """Return rows of the grid's cells instead of cells of its index."""
    if not len(grid.rows):
        return np.full(cells.shape, NO_ROW, dtype=np.int32)
    found = np.take(grid.rows, cells, mode="clip")
    found[cells < 0] = NO_ROW
    return found


def _joined(parts: list[Batch]) -> Batch:
    begins = np.cumsum([0, *(len(part) for part in parts[:-1])])
    doubts = Doubts(
        np.concatenate(
            [part.doubts.places + begin for part, begin in zip(parts, begins, strict=True)]
        ),
        np.concatenate([part.doubts.cells for part in parts]),
        np.concatenate([part.doubts.metres for part in parts]),
    )
    return Batch(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.flaws for part in parts]),
        np.concatenate([part.leaves for part in parts]),
        np.concatenate([part.border_m for part in parts]),
        np.concatenate([part.ambiguous for part in parts]),
        doubts,
        np.concatenate([part.nearest for part in parts]),
        np.concatenate([part.nearest_m for part in parts]),
    )
