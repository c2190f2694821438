"""Faces and who is to own them become a patch: cells united, neighbours given the new vertices."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.faces import Faces
from geo.spatial.edits.gate import gated
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CellFallsApart, CellVanishes, CoverageWouldBreak
from geo.spatial.edits.rings import Chain, Edges, differing, lines, outline, with_points
from geo.spatial.edits.working import Working
from geo.spatial.storage import GRID, Geometries


def assembled(
    working: Working,
    group: Sequence[str],
    faces: Faces,
    labels: npt.NDArray[np.intp],
    codes: Sequence[str],
) -> Patch:
    """Return the patch that gives each face to the cell of its label; gated.

    Parameters
    ----------
    working : the coverage before
    group : cells whose land the faces are; one that is not in ``codes`` is removed
    faces : of exactly the land of the group
    labels : (m,) index into ``codes``, negative outside the group's land
    codes : of the cells afterwards; those not in ``group`` are new

    Raises
    ------
    CellVanishes, CellFallsApart
        When a cell is left with nothing, or in more pieces than before.
    CoverageWouldBreak, OutlineWouldMove
        When the gate stays shut.
    """
    shapes = {
        code: united(faces.shapes[labels == index], code, working)
        for index, code in enumerate(codes)
    }
    before = working.shapes(group)
    own = np.array([codes.index(code) if code in shapes else -1 for code in group], dtype=np.intp)
    kept = np.where(faces.owner >= 0, own[faces.owner], -1) == labels
    same_land = {code for index, code in enumerate(codes) if kept[labels == index].all()}
    same_land &= {code for place, code in enumerate(group) if kept[faces.owner == place].all()}
    patch = Patch(
        shapes={c: s for c, s in shapes.items() if _differs(working, c, s)},
        removed=tuple(sorted(set(group) - shapes.keys())),
        noded=tuple(sorted(same_land)),
    )
    return gated(working, _with_ring(working, group, patch, before, _array(shapes)))


def united(faces: Geometries, code: str, working: Working) -> shapely.Geometry:
    """Return the faces of a cell as one normalised shape, in no more pieces than before.

    Raises
    ------
    CellVanishes, CellFallsApart
        When nothing is left, or more pieces.
    """
    if not len(faces):
        raise CellVanishes(working.shape(code) if code in working else None, cell=code)
    whole = faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)
    parts = shapely.get_parts(shapely.normalize(whole))
    before = shapely.get_num_geometries(working.shape(code)) if code in working else 1
    if len(parts) > before:
        smallest = parts[shapely.area(parts).argmin()]
        raise CellFallsApart(smallest, cell=code, pieces=len(parts))
    if len(parts) == 1:
        return parts[0]
    return shapely.normalize(shapely.multipolygons(parts))


def _with_ring(
    working: Working, group: Sequence[str], patch: Patch, before: Geometries, after: Geometries
) -> Patch:
    """Return the patch with the cells around the group given the vertices its outline got."""
    gone, new = differing(outline(before), outline(after))
    if not len(gone):
        noded = tuple(code for code in patch.noded if code in patch.shapes)
        return Patch(patch.shapes, patch.removed, noded)
    chains = _chains(gone, new)
    around: dict[str, shapely.Geometry] = {}
    for line in lines(gone):
        for code in working.near(line):
            if code not in group and code not in around:
                around[code] = working.shape(code)
    longer = {code: with_points(shape, chains) for code, shape in around.items()}
    ring = {c: shapely.normalize(s) for c, s in longer.items() if s is not around[c]}
    shapes: Mapping[str, shapely.Geometry] = {**patch.shapes, **ring}
    own = {code for code in patch.noded if code in patch.shapes}
    return Patch(shapes, patch.removed, tuple(sorted(own | ring.keys())))


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


def _differs(working: Working, code: str, shape: shapely.Geometry) -> bool:
    if code not in working:
        return True
    return not shapely.equals_exact(shapely.normalize(working.shape(code)), shape)


def _array(shapes: Mapping[str, shapely.Geometry]) -> Geometries:
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes.values())
    return array
