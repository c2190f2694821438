"""Replace a group of cells by other shapes of the same land."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.assembly import assembled
from geo.spatial.edits.drawing import polygon_drawn
from geo.spatial.edits.faces import NOBODY, Faces, faces_of, given_to, holding
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import (
    CodeTaken,
    DrawingEmpty,
    DrawingTooLarge,
    PartsLeaveGap,
    PartsOverlap,
    PartsReachOut,
)
from geo.spatial.edits.rings import with_points
from geo.spatial.edits.trim import REACH, trimmed
from geo.spatial.edits.working import Working
from geo.spatial.storage import Geometries

# A file of new cells may hold so many vertices in all.
MOST_VERTICES = 1_000_000


def replace(working: Working, cells: Sequence[str], parts: Mapping[str, shapely.Geometry]) -> Patch:
    """Return a group of cells replaced by other shapes on exactly the same land.

    Within some centimetres of the group's own border the new shapes follow it; traces as thin as
    the grid go to a neighbour. Anything wider that is missing, twice or outside is refused.

    Parameters
    ----------
    working : the coverage
    cells : codes of the group; one that is not among ``parts`` is removed
    parts : code → polygon or multipolygon, degrees lon, lat, storage CRS; a code is one of the
        group or new

    Raises
    ------
    EditRefused
        ``DrawingInvalid``, ``CodeTaken``, ``PartsReachOut``, ``PartsOverlap``, ``PartsLeaveGap``,
        ``CellVanishes``, ``CellFallsApart``, ``CoverageWouldBreak``.
    CellMissing
        When there is no such cell.

    Examples
    --------
    >>> working = Working.of(["a", "b"], [shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)])
    >>> halves = {"a": shapely.box(0, 0, 4, 1), "c": shapely.box(0, 1, 4, 2)}
    >>> patch = replace(working, ["a", "b"], halves)
    >>> {code: shape.area for code, shape in patch.shapes.items()}, patch.removed
    ({'a': 4.0, 'c': 4.0}, ('b',))
    """
    group = sorted(set(cells))
    codes = sorted(parts)
    shapes = _drawn(working, group, codes, parts)
    land = shapely.coverage_union_all(working.shapes(group))
    beyond = shapely.difference(shapes, shapely.buffer(land, REACH, quad_segs=1))
    if (shapely.area(beyond) > 0.0).any():
        place = int(np.argmax(shapely.area(beyond)))
        raise PartsReachOut(beyond[place], value=codes[place])
    inside = trimmed(shapely.union_all(shapely.boundary(shapes)), land)
    whole = np.array([with_points(land, inside.chains)], dtype=object)
    faces = faces_of(whole, inside.lines)
    labels = _labels(faces, shapes, codes)
    counts = dict(zip(codes, shapely.get_num_geometries(shapes).tolist(), strict=True))
    return assembled(working, group, faces, labels, codes, most_parts=counts)


def _drawn(
    working: Working,
    group: Sequence[str],
    codes: Sequence[str],
    parts: Mapping[str, shapely.Geometry],
) -> Geometries:
    if not codes or not group:
        raise DrawingEmpty()
    for code in codes:
        if code in working and code not in group:
            raise CodeTaken(working.shape(code), value=code)
    count = sum(int(shapely.get_num_coordinates(parts[code])) for code in codes)
    if count > MOST_VERTICES:
        raise DrawingTooLarge(count=count, most=MOST_VERTICES)
    shapes = np.empty(len(codes), dtype=object)
    shapes[:] = [polygon_drawn(parts[code], most=MOST_VERTICES) for code in codes]
    return shapes


def _labels(faces: Faces, shapes: Geometries, codes: Sequence[str]) -> npt.NDArray[np.intp]:
    part, face = holding(shapes, faces.shapes)
    counts = np.bincount(face, minlength=len(faces.owner))
    ours = faces.owner != NOBODY
    twice = np.flatnonzero(ours & ~faces.thin & (counts > 1))
    if len(twice):
        first, second = (codes[index] for index in sorted(part[face == twice[0]])[:2])
        raise PartsOverlap(faces.shapes[twice[0]], a=first, b=second)
    empty = np.flatnonzero(ours & ~faces.thin & (counts == 0))
    if len(empty):
        raise PartsLeaveGap(faces.shapes[empty[0]])
    labels = np.full(len(faces.owner), -1, dtype=np.intp)
    labels[face[::-1]] = part[::-1]
    labels[~ours] = -1
    return given_to(faces.shapes, labels, faces.thin & ours)
