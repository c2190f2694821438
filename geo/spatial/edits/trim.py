"""What was drawn, trimmed to the land it is to cut: where each line ends on the border.

A line that comes within some centimetres of the border ends there: at a vertex when one is as near,
otherwise at a new one, which is put into the edge before anything is noded. So a cut always meets
the border, and no sliver is left where it was drawn along it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.refusals import CutEndsInside, CutMisses, CutTouches
from geo.spatial.edits.rings import Chain, Edges, outline
from geo.spatial.storage import GRID, Points, snap

# About 5 cm: nearer to the border than this nothing is drawn on purpose.
REACH = 4.0 * GRID


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Lines inside the land, each ending on its border, on another line, or closed.

    Parameters
    ----------
    lines : LineStrings on the storage grid
    chains : edges of the border that get a vertex where a line ends
    """

    lines: list[shapely.Geometry]
    chains: list[Chain]


def trimmed(drawn: shapely.Geometry, land: shapely.Geometry) -> Trimmed:
    """Return what of some lines lies inside a piece of land, ended on its border.

    Parameters
    ----------
    drawn : lines on the storage grid
    land : polygon or multipolygon

    Raises
    ------
    CutMisses, CutTouches
        When nothing of the lines lies inside.
    CutEndsInside
        When a line ends inside, on nothing.

    Examples
    --------
    >>> land = shapely.box(0, 0, 1, 1)
    >>> cut = trimmed(shapely.LineString([(0.5, -1), (0.5, 2)]), land)
    >>> cut.lines[0].wkt, len(cut.chains)
    ('LINESTRING (0.5 0, 0.5 1)', 2)
    """
    inner = shapely.buffer(land, -REACH, quad_segs=1, join_style="mitre")
    inside = shapely.line_merge(shapely.intersection(drawn, inner))
    parts = [part for part in shapely.get_parts(inside) if part.length > 0.0]
    if not parts:
        raise _missed(drawn, land)
    ends = shapely.get_coordinates(
        [shapely.get_point(part, end) for part in parts for end in (0, -1)]
    )
    border = outline([land])
    met, edge, along = _met(ends, border)
    _check_ends(parts, ends, ~np.isnan(met[:, 0]))
    lines = [_ended(part, met[2 * row], met[2 * row + 1]) for row, part in enumerate(parts)]
    kept = [line for line in lines if line.length > 0.0]
    if not kept:
        raise _missed(drawn, land)
    return Trimmed(kept, _chains(met, edge, along, border))


def _missed(drawn: shapely.Geometry, land: shapely.Geometry) -> CutMisses | CutTouches:
    kind = CutTouches if drawn.distance(land) <= REACH else CutMisses
    return kind(shapely.get_point(shapely.shortest_line(drawn, land), 0))


def _met(
    ends: Points, border: Edges
) -> tuple[Points, npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Return where each end meets the border: the point (NaN: nowhere), the edge, how far along."""
    start, span = border[None, :, :2], (border[:, 2:] - border[:, :2])[None]
    beside = ends[:, None] - start
    along = np.clip((beside * span).sum(-1) / (span**2).sum(-1), 0.0, 1.0)
    apart = ((beside - along[..., None] * span) ** 2).sum(-1)
    edge = apart.argmin(axis=1)
    row = np.arange(len(ends))
    share = along[row, edge]
    point = snap(border[edge, :2] + share[:, None] * span[0, edge])
    point[apart[row, edge] > (1.5 * REACH) ** 2] = np.nan
    corners = border.reshape(-1, 2)
    distance = ((ends[:, None] - corners[None]) ** 2).sum(-1)
    corner = distance.argmin(axis=1)
    at_corner = distance[row, corner] <= (2.0 * REACH) ** 2
    point[at_corner] = corners[corner[at_corner]]
    edge[at_corner] = -1
    return point, edge, share


def _check_ends(
    parts: list[shapely.Geometry], ends: Points, at_border: npt.NDArray[np.bool_]
) -> None:
    _, place, counts = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    loose = ~at_border & (counts[place.reshape(-1)] == 1)
    if loose.any():
        raise CutEndsInside(shapely.Point(ends[np.argmax(loose)]))


def _ended(part: shapely.Geometry, first: Points, last: Points) -> shapely.Geometry:
    points = snap(shapely.get_coordinates(part))
    points[0] = points[0] if np.isnan(first[0]) else first
    points[-1] = points[-1] if np.isnan(last[0]) else last
    return shapely.remove_repeated_points(shapely.LineString(points), 0.0)


def _chains(
    met: Points, edge: npt.NDArray[np.intp], along: npt.NDArray[np.float64], border: Edges
) -> list[Chain]:
    found = []
    new = ~np.isnan(met[:, 0]) & (edge >= 0)
    for index in np.unique(edge[new]).tolist():
        here = np.flatnonzero(new & (edge == index))
        points = met[here[np.argsort(along[here], kind="stable")]]
        keep = np.r_[True, (points[1:] != points[:-1]).any(axis=1)]
        ends = border[index].reshape(2, 2)
        keep &= (points[:, None] != ends[None]).any(axis=2).all(axis=1)
        if keep.any():
            found.append(Chain(border[index], points[keep]))
    return found
