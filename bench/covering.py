"""Who covers a point, asked of PostGIS: the truth that fast ways are held against."""

import io
import os

import numpy as np
import numpy.typing as npt
import psycopg2
import shapely

from geo.spatial.storage import Geometries, Points

# The cells drive: the other way round is eight times as slow.
_QUERY = """
SELECT point.place, min(cell.place)
FROM cell
CROSS JOIN LATERAL (
    SELECT point.place FROM point WHERE ST_Covers(cell.geom, point.geom) OFFSET 0
) AS point
GROUP BY 1
"""


def truth(points: Points, cells: Geometries) -> npt.NDArray[np.int64]:
    """Return the lowest number among the cells that cover each point, -1 where none does."""
    connection = psycopg2.connect(os.environ["WANGGE_DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE cell (place int, geom geometry) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE point (place int, geom geometry) ON COMMIT DROP")
        for table, shapes in (("cell", cells), ("point", shapely.points(points))):
            cursor.copy_expert(f"COPY {table} FROM STDIN", _lines(shapes))
        cursor.execute("CREATE INDEX ON point USING gist (geom)")
        cursor.execute("ANALYZE cell, point")
        cursor.execute(_QUERY)
        rows = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 2)
    connection.close()
    owners = np.full(len(points), -1, dtype=np.int64)
    owners[rows[:, 0]] = rows[:, 1]
    return owners


def _lines(shapes: Geometries) -> io.StringIO:
    text = shapely.to_wkb(shapes, hex=True)
    return io.StringIO("".join(f"{place}\t{shape}\n" for place, shape in enumerate(text)))
