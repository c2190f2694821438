"""Rows on their way into a format with types: which columns it gets, and batches of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from geo.exchange.located.chunks import Chunk, Features, Kind, Result, Stated, padded, told_value
from geo.exchange.table import as_text

_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}
# What a database has no type for.
_NOT_PLAIN = (
    pa.types.is_nested,
    pa.types.is_dictionary,
    pa.types.is_decimal,
    pa.types.is_interval,
    pa.types.is_duration,
    pa.types.is_null,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written: the schema, which column is the geometry, and where that comes from.

    Parameters
    ----------
    points : the geometry is the point that was located
    """

    schema: pa.Schema
    geometry: str | None
    points: bool


def features(batches: Iterable[pa.RecordBatch], stated: Stated) -> Iterator[Chunk]:
    """Give batches that were read as chunks, rows counted from 1."""
    names = stated.about["schema"].names
    geometry = stated.about["geometry"]
    place = names.index(geometry) if geometry is not None else None
    attributes = tuple(at for at in range(len(names)) if at != place)
    first = 1
    for batch in batches:
        if batch.num_rows:
            yield Features(first, batch, attributes, place)
            first += batch.num_rows


def planned(result: Result, *, plain: bool, points: bool) -> Plan:
    """Return what is written: the columns of the file, ours, and a geometry at its own place.

    Parameters
    ----------
    plain : what a database has no type for becomes text
    points : the file has no geometry, so that the points that were located are
    """
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
        geometry = free_name("geom" if plain else "geometry", names)
        names, types = [*names, geometry], [*types, pa.field("", pa.binary())]
    made = pa.schema([field.with_name(name) for field, name in zip(types, names, strict=True)])
    return Plan(made, geometry, points)


def batches_of(result: Result, plan: Plan) -> Iterator[pa.RecordBatch]:
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
    return (
        pa.field(field.name, pa.string()) if any(is_(field.type) for is_ in _NOT_PLAIN) else field
    )


def _as(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    if array.type == wanted:
        return array
    if pa.types.is_dictionary(array.type) and array.type.value_type == wanted:
        return array.dictionary_decode()
    told = [None if value is None else told_value(value) for value in array.to_pylist()]
    return pa.array(told, pa.string())


def _unique(names: list[str]) -> list[str]:
    """Return names of which no two are alike, whatever their case, and none is empty.

    Examples
    --------
    >>> _unique(["name", "", "Name"])
    ['name', 'column 2', 'Name (2)']
    """
    made: list[str] = []
    for place, name in enumerate(names, start=1):
        made.append(free_name(name.strip() or f"column {place}", made))
    return made


def free_name(name: str, taken: list[str]) -> str:
    """Return a name that is not taken yet, whatever its case."""
    known = {one.casefold() for one in taken}
    tries = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one.casefold() not in known)
