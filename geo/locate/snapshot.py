"""The grid of one publication in memory: points to cells, how far borders are, what lies near.

The same answers as ``geo.locate.resolver`` gives from SQL, one point at a time or arrays of them;
knows no people. An instance never changes, so threads and requests share it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.locate.answer import Boundary, Candidate, CellStep, Nearest
from geo.locate.cells import NO_ROW, Cells, Rows
from geo.locate.labels import Labels, labels_of
from geo.spatial.tiles.point_index import Neighbours, PointIndex

Metres = npt.NDArray[np.float64]

# On a border the neighbours are told also to who claims to be exact.
SLACK_M = 0.001
# So many neighbours are told at most.
NEIGHBOURS = 8


class Found(NamedTuple):
    """What many points resolve to.

    Parameters
    ----------
    leaves : (n,) int32, rows of ``Snapshot.cells``; -1 outside every cell
    border_m : (n,) float64 metres to the nearest border of the leaf, 0 on it; outside every cell
        minus the distance to the nearest one
    ambiguous : (n,) whether the border is nearer than the point is accurate, or the point is on it
    near : of an ambiguous point the other leaves within its accuracy, of a point outside the
        nearest leaf; rows (n, k) and metres, nearest first, filled up with -1 and NaN
    """

    leaves: Rows
    border_m: Metres
    ambiguous: npt.NDArray[np.bool_]
    near: Neighbours


@dataclass(frozen=True)
class Snapshot:
    """The grid of one publication.

    Parameters
    ----------
    number : of the publication
    cells : its cells
    index : of its leaves; their ancestors are rows of ``cells``, root first
    """

    number: int
    cells: Cells
    index: PointIndex

    @cached_property
    def rows(self) -> Rows:
        """The row of each cell of the index; -1 for one that is gone."""
        ancestors = self.index.arrays.ancestors
        if not ancestors.size:
            return np.empty(0, dtype=np.int32)
        return np.asarray(ancestors.max(axis=1), dtype=np.int32)

    @cached_property
    def labels(self) -> Labels:
        """What tables say of each row of ``cells``."""
        return labels_of(self.cells)

    def chain(self, cell: int) -> tuple[int, ...]:
        """Return the rows of a cell of the index and its ancestors, root first."""
        return tuple(row for row in self.index.arrays.ancestors[cell].tolist() if row >= 0)

    def steps(self, chain: tuple[int, ...]) -> tuple[CellStep, ...]:
        """Return a chain of rows as it is told."""
        return tuple(self.cells.step(row) for row in chain)

    def boundary(self, cell: int, lon: float, lat: float, accuracy_m: float) -> Boundary:
        """Return how near the border of a point's cell is, and which neighbours may be meant.

        Parameters
        ----------
        cell : of the index, as ``index.locate`` found it
        lon, lat : degrees, storage CRS
        accuracy_m : how far off the point may be
        """
        distance_m = self.index.border_at(cell, lon, lat)
        on_border = distance_m == 0.0
        if not on_border and distance_m >= accuracy_m:
            return Boundary(False, distance_m, False, ())
        own = np.array([cell], dtype=np.int32)
        near = self.index.near([[lon, lat]], max(accuracy_m, SLACK_M), own=own, limit=NEIGHBOURS)
        return Boundary(on_border, distance_m, True, self._candidates(near))

    def nearest(self, lon: float, lat: float) -> Nearest | None:
        """Return the nearest leaf of a point outside every cell; None when there is no cell."""
        cells, metres = self.index.nearest([[lon, lat]])
        cell = int(cells[0])
        return None if cell < 0 else Nearest(self.cells.code(self.rows[cell]), float(metres[0]))

    def find(
        self, points: npt.ArrayLike, accuracy_m: npt.ArrayLike = 0.0, *, threads: int = 1
    ) -> Found:
        """Return what many points resolve to.

        Parameters
        ----------
        points : (n, 2) float64, degrees lon, lat, storage CRS
        accuracy_m : (n,) or one float, how far off they may be
        threads : how many may look for the cells at once

        Raises
        ------
        PointsRefused
            When a coordinate is not finite, or outside ±180 and ±90.
        """
        pairs = np.ascontiguousarray(points, dtype=np.float64).reshape(-1, 2)
        cells = self.index.find(pairs, threads=threads)
        border_m = self.index.border_m(pairs, cells)
        accurate_m = np.broadcast_to(np.asarray(accuracy_m, dtype=np.float64), len(pairs))
        inside = cells >= 0
        ambiguous = inside & ((border_m == 0.0) | (border_m < accurate_m))
        # Outside, what is at the distance that is known already; a negative radius seeks nothing.
        outside_m = np.where(np.isfinite(border_m), -border_m * (1 + 1e-9) + SLACK_M, -1.0)
        radius_m = np.where(inside, np.maximum(accurate_m, SLACK_M), outside_m)
        near = self.index.near(
            pairs, np.where(ambiguous | ~inside, radius_m, -1.0), own=cells, limit=NEIGHBOURS
        )
        near.cells[~inside, 1:], near.metres[~inside, 1:] = NO_ROW, np.nan
        return Found(
            self._rows_of(cells),
            border_m,
            ambiguous,
            Neighbours(self._rows_of(near.cells), near.metres),
        )

    def warm(self) -> None:
        """Have what answers questions compiled, or its machine code read, before the first one."""
        cell = max(self.index.locate(0.0, 0.0), 0)
        if len(self.index):
            self.boundary(cell, 0.0, 0.0, 1.0)
        self.find([[0.0, 0.0]], 1.0)

    def _rows_of(self, cells: Rows) -> Rows:
        if not len(self.rows):
            return np.full(cells.shape, NO_ROW, dtype=np.int32)
        return np.where(cells < 0, NO_ROW, self.rows[cells]).astype(np.int32)

    def _candidates(self, near: Neighbours) -> tuple[Candidate, ...]:
        found = zip(near.cells[0].tolist(), near.metres[0].tolist(), strict=True)
        rows = ((self.rows[cell], metres) for cell, metres in found if cell >= 0)
        return tuple(Candidate(self.cells.code(r), self.cells.name(r), m) for r, m in rows)
