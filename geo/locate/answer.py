"""What a location resolves to: cells, team, reason, doubt. Plain values, the shape of every answer.

Source: ``GET /api/v1/locate``; its JSON is this, ids as text.
"""

from dataclasses import dataclass
from datetime import datetime

from geo.workforce.responsibility import Team

# How far off a point may be said to be.
ACCURACY_LIMIT_M = 10_000.0
# A point farther than this from every cell, whose numbers swapped name one in a cell, is swapped.
SWAPPED_FAR_M = 100_000.0


@dataclass(frozen=True, slots=True)
class Point:
    """The point asked for, on the storage grid, and the system it came in."""

    lon: float
    lat: float
    source_crs: str


@dataclass(frozen=True, slots=True)
class CellStep:
    """One cell of the chain from the root to the leaf."""

    level: int
    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A neighbouring leaf cell that the place might belong to as well."""

    code: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Boundary:
    """How sure the cell is.

    Parameters
    ----------
    on_boundary : the point lies on the leaf's border; the lower code owns it
    distance_m : to the nearest border of the leaf
    ambiguous : the border is nearer than the point is accurate
    candidates : the neighbours in that distance, nearest first
    """

    on_boundary: bool
    distance_m: float
    ambiguous: bool
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest leaf cell of a point outside every cell."""

    code: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Located:
    """Where a place is in the grid, and who answers there.

    Parameters
    ----------
    version : publication number of the grid that was asked
    as_of : the moment asked for
    cells : root first, finest last; empty outside every cell
    boundary : None outside every cell
    nearest : None inside a cell, and where no cell was ever drawn
    """

    matched: bool
    version: int
    as_of: datetime
    point: Point
    cells: tuple[CellStep, ...]
    team: Team
    boundary: Boundary | None
    nearest: Nearest | None
