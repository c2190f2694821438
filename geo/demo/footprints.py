"""Footprints of buildings: rectangles turned with their street, on the storage grid."""

import numpy as np
import shapely

from geo.demo.blocks import Slots
from geo.demo.warp import eastward, to_degrees, to_metres
from geo.spatial.storage import Geometries

_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


def footprints(slots: Slots) -> tuple[Geometries, Geometries]:
    """Return footprints and the points that stand for their buildings.

    Parameters
    ----------
    slots : (n,) structured array of ``blocks.SLOT``

    Returns
    -------
    (n,) polygons, degrees, storage grid; right angles on the ground
    (n,) points inside them
    """
    middle = np.column_stack([slots["u"], slots["v"]])
    centre = to_metres(middle)
    angle = eastward(middle) + slots["turn"]
    along = np.column_stack([np.cos(angle), np.sin(angle)]) * slots["length"][:, None]
    across = np.column_stack([-np.sin(angle), np.cos(angle)]) * slots["depth"][:, None]
    corners = [centre + a * along + b * across for a, b in _CORNERS]
    rings = to_degrees(np.stack(corners, axis=1).reshape(-1, 2)).reshape(-1, 4, 2)
    return shapely.polygons(rings), shapely.points(to_degrees(centre))
