"""The gate every patch passes: valid cells, a valid coverage around them, the same land as before.

Only what a patch touches is looked at: its cells, and those whose boxes meet a new edge. Nothing
else can have come to overlap or to lack a vertex.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.faces import holding
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CoverageWouldBreak, OutlineWouldMove
from geo.spatial.edits.rings import Edges, counted, differing, edges, lines, outline
from geo.spatial.edits.working import Working
from geo.spatial.measure import area_m2
from geo.spatial.storage import GRID, Geometries


def gated(working: Working, patch: Patch, *, added: str | None = None) -> Patch:
    """Return a patch that keeps the coverage whole, with how far it moved the outer border.

    Parameters
    ----------
    working : the coverage before
    patch : what is to change
    added : code of a cell on land that no cell had; None: the union must stay as it is

    Raises
    ------
    CoverageWouldBreak
        When cells would be broken, overlap or not share their vertices.
    OutlineWouldMove
        When the union of all cells would change by more than new vertices on its border do.

    Examples
    --------
    >>> working = Working.of(["a"], [shapely.box(0, 0, 2, 2)])
    >>> gated(working, Patch({"a": shapely.box(0, 0, 1, 2)}))
    Traceback (most recent call last):
    geo.spatial.edits.refusals.OutlineWouldMove: ...
    """
    next_one = working.after(patch)
    old = working.shapes(c for c in (*patch.shapes, *patch.removed) if c in working)
    new = next_one.shapes(patch.shapes)
    _check_shapes(new)
    (before, b_counts), (after, a_counts) = counted(edges(old)), counted(edges(new))
    fresh = differing(before, after)[1]
    around = next_one.near(lines(fresh)) if len(fresh) else []
    _check_coverage(next_one.shapes(sorted({*patch.shapes, *around})))
    rims = before[b_counts == 1], after[a_counts == 1]
    if added is not None:
        new = next_one.shapes(code for code in patch.shapes if code != added)
        rims = rims[0], outline(new)
    gone, came = differing(*rims)
    if not len(gone) and not len(came):
        return patch
    return replace(patch, outline_moved_m2=_moved_m2(old, new, gone, came))


def _check_shapes(shapes: Geometries) -> None:
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        raise CoverageWouldBreak(shapes[np.argmax(broken)])


def _check_coverage(shapes: Geometries) -> None:
    if not shapely.coverage_is_valid(shapes):
        wrong = shapely.coverage_invalid_edges(shapes)
        raise CoverageWouldBreak(wrong[np.argmax(~shapely.is_empty(wrong))])


def _moved_m2(before: Geometries, after: Geometries, gone: Edges, new: Edges) -> float:
    """Return the area between two outlines, which may differ by vertices put into edges alone."""
    # The new edges may cross the old one, so they are noded before they enclose anything.
    both = shapely.union_all(lines(np.concatenate([gone, new])))
    faces = np.asarray(shapely.get_parts(shapely.polygonize([both])), dtype=object)
    between = faces[_covered(before, faces) != _covered(after, faces)]
    # A vertex on the grid lies at most half a diagonal beside the edge it was put into.
    reach = shapely.length(shapely.multilinestrings(lines(gone))) * GRID
    if not len(gone) or not len(new) or shapely.area(between).sum() > reach:
        raise OutlineWouldMove(both)
    return float(area_m2(between).sum())


def _covered(shapes: Geometries, faces: Geometries) -> npt.NDArray[np.bool_]:
    covered = np.zeros(len(faces), dtype=bool)
    covered[holding(shapes, faces)[1]] = True
    return covered
