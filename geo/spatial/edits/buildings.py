"""Which buildings an edit would cut: whole in one cell before, in two afterwards.

Source: the measure of division, a footprint with more than 2 % and more than 1 m² of its area
outside the cell that holds most of it is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import BuildingsCut
from geo.spatial.edits.rings import differing, edges, lines
from geo.spatial.edits.working import Working
from geo.spatial.measure import area_m2
from geo.spatial.storage import Geometries

_SHARE, _LEAST_M2 = 0.02, 1.0
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Buildings:
    """Footprints that can be searched.

    Parameters
    ----------
    names : (n,) how each is called in a refusal, a code or a name
    shapes : (n,) polygons, degrees, storage CRS; a point is never cut
    tree : of the shapes
    """

    names: Sequence[str]
    shapes: Geometries
    tree: shapely.STRtree

    @classmethod
    def of(cls, names: Sequence[str], shapes: npt.ArrayLike) -> Self:
        """Return footprints with a tree made for them."""
        array = np.asarray(shapes, dtype=object)
        return cls(names, array, shapely.STRtree(array))


def cut_buildings(working: Working, patch: Patch, buildings: Buildings) -> npt.NDArray[np.intp]:
    """Return the indices of buildings that a patch cuts and that were whole before.

    Parameters
    ----------
    working : the coverage before
    patch : what is to change
    buildings : around the change, or all

    Returns
    -------
    (k,) intp, sorted

    Examples
    --------
    >>> working = Working.of(["a"], [shapely.box(0, 0, 2, 2)])
    >>> patch = Patch({"a": shapely.box(0, 0, 1, 2), "b": shapely.box(1, 0, 2, 2)})
    >>> houses = [shapely.box(0.5, 0.5, 1.5, 1.5), shapely.box(0.2, 0.2, 0.4, 0.4)]
    >>> cut_buildings(working, patch, Buildings.of(["1号楼", "2号楼"], houses)).tolist()
    [0]
    """
    before = [code for code in (*patch.shapes, *patch.removed) if code in working]
    old, new = (edges(list(shapes)) for shapes in (working.shapes(before), patch.shapes.values()))
    border = lines(differing(np.unique(old, axis=0), np.unique(new, axis=0))[1])
    met = np.unique(buildings.tree.query(border, predicate="intersects")[1])
    footprints = buildings.shapes[met]
    cut = _is_cut(working.after(patch), footprints) & ~_is_cut(working, footprints)
    return met[cut]


def check_buildings(working: Working, patch: Patch, buildings: Buildings) -> None:
    """Refuse a patch that cuts buildings.

    Raises
    ------
    BuildingsCut
        Names the first of them, and how many there are.

    Examples
    --------
    >>> whole = Patch({"a": shapely.box(0, 0, 2, 2)})
    >>> house = Buildings.of(["1号楼"], [shapely.box(0.5, 0.5, 1.5, 1.5)])
    >>> check_buildings(Working.of(["a"], [shapely.box(0, 0, 2, 2)]), whole, house)
    """
    cut = cut_buildings(working, patch, buildings)
    if len(cut):
        names = "、".join(buildings.names[index] for index in cut[:_NAMED].tolist())
        more = "…" if len(cut) > _NAMED else ""
        raise BuildingsCut(buildings.shapes[cut[0]], count=len(cut), names=names + more)


def _is_cut(working: Working, footprints: Geometries) -> npt.NDArray[np.bool_]:
    """Return which footprints have too much of their area outside the cell that holds most."""
    size = area_m2(footprints)
    most = np.zeros(len(footprints))
    for index, footprint in enumerate(footprints):
        cells = working.shapes(working.touching(footprint))
        if len(cells):
            most[index] = area_m2(shapely.intersection(cells, footprint)).max()
    outside = size - most
    return np.asarray((outside > _SHARE * size) & (outside > _LEAST_M2) & (most > 0.0))
