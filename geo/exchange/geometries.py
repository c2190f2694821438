"""Geometries of a sheet as the file gives them: its own, or from columns lon/lat or WKT."""

from functools import partial

import numpy as np
import shapely

from geo.exchange.columns import Field, Sheet, refuse_missing_column
from geo.exchange.table import Table, kept
from geo.exchange.values import number
from geo.spatial.storage import Geometries, snap_geometry

_MULTI = (4, 5, 6)
_coordinate = partial(number, low=-1e9, high=1e9, units="° 度 m 米")


def _as_is(text: str) -> str:
    return text.strip()


FIELDS = (
    Field("lon", ("经度", "lng", "lon", "long", "longitude", "x", "东经"), _coordinate),
    Field("lat", ("纬度", "lat", "latitude", "y", "北纬"), _coordinate),
    Field("wkt", ("wkt", "geometry", "geom", "几何", "图形"), _as_is),
)


def fields_for(table: Table) -> tuple[Field, ...]:
    """Return the columns that hold a place; none for a file with geometries of its own."""
    return FIELDS if table.geometry is None else ()


def column(sheet: Sheet) -> str:
    """Return the field to blame for a place."""
    return next((name for name in ("wkt", "lon") if sheet.has(name)), "geometry")


def geometries(sheet: Sheet) -> tuple[Geometries, np.ndarray] | None:
    """Return a geometry or None for each row, and which rows hold something unreadable.

    Unreadable rows are in the report already. None when the file has no places at all.
    """
    if sheet.table.geometry is not None:
        shapes, unreadable = sheet.table.geometry, sheet.table.unreadable
        bad = np.zeros(len(shapes), dtype=bool) if unreadable is None else unreadable
        sheet.refuse("geometry_unreadable", bad, "geometry")
        return single_parts(shapes), bad
    if sheet.has("wkt"):
        return _from_wkt(sheet)
    if sheet.has("lon") and sheet.has("lat"):
        return _from_pairs(sheet)
    if sheet.has("lon") or sheet.has("lat"):
        refuse_missing_column(sheet, sheet.fields["lat" if sheet.has("lon") else "lon"])
    return None


def single_parts(shapes: Geometries) -> Geometries:
    """Return geometries of one part as that part."""
    result = np.array(shapes, dtype=object)
    alone = np.isin(shapely.get_type_id(result), _MULTI) & (shapely.get_num_geometries(result) == 1)
    result[alone] = shapely.get_geometry(result[alone], 0)
    return result


def middles(shapes: Geometries) -> Geometries:
    """Return a point of each shape on the grid: its middle, or one inside where that is not.

    Parameters
    ----------
    shapes : (n,) geometries, storage CRS; null stays null
    """
    middle = snap_geometry(shapely.centroid(shapes))
    points = np.where(shapely.covers(shapes, middle), middle, shapely.point_on_surface(shapes))
    return snap_geometry(points)


def _from_wkt(sheet: Sheet) -> tuple[Geometries, np.ndarray]:
    texts = np.array([text or None for text in sheet.values["wkt"]], dtype=object)
    with np.errstate(all="ignore"):  # 1e400 overflows; what comes of it is refused as not finite
        shapes = shapely.force_2d(shapely.from_wkt(texts, on_invalid="ignore"))
    bad = np.array([text is not None for text in texts], dtype=bool) & shapely.is_missing(shapes)
    sheet.refuse("geometry_unreadable", bad, "wkt")
    return single_parts(shapes), bad


def _from_pairs(sheet: Sheet) -> tuple[Geometries, np.ndarray]:
    pairs = sheet.values[["lon", "lat"]].to_numpy(dtype=np.float64)
    whole = np.isfinite(pairs).all(axis=1)
    shapes = kept(shapely.points(np.where(whole[:, None], pairs, 0.0)), whole)
    given = sheet.table.cells[[sheet.places["lon"], sheet.places["lat"]]].to_numpy(dtype=object)
    filled = np.array([[bool(text.strip()) for text in pair] for pair in given], dtype=bool)
    return shapes, (filled.reshape(-1, 2) & np.isnan(pairs)).any(axis=1)
