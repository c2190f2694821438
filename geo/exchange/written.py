"""Layers as a file, all of it or an error; of text GDAL says it is written when it is lost."""

import errno
import os
import shutil
import warnings
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf"}
_UNWRITTEN = (DataSourceError, DataLayerError, FeatureError, GeometryError, RuntimeError)
# A database that had no room takes back what it wrote, at most a hundred thousand rows.
_LITTLE_ROOM = 64 * 2**20


def write_layers(path: Path, layers: Mapping[str, gpd.GeoDataFrame], **options: str) -> None:
    """Write frames as the layers of a file; only a GeoPackage takes more than the first.

    Parameters
    ----------
    path : of a suffix in ``DRIVERS``; what stands there is replaced
    options : of the driver

    Raises
    ------
    OSError
        When it cannot be written there; ``ENOSPC`` when the disk has no room for it.
    """
    driver = DRIVERS[path.suffix.lower()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the suffix of the file that is written aside
        try:
            if driver == "GPKG":
                path.unlink(missing_ok=True)  # GDAL takes an empty file for a damaged one
                for name, frame in layers.items():
                    pyogrio.write_dataframe(frame, path, layer=name, driver=driver, **options)
            else:
                made, (name, frame) = BytesIO(), next(iter(layers.items()))
                pyogrio.write_dataframe(frame, made, layer=name, driver=driver, **options)
                path.write_bytes(made.getbuffer())  # GDAL would not say that the disk is full
        except _UNWRITTEN as error:
            raise unwritten(path, error) from error


def unwritten(path: Path, error: Exception) -> OSError:
    """Return what the system would have said, had it been asked and not GDAL."""
    told = str(error)
    if "disk is full" in told or shutil.disk_usage(path.parent).free < _LITTLE_ROOM:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    # GDAL tells the statement first, then what went wrong with it.
    return OSError(told.rpartition("failed: ")[2].rstrip(")"))
