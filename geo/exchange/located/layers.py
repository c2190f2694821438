"""GeoPackage and GeoParquet in and out, in batches: types, geometry and system are kept."""

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
import shapely
from pyarrow import parquet

from geo.exchange.located.chunks import (
    CHUNK_ROWS,
    Chunk,
    Features,
    Kind,
    Result,
    Stated,
    padded,
)
from geo.exchange.report import FileRefused
from geo.exchange.table import as_text
from geo.exchange.vectors import BROKEN, damaged, layer_names

_GEO = b"geo"
_STORAGE = "EPSG:4326"
# A GeoParquet that names no system is in this one, as its standard says.
_CRS84 = "OGC:CRS84"
_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}
_NOT_GPKG = (
    pa.types.is_nested,
    pa.types.is_dictionary,
    pa.types.is_decimal,
    pa.types.is_interval,
    pa.types.is_duration,
    pa.types.is_null,
)


@dataclass(frozen=True)
class PackageSource:
    """A layer of a GeoPackage.

    Parameters
    ----------
    layer : its name; the only one when None

    Raises
    ------
    FileRefused
        When it cannot be read, or it is not clear which layer is meant.
    """

    path: Path
    layer: str | None

    @cached_property
    def stated(self) -> Stated:
        """The attributes, and the system the layer names."""
        with self._opened() as (about, reader):
            return _package_stated(about, reader.schema, self.name)

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
                yield from _features(reader, stated)
        except (*BROKEN, pa.ArrowException) as error:
            raise damaged(self.path, error) from error

    def _opened(self) -> Any:
        try:
            return pyogrio.open_arrow(
                self.path,
                layer=self.name,
                batch_size=CHUNK_ROWS,
                use_pyarrow=True,
                return_fids=True,
                datetime_as_string=False,
            )
        except BROKEN as error:
            raise damaged(self.path, error) from error


@dataclass(frozen=True)
class ParquetSource:
    """A GeoParquet, or a Parquet without geometry.

    Raises
    ------
    FileRefused
        When it cannot be read, or its geometry is in an encoding other than WKB.
    """

    path: Path

    @cached_property
    def stated(self) -> Stated:
        """The attributes, and the system the file names."""
        with self._opened() as file:
            return _parquet_stated(self.path, file.schema_arrow)

    @property
    def name(self) -> str:
        """Name of the file, which has no layers."""
        return self.path.stem

    def chunks(self) -> Iterator[Chunk]:
        """Give all rows."""
        try:
            with self._opened() as file:
                yield from _features(file.iter_batches(batch_size=CHUNK_ROWS), self.stated)
        except (OSError, pa.ArrowException) as error:
            raise damaged(self.path, error) from error

    def _opened(self) -> Any:
        try:
            return parquet.ParquetFile(self.path, memory_map=True)
        except (OSError, pa.ArrowException) as error:
            raise damaged(self.path, error) from error


def write_package(out: Path, result: Result) -> None:
    """Write a GeoPackage; rows of a table become points in WGS-84.

    Raises
    ------
    FileRefused
        When GDAL cannot write it.
    """
    plan = _plan(result, plain=True, points=not result.stated.has_geometry)
    batches = _Batches(_batches(result, plan))
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
                crs=_STORAGE if plan.points else _wkt(result.stated.system),
                layer_options={"FID": about.get("fid") or _free("fid", plan.schema.names)},
            )
        except (*BROKEN, pa.ArrowException, OSError, RuntimeError) as error:
            if batches.failed is not None:
                raise batches.failed from error
            raise FileRefused("not_writable", file=out.name, detail=str(error)) from error
    if batches.failed is not None:
        raise batches.failed


