"""Borders as edges between grid points: which are the outline, and new vertices put into them.

An edge is a row ``x0, y0, x1, y1`` of degrees, its lower end first, so that both of its owners give
the same row; on the storage grid equality of doubles is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, Points

Edges = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """An edge and the points put between its ends.

    Parameters
    ----------
    edge : (4,) degrees
    between : (k, 2) degrees, from the edge's lower end to the other
    """

    edge: npt.NDArray[np.float64]
    between: Points


def edges(shapes: npt.ArrayLike) -> Edges:
    """Return every edge of polygons, each as often as it occurs.

    Examples
    --------
    >>> edges([shapely.box(0, 0, 1, 1)])[0].tolist()
    [1.0, 0.0, 1.0, 1.0]
    """
    rings = shapely.get_rings(shapely.get_parts(np.asarray(shapes, dtype=object)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[:-1] == ring[1:]
    start, end = points[:-1][inside], points[1:][inside]
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low = np.where(turned[:, None], end, start)
    high = np.where(turned[:, None], start, end)
    return np.concatenate([low, high], axis=1)


def counted(rows: Edges) -> tuple[Edges, npt.NDArray[np.intp]]:
    """Return each edge once, sorted, and how many polygons have it: two inside, one on the outline.

    Parameters
    ----------
    rows : (n, 4) edges

    Returns
    -------
    (k, 4) float64, degrees
    (k,) intp

    Examples
    --------
    >>> counted(edges([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))[1].tolist()
    [1, 1, 1, 2, 1, 1, 1]
    """
    if not len(rows):
        return rows, np.empty(0, dtype=np.intp)
    ordered = rows[np.lexsort(rows.T[::-1])]
    starts = np.flatnonzero(np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1)))
    return ordered[starts], np.diff(np.append(starts, len(ordered)))


def outline(shapes: npt.ArrayLike) -> Edges:
    """Return the edges that only one of the polygons has, sorted.

    Parameters
    ----------
    shapes : (n,) polygons or multipolygons of a valid coverage

    Returns
    -------
    (k, 4) float64, degrees; two sets of cells with the same outline cover the same land

    Examples
    --------
    >>> len(outline([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))
    6
    """
    found, counts = counted(edges(shapes))
    return found[counts == 1]


def shared(shapes: npt.ArrayLike) -> Edges:
    """Return the edges that two of the polygons have, sorted.

    Examples
    --------
    >>> shared([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]).tolist()
    [[1.0, 0.0, 1.0, 1.0]]
    """
    found, counts = counted(edges(shapes))
    return found[counts == 2]


def differing(first: Edges, second: Edges) -> tuple[Edges, Edges]:
    """Return the edges that only the first, and only the second of two sets of edges has.

    Examples
    --------
    >>> one, two = (outline([shapely.box(0, 0, 1, top)]) for top in (1, 2))
    >>> [len(edges) for edges in differing(one, two)]
    [3, 3]
    """
    both = np.concatenate([first, first, second])
    found, counts = counted(both)
    return found[counts == 2], found[counts == 1]


def with_points(shape: shapely.Geometry, chains: Sequence[Chain]) -> shapely.Geometry:
    """Return a polygon with points put into those of its edges that are in ``chains``.

    Parameters
    ----------
    shape : polygon or multipolygon
    chains : edges that are not its own are passed over

    Returns
    -------
    The same object when it has none of the edges

    Examples
    --------
    >>> chain = Chain(np.array([0.0, 0, 0, 2]), np.array([[0.0, 1]]))
    >>> with_points(shapely.Polygon([(0, 0), (0, 2), (2, 2)]), [chain]).wkt
    'POLYGON ((0 0, 0 1, 0 2, 2 2, 0 0))'
    """
    found = False
    polygons = []
    for polygon in shapely.get_parts(shape):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
        longer = [_ring_with(ring, chains) for ring in rings]
        if any(len(new) != len(old) for new, old in zip(longer, rings, strict=True)):
            found = True
            polygon = shapely.Polygon(longer[0], longer[1:])
        polygons.append(polygon)
    if not found:
        return shape
    return polygons[0] if shape.geom_type == "Polygon" else shapely.multipolygons(polygons)


def lines(rows: Edges) -> Geometries:
    """Return edges as lines.

    Examples
    --------
    >>> lines(np.array([[0.0, 0, 1, 1]]))[0].wkt
    'LINESTRING (0 0, 1 1)'
    """
    return np.asarray(shapely.linestrings(rows.reshape(-1, 2, 2)), dtype=object)


def _ring_with(ring: Points, chains: Sequence[Chain]) -> Points:
    places: list[int] = []
    points: list[Points] = []
    for chain in chains:
        low = (ring == chain.edge[:2]).all(axis=1)
        high = (ring == chain.edge[2:]).all(axis=1)
        for here in np.flatnonzero(low[:-1] & high[1:]).tolist():
            places += [here + 1] * len(chain.between)
            points.append(chain.between)
        for here in np.flatnonzero(high[:-1] & low[1:]).tolist():
            places += [here + 1] * len(chain.between)
            points.append(chain.between[::-1])
    return np.insert(ring, places, np.concatenate(points), axis=0) if places else ring
