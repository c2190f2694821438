"""The order in which cells are numbered on a map: rows from north to south, each west to east.

Source: DB11 unit grids and CJ/T 349-2010, where numbers run "from west to east, from north to
south" ("left to right, top to bottom"). Cells do not stand in rows, so what counts as one is told
here.
"""

import numpy as np
import numpy.typing as npt
import shapely


def reading_order(shapes: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Return the indices of shapes row by row from north to south, each row west to east.

    A row begins with the northernmost shape left; whatever has its middle no more than half a
    typical height below that one's belongs to it.

    Parameters
    ----------
    shapes : (n,) geometries, degrees lon, lat; none empty

    Returns
    -------
    (n,) intp; the order in which shapes are given does not count

    Examples
    --------
    >>> reading_order([shapely.box(x, y, x + 2, y + 2) for y in (0, 2) for x in (0, 2)]).tolist()
    [2, 3, 0, 1]
    """
    west, south, east, north = shapely.bounds(np.asarray(shapes, dtype=object)).T
    lon, lat = (west + east) / 2.0, (south + north) / 2.0
    height = float(np.median(north - south)) if len(lat) else 0.0
    row = np.zeros(len(lat), dtype=np.intp)
    current, top = -1, np.inf
    for index in np.lexsort((lon, -lat)).tolist():
        if lat[index] < top - height / 2.0 or current < 0:
            current, top = current + 1, lat[index]
        row[index] = current
    return np.lexsort((north, -lat, lon, row))
