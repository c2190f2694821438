"""Which cell of a draft each cell of a file is: by its code, else by its ground. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.grid.plans.draft import Draft
from geo.grid.plans.given import OperationInvalid
from geo.grid.plans.traces import LAND_M2
from geo.spatial.edits.trim import REACH
from geo.spatial.measure import area_m2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell as a file has it.

    Parameters
    ----------
    place : of its feature, from 0
    polygon : on the storage grid
    code, name, parent : None where the file says nothing
    """

    place: int
    polygon: shapely.Polygon | shapely.MultiPolygon
    code: str | None = None
    name: str | None = None
    parent: str | None = None

    @property
    def title(self) -> str:
        """The number of the feature, with its name: what can be found in the file."""
        return f"#{self.place + 1} {self.name or ''}".strip()

    def wrong(self, column: str, reason: str, **facts: object) -> OperationInvalid:
        """Return the refusal of what stands in a column."""
        return OperationInvalid(f"/features/{self.place}/properties/{column}", reason, **facts)


def matched(draft: Draft, drawn: Sequence[Drawn]) -> list[str | None]:
    """Return the code of the leaf that each cell of a file is; None for a new cell.

    A code counts first. A cell without one is the leaf on equal ground, within the reach of
    snapping; in a file that has no codes at all, else the leaf with which it shares most.

    Raises
    ------
    OperationInvalid
        When no leaf of the draft has a code, or two features have the same.
    """
    codes = _by_code(draft, drawn)
    pairs = _pairs(draft, drawn, codes)
    _settle(codes, [pair for pair in pairs if pair.is_equal])
    if not any(one.code for one in drawn):
        _settle(codes, pairs)
    return codes


@dataclass(frozen=True, slots=True)
class _Pair:
    place: int
    code: str
    common_m2: float
    is_equal: bool


def _by_code(draft: Draft, drawn: Sequence[Drawn]) -> list[str | None]:
    seen: set[str] = set()
    for one in drawn:
        if one.code is None:
            continue
        if not draft.is_leaf(one.code):
            raise one.wrong("code", "feature_code", value=one.code)
        if one.code in seen:
            raise one.wrong("code", "feature_twice", value=one.code)
        seen.add(one.code)
    return [one.code for one in drawn]


def _pairs(draft: Draft, drawn: Sequence[Drawn], codes: Sequence[str | None]) -> list[_Pair]:
    """Return which free leaves share ground with which cells without a code, most first."""
    taken, found = set(codes), []
    for place, one in enumerate(drawn):
        if one.code is not None:
            continue
        near = [code for code in draft.working.near(one.polygon) if code in draft.cells]
        for code in (code for code in near if code not in taken):
            leaf = draft.working.shape(code)
            common = float(area_m2([shapely.intersection(leaf, one.polygon)])[0])
            if common > LAND_M2:
                found.append(_Pair(place, code, common, _is_equal(leaf, one.polygon)))
    return sorted(found, key=lambda pair: -pair.common_m2)


def _settle(codes: list[str | None], pairs: Sequence[_Pair]) -> None:
    """Give each cell the leaf with which it shares most, unless another shares more with it."""
    taken = set(codes)
    for pair in pairs:
        if codes[pair.place] is None and pair.code not in taken:
            codes[pair.place] = pair.code
            taken.add(pair.code)


def _is_equal(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    if np.abs(np.subtract(one.bounds, other.bounds)).max() > 2.0 * REACH:
        return False
    odd = shapely.symmetric_difference(one, other)
    return bool(shapely.buffer(odd, -REACH, quad_segs=1).is_empty)
