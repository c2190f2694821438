"""From cells that somebody drew elsewhere to the operations that make them of a draft. Pure."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.errors import Refused
from geo.grid.plans.draft import Draft, equal
from geo.grid.plans.operations import Operation, Part, Rename, Replace
from geo.grid.plans.traces import LAND_M2
from geo.spatial.measure import area_m2


class CellsSame(Refused):
    """The cells of a file are those of the draft."""

    code = "plan_cells_same"


def operations_between(draft: Draft, parts: Sequence[Part]) -> list[Operation]:
    """Return the operations after which a draft has the cells of a file.

    Cells that the file leaves out stay, unless others of the file lie on their ground.

    Parameters
    ----------
    parts : cells as drawn, on the storage grid, those with a new code or none among them

    Raises
    ------
    CellsSame
        When nothing differs.
    """
    changed = [part for part in parts if not _stands(draft, part)]
    drawn = {part.code for part in changed}
    kept = {part.code for part in parts} - drawn
    group = sorted(
        code for code in _on_ground(draft, [part.polygon for part in changed]) if code not in kept
    )
    found: list[Operation] = []
    if changed:
        found.append(Replace(tuple(group), tuple(changed)))
    named = {part.code: part.name for part in parts if part.code in kept and part.name}
    found += [
        Rename(code, name)
        for code, name in named.items()
        if code and name and draft.cells[code].name != name
    ]
    if not found:
        raise CellsSame()
    return found


def _stands(draft: Draft, part: Part) -> bool:
    """Return whether a cell is in the draft with that very shape."""
    code = part.code
    if code is None or code not in draft.cells or code not in draft.working:
        return False
    return equal(draft.working.shape(code), part.polygon)


def _on_ground(draft: Draft, shapes: list[shapely.Geometry]) -> set[str]:
    """Return the leaves of the area that lie on the ground of some shapes."""
    found: set[str] = set()
    for shape in shapes:
        near = [code for code in draft.working.near(shape) if code in draft.cells]
        sound = shape if shapely.is_valid(shape) else shapely.make_valid(shape)
        common = area_m2(shapely.intersection(draft.working.shapes(near), sound))
        found.update(np.array(near, dtype=object)[common > LAND_M2])
    return found
