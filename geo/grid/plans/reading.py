"""From JSON to operations: each value read whole, or refused with its place and what to do.

A place is a JSON pointer into the request, ``/operations/0/line``. Coordinates come in here once:
their system is named, and what leaves is degrees on the storage grid.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.crs.transform import to_storage
from geo.errors import GeoError, Invalid
from geo.grid.plans.operations import (
    Add,
    Line,
    Merge,
    MoveBorder,
    MoveVertex,
    Operation,
    Part,
    Point,
    Rename,
    Reparent,
    Replace,
    Restore,
    Split,
    Transfer,
)
from geo.spatial.storage import Points
from geo.texts import Lang, text

MOST_POINTS = 20_000
MOST_CELLS = 2_000
MOST_BUILDINGS = 5_000
NAME_MAX = 60
_CODE_MAX = 32


class OperationInvalid(Invalid):
    """A value of an operation cannot be right.

    Parameters
    ----------
    pointer : where it stands
    reason : key of its sentence, ``plans.operation.<reason>``
    """

    code = "operation_invalid"

    def __init__(self, pointer: str, reason: str, **facts: Any) -> None:
        super().__init__(pointer=pointer, reason=reason, **facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what was wrong in it."""
        said = text(f"plans.operation.{self.facts['reason']}", lang, **_said(self.facts))
        return text(f"errors.{self.code}", lang, pointer=self.facts["pointer"], reason=said)


def operations(given: object, crs: str, *, pointer: str = "/operations") -> list[Operation]:
    """Return the operations of a list.

    Parameters
    ----------
    crs : system of all coordinates

    Raises
    ------
    OperationInvalid
        Names the first value that cannot be right.
    """
    if not isinstance(given, list) or not given:
        raise OperationInvalid(pointer, "list")
    return [operation(one, crs, pointer=f"{pointer}/{i}") for i, one in enumerate(given)]


def operation(given: object, crs: str, *, pointer: str = "") -> Operation:
    """Return one operation.

    Examples
    --------
    >>> operation({"op": "rename", "cell": "1A", "name": "东苑"}, "wgs84")
    Rename(cell='1A', name='东苑')
    """
    if not isinstance(given, dict):
        raise OperationInvalid(pointer, "object")
    name = given.get("op")
    if not isinstance(name, str) or name not in _READ:
        known = ", ".join(_READ)
        raise OperationInvalid(f"{pointer}/op", "unknown", value=str(name)[:40], known=known)
    fields, read = _READ[name]
    if unknown := sorted(given.keys() - fields - {"op"}):
        known = ", ".join(sorted(fields))
        raise OperationInvalid(f"{pointer}/{unknown[0]}", "field", op=name, known=known)
    return read(_Given(given, crs, pointer))


