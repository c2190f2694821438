"""JSON as batches take it: a list of points, or an object that holds one; read whole, so short."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from api.batches.refusals import BatchRefused
from api.batches.rows import CHUNK_ROWS, Numbers, Rows, Stream, rows_of
from api.bodies import BodyBroken, strict_json
from geo.locate.batch import Flaw
from geo.locate.columns import guessed, numbers

# Bytes; longer batches come as CSV or Arrow, which are read in pieces.
JSON_MAX = 8 * 1024 * 1024
_MEMBERS = ("lon", "lat", "id", "accuracy_m")
_ID_MAX = 2**63
# Of the longest integer that fits 64 bits.
_DIGITS = 20
_SHOWN, _MOST_SHOWN = 40, 10
# The keys of an object → field → its key.
_Known = dict[tuple[str, ...], Mapping[str, str]]


def read(body: memoryview, named: Mapping[str, str | None]) -> Stream:
    """Yield the rows of a JSON text: ``[{"id": …, "lon": …, "lat": …}, …]`` or ``[[lon, lat], …]``.

    Keys are known by the words that are headers in CSV, 经度 or lng for instance.

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
    try:
        points = _listed(strict_json(bytes(body)))
    except BodyBroken as error:
        row = _strange_item(bytes(body)) if error.facts["reason"] == "number" else None
        if row is None:
            raise
        raise BatchRefused("json_number", row=row) from None
    if points is None:
        raise BatchRefused("json")
    known: _Known = {}
    for begin in range(0, len(points), CHUNK_ROWS):
        yield _rows(points[begin : begin + CHUNK_ROWS], begin + 1, known)


def _listed(said: Any) -> list[Any] | None:
    """Return the points that a text says, None when it says something else."""
    points = said.get("points") if isinstance(said, dict) and set(said) == {"points"} else said
    return points if isinstance(points, list) else None


def _strange_item(body: bytes) -> int | None:
    """Return the number of the first item with NaN, infinity or what fits no 64 bits, if any."""
    try:
        points = _listed(json.loads(body, parse_int=_whole)) or []
    except (ValueError, RecursionError):
        return None
    for row, point in enumerate(points, 1):
        values = point.values() if isinstance(point, dict) else point
        values = values if isinstance(point, dict | list) else [point]
        if any(isinstance(value, float) and not math.isfinite(value) for value in values):
            return row
    return None


def _whole(spelt: str) -> float:
    return math.inf if len(spelt) > _DIGITS else float(spelt)


def _rows(points: Sequence[Any], first: int, known: _Known) -> Rows:
    rows = [_members(point, first + place, known) for place, point in enumerate(points)]
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


def _members(point: Any, row: int, known: _Known) -> Mapping[str, Any]:
    if isinstance(point, list) and len(point) == 2:
        return {"lon": point[0], "lat": point[1]}
    if not isinstance(point, dict):
        raise BatchRefused("json_row", row=row)
    keys = tuple(point)
    if keys not in known:
        known[keys] = _fields(keys, row)
    return {field: point[key] for field, key in known[keys].items()}


def _fields(keys: Sequence[str], row: int) -> Mapping[str, str]:
    """Return which key holds each field of an object; one that is strange or lacks is refused."""
    words = guessed(keys)
    found = {field: key for field in _MEMBERS if (key := getattr(words, field)) is not None}
    shown = ", ".join(key[:_SHOWN] for key in keys[:_MOST_SHOWN])
    lacking = next((field for field in ("lon", "lat") if field not in found), None)
    if lacking is not None:
        raise BatchRefused("json_lacks", row=row, field=lacking, keys=shown)
    other = next((key for key in keys if key not in found.values()), None)
    if other is not None:
        raise BatchRefused("json_key", row=row, found=other[:_SHOWN])
    return found


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
