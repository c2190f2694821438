"""Shapes of the leaf cells of the demo town: one noding on the storage grid.

All borders are drawn on the plan, where they are straight and meet exactly; they are bent, put
on the storage grid together with the outline of the district, noded once and polygonised. A border
that leaves the district ends at a vertex of the outline, so that the outline stays as it is.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.demo import outline
from geo.demo.lattice import Ints, Lattice
from geo.demo.warp import from_degrees, to_degrees, to_metres, to_plan
from geo.spatial.coverage import union_by
from geo.spatial.storage import GRID, Geometries, Points

STEP_M = 42.0
_KEEP_OFF_M = 22.0  # nearer to the outline than this a border turns to one of its vertices
_TRIED = 12


@dataclass(frozen=True)
class Pattern:
    """Borders on the plan.

    Parameters
    ----------
    lattice : Lattice
    mark : (nv, nu) label of each lot: the leaf cell that takes all of it, or negative for a lot
        that ``rects`` cut up
    rects : (n, 5) float64: leaf cell, west, south, east, north
    """

    lattice: Lattice
    mark: Ints
    rects: np.ndarray


def leaf_shapes(pattern: Pattern) -> tuple[Ints, Geometries]:
    """Return the leaf cells: a valid coverage whose union is the outline of the district.

    Parameters
    ----------
    pattern : Pattern

    Returns
    -------
    (n,) int64, labels, sorted
    (n,) polygons, degrees, storage grid
    """
    lines = shapely.transform(shapely.segmentize(_drawn(pattern), STEP_M), to_metres)
    inside = _ended(lines)
    ring = shapely.linestrings(outline.ring())
    noded = shapely.union_all([*inside, ring], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    district = shapely.polygons(outline.ring())
    shapely.prepare(district)
    points = shapely.point_on_surface(faces)
    kept = shapely.contains_properly(district, points)
    faces, points = faces[kept], points[kept]
    label = _labels(pattern, to_plan(from_degrees(shapely.get_coordinates(points))))
    label = _whole(faces, label)
    return np.unique(label), union_by(faces, label)


def _drawn(pattern: Pattern) -> Geometries:
    """Return all borders on the plan, noded there."""
    u, v, mark = pattern.lattice.u, pattern.lattice.v, pattern.mark
    row, column = np.nonzero(mark[:, 1:] != mark[:, :-1])
    upright = np.stack(
        [np.stack([u[column + 1], v[row]], -1), np.stack([u[column + 1], v[row + 1]], -1)], 1
    )
    row, column = np.nonzero(mark[1:] != mark[:-1])
    level = np.stack(
        [np.stack([u[column], v[row + 1]], -1), np.stack([u[column + 1], v[row + 1]], -1)], 1
    )
    sides = shapely.boundary(shapely.box(*pattern.rects[:, 1:].T))
    borders = np.concatenate([shapely.linestrings(np.concatenate([upright, level])), sides])
    return np.asarray(shapely.get_parts(shapely.union_all(borders)), dtype=object)


def _ended(lines: Geometries) -> list[shapely.Geometry]:
    """Return lines on the storage grid; those that leave the district end at its vertices."""
    corners = from_degrees(outline.ring()[:-1])
    district = shapely.polygons(corners)
    safe = shapely.buffer(district, -_KEEP_OFF_M)
    shapely.prepare(district)
    shapely.prepare(safe)
    whole = shapely.contains_properly(safe, lines)
    crossing = lines[~whole & ~shapely.disjoint(district, lines)]
    kept = shapely.transform(lines[whole], to_degrees)
    return [*kept, *(part for line in crossing for part in _parts(line, corners, district, safe))]


def _parts(
    line: shapely.Geometry, corners: Points, district: shapely.Geometry, safe: shapely.Geometry
) -> list[shapely.Geometry]:
    """Return the parts of a line inside, each drawn on to a vertex of the outline."""
    points = shapely.get_coordinates(line)
    inner = shapely.contains_xy(safe, points)
    starts = np.flatnonzero(inner & ~np.concatenate([[False], inner[:-1]]))
    stops = np.flatnonzero(inner & ~np.concatenate([inner[1:], [False]])) + 1
    parts = []
    for start, stop in zip(starts, stops, strict=True):
        piece = to_degrees(points[start:stop])
        head = [] if start == 0 else _corner(points[start], corners, district)
        tail = [] if stop == len(points) else _corner(points[stop - 1], corners, district)
        joined = np.concatenate([np.reshape(head, (-1, 2)), piece, np.reshape(tail, (-1, 2))])
        if len(joined) > 1:
            parts.append(shapely.linestrings(joined))
    return parts


def _corner(point: Points, corners: Points, district: shapely.Geometry) -> Points | list[float]:
    """Return the nearest vertex of the outline in sight, in degrees, or nothing."""
    near = np.argsort(np.hypot(*(corners - point).T), kind="stable")[:_TRIED]
    ways = shapely.linestrings(np.stack([np.broadcast_to(point, (len(near), 2)), corners[near]], 1))
    seen = shapely.covers(district, ways)
    return outline.ring()[near[np.argmax(seen)]] if seen.any() else []


def _labels(pattern: Pattern, points: Points) -> Ints:
    """Return the leaf cell at plan points."""
    grid = pattern.lattice
    column = np.clip(np.searchsorted(grid.u, points[:, 0]) - 1, 0, len(grid.u) - 2)
    row = np.clip(np.searchsorted(-grid.v, -points[:, 1]) - 1, 0, len(grid.v) - 2)
    label = pattern.mark[row, column].copy()
    if len(pattern.rects):
        boxes = shapely.STRtree(shapely.box(*pattern.rects[:, 1:].T))
        point, box = boxes.query(shapely.points(points), predicate="intersects")
        label[point] = pattern.rects[box, 0].astype(np.int64)
    return label


def _whole(faces: Geometries, label: Ints) -> Ints:
    """Return labels of which each is one polygon: lesser parts join the longest neighbour."""
    result = label.copy()
    tree = shapely.STRtree(faces)
    united = union_by(faces, label)
    for number, shape in zip(np.unique(label), united, strict=True):
        if shape.geom_type == "Polygon" and number >= 0:
            continue
        own = np.flatnonzero(label == number)
        parts = shapely.get_parts(shape)
        main = parts[np.argmax(shapely.area(parts))]
        stray = own if number < 0 else own[~shapely.covers(main, faces[own])]
        for face in stray:
            near = tree.query(faces[face], predicate="intersects")
            near = near[(result[near] != number) & (near != face) & (result[near] >= 0)]
            shared = shapely.length(shapely.intersection(faces[near], faces[face]))
            result[face] = result[near[np.argmax(shared)]]
    return result
