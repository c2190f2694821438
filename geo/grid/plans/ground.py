"""Whether the cells of a file lie where the cells of a draft do, or in another system. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.crs.detect import detect
from geo.crs.systems import system
from geo.crs.transform import geometries_to_storage
from geo.errors import GeoError, Refused
from geo.grid.plans.draft import Draft
from geo.grid.plans.matching import Drawn
from geo.spatial.edits.trim import REACH
from geo.spatial.measure import area_m2, length_m
from geo.spatial.storage import Geometries

# Cells that were redrawn keep about their middle; a wrong system moves all of them alike.
_OFF_M, _FAR_BETTER = 50.0, 5.0
_BEYOND, _MOST_BEYOND = 0.01, 0.5


class CellsElsewhere(Refused):
    """The cells of a file lie off the ground of the plan, as if read in the wrong system."""

    code = "plan_cells_elsewhere"


class CellsElsewhereTry(CellsElsewhere):
    """They would lie there when read in another system."""

    code = "plan_cells_elsewhere_try"


@dataclass(frozen=True, slots=True)
class CellsFile:
    """The cells of a file, as read and as given.

    Parameters
    ----------
    drawn : on the storage grid
    given : (n,) shapes with the numbers of the file
    crs : as which they were read
    """

    drawn: tuple[Drawn, ...]
    given: Geometries
    crs: str


def check_ground(draft: Draft, file: CellsFile) -> None:
    """Refuse a file whose cells lie elsewhere than the leaves of a draft.

    Raises
    ------
    CellsElsewhere
        Says how far off they are, and which system would fit when one is plain.
    """
    codes = [code for code in draft.working.codes() if code in draft.cells]
    leaves = draft.working.shapes(codes)
    land = shapely.buffer(shapely.union_all(leaves), REACH, quad_segs=1)
    shapes = np.array([one.polygon for one in file.drawn], dtype=object)
    beyond = _beyond(shapes, land)
    off = _off_m(draft, file.drawn, shapes)
    if beyond <= _BEYOND and (off is None or off <= _OFF_M):
        return
    best = _fitting(draft, file, land, off)
    if best is not None:
        moved = float(np.median(_apart_m(shapes, _read(file, best))))
        raise CellsElsewhereTry(metres=round(moved), crs=system(file.crs).name, best=best)
    if beyond > _MOST_BEYOND:
        away = shapely.shortest_line(shapely.union_all(shapes), land)
        facts = {"metres": round(float(length_m([away])[0])), "percent": round(100.0 * beyond)}
        raise CellsElsewhere(crs=system(file.crs).name, **facts)


def _fitting(
    draft: Draft, file: CellsFile, land: shapely.Geometry, off: float | None
) -> str | None:
    """Return the system that plainly fits: by cells of the same code, else by the outline."""
    found = detect(shapely.get_coordinates(file.given), [land])
    if off is None:
        likely = found.likely
        plain = likely is not None and not likely.swapped and likely.system != system(file.crs)
        return likely.system.name if likely is not None and plain else None
    offs = {}
    for name in dict.fromkeys(one.system.name for one in found.readings if not one.swapped):
        shapes = _read(file, name)
        other = None if shapes is None else _off_m(draft, file.drawn, shapes)
        if other is not None:
            offs[name] = other
    best = min(offs, key=offs.__getitem__, default=None)
    return best if best is not None and offs[best] * _FAR_BETTER < off else None


def _read(file: CellsFile, name: str) -> Geometries | None:
    try:
        return geometries_to_storage(file.given, name)
    except GeoError:
        return None


def _beyond(shapes: Geometries, land: shapely.Geometry) -> float:
    """Return which share of the ground of shapes lies off the land."""
    sizes = area_m2(shapes)
    return float(area_m2(shapely.difference(shapes, land)).sum() / max(sizes.sum(), 1e-9))


def _off_m(draft: Draft, drawn: Sequence[Drawn], shapes: Geometries) -> float | None:
    """Return how far cells lie from those of the same code, in the median; None without codes."""
    pairs = [
        (shape, draft.working.shape(one.code))
        for one, shape in zip(drawn, shapes, strict=True)
        if one.code is not None and draft.is_leaf(one.code)
    ]
    if not pairs:
        return None
    here, there = (np.array(side, dtype=object) for side in zip(*pairs, strict=True))
    return float(np.median(_apart_m(here, there)))


def _apart_m(here: Geometries, there: Geometries | None) -> np.ndarray:
    if there is None:
        return np.zeros(1)
    ends = np.stack([_middles(here), _middles(there)], axis=1)
    return length_m(shapely.linestrings(ends))


def _middles(shapes: Geometries) -> np.ndarray:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)))
