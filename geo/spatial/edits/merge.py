"""Merge neighbours into one cell."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.spatial.edits.gate import gated
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CodeTaken, NotNeighbours, TooFewCells
from geo.spatial.edits.working import Working
from geo.spatial.storage import Geometries


def merge(working: Working, cells: Sequence[str], into: str) -> Patch:
    """Return cells united; the borders between them go, everything else stays as it is.

    Parameters
    ----------
    working : the coverage
    cells : two codes or more, of cells that hang together by shared borders
    into : the code that stays, one of ``cells``, or a new one

    Raises
    ------
    TooFewCells, NotNeighbours, CodeTaken
        When there is nothing to unite, the cells do not hang together, or ``into`` is another cell.
    CellMissing
        When there is no such cell.

    Examples
    --------
    >>> squares = [shapely.box(x, 0, x + 1, 1) for x in range(3)]
    >>> patch = merge(Working.of(["a", "b", "c"], squares), ["a", "b"], "b")
    >>> patch.shapes["b"].area, patch.removed
    (2.0, ('a',))
    """
    codes = sorted(set(cells))
    shapes = working.shapes(codes)
    if len(codes) < 2:
        raise TooFewCells(shapes[0] if len(shapes) else None, cells=", ".join(codes))
    if into in working and into not in codes:
        raise CodeTaken(working.shape(into), value=into)
    apart = _apart(shapes)
    if apart is not None:
        raise NotNeighbours(shapes[apart], cell=codes[apart])
    whole = shapely.normalize(shapely.coverage_union_all(shapes))
    parts = shapely.get_parts(whole)
    shape = parts[0] if len(parts) == 1 else whole
    removed = tuple(code for code in codes if code != into)
    return gated(working, Patch({into: shape}, removed))


def _apart(shapes: Geometries) -> int | None:
    """Return the first shape that does not hang together with the one before all, or None."""
    reached = np.zeros(len(shapes), dtype=bool)
    reached[0] = True
    fresh = [0]
    while fresh:
        here = fresh.pop()
        border = shapely.boundary(shapes[here])
        shared = shapely.length(shapely.intersection(shapely.boundary(shapes), border))
        found = np.flatnonzero((shared > 0.0) & ~reached)
        reached[found] = True
        fresh += found.tolist()
    return None if reached.all() else int(np.argmin(reached))
