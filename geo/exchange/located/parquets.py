"""GeoParquet in and out, and Parquet without geometry: types and metadata are kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyproj
from pyarrow import parquet

from geo.exchange.located.batches import Plan, batches_of, features, planned
from geo.exchange.located.chunks import CHUNK_ROWS, STORAGE, Chunk, Result, Stated
from geo.exchange.report import FileRefused
from geo.exchange.vectors import damaged

_GEO = b"geo"
# Rows that are read together later.
_GROUP_ROWS = 100_000
# A GeoParquet that names no system is in this one, as its standard says.
_CRS84 = "OGC:CRS84"


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
                yield from features(file.iter_batches(batch_size=CHUNK_ROWS), self.stated)
        except (OSError, pa.ArrowException) as error:
            raise damaged(self.path, error) from error

    def _opened(self) -> Any:
        try:
            return parquet.ParquetFile(self.path, memory_map=True)
        except (OSError, pa.ArrowException) as error:
            raise damaged(self.path, error) from error


def write_parquet(out: Path, result: Result) -> None:
    """Write a GeoParquet, or a Parquet where that was read; rows of other tables become points."""
    about = result.stated.about
    points = not result.stated.has_geometry and "metadata" not in about
    plan = planned(result, plain=False, points=points)
    schema = plan.schema.with_metadata(about.get("metadata") or _geo_metadata(result, plan))
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        held: list[pa.RecordBatch] = []
        for batch in batches_of(result, plan):
            held.append(batch)
            if sum(one.num_rows for one in held) >= _GROUP_ROWS:
                writer.write_table(_table(held, schema))
                held = []
        if held:
            writer.write_table(_table(held, schema))


def _table(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_batches(batches).replace_schema_metadata(schema.metadata)


def _parquet_stated(path: Path, schema: pa.Schema) -> Stated:
    metadata = dict(schema.metadata or {})
    geo = json.loads(metadata[_GEO]) if _GEO in metadata else {}
    geometry = geo.get("primary_column")
    column = geo.get("columns", {}).get(geometry, {})
    if geometry is not None and (column.get("encoding") != "WKB" or geometry not in schema.names):
        raise FileRefused("geometry_encoding", file=path.name, found=column.get("encoding", "–"))
    named = column.get("crs", _CRS84)
    if isinstance(named, dict) and named.get("id", {}).get("code") == "CRS84":
        named = _CRS84
    return Stated(
        tuple(name for name in schema.names if name != geometry),
        has_geometry=geometry is not None,
        system=(json.dumps(named) if isinstance(named, dict) else named) if geometry else None,
        assumed="crs" not in column,
        about={"schema": schema, "geometry": geometry, "metadata": metadata},
    )


def _geo_metadata(result: Result, plan: Plan) -> dict[bytes, bytes] | None:
    if plan.geometry is None:
        return None
    about: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    system = STORAGE if plan.points else result.stated.system
    if plan.points:
        about["geometry_types"] = ["Point"]
    about["crs"] = None if system is None else pyproj.CRS.from_user_input(system).to_json_dict()
    geo = {"version": "1.1.0", "primary_column": plan.geometry, "columns": {plan.geometry: about}}
    return {_GEO: json.dumps(geo).encode()}
