"""Buildings and ground as GeoDataFrames, in storage degrees."""

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import TextClause
from sqlalchemy.orm import Session

from geo.access.scope import area_range
from geo.crs.systems import STORAGE_EPSG
from geo.db.sql import statement

Window = tuple[float, float, float, float]


def buildings(session: Session, path: str) -> gpd.GeoDataFrame:
    """Return the buildings of a cell and all below it.

    Returns
    -------
    GeoDataFrame, index the building's id: ``code, name, path, cell_id, address``, geometry the
    footprint or else the point
    """
    low, high = area_range(path)
    query = statement("geo.places", "buildings_of_area")
    return _frame(session, query, {"low": low, "high": high}).set_index("id")


def ground(session: Session, window: Window, path: str) -> gpd.GeoDataFrame:
    """Return what lies on the ground around a cell, the buildings of its neighbours included.

    Parameters
    ----------
    window : ``west, south, east, north``, degrees, storage CRS
    path : of the cell, whose own buildings are left out

    Returns
    -------
    GeoDataFrame: ``kind, rank, name, width_m``, geometry
    """
    low, high = area_range(path)
    values = dict(zip(("west", "south", "east", "north"), window, strict=True))
    query = statement("geo.places", "ground_in_window")
    return _frame(session, query, {**values, "low": low, "high": high})


def _frame(session: Session, query: TextClause, values: dict[str, object]) -> gpd.GeoDataFrame:
    result = session.execute(query, values)
    frame = pd.DataFrame([tuple(row) for row in result], columns=list(result.keys()))
    geometry = shapely.from_wkb([bytes(shape) for shape in frame.pop("geom")])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=STORAGE_EPSG)
