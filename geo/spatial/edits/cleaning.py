"""Cells made whole: overlaps parted, narrow gaps and slits closed, all noded on the storage grid.

Who asks for it, and what it changes, is in ``geo.spatial.edits.repair``.

Source: ``shapely.coverage_clean`` (GEOS 3.14), in metres, then one noding on the storage grid.
"""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial import coverage
from geo.spatial.edits.faces import given_to
from geo.spatial.edits.trim import REACH
from geo.spatial.measure import METRES_PER_DEGREE
from geo.spatial.storage import Geometries, snap_geometry

_LONG = 10.0  # a slit is so many times as long around as it is wide at most


def clean(shapes: Geometries, gap_m: float) -> tuple[Geometries, list[coverage.Fault]]:
    """Return cells that tile, and the gaps that are left because they are too wide.

    Of an overlap each piece goes to the cell it shares most border with, a gap or slit likewise.

    Parameters
    ----------
    shapes : (n,) valid polygons or multipolygons, degrees lon, lat
    gap_m : gaps narrower than this are closed, metres

    Returns
    -------
    (n,) polygons or multipolygons on the storage grid; empty where another cell covers all
    list of Fault

    Examples
    --------
    >>> step = 2**-23
    >>> cells = [shapely.box(0, 0, 2**-9, 2**-9), shapely.box(2**-9 + 20 * step, 0, 2**-8, 2**-9)]
    >>> made, left = clean(np.array(cells), 1.0)
    >>> shapely.union_all(made).equals(shapely.box(0, 0, 2**-8, 2**-9)), left
    (True, [])
    """
    scale = _scale(shapes)
    clean = shapely.coverage_clean(
        shapely.transform(shapes, lambda points: points * scale),
        gap_width=gap_m,
        snapping_distance=REACH * METRES_PER_DEGREE,
    )
    placed = snap_geometry(shapely.transform(clean, lambda points: points / scale))
    index = np.flatnonzero(~shapely.is_empty(placed))
    result = placed.copy()
    result[index], faults = _closed(placed[index], gap_m)
    return result, [_renumbered(fault, index.tolist()) for fault in faults]


def _closed(cells: Geometries, gap_m: float) -> tuple[Geometries, list[coverage.Fault]]:
    """Return cells noded, each slit given to the one it shares most border with."""
    both, faults = coverage.noded(np.concatenate([cells, slits(cells, gap_m)]))
    own = np.arange(len(both))
    new = own >= len(cells)
    owner = given_to(both, np.where(new, -1, own), new & ~shapely.is_empty(both))
    kept = owner >= 0
    result = cells.copy()
    result[np.unique(owner[kept])] = coverage.union_by(both[kept], owner[kept])
    faults = [f for f in faults if all(place < len(cells) for place in f.owners)]
    return result, faults


def slits(shapes: Geometries, gap_m: float) -> Geometries:
    """Return the narrow land between cells that is open to the outside, and so is no hole.

    Parameters
    ----------
    shapes : (n,) polygons or multipolygons, degrees lon, lat
    gap_m : how wide it is at most, metres

    Examples
    --------
    >>> cells = [shapely.box(0, 0, 2**-9, 2**-9), shapely.box(2**-9 + 2**-19, 0, 2**-8, 2**-9)]
    >>> len(slits(np.array(cells), 1.0)), len(slits(np.array(cells), 0.1))
    (1, 0)
    """
    scale = _scale(shapes)
    flat = shapely.transform(shapely.union_all(shapes), lambda points: points * scale)
    rims = [shapely.Polygon(part.exterior) for part in shapely.get_parts(flat)]
    whole = shapely.union_all(rims)
    wide = shapely.buffer(whole, gap_m / 2.0, join_style="mitre")
    shut = shapely.buffer(wide, -gap_m / 2.0, join_style="mitre")
    found = shapely.get_parts(shapely.difference(shut, whole))
    around = shapely.length(found)
    long = (2.0 * shapely.area(found) < gap_m * around) & (around > _LONG * gap_m)
    placed = snap_geometry(shapely.transform(found[long], lambda points: points / scale))
    return placed[shapely.area(placed) > 0.0]


def _scale(shapes: Geometries) -> npt.NDArray[np.float64]:
    """Return metres per degree of longitude and latitude about some shapes."""
    south, north = shapely.total_bounds(shapes)[[1, 3]]
    middle = np.radians((south + north) / 2.0)
    return np.array([np.cos(middle), 1.0]) * METRES_PER_DEGREE


def _renumbered(fault: coverage.Fault, index: list[int]) -> coverage.Fault:
    owners = tuple(index[owner] for owner in fault.owners)
    return coverage.Fault(fault.kind, owners, fault.area_m2, fault.width_m, fault.lon, fault.lat)