def write_parquet(out: Path, result: Result) -> None:
    """Write a GeoParquet, or a Parquet where that was read; rows of other tables become points."""
    about = result.stated.about
    points = not result.stated.has_geometry and "metadata" not in about
    plan = _plan(result, plain=False, points=points)
    schema = plan.schema.with_metadata(about.get("metadata") or _geo_metadata(result, plan))
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(result, plan):
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is written: the schema, which column is the geometry, and where that comes from.

    Parameters
    ----------
    points : the geometry is the point that was located
    """

    schema: pa.Schema
    geometry: str | None
    points: bool


def _package_stated(about: Mapping[str, Any], schema: pa.Schema, name: str) -> Stated:
    geometry = about["geometry_name"] or "geom" if about["geometry_type"] else None
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


def _parquet_stated(path: Path, schema: pa.Schema) -> Stated:
    metadata = dict(schema.metadata or {})
    geo = json.loads(metadata[_GEO]) if _GEO in metadata else {}
    geometry = geo.get("primary_column")
    column = geo.get("columns", {}).get(geometry, {})
    if geometry is not None and (column.get("encoding") != "WKB" or geometry not in schema.names):
        raise FileRefused("geometry_encoding", file=path.name, found=column.get("encoding", "–"))
    named = column.get("crs", _CRS84)
    return Stated(
        tuple(name for name in schema.names if name != geometry),
        has_geometry=geometry is not None,
        system=(json.dumps(named) if isinstance(named, dict) else named) if geometry else None,
        assumed="crs" not in column,
        about={"schema": schema, "geometry": geometry, "metadata": metadata},
    )


def _features(batches: Iterable[pa.RecordBatch], stated: Stated) -> Iterator[Chunk]:
    names = stated.about["schema"].names
    geometry = stated.about["geometry"]
    place = names.index(geometry) if geometry is not None else None
    attributes = tuple(at for at in range(len(names)) if at != place)
    first = 1
    for batch in batches:
        if batch.num_rows:
            yield Features(first, batch, attributes, place)
            first += batch.num_rows


def _plan(result: Result, *, plain: bool, points: bool) -> _Plan:
    """Return what is written: the columns of the file, ours, and a geometry at its own place."""
    stated = result.stated
    schema: pa.Schema | None = stated.about.get("schema")
    geometry = stated.about.get("geometry")
    if schema is None:
        heads = (*stated.headers, *("" for _ in range(result.width - len(stated.headers))))
        fields = [pa.field(head, pa.string()) for head in heads]
    else:
        fields = [_plain(field) if plain else field for field in schema]
    names = _unique([field.name for field in fields] + [column.header for column in result.added])
    types = [*fields, *(pa.field("", _TYPES[column.kind]) for column in result.added)]
    if points:
        geometry = _free("geom" if plain else "geometry", names)
        names, types = [*names, geometry], [*types, pa.field("", pa.binary())]
    made = pa.schema([field.with_name(name) for field, name in zip(types, names, strict=True)])
    return _Plan(made, geometry, points)


def _batches(result: Result, plan: _Plan) -> Iterator[pa.RecordBatch]:
    """Give what is written; what a format has no type for becomes text."""
    own = len(plan.schema) - len(result.added) - plan.points
    for chunk, added, where in result.chunks:
        columns = list(_columns(chunk, own))
        columns += [
            pa.array(values, _TYPES[column.kind])
            for column, values in zip(result.added, added, strict=True)
        ]
        if plan.points:
            columns.append(pa.array(_wkb(where), pa.binary()))
        fitting = [
            _as(array, field.type) for array, field in zip(columns, plan.schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(fitting, schema=plan.schema.remove_metadata())


def _columns(chunk: Chunk, count: int) -> Iterator[pa.Array]:
    if isinstance(chunk, Features):
        yield from chunk.batch.columns
        return
    rows = [padded(row, count) for row in chunk.rows]
    for column in zip(*rows, strict=True):
        yield pa.array([as_text(value) or None for value in column], pa.string())


def _wkb(where: np.ndarray) -> list[bytes | None]:
    known = np.isfinite(where).all(axis=1)
    shapes = shapely.to_wkb(shapely.points(np.where(known[:, None], where, 0.0)))
    return [shape if here else None for shape, here in zip(shapes, known.tolist(), strict=True)]


def _plain(field: pa.Field) -> pa.Field:
    """Return a field as a GeoPackage can hold it."""
    if pa.types.is_dictionary(field.type):
        return pa.field(field.name, field.type.value_type)
    return pa.field(field.name, pa.string()) if any(is_(field.type) for is_ in _NOT_GPKG) else field


def _as(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    if array.type == wanted:
        return array
    if pa.types.is_dictionary(array.type) and array.type.value_type == wanted:
        return array.dictionary_decode()
    told = [None if value is None else _told(value) for value in array.to_pylist()]
    return pa.array(told, pa.string())


def _told(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return as_text(value) or str(value)


def _geo_metadata(result: Result, plan: _Plan) -> dict[bytes, bytes] | None:
    if plan.geometry is None:
        return None
    about: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    system = _STORAGE if plan.points else result.stated.system
    if plan.points:
        about["geometry_types"] = ["Point"]
    about["crs"] = None if system is None else pyproj.CRS.from_user_input(system).to_json_dict()
    geo = {"version": "1.1.0", "primary_column": plan.geometry, "columns": {plan.geometry: about}}
    return {_GEO: json.dumps(geo).encode()}


def _wkt(system: str | None) -> str | None:
    if system is None or system.startswith("EPSG:"):
        return system
    wkt: str = pyproj.CRS.from_user_input(system).to_wkt()
    return wkt


def _unique(names: list[str]) -> list[str]:
    """Return names of which no two are alike, whatever their case, and none is empty.

    Examples
    --------
    >>> _unique(["name", "", "Name"])
    ['name', 'column 2', 'Name (2)']
    """
    made: list[str] = []
    for place, name in enumerate(names, start=1):
        made.append(_free(name.strip() or f"column {place}", made))
    return made


def _free(name: str, taken: list[str]) -> str:
    known = {one.casefold() for one in taken}
    tries = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one.casefold() not in known)
