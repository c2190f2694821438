"""Blocks: the land between barriers, which open where they would cut a building."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.spatial.storage import Geometries
from geo.spatial.units.dead_ends import led_on
from geo.spatial.units.footprints import Ints
from geo.spatial.units.frame import Frame
from geo.spatial.units.runs import runs

_GRAZED_M = 0.002


@dataclass(frozen=True, slots=True)
class Blocks:
    """Land between barriers.

    Parameters
    ----------
    shapes : (b,) polygons, metres, noded on the lattice
    area : (b,) index of the area each lies in
    side : (b,) names the area and the cell each lies in: no unit reaches across
    block, building : (p,) which building takes part in the land of which block
    """

    shapes: Geometries
    area: Ints
    side: Ints
    block: Ints
    building: Ints


def blocks(
    frame: Frame,
    areas: Geometries,
    footprints: Geometries,
    barriers: Geometries,
    cells: Geometries,
) -> Blocks:
    """Return the blocks of areas; a building on a barrier stands in the one it borders on most.

    Parameters
    ----------
    frame : Frame
    areas : (a,) polygons that do not overlap, metres
    footprints : (n,) polygons that do not overlap, each within one area, metres
    barriers : (m,) lines, metres
    cells : (c,) polygons whose borders are among the barriers, metres
    """
    struck, lines = opened(barriers, footprints)
    rims = shapely.boundary(np.concatenate([areas, footprints[struck]]))
    faces = frame.noded(np.concatenate([rims, lines, led_on(lines, areas, footprints)]))
    inside = shapely.point_on_surface(faces)
    face, area = shapely.STRtree(areas).query(inside, predicate="within")
    first = np.unique(face, return_index=True)
    faces, area, inside = faces[first[0]], area[first[1]], inside[first[0]]
    side = _holder(inside, cells) * len(areas) + area
    return Blocks(faces, area.astype(np.int64), side, *_standing(faces, side, footprints, struck))


def _holder(points: Geometries, cells: Geometries) -> Ints:
    """Return the cell that holds each point, -1 for none."""
    result = np.full(len(points), -1, dtype=np.int64)
    point, cell = shapely.STRtree(cells).query(points, predicate="within")
    result[point[::-1]] = cell[::-1]
    return result


def opened(barriers: Geometries, footprints: Geometries) -> tuple[Ints, Geometries]:
    """Return which footprints lines run through, and the lines without what runs inside them.

    Returns
    -------
    (s,) int64, sorted
    (m,) lines, some of several parts or empty
    """
    line, building = shapely.STRtree(footprints).query(barriers, predicate="intersects")
    # A line along a wall, or that ends at one, does no harm.
    core = shapely.buffer(footprints[building], -_GRAZED_M, join_style="mitre")
    inner = shapely.length(shapely.intersection(barriers[line], core)) > 0.0
    line, building = line[inner], building[inner]
    result = barriers.copy()
    order = np.lexsort((building, line))
    line, building = line[order], building[order]
    for at, some in runs(line):
        solid = shapely.union_all(footprints[building[some]])
        result[at] = shapely.difference(result[at], solid)
    return np.unique(building).astype(np.int64), result


def _standing(
    faces: Geometries, side: Ints, footprints: Geometries, struck: Ints
) -> tuple[Ints, Ints]:
    """Return pairs of block and building; a struck one takes land on its own side alone."""
    inside = shapely.point_on_surface(footprints)
    building, block = shapely.STRtree(faces).query(inside, predicate="intersects")
    building, at = np.unique(building, return_index=True)
    block = block[at]
    # A struck building is a block of its own; it takes its share of the land in one beside it.
    tree = shapely.STRtree(faces)
    rings, near = tree.query(shapely.boundary(footprints[struck]), predicate="intersects")
    own = np.full(len(footprints), -1)
    own[building] = block
    length = shapely.length(
        shapely.intersection(
            shapely.boundary(faces[near]), shapely.boundary(footprints[struck])[rings]
        )
    )
    home = own[struck[rings]]
    other = (near != home) & (length > 0.0) & (side[near] == side[home])
    rings, near, length = rings[other], near[other], length[other]
    order = np.lexsort((near, -length, rings))
    best = order[np.unique(rings[order], return_index=True)[1]]
    return (
        np.concatenate([block, near[best]]).astype(np.int64),
        np.concatenate([building, struck[rings[best]]]).astype(np.int64),
    )
