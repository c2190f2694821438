"""The grid as GeoDataFrames, of one publication, in storage degrees."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geo.access.scope import area_range
from geo.crs.systems import STORAGE_EPSG
from geo.db.sql import statement
from geo.spatial.storage import Geometries

COLUMNS = (
    "cell_id",
    "code",
    "name",
    "level",
    "parent_code",
    "path",
    "derived",
    "area_m2",
    "geometry",
)


def tree(session: Session, number: int, *, below: str | None = None) -> gpd.GeoDataFrame:
    """Return every cell of a publication, parents before children.

    Parameters
    ----------
    number : the publication; 0 gives an empty frame
    below : path of a cell, to have only it and its descendants

    Returns
    -------
    GeoDataFrame indexed by code: ``cell_id, code, name, level, parent_code, path, derived,
    area_m2, geometry``; a geometry of one part is a Polygon
    """
    low, high = area_range(below) if below else (None, None)
    rows = session.execute(
        statement("geo.grid", "tree"), {"number": number, "low": low, "high": high}
    ).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(COLUMNS))
    geometry = read_shapes(frame.pop("geometry"))
    return (
        gpd.GeoDataFrame(frame.astype({"parent_code": object}), geometry=geometry, crs=STORAGE_EPSG)
        .set_index("code", drop=False)
        .rename_axis(None)
    )


def read_shapes(stored: Iterable[memoryview]) -> Geometries:
    """Return stored shapes; one of one part as that polygon, so that equal shapes compare equal.

    Parameters
    ----------
    stored : WKB, as the driver gives it
    """
    shapes = np.asarray(shapely.from_wkb([bytes(shape) for shape in stored]), dtype=object)
    single = shapely.get_num_geometries(shapes) == 1
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    return shapes
