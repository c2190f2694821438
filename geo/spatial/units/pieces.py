"""The land of a unit parted from its building, so that a cell beyond it has a way out."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries
from geo.spatial.units.footprints import Ints
from geo.spatial.units.frame import Frame

_TRIED = 8  # vertices of the unit tried for each ray


def land_pieces(frame: Frame, unit: shapely.Geometry, solid: shapely.Geometry) -> Geometries | None:
    """Return the building's own ground and the pieces of land around it.

    Rays run from the building's corners to vertices that the unit has already, so its neighbours
    stay as they are.

    Parameters
    ----------
    frame : Frame of the unit
    unit : polygon, metres, on the lattice
    solid : what stands on it, metres

    Returns
    -------
    (k,) polygons, the building's first; None when the land cannot be parted so
    """
    rays = [ray for part in shapely.get_parts(solid) for ray in _rays(unit, part, solid)]
    if not rays:
        return None
    lines = [shapely.boundary(unit), shapely.boundary(solid), *rays]
    faces = frame.noded(lines)
    inside = shapely.point_on_surface(faces)
    faces, inside = faces[shapely.within(inside, unit)], inside[shapely.within(inside, unit)]
    built = shapely.intersects(inside, solid)
    if not built.any() or built.all() or not _keeps_outline(unit, faces):
        return None
    core = shapely.coverage_union_all(faces[built])
    if core.geom_type != "Polygon":
        return None
    return np.array([core, *faces[~built]], dtype=object)


def _rays(
    unit: shapely.Geometry, part: shapely.Geometry, solid: shapely.Geometry
) -> list[shapely.Geometry]:
    """Return a line from each corner of a building to a vertex of its unit in sight."""
    corners = _corners(part)
    rim = np.unique(shapely.get_coordinates(unit), axis=0)
    apart = np.hypot(*(rim[None] - corners[:, None]).transpose(2, 0, 1))
    near = np.argsort(apart, axis=1, kind="stable")[:, :_TRIED]
    starts = np.broadcast_to(corners[:, None], (*near.shape, 2))
    ways = shapely.linestrings(np.stack([starts, rim[near]], axis=2))
    shapely.prepare(unit)
    free = (shapely.length(ways) > 0.0) & shapely.covers(unit, ways)
    free[free] = shapely.length(shapely.intersection(ways[free], solid)) < 1e-6
    return list(ways[free.any(axis=1), np.argmax(free, axis=1)[free.any(axis=1)]])


def _corners(part: shapely.Geometry) -> npt.NDArray[np.float64]:
    """Return the vertices of an outline that are nearest to the corners of its rectangle."""
    outline = shapely.get_coordinates(shapely.get_exterior_ring(part))[:-1]
    box = shapely.get_coordinates(shapely.oriented_envelope(part))
    if len(box) < 5:
        return outline[:1]
    apart = np.hypot(*(outline[:, None, :] - box[None, :4, :]).transpose(2, 0, 1))
    return outline[np.unique(np.argmin(apart, axis=0))]


def _keeps_outline(unit: shapely.Geometry, faces: Geometries) -> bool:
    whole = shapely.coverage_union_all(faces)
    return shapely.equals_exact(shapely.normalize(whole), shapely.normalize(unit))


def parted(
    frame: Frame, shapes: Geometries, solids: Geometries, chosen: Ints
) -> tuple[Geometries, Ints]:
    """Return units with the land of the chosen ones parted, and the unit each comes from.

    Parameters
    ----------
    frame : Frame
    shapes : (u,) units, metres; solids : (u,) what stands on each, None on empty land
    chosen : (c,) units

    Returns
    -------
    (v,) polygons: all units in their order, a chosen one its building's ground, then pieces of land
    (v,) int64
    """
    result = shapes.copy()
    pieces: list[shapely.Geometry] = []
    origin: list[int] = []
    for unit in chosen:
        found = land_pieces(frame, shapes[unit], solids[unit]) if solids[unit] else None
        if found is not None:
            result[unit] = found[0]
            pieces.extend(found[1:])
            origin.extend([int(unit)] * (len(found) - 1))
    if not pieces:
        return result, np.arange(len(shapes), dtype=np.int64)
    return np.concatenate([result, pieces]), np.concatenate([np.arange(len(shapes)), origin])
