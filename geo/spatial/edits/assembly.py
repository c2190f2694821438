"""Faces and who is to own them become a patch: cells united, neighbours given the new vertices."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.coverage import union_by
from geo.spatial.edits.faces import Faces, is_thin
from geo.spatial.edits.gate import gated
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CellFallsApart, CellVanishes, CoverageWouldBreak
from geo.spatial.edits.rings import Chain, Edges, differing, edges, lines, outline, with_points
from geo.spatial.edits.working import Working
from geo.spatial.storage import GRID, Geometries


def assembled(
    working: Working,
    group: Sequence[str],
    faces: Faces,
    labels: npt.NDArray[np.intp],
    codes: Sequence[str],
    *,
    added: str | None = None,
    most_parts: Mapping[str, int] | None = None,
) -> Patch:
    """Return the patch that gives each face to the cell of its label; gated.

    Parameters
    ----------
    working : the coverage before
    group : cells whose land the faces are; one that is not in ``codes`` is removed
    faces : of the land of the group, and of ``added``
    labels : (m,) index into ``codes``, negative for no cell
    codes : of the cells afterwards; those not in ``group`` are new
    added : the one of ``codes`` that gets land no cell had
    most_parts : how many parts a cell may have; of others as many as before, of new ones one

    Raises
    ------
    CellVanishes, CellFallsApart
        When a cell is left with nothing, or in more parts than it may have.
    CoverageWouldBreak, OutlineWouldMove
        When the gate stays shut.

    Examples
    --------
    >>> working = Working.of(["a"], [shapely.box(0, 0, 2, 1)])
    >>> halves = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> faces = Faces(halves, owner=np.zeros(2, dtype=int), thin=np.zeros(2, dtype=bool))
    >>> patch = assembled(working, ["a"], faces, np.array([0, 1]), ["a", "b"])
    >>> [shape.area for shape in patch.shapes.values()]
    [1.0, 1.0]
    """
    parts = _most_parts(working, codes) | dict(most_parts or {})
    shapes = {
        code: _united(working, code, faces.shapes[labels == index], parts[code])
        for index, code in enumerate(codes)
    }
    changed = {code: shape for code, shape in shapes.items() if _differs(working, code, shape)}
    old = [shape for code, shape in shapes.items() if code != added]
    ring = _ring(working, group, outline(working.shapes(group)), outline(old))
    patch = Patch(
        shapes={**changed, **ring},
        removed=tuple(sorted(set(group) - shapes.keys())),
        noded=tuple(sorted({*_same_land(working, changed), *ring})),
    )
    return gated(working, patch, added=added)


def _most_parts(working: Working, codes: Sequence[str]) -> dict[str, int]:
    known = [code for code in codes if code in working]
    counts = shapely.get_num_geometries(working.shapes(known)).tolist()
    return dict.fromkeys(codes, 1) | dict(zip(known, counts, strict=True))


def _united(working: Working, code: str, faces: Geometries, most: int) -> shapely.Geometry:
    """Return the faces of a cell as one normalised shape."""
    if not len(faces) or is_thin(faces).all():
        raise CellVanishes(working.shape(code) if code in working else None, cell=code)
    parts = shapely.get_parts(shapely.normalize(union_by(faces, np.zeros(len(faces)))[0]))
    if len(parts) > most:
        raise CellFallsApart(parts[shapely.area(parts).argmin()], cell=code, pieces=len(parts))
    return parts[0] if len(parts) == 1 else shapely.normalize(shapely.multipolygons(parts))


def _ring(
    working: Working, group: Sequence[str], before: Edges, after: Edges
) -> dict[str, shapely.Geometry]:
    """Return the cells around a group that get a vertex its outline got."""
    gone, new = differing(before, after)
    if not len(gone):
        return {}
    chains = _chains(gone, new)
    near = set(working.near(lines(gone))) - set(group)
    found = {}
    for code in sorted(near):
        shape = working.shape(code)
        longer = with_points(shape, chains)
        if longer is not shape:
            found[code] = shapely.normalize(longer)
    return found


def _chains(gone: Edges, new: Edges) -> list[Chain]:
    """Return for each edge that is gone the points that were put into it."""
    if not len(new):
        raise CoverageWouldBreak(lines(gone)[0])
    ends = np.unique(new.reshape(-1, 2), axis=0)
    added = ends[~(ends[:, None] == gone.reshape(-1, 2)[None]).all(-1).any(1)]
    places = shapely.points(added)
    chains = []
    for edge, line in zip(gone, lines(gone), strict=True):
        beside = shapely.distance(places, line) <= GRID
        along = shapely.line_locate_point(line, places[beside])
        chains.append(Chain(edge, added[beside][np.argsort(along, kind="stable")]))
    return chains


def _same_land(working: Working, changed: Mapping[str, shapely.Geometry]) -> list[str]:
    """Return the codes of cells whose borders are nowhere further from before than a grid step."""
    found = []
    for code in changed:
        if code in working:
            before, after = working.shape(code), changed[code]
            # Their areas tell most apart at once.
            if abs(after.area - before.area) > before.length * GRID:
                continue
            gone, new = differing(edges([before]), edges([after]))
            apart = shapely.hausdorff_distance(
                shapely.multilinestrings(lines(gone)), shapely.multilinestrings(lines(new))
            )
            # NaN, and so not the same: a part went or came whole.
            if apart <= GRID:
                found.append(code)
    return found


def _differs(working: Working, code: str, shape: shapely.Geometry) -> bool:
    if code not in working:
        return True
    return not shapely.equals_exact(shapely.normalize(working.shape(code)), shape)
