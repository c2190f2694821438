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
from geo.spatial.edits.rings import Chain, Edges, lines, outline
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


@dataclass(frozen=True, slots=True)
class Met:
    """Where points meet a border.

    Parameters
    ----------
    points : (n, 2) degrees, on the grid; NaN for one that is nowhere near
    chains : the edges that get a vertex there
    """

    points: Points
    chains: list[Chain]


def trimmed(
    drawn: shapely.Geometry, land: shapely.Geometry, border: Edges | None = None
) -> Trimmed:
    """Return what of some lines lies inside a piece of land, ended on its border.

    Parameters
    ----------
    drawn : lines on the storage grid
    land : polygon or multipolygon
    border : (k, 4) edges on which lines may end; None: those of the land

    Returns
    -------
    Trimmed, without lines when nothing of them lies inside

    Raises
    ------
    CutEndsInside
        When a line ends inside, on nothing.

    Examples
    --------
    >>> land = shapely.box(0, 0, 1, 1)
    >>> cut = trimmed(shapely.LineString([(0.5, -1), (0.5, 2)]), land)
    >>> cut.lines[0].wkt, len(cut.chains)
    ('LINESTRING (0.5 0, 0.5 1)', 2)
    """
    inner = shapely.buffer(land, -REACH, quad_segs=4)
    inside = shapely.line_merge(shapely.intersection(drawn, inner))
    parts = [part for part in shapely.get_parts(inside) if part.length > 0.0]
    if not parts:
        return Trimmed([], [])
    ends = np.concatenate([shapely.get_coordinates(part)[[0, -1]] for part in parts])
    met = met_border(ends, outline([land]) if border is None else border)
    _check_ends(parts, ends, ~np.isnan(met.points[:, 0]))
    ended = [_ended(part, *met.points[2 * row : 2 * row + 2]) for row, part in enumerate(parts)]
    return Trimmed([line for line in ended if line.length > 0.0], met.chains)


def missed(drawn: shapely.Geometry, land: shapely.Geometry) -> CutMisses | CutTouches:
    """Return the refusal of lines that have nothing inside a piece of land.

    Examples
    --------
    >>> missed(shapely.LineString([(0, 1), (1, 1)]), shapely.box(0, 0, 1, 1)).code
    'cut_touches'
    """
    kind = CutTouches if drawn.distance(land) <= REACH else CutMisses
    return kind(shapely.get_point(shapely.shortest_line(drawn, land), 0))


def met_border(ends: Points, border: Edges) -> Met:
    """Return where points near a border meet it: at a vertex when one is near, else at a new one.

    Parameters
    ----------
    ends : (n, 2) degrees
    border : (k, 4) edges

    Examples
    --------
    >>> border = np.array([[0.0, 0, 1, 0]])
    >>> met_border(np.array([[0.5, GRID], [1.0, GRID], [0.5, 0.5]]), border).points.tolist()
    [[0.5, 0.0], [1.0, 0.0], [nan, nan]]
    """
    edge = shapely.STRtree(lines(border)).query_nearest(shapely.points(ends), all_matches=False)[1]
    start, span = border[edge, :2], border[edge, 2:] - border[edge, :2]
    along = np.clip(((ends - start) * span).sum(1) / (span**2).sum(1), 0.0, 1.0)
    beside = start + along[:, None] * span
    points = snap(beside)
    points[np.hypot(*(ends - beside).T) > 1.5 * REACH] = np.nan
    corners = border.reshape(-1, 2)
    nearest = shapely.STRtree(shapely.points(corners)).query_nearest(
        shapely.points(ends), all_matches=False
    )[1]
    at_corner = np.hypot(*(ends - corners[nearest]).T) <= 2.0 * REACH
    points[at_corner] = corners[nearest[at_corner]]
    new = ~np.isnan(points[:, 0]) & ~at_corner
    return Met(points, _chains(points[new], edge[new], along[new], border))


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
    points: Points, edge: npt.NDArray[np.intp], along: npt.NDArray[np.float64], border: Edges
) -> list[Chain]:
    found = []
    for index in np.unique(edge).tolist():
        here = np.flatnonzero(edge == index)
        put = points[here[np.argsort(along[here], kind="stable")]]
        ends = border[index].reshape(2, 2)
        keep = np.r_[True, (put[1:] != put[:-1]).any(axis=1)]
        keep &= (put[:, None] != ends[None]).any(axis=2).all(axis=1)
        if keep.any():
            found.append(Chain(border[index], put[keep]))
    return found
