"""Add a cell on land that no cell covers."""

import numpy as np
import shapely

from geo.spatial.edits.assembly import assembled
from geo.spatial.edits.drawing import polygon_drawn
from geo.spatial.edits.faces import NOBODY, faces_of, holding
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CodeTaken, NothingUncovered
from geo.spatial.edits.rings import outline, with_points
from geo.spatial.edits.trim import REACH, trimmed
from geo.spatial.edits.working import Working


def add_remainder(working: Working, area: shapely.Geometry, new_code: str) -> Patch:
    """Return a new cell on what of an area no cell covers, sharing every vertex with them.

    Parameters
    ----------
    working : the coverage
    area : polygon or multipolygon, drawn generously across the cells around; degrees lon, lat,
        storage CRS
    new_code : of the cell

    Raises
    ------
    EditRefused
        ``DrawingInvalid``, ``CodeTaken``, ``NothingUncovered``, ``CellFallsApart`` when the land
        left over does not hang together, ``CoverageWouldBreak``.

    Examples
    --------
    >>> working = Working.of(["a"], [shapely.box(0, 0, 2, 2)])
    >>> patch = add_remainder(working, shapely.box(1, 0, 3, 2), "b")
    >>> patch.shapes["b"].area, patch.noded, patch.outline_moved_m2
    (2.0, (), 0.0)
    """
    if new_code in working:
        raise CodeTaken(working.shape(new_code), value=new_code)
    drawn = polygon_drawn(area)
    group = working.touching(drawn)
    cells = working.shapes(group)
    room = shapely.box(*shapely.bounds(shapely.buffer(drawn, 10.0 * REACH)))
    free = shapely.difference(room, shapely.coverage_union_all(cells)) if group else room
    inside = trimmed(shapely.boundary(drawn), free, outline(cells) if group else None)
    shapes = np.array([with_points(cell, inside.chains) for cell in cells], dtype=object)
    faces = faces_of(shapes, inside.lines)
    new = np.zeros(len(faces.owner), dtype=bool)
    new[holding(np.array([drawn], dtype=object), faces.shapes)[1]] = True
    new &= faces.owner == NOBODY
    if not (new & ~faces.thin).any():
        raise NothingUncovered(drawn)
    labels = np.where(new, len(group), faces.owner)
    return assembled(working, group, faces, labels, [*group, new_code], added=new_code)
