"""Borders halfway between the buildings of a block: Voronoi edges of their outlines, smoothed.

Source: the enclosed tessellation of M. Fleischmann et al., Morphological tessellation as a way of
partitioning space, Computers, Environment and Urban Systems 80 (2020); here only its lines.
"""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries
from geo.spatial.units.blocks import Blocks
from geo.spatial.units.footprints import Ints
from geo.spatial.units.runs import runs

SPACING_M = 5.0  # of the points on an outline
SHRINK_M = 0.3  # so that walls that touch have points on either side
SMOOTH_M = 0.6


def halfway_lines(blocks: Blocks, footprints: Geometries) -> Geometries:
    """Return lines that part the land of each block among its buildings.

    Parameters
    ----------
    blocks : Blocks
    footprints : (n,) polygons, metres

    Returns
    -------
    (k,) lines, metres; they may touch a footprint where buildings stand close
    """
    counts = np.bincount(blocks.block, minlength=len(blocks.shapes))
    crowded = counts[blocks.block] > 1
    order = np.lexsort((blocks.building, blocks.block))
    order = order[crowded[order]]
    if not len(order):
        return np.empty(0, dtype=object)
    block, building = blocks.block[order], blocks.building[order]
    points, site = _sites(footprints[building])
    cells, owner, within = _voronoi(points, site, block, blocks.shapes)
    lines, where = _edges_between(cells, owner, within)
    return _smoothed(lines, where, blocks.shapes)


def _sites(footprints: Geometries) -> tuple[npt.NDArray[np.float64], Ints]:
    """Return points on the outlines, drawn in a little, and the footprint of each."""
    shrunk = shapely.buffer(footprints, -SHRINK_M, join_style="mitre")
    gone = shapely.is_empty(shrunk)
    shrunk[gone] = shapely.point_on_surface(footprints[gone])
    rims = np.where(shapely.get_dimensions(shrunk) == 2, shapely.boundary(shrunk), shrunk)
    points, site = shapely.get_coordinates(shapely.segmentize(rims, SPACING_M), return_index=True)
    return np.round(points, 3), site.astype(np.int64)


def _voronoi(
    points: npt.NDArray[np.float64], site: Ints, block: Ints, shapes: Geometries
) -> tuple[Geometries, Ints, Ints]:
    """Return Voronoi cells, the site of each, and its block."""
    where = block[site]
    table = np.column_stack([where, points[:, 0], points[:, 1]])
    _, first = np.unique(table, axis=0, return_index=True)  # rings close; walls may coincide
    points, site, where = points[first], site[first], where[first]
    found, owners = [], []
    for place, some in runs(where):
        cloud = shapely.multipoints(np.concatenate([points[some], _far_round(shapes[place])]))
        cells = shapely.get_parts(shapely.voronoi_polygons(cloud, ordered=True))
        found.append(cells[: some.stop - some.start])
        owners.append(np.arange(some.start, some.stop))
    at = np.concatenate(owners)
    return np.concatenate(found), site[at], where[at]


def _far_round(shape: shapely.Geometry) -> npt.NDArray[np.float64]:
    """Return points so far around a block that no edge within it is clipped.

    A clipped edge may differ in its last digit on its two sides and would not find its twin.
    """
    west, south, east, north = shapely.bounds(shape)
    middle, reach = np.array([west + east, south + north]) / 2.0, east - west + north - south
    angle = np.arange(8) * np.pi / 4.0 + 0.1
    ring: npt.NDArray[np.float64] = middle + 5.0 * reach * np.column_stack(
        [np.cos(angle), np.sin(angle)]
    )
    return ring


def _edges_between(cells: Geometries, owner: Ints, within: Ints) -> tuple[Geometries, Ints]:
    """Return the edges between cells of different sites as merged lines, and their block."""
    corners, cell = shapely.get_coordinates(cells, return_index=True)
    same = cell[1:] == cell[:-1]
    a, b, cell = corners[:-1][same], corners[1:][same], cell[:-1][same]
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a[turned], b[turned] = b[turned], a[turned]
    order = np.lexsort((cell, b[:, 1], b[:, 0], a[:, 1], a[:, 0], within[cell]))
    a, b, cell = a[order], b[order], cell[order]
    twin = (a[1:] == a[:-1]).all(axis=1) & (b[1:] == b[:-1]).all(axis=1)
    twin &= (within[cell[1:]] == within[cell[:-1]]) & (owner[cell[1:]] != owner[cell[:-1]])
    at = np.flatnonzero(twin)
    where = within[cell[at]]
    edges = shapely.linestrings(np.stack([a[at], b[at]], axis=1))
    merged, places = [np.empty(0, dtype=object)], [np.empty(0, dtype=np.int64)]
    for place, some in runs(where):
        parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(edges[some])))
        merged.append(parts)
        places.append(np.full(len(parts), place))
    return np.concatenate(merged), np.concatenate(places)


def _smoothed(lines: Geometries, where: Ints, shapes: Geometries) -> Geometries:
    smooth = shapely.simplify(lines, SMOOTH_M)
    shapely.prepare(shapes)
    inside = shapely.contains_properly(shapes[where], smooth)
    smooth[~inside] = shapely.intersection(smooth[~inside], shapes[where[~inside]])
    parts = shapely.get_parts(smooth)
    return parts[shapely.get_dimensions(parts) == 1]
