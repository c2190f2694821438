"""Codes and names for cells that a plan makes. Pure."""

from collections.abc import Collection, Sequence

import shapely

from geo.grid.codes import CodePattern, allocated
from geo.grid.plans.draft import CellFacts, Draft


def fresh_codes(
    draft: Draft,
    pattern: CodePattern,
    parent: str | None,
    shapes: Sequence[shapely.Geometry],
    *,
    besides: Collection[str] = (),
) -> list[str]:
    """Return codes for new children of a cell, in the order of their shapes; never one used."""
    used = {*draft.base.known, *draft.cells, *draft.base.cells, *besides}
    return allocated(pattern, [parent or ""] * len(shapes), list(shapes), used)


def name_of(like: CellFacts, code: str) -> str:
    """Return the name of a new cell until somebody gives it another."""
    tail = code[len(like.parent or "") :].lstrip("0") or code
    return f"{like.name}-{tail}"
