"""From JSON to operations, field by field: what a value may be is in ``given``."""

from collections.abc import Callable, Mapping
from typing import Any

import shapely

from geo.grid.plans.given import MOST_BUILDINGS, MOST_CELLS, Given, OperationInvalid
from geo.grid.plans.operations import (
    Add,
    Merge,
    MoveBorder,
    MoveVertex,
    Operation,
    Part,
    Rename,
    Reparent,
    Replace,
    Restore,
    Split,
    Transfer,
)


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
    return read(Given(given, crs, pointer))


def _split(given: Given) -> Split:
    if given.has("line") == given.has("polygon"):
        raise given.wrong("line", "line_or_polygon")
    if given.has("line"):
        cut: Any = shapely.LineString(given.line("line"))
    else:
        cut = given.polygon("polygon", holes=False)
    keep_at = given.point("keep_at") if given.has("keep_at") else None
    codes = given.codes("codes", least=1, most=MOST_CELLS) if given.has("codes") else ()
    return Split(given.code("cell"), cut, _names(given), keep_at, codes)


def _names(given: Given) -> tuple[str | None, ...]:
    value = given.fields.get("names")
    if value is None:
        return ()
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_CELLS:
        raise given.wrong("names", "names")
    read = Given({str(i): one for i, one in enumerate(value)}, given.crs, f"{given.pointer}/names")
    return tuple(read.name(str(i)) if one is not None else None for i, one in enumerate(value))


def _merge(given: Given) -> Merge:
    cells = given.codes("cells", least=2, most=MOST_CELLS)
    into = given.code("into")
    if into not in cells:
        raise given.wrong("into", "into", value=into)
    return Merge(cells, into)


def _move_border(given: Given) -> MoveBorder:
    a, b = given.codes("cells", least=2, most=2)
    return MoveBorder((a, b), given.line("line"))


def _transfer(given: Given) -> Transfer:
    if given.has("area") == given.has("buildings"):
        raise given.wrong("area", "area_or_buildings")
    to = given.code("to")
    if given.has("area"):
        return Transfer(to, area=given.polygon("area", holes=False))
    return Transfer(to, buildings=given.codes("buildings", least=1, most=MOST_BUILDINGS))


def _replace(given: Given) -> Replace:
    parts = given.fields.get("parts")
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_CELLS:
        raise given.wrong("parts", "parts", most=MOST_CELLS)
    read = [_part(given, i, part) for i, part in enumerate(parts)]
    codes = [part.code for part in read if part.code is not None]
    if len(set(codes)) < len(codes):
        raise given.wrong("parts", "twice", value=next(c for c in codes if codes.count(c) > 1))
    parent = given.code("parent") if given.has("parent") else None
    return Replace(given.codes("cells", least=1, most=MOST_CELLS), tuple(read), parent)


def _part(given: Given, place: int, part: object) -> Part:
    if not isinstance(part, dict):
        raise given.wrong(f"parts/{place}", "object")
    if unknown := sorted(part.keys() - {"name", "polygon", "code"}):
        known = "name, polygon, code"
        raise given.wrong(f"parts/{place}/{unknown[0]}", "field", op="replace", known=known)
    one = Given(part, given.crs, f"{given.pointer}/parts/{place}")
    return Part(
        one.name("name") if one.has("name") else None,
        one.polygon("polygon", holes=True, many=True),
        one.own_code(),
    )


def _restore(given: Given) -> Restore:
    cells = given.codes("cells", least=1, most=MOST_CELLS) if given.has("cells") else ()
    return Restore(given.number("publication"), cells)


_READ: Mapping[str, tuple[frozenset[str], Callable[[Given], Operation]]] = {
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
