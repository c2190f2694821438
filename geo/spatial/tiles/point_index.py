"""The index as Python sees it: points in, cells, distances and neighbours out.

An index never changes; a refresh gives another one, which shares with it what stayed the same.
Kernels run without the interpreter's lock.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.errors import Invalid
from geo.spatial.tiles import layout
from geo.spatial.tiles.border import border_distances
from geo.spatial.tiles.build import (
    COMPACT,
    Borders,
    address,
    empty_root,
    no_parts,
    padded,
    raster_for,
    settle_cells,
)
from geo.spatial.tiles.find import REFUSED, find_point, find_points
from geo.spatial.tiles.layout import Arrays, Stored, Used
from geo.spatial.tiles.near import border_distance, cells_near
from geo.spatial.tiles.parts import NOTHING, Preset
from geo.spatial.tiles.stretches import stretches_of
from geo.spatial.tiles.tree import boxes_of, tree_of

Points = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int32]
Metres = npt.NDArray[np.float64]

# Points that a thread takes at a time.
_AT_ONCE = 65_536
_ROWS_NAMED = 20
# Kinds of arrays that may hold points; what stands among objects is seen when it is converted.
_NUMBERS = "fiuO"


class PointsRefused(Invalid):
    """Points are no finite degrees within ±180 and ±90."""

    code = "points_refused"


class Neighbours(NamedTuple):
    """Cells near points, nearest first, the lower code first at the same distance.

    Parameters
    ----------
    cells : (n, k) int32, filled up with -1
    metres : (n, k) float64, filled up with NaN
    """

    cells: Cells
    metres: Metres


class PointIndex:
    """Which cell owns a point: covers, then the bytewise lower code; one structure for all.

    Made by ``build``, ``load`` or a refresh. Cells are numbered as they were given.
    """

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.arrays, self.used, raster = stored.arrays, stored.used, stored.raster
        arrays, levels = stored.arrays, stored.levels
        self._frame = np.array(
            [
                *(address(array) for array in (arrays.root, arrays.nodes, arrays.records)),
                *(address(array) for array in (arrays.lists, arrays.vertices)),
                *(raster.west, raster.south, raster.columns, raster.rows, raster.shift, levels),
                *(address(array) for array in (arrays.cells, arrays.rings, arrays.rank)),
                *(address(arrays.members), address(arrays.boxes), len(arrays.members)),
                address(arrays.stretches),
            ],
            dtype=np.int64,
        )
        self._at = address(self._frame)

    def __len__(self) -> int:
        """Return how many numbers of cells there are, gone ones included."""
        return len(self.arrays.cells)

    @property
    def nbytes(self) -> int:
        """How many bytes the index takes, the room for refreshes left out."""
        arrays = self.arrays
        return sum(
            getattr(self.used, name, len(array)) * array.shape[1] * array.itemsize
            for name in Arrays.__dataclass_fields__
            for array in [getattr(arrays, name)]
        )

    @cached_property
    def codes(self) -> npt.NDArray[np.bytes_]:
        """The code of each cell in UTF-8, empty for a cell that is gone."""
        width = self.arrays.codes.shape[1]
        return np.ascontiguousarray(self.arrays.codes).view(f"S{width}").reshape(-1)

    def find(self, points: npt.ArrayLike, *, threads: int = 1) -> Cells:
        """Return the cell of each point.

        Parameters
        ----------
        points : (n, 2) float64, degrees lon, lat, storage CRS; snapped here to the storage grid
        threads : how many of them may work at once

        Returns
        -------
        (n,) int32; -1 outside every cell

        Raises
        ------
        PointsRefused
            When a coordinate is not finite, or outside ±180 and ±90.
        """
        pairs = _pairs(points)
        cells = np.empty(len(pairs), dtype=np.int32)
        helpers = min(threads, len(pairs) // _AT_ONCE) - 1
        if helpers < 1:
            good = self._find(pairs, cells)
        else:
            # Whoever is free takes the next points, the caller as well.
            begins = iter(range(0, len(pairs), _AT_ONCE))
            work = partial(self._find_parts, pairs, cells, begins)
            others = [_helpers(os.getpid(), helpers).submit(work) for _ in range(helpers)]
            good = all([work(), *(other.result() for other in others)])
        if not good:
            raise _refused(pairs)
        return cells

    def locate(self, lon: float, lat: float) -> int:
        """Return the cell of one point, -1 outside every cell.

        Raises
        ------
        PointsRefused
            When a coordinate is not finite, or outside ±180 and ±90.
        """
        cell: int = find_point(self._at, float(lon), float(lat))
        if cell == REFUSED:
            raise _refused(_pairs([[lon, lat]]))
        return cell

    def chain(self, lon: float, lat: float) -> tuple[int, ...]:
        """Return what was given as the ancestors of the cell of one point; empty outside."""
        cell: int = find_point(self._at, float(lon), float(lat))
        if cell < 0:
            if cell == REFUSED:
                raise _refused(_pairs([[lon, lat]]))
            return ()
        return self._chains[cell]

    def chains(self, cells: Cells) -> Cells:
        """Return the ancestors of cells, (n, levels) int32; -1 throughout for the cell -1."""
        found = np.take(self.arrays.ancestors, cells, axis=0, mode="clip")
        found[cells < 0] = NOTHING
        return found

    def border_m(self, points: npt.ArrayLike, cells: Cells | None = None) -> Metres:
        """Return how far each point is from the border of its cell, in metres.

        Parameters
        ----------
        points : (n, 2) float64, degrees
        cells : (n,) int32, the cells of the points if they are known; -1 for outside

        Returns
        -------
        (n,) float64; 0 on the border, positive inside; outside every cell minus the distance to
        the nearest, minus infinity where there is no cell at all
        """
        pairs = _pairs(points)
        cells = self.find(pairs) if cells is None else np.ascontiguousarray(cells, dtype=np.int32)
        metres = np.empty(len(pairs))
        border_distances(self._at, address(pairs), len(pairs), cells, metres)
        outside = np.flatnonzero(cells < 0)
        if len(outside):
            metres[outside] = -self.nearest(pairs[outside])[1]
        return metres

    def border_at(self, cell: int, lon: float, lat: float) -> float:
        """Return how far one point, of which ``locate`` told the cell, is from its border."""
        metres: float = border_distance(self._at, cell, lon, lat)
        return metres

    def nearest(self, points: npt.ArrayLike) -> tuple[Cells, Metres]:
        """Return the nearest cell of each point and how far it is, 0 inside it.

        Returns
        -------
        (n,) int32, -1 where there is no cell at all; (n,) float64 metres, there infinity
        """
        pairs = _pairs(points)
        found = self.near(pairs, np.full(len(pairs), np.inf), limit=1)
        metres = np.where(found.cells[:, 0] < 0, np.inf, found.metres[:, 0])
        return found.cells[:, 0], metres

    def near(
        self,
        points: npt.ArrayLike,
        radius_m: npt.ArrayLike,
        *,
        own: Cells | None = None,
        limit: int = 8,
    ) -> Neighbours:
        """Return the cells within a radius of each point, other than its own.

        Parameters
        ----------
        points : (n, 2) float64, degrees
        radius_m : (n,) or one float, metres; negative or NaN seeks nothing
        own : (n,) int32, cells to leave out, as ``find`` gave them
        limit : how many at most

        Raises
        ------
        PointsRefused
            When a coordinate is not finite, or outside ±180 and ±90.
        """
        pairs = _pairs(points)
        if not _in_range(pairs).all():
            raise _refused(pairs)
        radii = np.ascontiguousarray(np.broadcast_to(radius_m, len(pairs)), dtype=np.float64)
        left_out = np.full(len(pairs), NOTHING, dtype=np.int32) if own is None else own
        cells = np.empty((len(pairs), limit), dtype=np.int32)
        metres = np.empty((len(pairs), limit))
        cells_near(self._at, address(pairs), len(pairs), left_out, radii, cells, metres)
        return Neighbours(cells, metres)

    def save(self, path: Path) -> None:
        """Write the index to a file that appears under its name only when it is whole."""
        layout.save(path, self.stored)

    def _find_parts(self, pairs: Points, cells: Cells, begins: Iterator[int]) -> bool:
        parts = (slice(begin, begin + _AT_ONCE) for begin in begins)
        return all([self._find(pairs[part], cells[part]) for part in parts])

    def _find(self, pairs: Points, cells: Cells) -> bool:
        return bool(find_points(self._at, address(pairs), 0, len(pairs), cells))

    @cached_property
    def _chains(self) -> list[tuple[int, ...]]:
        return [tuple(row) for row in self.arrays.ancestors.tolist()]


def build(
    borders: Borders,
    codes: Sequence[bytes],
    *,
    ancestors: Cells | None = None,
    preset: Preset = COMPACT,
) -> PointIndex:
    """Return the index of cells.

    Parameters
    ----------
    borders : of each cell, in grid numbers
    codes : of each cell, in UTF-8; of two cells that cover a point the bytewise lower one owns it
    ancestors : (n, levels) int32, what ``chain`` gives
    preset : how much memory the tiles may take
    """
    order, rank, letters = ordered(codes)
    raster = raster_for(borders, preset)
    root, vertices = empty_root(raster), padded(borders.vertices)
    parts, levels = settle_cells(
        vertices,
        borders,
        order,
        rank,
        raster,
        root,
        preset=preset,
        parts=no_parts(),
    )
    present = borders.cells[:, 1] > borders.cells[:, 0]
    members, boxes = tree_of(boxes_of(vertices, borders.cells), present)
    records, nodes, lists = parts.used.tolist()
    stretches = stretches_of(vertices, borders.rings)
    counts = (len(borders.vertices), len(borders.rings), len(stretches))
    used = Used(nodes, records, lists, *counts)
    arrays = Arrays(
        parts.nodes,
        parts.records,
        parts.lists,
        vertices,
        borders.rings.reshape(-1, 1),
        stretches,
        root,
        borders.cells,
        rank.reshape(-1, 1),
        letters,
        np.empty((len(codes), 0), dtype=np.int32) if ancestors is None else ancestors,
        members.reshape(-1, 1),
        boxes,
    )
    return PointIndex(Stored(layout.packed(arrays, used), used, raster, levels, preset, [used]))


def load(path: Path, *, resident: bool = False) -> PointIndex:
    """Return an index from a file.

    Parameters
    ----------
    path : written by ``save``
    resident : read it into this process's own memory, where large pages make it faster by a third;
        else processes share the file's pages

    Raises
    ------
    IndexFileRefused
        When the file is no index of this format, or is cut short.
    """
    return PointIndex(layout.load(path, resident=resident))


def ordered(codes: Sequence[bytes]) -> tuple[Cells, Cells, npt.NDArray[np.uint8]]:
    """Return the order of codes, the place of each in it, and their letters filled with zeros."""
    texts = np.array(codes, dtype="S") if len(codes) else np.empty(0, dtype="S1")
    order = np.argsort(texts, kind="stable").astype(np.int32)
    rank = np.empty(len(codes), dtype=np.int32)
    rank[order] = np.arange(len(codes), dtype=np.int32)
    return order, rank, texts.view(np.uint8).reshape(len(codes), texts.itemsize)


@cache
def _helpers(_process: int, number: int) -> ThreadPoolExecutor:
    """Return threads that wait for work: to start one takes as long as 20,000 points.

    A process that was forked has none of its parent's threads, so each has its own.
    """
    return ThreadPoolExecutor(number, thread_name_prefix="tiles")


def _pairs(points: npt.ArrayLike) -> Points:
    given = np.asarray(points)
    if given.dtype.kind not in _NUMBERS:
        raise ValueError(f"points are numbers, not {given.dtype}")
    pairs = np.ascontiguousarray(given, dtype=np.float64)
    if pairs.ndim == 2 and pairs.shape[1] == 2:
        return pairs
    if not pairs.size:
        return np.empty((0, 2))
    raise ValueError(f"points are (n, 2) lon, lat, not {pairs.shape}")


def _in_range(pairs: Points) -> npt.NDArray[np.bool_]:
    return np.asarray((np.abs(pairs) <= (180.0, 90.0)).all(axis=1))


def _refused(pairs: Points) -> PointsRefused:
    rows = np.flatnonzero(~_in_range(pairs))
    first = pairs[rows[0]].tolist()
    return PointsRefused(
        count=len(rows),
        rows=rows[:_ROWS_NAMED].tolist(),
        lon=str(first[0]),
        lat=str(first[1]),
    )
