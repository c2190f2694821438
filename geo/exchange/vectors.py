"""Vector files: GeoPackage, Shapefile, GeoJSON, FlatGeobuf, read by GDAL as text and geometries.

Whether the content is what the suffix says is decided before GDAL sees it (``formats``), because
GDAL opens whatever it recognises, files that point at other files included.
"""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from pyogrio.raw import read

from geo.exchange.report import FileRefused
from geo.exchange.shapefiles import attribute_encoding, check_parts
from geo.exchange.table import Table, as_text
from geo.exchange.tables import MOST_ROWS, decoded
from geo.spatial.storage import Geometries

_DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf"}
BROKEN = (DataSourceError, DataLayerError, FeatureError, GeometryError, UnicodeDecodeError)
# RFC 7946 fixes this system; a file that means another one seldom says so.
_GEOJSON_SYSTEM = "EPSG:4326"


def layer_names(path: Path) -> list[str]:
    """Return the names of the layers.

    Raises
    ------
    FileRefused
        When GDAL cannot open the file, or opens it as something else.
    """
    _check(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return [str(name) for name, _ in pyogrio.list_layers(path)]
        except BROKEN as error:
            raise damaged(path, error) from error


def read_layer(path: Path, layer: str, encoding: str | None) -> Table:
    """Return a layer; features count from 1.

    Raises
    ------
    FileRefused
        When features are missing or unreadable, a part of a Shapefile is missing, or it is too
        large.
    """
    shapefile = path.suffix.lower() == ".shp"
    # The other formats are UTF-8, whatever the user thinks.
    chosen = attribute_encoding(path, encoding) if shapefile else None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            about = pyogrio.read_info(path, layer=layer)
            _check_about(path, about)
            found, _, geometry, columns = read(path, layer=layer, encoding=chosen)
        except UnicodeDecodeError as error:
            raise FileRefused("encoding_wrong", file=path.name, encoding=chosen or "cpg") from error
        except BROKEN as error:
            raise damaged(path, error) from error
    lost = [str(warning.message) for warning in caught if "malformed" in str(warning.message)]
    if lost or len(columns[0] if columns else geometry) < about["features"]:
        raise FileRefused("file_truncated", file=path.name, detail=" ".join(lost[:1]))
    return _table("" if shapefile else layer, found, geometry, columns, cut_headers=shapefile)


def read_geojson(path: Path, layer: str, encoding: str | None) -> Table:
    """Return a GeoJSON file, in UTF-8 or, against its standard, in GBK."""
    text = decoded(path.read_bytes(), encoding, file=path.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            about = pyogrio.read_info(text.encode())
            _check_about(path, about)
            found, _, geometry, columns = read(text.encode())
        except BROKEN as error:
            raise damaged(path, error) from error
    return _table("", found, geometry, columns)


def _table(
    name: str,
    about: Mapping[str, Any],
    wkb: np.ndarray | None,
    columns: list[np.ndarray],
    *,
    cut_headers: bool = False,
) -> Table:
    count = len(wkb) if wkb is not None else len(columns[0]) if columns else 0
    index = pd.RangeIndex(1, count + 1)
    cells = {place: list(map(as_text, column)) for place, column in enumerate(columns)}
    geometry, unreadable = (None, None) if wkb is None else _geometries(wkb)
    return Table(
        name,
        pd.DataFrame(cells, index=index, columns=range(len(columns)), dtype=object),
        headers=tuple(str(name) for name in about["fields"]),
        counted="feature",
        geometry=geometry,
        unreadable=unreadable,
        system=about["crs"] if wkb is not None else None,
        assumed=about["crs"] == _GEOJSON_SYSTEM and name == "",
        cut_headers=cut_headers,
    )


def _geometries(wkb: np.ndarray) -> tuple[Geometries, np.ndarray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shapes = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    given = np.array([value is not None for value in wkb], dtype=bool)
    return np.asarray(shapes, dtype=object), given & shapely.is_missing(shapes)


def _check(path: Path) -> None:
    if path.suffix.lower() == ".shp":
        check_parts(path)


def _check_about(path: Path, about: Mapping[str, Any]) -> None:
    if about["driver"] != _DRIVERS.get(path.suffix.lower(), "GeoJSON"):
        raise FileRefused("not_what_suffix_says", file=path.name, found=about["driver"])
    if about["features"] > MOST_ROWS:
        raise FileRefused("too_many_rows", file=path.name, most=MOST_ROWS)


def damaged(path: Path, error: Exception) -> FileRefused:
    """Return the refusal of a file that cannot be read on, in the reader's words."""
    detail = str(error).splitlines()[0] if str(error) else type(error).__name__
    return FileRefused("file_damaged", file=path.name, detail=detail.replace(str(path), path.name))
