"""Whether a plan still fits the grid: what others published since its base. Pure."""

from collections.abc import Collection
from typing import Any

import shapely

from geo.errors import GeoError, Refused
from geo.grid.plans.draft import Base, Draft
from geo.spatial.edits.refusals import CellMissing
from geo.texts import Lang, text

_SHOWN = 20


class PlanStale(Refused):
    """Another publication changed cells that the plan changes.

    Parameters
    ----------
    places : the cells, each with a point to look at
    """

    code = "plan_stale"

    def __init__(self, number: int, draft: Draft, cells: Collection[str]) -> None:
        ordered = sorted(cells)
        shown = ", ".join(ordered[:_SHOWN])
        super().__init__(publication=number, base=draft.base.number, cells=shown)
        self.places = [_place(draft, code) for code in ordered[:_SHOWN]]

    def details(self, lang: Lang) -> list[dict[str, Any]]:
        """Return each cell with what became of it."""
        key = "plans.stale.cell"
        return [{**place, "detail": text(key, lang, **place)} for place in self.places]


class PlanBroken(Refused):
    """An operation of the plan cannot be done on the grid as it is now.

    Parameters
    ----------
    base : the cells that the plan was begun from
    """

    code = "plan_broken"

    def __init__(self, number: int, cause: GeoError, base: Base) -> None:
        places = ("pointer", "lon", "lat")
        told = {name: cause.facts[name] for name in places if name in cause.facts}
        super().__init__(publication=number, cause=cause.code, **told)
        self.cause = cause
        is_gone = isinstance(cause, CellMissing)
        self._gone = base.cells.get(str(cause.facts["cell"])) if is_gone else None

    def message(self, lang: Lang) -> str:
        """Return the sentence, with that of the operation in it."""
        number = self.facts["publication"]
        reason = self.cause.message(lang)
        if self._gone is not None:
            reason = text("plans.broken.gone", lang, name=self._gone.name)
        return text(f"errors.{self.code}", lang, publication=number, reason=reason)


def meant_by(draft: Draft) -> frozenset[str]:
    """Return the codes of published cells that a draft changes in meaning or in land."""
    base = draft.base
    drawn = (c for c in draft.redrawn if c in base.cells and c not in draft.noded)
    under = (draft.cells[code].parent for code in draft.born)
    parents = {c for c in under if c and c in base.cells and c not in base.parents}
    return frozenset({*drawn, *draft.ended, *draft.retold, *parents})


def _place(draft: Draft, code: str) -> dict[str, Any]:
    shape = draft.base.shape(code)
    if shape is None or shapely.is_empty(shape):
        return {"cell": code}
    inside = shapely.point_on_surface(shape)
    return {"cell": code, "lon": round(inside.x, 7), "lat": round(inside.y, 7)}
