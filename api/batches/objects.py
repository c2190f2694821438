"""JSON as batches take it: a list of points, or an object that holds one; read whole, so short."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from api.batches.refusals import BatchRefused
from api.batches.rows import CHUNK_ROWS, Numbers, Rows, Stream, rows_of
from api.bodies import strict_json
from geo.locate.batch import Flaw
from geo.locate.columns import numbers

# Bytes; longer batches come as CSV or Arrow, which are read in pieces.
JSON_MAX = 8 * 1024 * 1024
_MEMBERS = frozenset({"id", "lon", "lat", "accuracy_m"})
_ID_MAX = 2**63


def read(body: memoryview, named: Mapping[str, str | None]) -> Stream:
    """Yield the rows of a JSON text: ``[{"id": …, "lon": …, "lat": …}, …]`` or ``[[lon, lat], …]``.

    Parameters
    ----------
    named : columns cannot be named otherwise here

    Raises
    ------
    BatchRefused, BodyBroken
        When it is no such text; the first row that is wrong as a whole is named.
    """
    if any(named.values()):
        raise BatchRefused("named_json")
    if len(body) > JSON_MAX:
        raise BatchRefused("json_long", most=JSON_MAX)
    said = strict_json(bytes(body))
    points = said.get("points") if isinstance(said, dict) and set(said) == {"points"} else said
    if not isinstance(points, list):
        raise BatchRefused("json")
    for begin in range(0, len(points), CHUNK_ROWS):
        yield _rows(points[begin : begin + CHUNK_ROWS], begin + 1)


def _rows(points: Sequence[Any], first: int) -> Rows:
    rows = [_members(point, first + place) for place, point in enumerate(points)]
    has_ids = any("id" in row for row in rows)
    has_accuracy = any("accuracy_m" in row for row in rows)
    return rows_of(
        first,
        _numbers([row["lon"] for row in rows]),
        _numbers([row["lat"] for row in rows]),
        _numbers([row.get("accuracy_m") for row in rows]) if has_accuracy else None,
        pa.array([_id(row, first + n) for n, row in enumerate(rows)], pa.string())
        if has_ids
        else None,
    )


def _members(point: Any, row: int) -> Mapping[str, Any]:
    if isinstance(point, list) and len(point) == 2:
        return {"lon": point[0], "lat": point[1]}
    if not isinstance(point, dict) or not {"lon", "lat"} <= set(point) <= _MEMBERS:
        raise BatchRefused("json_row", row=row)
    return point


def _id(point: Mapping[str, Any], row: int) -> str | None:
    found = point.get("id")
    if found is None or isinstance(found, str):
        return found
    if isinstance(found, bool) or not isinstance(found, int) or abs(found) >= _ID_MAX:
        raise BatchRefused("json_id", row=row)
    return str(found)


def _numbers(values: Sequence[Any]) -> Numbers:
    """Return a column of numbers; a number that is written as text is none in JSON."""
    found, flaws = numbers(values)
    strings = np.fromiter((isinstance(value, str) for value in values), np.bool_, len(values))
    found[strings], flaws[strings] = np.nan, Flaw.NOT_NUMBER
    return found, flaws
