"""From cells that somebody drew elsewhere to the operations that make them of a draft. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.errors import GeoError, Refused
from geo.grid.plans.draft import Draft, equal
from geo.grid.plans.known import Known
from geo.grid.plans.matching import Drawn, matched
from geo.grid.plans.naming import fresh_codes
from geo.grid.plans.operations import Operation, Part, Rename, Reparent, Replace
from geo.grid.plans.traces import LAND_M2
from geo.spatial.edits.refusals import PartsReachOut
from geo.spatial.measure import area_m2


class CellsSame(Refused):
    """The cells of a file are those of the draft."""

    code = "plan_cells_same"


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file asks of a draft.

    Parameters
    ----------
    operations : in order
    fresh : the cells of the file by the codes they are to get
    """

    operations: tuple[Operation, ...]
    fresh: Mapping[str, Drawn]

    def told(self, refusal: GeoError) -> GeoError:
        """Return a refusal that names features where nobody can know the code yet."""
        facts = refusal.facts
        for name, value in list(facts.items()):
            if (one := self.fresh.get(value) if isinstance(value, str) else None) is not None:
                facts[name] = one.title
                facts["pointer"] = f"/features/{one.place}/geometry"
        return refusal


def upload(draft: Draft, drawn: Sequence[Drawn], known: Known) -> Upload:
    """Return the operations after which a draft has the cells of a file.

    Cells that the file leaves out stay, unless others of the file lie on their ground.

    Parameters
    ----------
    drawn : cells as the file has them, on the storage grid

    Raises
    ------
    CellsSame
        When nothing differs.
    OperationInvalid
        When a code or a parent names nothing that fits.
    """
    codes = matched(draft, drawn)
    old = [(one, code) for one, code in zip(drawn, codes, strict=True) if code is not None]
    changed = [(one, code) for one, code in old if not _stands(draft, one, code)]
    new = [one for one, code in zip(drawn, codes, strict=True) if code is None]
    ground = _on_ground(draft, [one.polygon for one in (*(one for one, _ in changed), *new)])
    stay = {code for _, code in old} - {code for _, code in changed}
    group = sorted((ground | {code for _, code in changed}) - stay)
    fresh, parents = _fresh(draft, new, known)
    found: list[Operation] = []
    if new and not group:
        pointer = f"/features/{new[0].place}/geometry"
        raise PartsReachOut(new[0].polygon, value=new[0].title, pointer=pointer)
    if changed or fresh:
        parts = [Part(one.name, one.polygon, code) for one, code in changed]
        parts += [Part(one.name, one.polygon, code) for code, one in fresh.items()]
        found.append(Replace(tuple(group), tuple(parts)))
    found += [
        Rename(code, one.name)
        for one, code in old
        if code in stay and one.name and draft.cells[code].name != one.name
    ]
    found += _hung(draft, old)
    first = draft.cells[group[0]].parent if group else None
    found += [Reparent(code, over) for code, over in parents.items() if over and over != first]
    if not found:
        raise CellsSame()
    return Upload(tuple(found), fresh)


def is_same(before: Draft, after: Draft) -> bool:
    """Return whether operations have left a draft as it was: cells, ground and what they mean."""
    if before.cells != after.cells:
        return False
    codes = [code for code in before.working.codes() if code in before.cells]
    shapes = ((before.working.shape(code), after.working.shape(code)) for code in codes)
    return all(old is now or equal(old, now) for old, now in shapes)


def _hung(draft: Draft, old: Sequence[tuple[Drawn, str]]) -> list[Operation]:
    """Return the moves of cells whose parent the file has changed."""
    found: list[Operation] = []
    for one, code in old:
        cell = draft.cells[code]
        if one.parent and one.parent != cell.parent:
            found.append(Reparent(code, _parent(draft, one, cell.level)))
    return found


def _fresh(
    draft: Draft, new: Sequence[Drawn], known: Known
) -> tuple[dict[str, Drawn], dict[str, str]]:
    """Return new cells by their codes, and the parent of each: as drawn, or of its ground."""
    found: dict[str, Drawn] = {}
    parents: dict[str, str] = {}
    below: dict[str, list[Drawn]] = {}
    for one in new:
        below.setdefault(_parent_of_new(draft, one), []).append(one)
    for parent, some in below.items():
        shapes = [one.polygon for one in some]
        for code, one in zip(
            fresh_codes(draft, known, parent, shapes, besides=found), some, strict=True
        ):
            found[code], parents[code] = one, parent
    return dict(sorted(found.items())), parents


def _parent_of_new(draft: Draft, one: Drawn) -> str:
    near = [code for code in draft.working.near(one.polygon) if code in draft.cells]
    if not near:
        return draft.base.area
    common = area_m2(shapely.intersection(draft.working.shapes(near), one.polygon))
    most = draft.cells[near[int(np.argmax(common))]]
    return _parent(draft, one, most.level) if one.parent else most.parent or ""


def _parent(draft: Draft, one: Drawn, level: int) -> str:
    """Return the parent that a file names, or refuse it: it is one level above, in the area."""
    code = one.parent or ""
    cell = draft.cells.get(code)
    own = one.code or one.title
    if cell is None or cell.level != level - 1 or code in draft.working:
        raise one.wrong("parent", "feature_parent", value=code, cell=own)
    return code


def _stands(draft: Draft, one: Drawn, code: str) -> bool:
    """Return whether a cell is in the draft with that very shape."""
    return equal(draft.working.shape(code), one.polygon)


def _on_ground(draft: Draft, shapes: list[shapely.Geometry]) -> set[str]:
    """Return the leaves of the area that lie on the ground of some shapes."""
    found: set[str] = set()
    for shape in shapes:
        near = [code for code in draft.working.near(shape) if code in draft.cells]
        common = area_m2(shapely.intersection(draft.working.shapes(near), shape))
        found.update(np.array(near, dtype=object)[common > LAND_M2])
    return found
