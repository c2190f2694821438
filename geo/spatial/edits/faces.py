"""One noding: cells and what was drawn through them become faces, each with the cell it lies in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import GRID, Geometries

NOBODY = -1
# As in ``geo.spatial.coverage``: a face thinner than this many steps is a trace of snapping.
_TRACE_STEPS = 4.0


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces of noded borders and lines.

    Parameters
    ----------
    shapes : (m,) polygons without a line through them, on the storage grid
    owner : (m,) the index of the cell each lies in, ``NOBODY`` outside all
    thin : (m,) whether it is a trace of snapping
    """

    shapes: Geometries
    owner: npt.NDArray[np.intp]
    thin: npt.NDArray[np.bool_]


def faces_of(cells: Geometries, lines: Sequence[shapely.Geometry]) -> Faces:
    """Return the faces that lines make of cells, noded once on the storage grid.

    Parameters
    ----------
    cells : (n,) polygons or multipolygons of a valid coverage
    lines : on the storage grid

    Examples
    --------
    >>> line = shapely.LineString([(0.5, 0), (0.5, 1)])
    >>> faces_of(np.array([shapely.box(0, 0, 1, 1)]), [line]).owner.tolist()
    [0, 0]
    """
    borders = [*shapely.boundary(cells), *lines]
    linework = shapely.union_all(np.array(borders, dtype=object), grid_size=GRID)
    shapes = np.asarray(shapely.get_parts(shapely.polygonize([linework])), dtype=object)
    owner = np.full(len(shapes), NOBODY, dtype=np.intp)
    cell, face = holding(cells, shapes)
    owner[face] = cell
    return Faces(shapes, owner, is_thin(shapes))


def holding(
    cells: Geometries, faces: Geometries
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return which cell holds the inner point of which face, as two arrays of indices.

    Examples
    --------
    >>> cells = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> [indices.tolist() for indices in holding(cells, cells[1:])]
    [[1], [0]]
    """
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    cell, face = tree.query(cells, predicate="contains")
    return cell, face


def is_thin(shapes: Geometries) -> npt.NDArray[np.bool_]:
    """Return which shapes are so thin on average that only snapping can have made them.

    Examples
    --------
    >>> is_thin(np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, GRID)])).tolist()
    [False, True]
    """
    return np.asarray(shapely.area(shapes) <= shapely.length(shapes) / 2.0 * GRID * _TRACE_STEPS)


def given_to(
    shapes: Geometries, labels: npt.NDArray[np.intp], orphans: npt.NDArray[np.bool_]
) -> npt.NDArray[np.intp]:
    """Return labels in which each orphan has that of the face it shares most border with.

    Parameters
    ----------
    shapes : (m,) faces
    labels : (m,) negative: no label to hand on
    orphans : (m,) which of them are handed over; one that borders on nobody keeps its label

    Examples
    --------
    >>> row = np.array([shapely.box(x, 0, x + 1, 1) for x in range(2)])
    >>> given_to(row, np.array([7, 8]), np.array([False, True])).tolist()
    [7, 7]
    """
    result = labels.copy()
    if not orphans.any():
        return result
    others = np.flatnonzero(~orphans & (labels >= 0))
    tree = shapely.STRtree(shapes[others])
    for index in np.flatnonzero(orphans).tolist():
        near = others[np.sort(tree.query(shapes[index], predicate="intersects"))]
        shared = shapely.length(shapely.intersection(shapes[near], shapes[index]))
        if len(shared) and shared.max() > 0.0:
            result[index] = labels[near[shared.argmax()]]
    return result
