"""GeoPackage in and out: types, geometry, system and fids are kept.

Shapefiles, FlatGeobuf and GeoJSON come in alike and go out as GeoPackage; of these GDAL reads a
GeoJSON whole before it gives the first feature.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import pyproj

from geo.exchange.located.batches import batches_of, features, free_name, planned
from geo.exchange.located.chunks import CHUNK_ROWS, STORAGE, Chunk, Result, Stated
from geo.exchange.report import FileRefused
from geo.exchange.vectors import BROKEN, damaged, layer_names
from geo.exchange.written import unwritten

_UNNAMED = "wkb_geometry"
_GEOJSON = (".geojson", ".json")


@dataclass(frozen=True)
class PackageSource:
    """A layer of a GeoPackage, or of another file of features.

    Parameters
    ----------
    layer : its name; the only one when None
    encoding : of the attributes of a Shapefile; None for what it says itself

    Raises
    ------
    FileRefused
        When it cannot be read, or it is not clear which layer is meant.
    """

    path: Path
    layer: str | None
    encoding: str | None = None

    @cached_property
    def stated(self) -> Stated:
        """The attributes, and the system the layer names."""
        with self._opened() as (about, reader):
            stated = _package_stated(about, reader.schema, self.name)
        # RFC 7946 fixes the system of a GeoJSON; a file that means another one seldom says so.
        is_fixed = self.path.suffix.lower() in _GEOJSON and stated.system == STORAGE
        return replace(stated, assumed=is_fixed)

    @cached_property
    def name(self) -> str:
        """Name of the layer that is read."""
        names = layer_names(self.path)
        listed = ", ".join(names) or "–"
        if self.layer is not None and self.layer not in names:
            facts = {"layer": self.layer, "layers": listed}
            raise FileRefused("layer_unknown", file=self.path.name, **facts)
        if self.layer is None and len(names) != 1:
            raise FileRefused("layer_unclear", file=self.path.name, layers=listed)
        return self.layer or names[0]

    def chunks(self) -> Iterator[Chunk]:
        """Give all features."""
        stated = self.stated
        try:
            with self._opened() as (_, reader):
                yield from features(reader, stated)
        except (*BROKEN, pa.ArrowException) as error:
            raise damaged(self.path, error) from error

    def _opened(self) -> Any:
        try:
            return pyogrio.open_arrow(
                self.path,
                layer=self.name,
                encoding=self.encoding,
                batch_size=CHUNK_ROWS,
                use_pyarrow=True,
                return_fids=True,
                datetime_as_string=False,
            )
        except BROKEN as error:
            raise damaged(self.path, error) from error


def write_package(out: Path, result: Result) -> None:
    """Write a GeoPackage; rows of a table become points in WGS-84.

    Raises
    ------
    OSError
        When it cannot be written there.
    """
    plan = planned(result, plain=True, points=not result.stated.has_geometry)
    batches = _Batches(batches_of(result, plan))
    about = result.stated.about
    out.unlink(missing_ok=True)  # GDAL takes an empty file for a damaged one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the suffix of the file that is written aside
        try:
            pyogrio.write_arrow(
                pa.RecordBatchReader.from_batches(plan.schema, batches),
                out,
                layer=result.name,
                driver="GPKG",
                geometry_name=plan.geometry,
                geometry_type="Point" if plan.points else about.get("geometry_type", "Unknown"),
                crs=STORAGE if plan.points else _wkt(result.stated.system),
                layer_options={
                    "FID": about.get("fid") or free_name("fid", plan.schema.names),
                    "GEOMETRY_NAME": plan.geometry,
                },
            )
        except (*BROKEN, pa.ArrowException, OSError, RuntimeError) as error:
            raise batches.failed or unwritten(out, error) from error
    if batches.failed is not None:
        raise batches.failed


class _Batches:
    """Batches for a writer that is not Python, and what went wrong while they were made."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.failed: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self

    def __next__(self) -> pa.RecordBatch:
        if self.failed is not None:
            raise StopIteration
        try:
            return next(self._batches)
        except StopIteration:
            raise
        except BaseException as error:
            self.failed = error
            raise


def _package_stated(about: Mapping[str, Any], schema: pa.Schema, name: str) -> Stated:
    # Formats with one geometry do not name it; GDAL then calls it so.
    unnamed = _UNNAMED if _UNNAMED in schema.names else "geom"
    geometry = about["geometry_name"] or unnamed if about["geometry_type"] else None
    return Stated(
        tuple(field for field in schema.names if field != geometry),
        has_geometry=geometry is not None,
        system=about["crs"] if geometry is not None else None,
        about={
            "schema": schema,
            "geometry": geometry,
            "geometry_type": about["geometry_type"],
            "fid": about["fid_column"] if about["fid_column"] in schema.names else None,
        },
    )


def _wkt(system: str | None) -> str | None:
    if system is None or system.startswith("EPSG:"):
        return system
    wkt: str = pyproj.CRS.from_user_input(system).to_wkt()
    return wkt
