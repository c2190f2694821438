"""Codes and names for cells that a plan makes. Pure."""

from collections.abc import Collection, Sequence

import shapely

from geo.grid.codes import allocated
from geo.grid.plans.draft import CellFacts, Draft
from geo.grid.plans.known import Known


def fresh_codes(
    draft: Draft,
    known: Known,
    parent: str | None,
    shapes: Sequence[shapely.Geometry],
    *,
    besides: Collection[str] = (),
) -> list[str]:
    """Return codes for new children of a cell, in the order of their shapes; never one used."""
    if not shapes:
        return []
    above, pattern = parent or "", known.pattern
    used = {*known.taken_with(pattern.prefix(above)), *draft.cells, *draft.base.cells, *besides}
    return allocated(pattern, [above] * len(shapes), list(shapes), used)


def name_of(like: CellFacts, code: str) -> str:
    """Return the name of a new cell until somebody gives it another."""
    tail = code[len(like.parent or "") :].lstrip("0") or code
    return f"{like.name}-{tail}"
