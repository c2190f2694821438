"""The plan of the place that the sign-in card lies on: borders of cells, as one small picture.

Borders are everybody's to see. Nothing here is to be read off: no name, no figure.
"""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import shapely
from markupsafe import Markup

from geo.spatial.storage import Geometries, Points

# The longer side of the drawing, in its own units; a vertex nearer than one unit is left out.
SIDE = 1600
_TOLERANCE = 1.0


def plan(levels: Sequence[Geometries]) -> Markup:
    """Return borders as an SVG that fills what it stands in; empty without any.

    Parameters
    ----------
    levels
        Cells of one level each, upper first, in degrees, storage CRS; each level is a path of its
        own, of class ``level-0``, ``level-1`` … in the order given.
    """
    drawn = [_borders(shapes) for shapes in levels]
    everything = shapely.union_all([line for line in drawn if not line.is_empty])
    if everything.is_empty:
        return Markup("")
    west, south, east, north = everything.bounds
    narrow = math.cos(math.radians((south + north) / 2))
    scale = SIDE / max((east - west) * narrow, north - south)
    size = f"{round((east - west) * narrow * scale)} {round((north - south) * scale)}"
    paths = Markup("").join(
        Markup('<path class="level-{}" d="{}"/>').format(
            number, _path(line, (west, north), (scale * narrow, -scale))
        )
        for number, line in enumerate(drawn)
    )
    return Markup(
        '<svg class="plan" viewBox="0 0 {}" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true" focusable="false">{}</svg>'
    ).format(size, paths)


def _borders(shapes: Geometries) -> shapely.Geometry:
    """Return the borders of a level, each once."""
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return shapely.line_merge(shapely.union_all(shapely.boundary(there)))


def _path(line: shapely.Geometry, corner: tuple[float, float], scale: tuple[float, float]) -> str:
    """Return path data in whole units of the drawing, y downwards."""
    placed = shapely.transform(line, partial(_placed, corner=corner, scale=scale))
    parts = shapely.get_parts(shapely.simplify(placed, _TOLERANCE))
    return "".join(_stroke(shapely.get_coordinates(part)) for part in parts)


def _placed(points: Points, *, corner: tuple[float, float], scale: tuple[float, float]) -> Points:
    return (points - np.array(corner)) * np.array(scale)


def _stroke(points: Points) -> str:
    whole = np.rint(points).astype(int)
    return "M" + "L".join(f"{x} {y}" for x, y in whole.tolist())
