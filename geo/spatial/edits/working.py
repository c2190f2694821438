"""The coverage being edited: shapes as they were published, and what has changed since.

A ``Working`` never changes; ``after`` returns the next one, which shares the 20,000 shapes and the
search tree with it. So undo is to keep the one before, or to replay a shorter list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CellMissing
from geo.spatial.storage import Geometries

Bounds = npt.NDArray[np.float64]


class Working:
    """The leaf cells of a coverage by code.

    Made by ``Working.of`` and ``after``.

    Examples
    --------
    >>> working = Working.of(["b", "a"], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> working.codes(), working.neighbours("a"), working.changed()
    (['a', 'b'], ['b'], [])
    """

    __slots__ = ("_base", "_bounds", "_codes", "_extent", "_over", "_place", "_tree")

    _codes: list[str]  # bytewise sorted, as published
    _base: Geometries
    _place: Mapping[str, int]
    _tree: shapely.STRtree
    _extent: Bounds  # of all that was published; NaN for nothing
    _over: Mapping[str, shapely.Geometry | None]  # None: removed
    _bounds: Bounds  # of ``_over``, in its order; NaN where removed

    @classmethod
    def of(cls, codes: Sequence[str], shapes: npt.ArrayLike) -> Self:
        """Return a coverage with nothing changed.

        Parameters
        ----------
        codes : (n,) unique
        shapes : (n,) polygons or multipolygons on the storage grid, a valid coverage
        """
        array = np.asarray(shapes, dtype=object)
        order = sorted(range(len(codes)), key=codes.__getitem__)
        made = cls()
        made._codes = [str(codes[index]) for index in order]
        made._base = array[order] if order else array
        made._place = {code: index for index, code in enumerate(made._codes)}
        made._tree = shapely.STRtree(made._base)
        made._extent = shapely.total_bounds(made._base)
        made._over = {}
        made._bounds = np.empty((0, 4))
        return made

    def after(self, patch: Patch) -> Self:
        """Return the coverage with a patch applied; this one stays as it is."""
        over = dict(self._over)
        for code, shape in patch.shapes.items():
            over[code] = shape
        for code in patch.removed:
            over[code] = None
        made = type(self)()
        made._codes, made._base = self._codes, self._base
        made._place, made._tree, made._extent = self._place, self._tree, self._extent
        made._over = {
            code: shape for code, shape in over.items() if shape is not None or code in self._place
        }
        made._bounds = shapely.bounds(np.array(list(made._over.values()), dtype=object))
        return made

    def widened(self, further: Mapping[str, shapely.Geometry]) -> Self:
        """Return the coverage with further published cells; what has changed stays so.

        Examples
        --------
        >>> working = Working.of(["a"], [shapely.box(0, 0, 1, 1)])
        >>> wider = working.widened({"b": shapely.box(1, 0, 2, 1)})
        >>> wider.codes(), wider.changed()
        (['a', 'b'], [])
        """
        made = self.of([*self._codes, *further], [*self._base, *further.values()])
        made._over, made._bounds = self._over, self._bounds
        return made

    def __contains__(self, code: object) -> bool:
        if code in self._over:
            return self._over[str(code)] is not None
        return code in self._place

    def __len__(self) -> int:
        new = sum(code not in self._place for code in self._over)
        return len(self._codes) + new - len(self.removed())

    def shape(self, code: str) -> shapely.Geometry:
        """Return the shape of a cell.

        Raises
        ------
        CellMissing
            When no cell has this code.
        """
        shape = self._over[code] if code in self._over else self._published(code)
        if shape is None:
            raise CellMissing(cell=code)
        return shape

    def shapes(self, codes: Iterable[str]) -> Geometries:
        """Return the shapes of cells, in the order of the codes."""
        found = [self.shape(code) for code in codes]
        array = np.empty(len(found), dtype=object)
        array[:] = found
        return array

    def codes(self) -> list[str]:
        """Return the codes of all cells, bytewise sorted."""
        if not self._over:
            return list(self._codes)
        kept = [code for code in self._codes if code not in self._over]
        return sorted([*kept, *self.changed()])

    def changed(self) -> list[str]:
        """Return the codes of cells that are new or have another shape than published, sorted."""
        return sorted(code for code, shape in self._over.items() if shape is not None)

    def removed(self) -> list[str]:
        """Return the codes of published cells that are no more, sorted."""
        return sorted(code for code, shape in self._over.items() if shape is None)

    def near(self, windows: npt.ArrayLike) -> list[str]:
        """Return the codes of cells whose boxes meet the box of a geometry, or of one of many."""
        return self._found(np.atleast_1d(np.asarray(windows, dtype=object)), None)

    def touching(self, geometry: shapely.Geometry) -> list[str]:
        """Return the codes of cells that meet a geometry, be it in one point, sorted."""
        return self._found(np.array([geometry], dtype=object), "intersects")

    def neighbours(self, code: str) -> list[str]:
        """Return the codes of cells that share a stretch of border with a cell, sorted."""
        shape = self.shape(code)
        around = [other for other in self.near(shape) if other != code]
        shared = shapely.intersection(shapely.boundary(self.shapes(around)), shape)
        return [other for other, line in zip(around, shared, strict=True) if line.length > 0.0]

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of all cells, as published or since."""
        both = np.vstack([self._extent, self._bounds])
        west, south = np.nanmin(both[:, :2], axis=0)
        east, north = np.nanmax(both[:, 2:], axis=0)
        return float(west), float(south), float(east), float(north)

    def _published(self, code: str) -> shapely.Geometry | None:
        place = self._place.get(code)
        return None if place is None else self._base[place]

    def _found(self, geometries: Geometries, predicate: str | None) -> list[str]:
        hits = np.unique(self._tree.query(geometries, predicate=predicate)[1])
        found = [self._codes[hit] for hit in hits.tolist()]
        if self._over:
            found = [code for code in found if code not in self._over]
            found += self._found_over(geometries, predicate)
        return sorted(found)

    def _found_over(self, geometries: Geometries, predicate: str | None) -> list[str]:
        boxes = shapely.bounds(geometries)[:, None]
        low, high = self._bounds[:, :2], self._bounds[:, 2:]
        meets = ((low <= boxes[..., 2:]) & (high >= boxes[..., :2])).all(axis=2).any(axis=0)
        codes = list(self._over)
        near = [codes[index] for index in np.flatnonzero(meets).tolist()]
        if predicate is None or not near:
            return near
        inside = shapely.intersects(self.shapes(near), geometries[:, None]).any(axis=0)
        return [code for code, hit in zip(near, inside.tolist(), strict=True) if hit]
