"""What was drawn, checked before it meets the coverage: numbers, size, kind, crossings.

Whatever passes lies on the storage grid and can be drawn: no NaN, no bow-tie, no million vertices.
"""

import re

import numpy as np
import shapely

from geo.spatial.edits.refusals import (
    DrawingCrossesItself,
    DrawingEmpty,
    DrawingKindRefused,
    DrawingNotFinite,
    DrawingSwapped,
    DrawingTooLarge,
)
from geo.spatial.storage import snap, snap_geometry

# Nobody draws more by hand; the outline of a province has about as many.
MOST_VERTICES = 100_000

_LINES = ("LineString", "LinearRing", "MultiLineString")
_POLYGONS = ("Polygon", "MultiPolygon")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", re.IGNORECASE)


def line_drawn(drawing: shapely.Geometry) -> shapely.Geometry:
    """Return one line or several as drawn, on the storage grid.

    Parameters
    ----------
    drawing : line, closed line or lines, degrees lon, lat

    Returns
    -------
    LineString or MultiLineString; several lines may meet, none may cross itself

    Raises
    ------
    DrawingInvalid
        One of its kinds, with the place.

    Examples
    --------
    >>> line_drawn(shapely.LineString([(0, 0), (0, 0), (1, 1)])).wkt
    'LINESTRING (0 0, 1 1)'
    """
    _check_kind(drawing, _LINES, "line")
    snapped = _snapped(drawing)
    lines = [line for line in shapely.get_parts(snapped) if line.length > 0.0]
    if not lines:
        raise DrawingEmpty(drawing)
    for line in lines:
        if not line.is_simple:
            raise DrawingCrossesItself(_crossing(line))
    return lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)


def polygon_drawn(drawing: shapely.Geometry, *, most: int = MOST_VERTICES) -> shapely.Geometry:
    """Return one polygon or several as drawn, on the storage grid.

    Parameters
    ----------
    drawing : polygon or multipolygon, holes and all, degrees lon, lat
    most : how many vertices it may have

    Returns
    -------
    Polygon or MultiPolygon, valid

    Raises
    ------
    DrawingInvalid
        One of its kinds, with the place.

    Examples
    --------
    >>> polygon_drawn(shapely.box(0, 0, 1, 1)).area
    1.0
    """
    _check_kind(drawing, _POLYGONS, "polygon")
    snapped = _snapped(drawing, most)
    if not drawing.convex_hull.area > 0.0:
        raise DrawingEmpty(drawing)
    if not drawing.is_valid:
        raise DrawingCrossesItself(place_of_fault(drawing))
    if not snapped.is_valid:
        # What is thinner than the grid goes; the rest stays.
        snapped = snap_geometry([shapely.force_2d(drawing)])[0]
    if not snapped.area > 0.0:
        raise DrawingEmpty(drawing)
    return snapped


def point_drawn(drawing: shapely.Geometry) -> shapely.Point:
    """Return a point on the storage grid.

    Raises
    ------
    DrawingInvalid
        One of its kinds.

    Examples
    --------
    >>> point_drawn(shapely.Point(0.5, 2**-30)).wkt
    'POINT (0.5 0)'
    """
    _check_kind(drawing, ("Point",), "point")
    return _snapped(drawing)


def cut_drawn(drawing: shapely.Geometry) -> shapely.Geometry:
    """Return the lines along which a line or polygon cuts, on the storage grid.

    Raises
    ------
    DrawingInvalid
        One of its kinds, with the place.

    Examples
    --------
    >>> cut_drawn(shapely.box(0, 0, 1, 1)).length
    4.0
    """
    if getattr(drawing, "geom_type", None) in _POLYGONS:
        return shapely.boundary(polygon_drawn(drawing))
    return line_drawn(drawing)


def _check_kind(drawing: shapely.Geometry, kinds: tuple[str, ...], wanted: str) -> None:
    kind = getattr(drawing, "geom_type", "null")
    if kind not in kinds:
        raise DrawingKindRefused(kind=kind, wanted=wanted)


def _snapped(drawing: shapely.Geometry, most: int = MOST_VERTICES) -> shapely.Geometry:
    count = int(shapely.get_num_coordinates(drawing))
    if count > most:
        raise DrawingTooLarge(count=count, most=most)
    points = shapely.get_coordinates(drawing)
    wrong = ~(np.abs(points) <= [180.0, 90.0]).all(axis=1)
    if wrong.any():
        if (np.abs(points) <= [90.0, 180.0]).all():
            raise DrawingSwapped()
        lon, lat = points[np.argmax(wrong)].tolist()
        raise DrawingNotFinite(
            value=f"({lon:.10g}, {lat:.10g})", position=int(np.argmax(wrong)) + 1
        )
    if not count:
        raise DrawingEmpty()
    flat = shapely.transform(shapely.force_2d(drawing), snap)
    if flat.geom_type == "LinearRing":
        flat = shapely.LineString(flat)
    return shapely.remove_repeated_points(flat, 0.0) if flat.geom_type in _LINES else flat


def _crossing(line: shapely.Geometry) -> shapely.Geometry:
    """Return a point where a line crosses itself: a node between its own parts."""
    ends = shapely.get_coordinates(
        [
            shapely.get_point(part, end)
            for part in shapely.get_parts(shapely.node(line))
            for end in (0, -1)
        ]
    )
    points, counts = np.unique(ends, axis=0, return_counts=True)
    return shapely.Point(points[np.argmax(counts)])


def place_of_fault(polygon: shapely.Geometry) -> shapely.Geometry:
    """Return where a polygon is broken, as GEOS tells it.

    Examples
    --------
    >>> place_of_fault(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])).wkt
    'POINT (1 1)'
    """
    numbers = _NUMBER.findall(shapely.is_valid_reason(polygon).partition("[")[2])
    if len(numbers) < 2:
        return shapely.point_on_surface(polygon)
    return shapely.Point([float(number) for number in numbers[:2]])