@dataclass(frozen=True, slots=True)
class _Given:
    """The fields of one operation, or of one of its parts."""

    fields: Mapping[str, Any]
    crs: str
    pointer: str

    def wrong(self, name: str, reason: str, **facts: Any) -> OperationInvalid:
        return OperationInvalid(f"{self.pointer}/{name}", reason, **facts)

    def has(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def code(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= _CODE_MAX or not value.isascii():
            raise self.wrong(name, "code")
        return value

    def own_code(self) -> str | None:
        return self.code("code") if self.has("code") else None

    def codes(self, name: str, *, least: int, most: int) -> tuple[str, ...]:
        value = self.fields.get(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self.wrong(name, "codes", least=least, most=most)
        for i, one in enumerate(value):
            if not isinstance(one, str) or not 1 <= len(one) <= 64:
                raise self.wrong(f"{name}/{i}", "code")
            if one in value[:i]:
                raise self.wrong(f"{name}/{i}", "twice", value=one)
        return tuple(value)

    def name(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > NAME_MAX:
            raise self.wrong(name, "name", most=NAME_MAX)
        if not value.isprintable():
            raise self.wrong(name, "unprintable")
        return value.strip()

    def number(self, name: str) -> int:
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 2**31:
            raise self.wrong(name, "number")
        return value

    def point(self, name: str) -> Point:
        lon, lat = self._points(name, [self.fields.get(name)])[0].tolist()
        return lon, lat

    def line(self, name: str) -> Line:
        value = self.fields.get(name)
        if not isinstance(value, list) or len(value) < 2:
            raise self.wrong(name, "line")
        points = self._points(name, value)
        kept = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
        if len(kept) < 2:
            raise self.wrong(name, "line_short")
        return tuple(map(tuple, kept.tolist()))

    def polygon(self, name: str, *, holes: bool, many: bool = False) -> Any:
        value = self.fields.get(name)
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict) or kind not in ("Polygon", "MultiPolygon"):
            raise self.wrong(name, "polygon")
        if kind == "MultiPolygon" and not many:
            raise self.wrong(name, "one_polygon")
        given = value.get("coordinates")
        parts = given if kind == "MultiPolygon" else [given]
        if not isinstance(parts, list) or not parts:
            raise self.wrong(f"{name}/coordinates", "polygon")
        made = [self._rings(f"{name}/coordinates", part, holes=holes) for part in parts]
        shape = made[0] if len(made) == 1 else shapely.MultiPolygon(made)
        return self._sound(name, shape)

    def _rings(self, name: str, rings: object, *, holes: bool) -> shapely.Polygon:
        if not isinstance(rings, list) or not rings:
            raise self.wrong(name, "polygon")
        read = [self._ring(f"{name}/{i}", ring) for i, ring in enumerate(rings)]
        if len(read) > 1 and not holes:
            raise self.wrong(f"{name}/1", "holes", **_place(read[1]))
        return shapely.Polygon(read[0], read[1:])

    def _ring(self, name: str, ring: object) -> Points:
        if not isinstance(ring, list) or len(ring) < 4:
            raise self.wrong(name, "ring")
        points = self._points(name, ring)
        if (points[0] != points[-1]).any():
            raise self.wrong(name, "ring_open")
        return points

    def _sound(self, name: str, shape: Any) -> Any:
        if shape.is_empty or shape.length == 0.0:
            raise self.wrong(name, "polygon_empty")
        if not shapely.is_valid(shape):
            said = shapely.is_valid_reason(shape)
            where = np.array([said.partition("[")[2].rstrip("]").split()], dtype=np.float64)
            raise self.wrong(name, "polygon_broken", **_place(where))
        return shape

    def _points(self, name: str, given: list[Any]) -> Points:
        if len(given) > MOST_POINTS:
            first = self._points(name, given[:1])
            facts = {"count": len(given), "most": MOST_POINTS, **_place(first)}
            raise self.wrong(name, "points_many", **facts)
        for i, one in enumerate(given):
            if not isinstance(one, list) or not 2 <= len(one) <= 3 or not all(map(_is_number, one)):
                raise self.wrong(name if len(given) == 1 else f"{name}/{i}", "position")
        array = np.array([one[:2] for one in given], dtype=np.float64)
        try:
            return to_storage(array, self.crs)
        except GeoError as error:
            # Where no coordinate is named, it is the system of all of them that is not understood.
            error.facts["pointer"] = f"{self.pointer}/{name}" if "lon" in error.facts else "/crs"
            raise


def _place(points: Points) -> dict[str, float]:
    lon, lat = points[0].tolist()
    return {"lon": round(lon, 7), "lat": round(lat, 7)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in ("reason", "pointer")}


def _split(given: _Given) -> Split:
    if given.has("line") == given.has("polygon"):
        raise given.wrong("line", "line_or_polygon")
    if given.has("line"):
        cut: Any = shapely.LineString(given.line("line"))
    else:
        cut = given.polygon("polygon", holes=False)
    keep_at = given.point("keep_at") if given.has("keep_at") else None
    codes = given.codes("codes", least=1, most=MOST_CELLS) if given.has("codes") else ()
    return Split(given.code("cell"), cut, _names(given), keep_at, codes)


def _names(given: _Given) -> tuple[str | None, ...]:
    value = given.fields.get("names")
    if value is None:
        return ()
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_CELLS:
        raise given.wrong("names", "names")
    read = _Given({str(i): one for i, one in enumerate(value)}, given.crs, f"{given.pointer}/names")
    return tuple(read.name(str(i)) if one is not None else None for i, one in enumerate(value))


def _merge(given: _Given) -> Merge:
    cells = given.codes("cells", least=2, most=MOST_CELLS)
    into = given.code("into")
    if into not in cells:
        raise given.wrong("into", "into", value=into)
    return Merge(cells, into)


def _move_border(given: _Given) -> MoveBorder:
    a, b = given.codes("cells", least=2, most=2)
    return MoveBorder((a, b), given.line("line"))


def _transfer(given: _Given) -> Transfer:
    if given.has("area") == given.has("buildings"):
        raise given.wrong("area", "area_or_buildings")
    to = given.code("to")
    if given.has("area"):
        return Transfer(to, area=given.polygon("area", holes=False))
    return Transfer(to, buildings=given.codes("buildings", least=1, most=MOST_BUILDINGS))


def _replace(given: _Given) -> Replace:
    parts = given.fields.get("parts")
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_CELLS:
        raise given.wrong("parts", "parts", most=MOST_CELLS)
    read = [_part(given, i, part) for i, part in enumerate(parts)]
    codes = [part.code for part in read if part.code is not None]
    if len(set(codes)) < len(codes):
        raise given.wrong("parts", "twice", value=next(c for c in codes if codes.count(c) > 1))
    parent = given.code("parent") if given.has("parent") else None
    return Replace(given.codes("cells", least=1, most=MOST_CELLS), tuple(read), parent)


def _part(given: _Given, place: int, part: object) -> Part:
    if not isinstance(part, dict):
        raise given.wrong(f"parts/{place}", "object")
    if unknown := sorted(part.keys() - {"name", "polygon", "code"}):
        known = "name, polygon, code"
        raise given.wrong(f"parts/{place}/{unknown[0]}", "field", op="replace", known=known)
    one = _Given(part, given.crs, f"{given.pointer}/parts/{place}")
    return Part(
        one.name("name") if one.has("name") else None,
        one.polygon("polygon", holes=True, many=True),
        one.own_code(),
    )


def _restore(given: _Given) -> Restore:
    cells = given.codes("cells", least=1, most=MOST_CELLS) if given.has("cells") else ()
    return Restore(given.number("publication"), cells)


_READ: Mapping[str, tuple[frozenset[str], Callable[[_Given], Operation]]] = {
    "split": (frozenset({"cell", "line", "polygon", "names", "keep_at", "codes"}), _split),
    "merge": (frozenset({"cells", "into"}), _merge),
    "move_border": (frozenset({"cells", "line"}), _move_border),
    "move_vertex": (
        frozenset({"at", "to"}),
        lambda given: MoveVertex(given.point("at"), given.point("to")),
    ),
    "transfer": (frozenset({"to", "area", "buildings"}), _transfer),
    "add": (
        frozenset({"parent", "name", "polygon", "code"}),
        lambda given: Add(
            given.code("parent"),
            given.name("name"),
            given.polygon("polygon", holes=True),
            given.own_code(),
        ),
    ),
    "replace": (frozenset({"cells", "parts", "parent"}), _replace),
    "rename": (
        frozenset({"cell", "name"}),
        lambda given: Rename(given.code("cell"), given.name("name")),
    ),
    "reparent": (
        frozenset({"cell", "parent"}),
        lambda given: Reparent(given.code("cell"), given.code("parent")),
    ),
    "restore": (frozenset({"publication", "cells"}), _restore),
}
