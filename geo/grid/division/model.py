"""What is divided, by which rules, and what comes of it."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from geo.errors import Invalid
from geo.spatial.storage import Geometries
from geo.spatial.units.frame import Frame
from geo.texts import Lang, text

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]


class DivisionRefused(Invalid):
    """The case or its rules cannot be divided by: ``division.<reason>`` says why."""

    code = "division_refused"

    def message(self, lang: Lang) -> str:
        """Return the sentence, with the reason in it."""
        told = {name: _plain(value) for name, value in self.facts.items()}
        why = text(f"division.{self.facts['reason']}", lang, **told)
        return text(f"errors.{self.code}", lang, why=why)


def _plain(value: object) -> object:
    """Return a whole number without its decimals: 50 for 50.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Barrier(StrEnum):
    """How strongly a line parts cells; the order is the class of a line among ground units."""

    PATH = "path"
    STREET = "street"
    MAIN = "main"
    BORDER = "border"  # of a previous cell
    WALL = "wall"  # river or railway: crossed only where a cell could not stand without


CLASS = {kind: place for place, kind in enumerate(Barrier)}


class Oversized(StrEnum):
    """What becomes of a building above the maximum."""

    EXCUSE = "excuse"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Rules:
    """How large cells may be.

    Parameters
    ----------
    low, high : bounds of the weight of a cell, households as a rule
    count : number of cells, None: as many as the bounds suggest
    oversized : what becomes of a building above ``high``
    effort : spanning trees drawn for a cut
    move_m : metres of border that a building of average weight moved to another cell counts
    """

    low: float
    high: float
    count: int | None = None
    oversized: Oversized = Oversized.EXCUSE
    effort: int = 24
    move_m: float = 60.0


@dataclass(frozen=True, slots=True)
class Case:
    """An area and what stands in it, coordinates of the frame's native system.

    Parameters
    ----------
    frame : Frame
    areas : (a,) polygons that do not overlap
    parents : (a,) which parent each area belongs to; no cell crosses from one to another
    footprints : (n,) polygons or points
    weights : (n,) float64, not negative
    barriers : (m,) lines
    classes : (m,) int64, see ``CLASS``
    previous : (p,) polygons of the cells so far, empty when there are none
    locked : (p,) bool, previous cells that stay as they are
    stairwells : (n,) int64, how many stairwells a building has, at least 1
    """

    frame: Frame
    areas: Geometries
    parents: Ints
    footprints: Geometries
    weights: Floats
    barriers: Geometries
    classes: Ints
    previous: Geometries
    locked: Bools
    stairwells: Ints


class Cause(StrEnum):
    """Why a cell misses its bounds."""

    LAND = "land"  # no number of cells fits what its land holds
    ENCLOSED = "enclosed"  # whatever it could join would be too large
    OVERLOADED = "overloaded"  # a building above the maximum has to be shared with others
    UNSOLVED = "unsolved"  # not shown to be impossible


@dataclass(frozen=True, slots=True)
class Miss:
    """A cell outside its bounds.

    Parameters
    ----------
    cell : index
    weight : what it holds
    cause : why
    buildings : those that decide it: its own, and those that shut it in
    x, y : a point inside, native coordinates
    """

    cell: int
    weight: float
    cause: Cause
    buildings: tuple[int, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Division:
    """Cells: a valid coverage of the areas.

    Parameters
    ----------
    shapes : (c,) polygons, native coordinates, west to east
    parent : (c,) parent of each
    weight : (c,) what each holds
    cell : (n,) cell of each building, -1 outside every area
    previous : (c,) the previous cell each follows, -1 for a new one
    locked : (c,) bool
    excused : (c,) bool, one building above the maximum and nothing else
    misses : by cell
    moved : (n,) bool, buildings that change their cell
    units : number of ground units
    outline_m2 : by how much the outline of the areas moved
    """

    shapes: Geometries
    parent: Ints
    weight: Floats
    cell: Ints
    previous: Ints
    locked: Bools
    excused: Bools
    misses: tuple[Miss, ...] = field(default=())
    moved: Bools = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    units: int = 0
    outline_m2: float = 0.0
