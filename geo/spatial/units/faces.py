"""Faces of one noding, and whose each is: a building's, or empty land's."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.coverage import union_by
from geo.spatial.storage import Geometries
from geo.spatial.units.adjacency import shared_edges
from geo.spatial.units.blocks import Blocks, opened
from geo.spatial.units.footprints import Ints
from geo.spatial.units.frame import Frame


def faces_of(
    frame: Frame, blocks: Blocks, footprints: Geometries, lines: Geometries
) -> tuple[Geometries, Ints]:
    """Return the faces between block rims and lines, no footprint cut, and the block of each.

    Parameters
    ----------
    frame : Frame
    blocks : Blocks
    footprints : (n,) polygons, metres
    lines : (k,) lines within blocks, metres
    """
    struck, clear = opened(lines, footprints)
    rims = shapely.boundary(np.concatenate([blocks.shapes, footprints[struck]]))
    faces = frame.noded(np.concatenate([rims, clear]))
    inside = shapely.point_on_surface(faces)
    face, block = shapely.STRtree(blocks.shapes).query(inside, predicate="intersects")
    face, first = np.unique(face, return_index=True)
    return faces[face], block[first].astype(np.int64)


def owners(faces: Geometries, block: Ints, footprints: Geometries, blocks: Blocks) -> Ints:
    """Return the building each face belongs to; the land of a block without any stays nobody's.

    So does land that no building on its side of the block's area and cell could reach.

    Parameters
    ----------
    faces : (f,) polygons
    block : (f,) block of each
    footprints : (n,) polygons
    blocks : Blocks

    Returns
    -------
    (f,) int64: index of the building, n + block for empty land
    """
    owner = np.full(len(faces), -1, dtype=np.int64)
    building, face = shapely.STRtree(faces).query(
        shapely.point_on_surface(footprints), predicate="intersects"
    )
    owner[face[::-1]] = building[::-1]
    settled = np.zeros(len(blocks.shapes), dtype=bool)
    settled[blocks.block] = True
    settled[block[owner >= 0]] = True
    empty = (owner < 0) & ~settled[block]
    owner[empty] = len(footprints) + block[empty]
    first, second, length = shared_edges(faces)
    side = blocks.side[block]
    same = side[first] == side[second]
    first, second, length = first[same], second[same], length[same]
    owner = _nearest_first(faces, owner, footprints, first, second)
    owner = _adopted(owner, block, first, second, length)
    return np.where(owner < 0, len(footprints) + block, owner)


def _nearest_first(
    faces: Geometries, owner: Ints, footprints: Geometries, first: Ints, second: Ints
) -> Ints:
    """Give a face to the nearest building whose own face it borders on."""
    free = np.flatnonzero(owner < 0)
    if not len(free):
        return owner
    tree = shapely.STRtree(footprints)
    near = tree.nearest(shapely.point_on_surface(faces[free]))
    wanted = np.full(len(faces), -1, dtype=np.int64)
    wanted[free] = near
    result = owner.copy()
    for a, b in ((first, second), (second, first)):
        meets = (owner[a] < 0) & (owner[b] >= 0) & (owner[b] == wanted[a])
        result[a[meets]] = owner[b[meets]]
    return result


def _adopted(owner: Ints, block: Ints, first: Ints, second: Ints, length: np.ndarray) -> Ints:
    """Give what is left to the owner of the longest border, of the same block if there is one."""
    a, b = np.concatenate([first, second]), np.concatenate([second, first])
    share = np.concatenate([length, length])
    result = owner.copy()
    while (result < 0).any():
        meets = (result[a] < 0) & (result[b] >= 0)
        if not meets.any():
            break
        left, right, size = a[meets], b[meets], share[meets]
        same = block[left] == block[right]
        order = np.lexsort((right, -size, ~same, left))
        taken, best = np.unique(left[order], return_index=True)
        result[taken] = result[right[order[best]]]
    return result


def whole_units(faces: Geometries, owner: Ints) -> tuple[Geometries, Ints]:
    """Return one polygon for each unit; what falls apart from its building becomes its own unit.

    Returns
    -------
    (u,) polygons
    (u,) int64, owner of each; a part without its building has -1
    """
    labels = np.unique(owner)
    shapes = union_by(faces, owner)
    parts, index = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((-shapely.area(parts), index))
    main = np.zeros(len(parts), dtype=bool)
    main[order[np.unique(index[order], return_index=True)[1]]] = True
    return parts, np.where(main, labels[index], -1 - index)


def building_shares(
    units: Geometries, footprints: Geometries
) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Return the unit of each footprint and the area of it that lies elsewhere, m²."""
    inside = shapely.point_on_surface(footprints)
    building, unit = shapely.STRtree(units).query(inside, predicate="intersects")
    building, first = np.unique(building, return_index=True)
    home = np.full(len(footprints), -1, dtype=np.int64)
    home[building] = unit[first]
    known = home >= 0
    lost = np.zeros(len(footprints))
    lost[known] = shapely.area(shapely.difference(footprints[known], units[home[known]]))
    return home, lost
