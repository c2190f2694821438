"""Which polygon owns a point: the one that covers it, the first in order on a shared border.

One rule, the same here as in SQL: ``covers``, then the bytewise lower code. Callers sort the
polygons by code; this module knows only their order. Whole arrays, no index of its own.
"""

import numpy as np
import numpy.typing as npt
import shapely

Owners = npt.NDArray[np.intp]


def first_covering(points: npt.ArrayLike, polygons: npt.ArrayLike) -> Owners:
    """Return for each point the lowest index among the polygons that cover it.

    Parameters
    ----------
    points : (n,) points, storage CRS, on the grid
    polygons : (m,) polygons or multipolygons, sorted bytewise by code

    Returns
    -------
    (n,) intp; -1 where no polygon covers the point, and for a null or empty point

    Examples
    --------
    >>> cells = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> first_covering(shapely.points([[0.5, 0.5], [1.0, 0.5], [9.0, 9.0]]), cells).tolist()
    [0, 0, -1]
    """
    point_array = np.asarray(points, dtype=object)
    owners = np.full(len(point_array), -1, dtype=np.intp)
    tree = shapely.STRtree(np.asarray(polygons, dtype=object))
    point, polygon = tree.query(point_array, predicate="covered_by")
    order = np.argsort(-polygon, kind="stable")
    owners[point[order]] = polygon[order]
    return owners
