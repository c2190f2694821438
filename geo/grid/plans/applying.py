"""Doing operations on a draft, one after the other. Pure; the rest is asked of ``Known``."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from geo.errors import GeoError
from geo.grid.plans import restoring, shaping, telling
from geo.grid.plans.draft import Base, Draft
from geo.grid.plans.known import Done, Known
from geo.grid.plans.operations import (
    Add,
    Merge,
    MoveBorder,
    MoveVertex,
    Operation,
    Rename,
    Reparent,
    Replace,
    Restore,
    Split,
    Transfer,
)

_DO: Mapping[type[Any], Callable[[Draft, Any, Known], Done]] = {
    Split: shaping.done_split,
    Merge: shaping.done_merge,
    MoveBorder: shaping.done_move_border,
    MoveVertex: shaping.done_move_vertex,
    Transfer: shaping.done_transfer,
    Add: shaping.done_add,
    Replace: shaping.done_replace,
    Rename: telling.done_rename,
    Reparent: telling.done_reparent,
    Restore: restoring.done_restore,
}


def begin(base: Base) -> Draft:
    """Return the draft in which nothing has been done yet."""
    return Draft(base, base.cells, base.working)


def apply(draft: Draft, operation: Operation, known: Known, *, pointer: str = "") -> Done:
    """Return the draft after one operation, and the operation with the codes it was given.

    Parameters
    ----------
    pointer : where the operation stands, told when it is refused

    Raises
    ------
    GeoError
        Why it cannot be done; ``facts`` hold ``pointer``, and where to look as ``lon`` and ``lat``.
    """
    try:
        return _DO[type(operation)](draft, operation, known)
    except GeoError as refusal:
        refusal.facts.setdefault("pointer", pointer)
        raise


def replayed(base: Base, operations: Iterable[Operation], known: Known) -> Draft:
    """Return the draft after operations that have their codes.

    Raises
    ------
    GeoError
        Of the first operation that cannot be done.
    """
    draft = begin(base)
    for place, operation in enumerate(operations):
        draft, _ = apply(draft, operation, known, pointer=f"/operations/{place}")
    return draft
