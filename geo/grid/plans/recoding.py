"""Other codes for the cells a plan makes, when another publication took theirs. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from geo.grid.plans.operations import Add, Operation, Part, Replace, Split


def without(operation: Operation, taken: Collection[str]) -> Operation:
    """Return an operation without the codes it was given that are taken: it is given others.

    Examples
    --------
    >>> from shapely import box
    >>> without(Add("1A", "东", box(0, 0, 1, 1), "1A002"), {"1A002"}).code is None
    True
    """
    if isinstance(operation, Split) and any(code in taken for code in operation.codes):
        return replace(operation, codes=())
    if isinstance(operation, Add) and operation.code in taken:
        return replace(operation, code=None)
    if isinstance(operation, Replace):
        own = set(operation.cells)
        parts = (
            replace(part, code=None) if part.code in taken and part.code not in own else part
            for part in operation.parts
        )
        return replace(operation, parts=tuple(parts))
    return operation


def given(operation: Operation) -> tuple[str, ...]:
    """Return the codes that an operation gives to cells, in order."""
    if isinstance(operation, Split):
        return operation.codes
    if isinstance(operation, Add):
        return (operation.code,) if operation.code else ()
    if isinstance(operation, Replace):
        return tuple(part.code for part in operation.parts if part.code is not None)
    return ()


def translated(operation: Operation, codes: Mapping[str, str]) -> Operation:
    """Return an operation that names cells by their other codes."""
    if not codes:
        return operation
    fields: dict[str, Any] = {
        name: _translated(getattr(operation, name), codes)
        for name in type(operation).__slots__
        if name not in ("name", "names", "buildings")
    }
    return replace(operation, **fields)


def _translated(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return codes.get(value, value)
    if isinstance(value, Part):
        return replace(value, code=codes.get(value.code, value.code) if value.code else None)
    if isinstance(value, tuple):
        return tuple(_translated(one, codes) for one in value)
    return value
