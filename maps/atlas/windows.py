"""Which part of the town a map shows first, and how much ground is sent around it."""

import math

import numpy as np

from geo.places.picture import OccupancyPicture
from maps.base import Bounds

# A window as it is on a desk, px: the whole, and what cards leave free for the cell asked for.
WINDOW, FREE = (1440, 844), (1024, 740)
# Ground is sent for a somewhat larger window, and at least this far around, degrees.
LARGER, LEAST_MARGIN = 1.3, 0.003


def bounds_of(picture: OccupancyPicture) -> Bounds:
    """Return the bounds of the cell asked for: west, south, east, north in degrees."""
    asked = picture.cells[picture.cells["code"] == picture.cell.code]
    inside = asked if np.isfinite(asked.total_bounds).all() else picture.cells
    west, south, east, north = (float(value) for value in inside.total_bounds)
    return west, south, east, north


def window_around(bounds: Bounds) -> Bounds:
    """Return what a window shows in which the bounds just fit the part that cards leave free."""
    west, south, east, north = bounds
    narrow = math.cos(math.radians((south + north) / 2))
    across, down = (east - west) * narrow, north - south
    pixel = LARGER * max(across / FREE[0], down / FREE[1])
    x = max((pixel * WINDOW[0] - across) / 2, LEAST_MARGIN) / narrow
    y = max((pixel * WINDOW[1] - down) / 2, LEAST_MARGIN)
    return west - x, south - y, east + x, north + y
