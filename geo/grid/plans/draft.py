"""A plan's draft: the cells of its area as they would be, beside what they are. Pure.

A draft is a value: doing one more operation makes another draft, which shares all that did not
change. So undo is taking an earlier one, and several may be kept at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import shapely

from geo.grid.plans.traces import is_trace
from geo.spatial.edits.working import Working


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What people mean by a cell.

    Parameters
    ----------
    id : None for a cell that is new
    """

    code: str
    name: str
    level: int
    parent: str | None
    id: int | None = None


@dataclass(frozen=True)
class Base:
    """The cells a plan begins from.

    Parameters
    ----------
    number : publication
    area, path : code and path of the cell the plan may change the leaves of
    cells : by code, the area and all below it; upper cells too
    working : the leaves of the area, and those around it
    around : codes of leaves that lie outside, as far as anything reaches; they may be noded and
        nothing else
    """

    number: int
    area: str
    path: str
    cells: Mapping[str, CellFacts]
    working: Working
    around: frozenset[str]

    @cached_property
    def parents(self) -> frozenset[str]:
        """Codes of cells that have children."""
        return frozenset(cell.parent for cell in self.cells.values() if cell.parent)

    def shape(self, code: str) -> shapely.Geometry | None:
        """Return the shape of a leaf; None when it was none."""
        is_leaf = code in self.around or (code in self.cells and code not in self.parents)
        return self.working.shape(code) if is_leaf else None


@dataclass(frozen=True)
class Draft:
    """The cells as a plan would have them.

    Parameters
    ----------
    cells : by code, as in ``Base``
    working : the leaves
    outline_moved_m2 : by how much cuts that end on the outer outline have moved it
    """

    base: Base
    cells: Mapping[str, CellFacts]
    working: Working
    outline_moved_m2: float = 0.0

    @cached_property
    def parents(self) -> frozenset[str]:
        """Codes of cells that have children."""
        return frozenset(cell.parent for cell in self.cells.values() if cell.parent)

    def is_leaf(self, code: str) -> bool:
        """Return whether a code is that of a leaf of the area."""
        return code in self.cells and code not in self.parents

    def shape(self, code: str) -> shapely.Geometry | None:
        """Return the shape of a leaf, around the area too; None for any other code."""
        if code in self.base.around or self.is_leaf(code):
            return self.working.shape(code)
        return None

    @cached_property
    def redrawn(self) -> tuple[str, ...]:
        """Codes of leaves whose shape is another than in the base, noded ones too, in order."""
        return tuple(sorted(code for code in self.working.changed() if self._is_redrawn(code)))

    @cached_property
    def noded(self) -> frozenset[str]:
        """Codes of leaves that are redrawn by vertices alone: the land is the same."""
        shapes = ((code, self.base.shape(code), self.shape(code)) for code in self.redrawn)
        return frozenset(code for code, before, now in shapes if is_trace(before, now))

    @cached_property
    def ended(self) -> tuple[str, ...]:
        """Codes of cells that are no more, in order."""
        return tuple(sorted(self.base.cells.keys() - self.cells.keys()))

    @cached_property
    def born(self) -> tuple[str, ...]:
        """Codes of cells that the base does not have, in order."""
        return tuple(sorted(self.cells.keys() - self.base.cells.keys()))

    @cached_property
    def retold(self) -> tuple[str, ...]:
        """Codes of cells with another name, level or parent, in order."""
        before = self.base.cells
        both = self.cells.keys() & before.keys()
        return tuple(sorted(code for code in both if self.cells[code] != before[code]))

    def with_cells(self, *changed: CellFacts, without: Iterable[str] = ()) -> "Draft":
        """Return the draft with some cells told anew, and without others."""
        gone = frozenset(without)
        cells = dict(self.cells)
        for code in gone:
            cells.pop(code, None)
        cells.update({cell.code: cell for cell in changed})
        return replace(self, cells=cells)

    def widened(self, further: Mapping[str, shapely.Geometry]) -> "Draft":
        """Return the draft that knows further leaves outside its area too, as published."""
        fresh = {code: further[code] for code in further if code not in self.base.working}
        if not fresh:
            return self
        around = self.base.around | fresh.keys()
        base = replace(self.base, working=self.base.working.widened(fresh), around=around)
        return replace(self, base=base, working=self.working.widened(fresh))

    def _is_redrawn(self, code: str) -> bool:
        new, old = self.shape(code), self.base.shape(code)
        if new is None or old is None:
            return new is not None
        return new is not old and not equal(new, old)


def equal(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Return whether two shapes have the same vertices, wherever their rings begin."""
    return bool(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other)))
