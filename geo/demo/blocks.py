"""What a block of the demo town is made of: its frame, its footprints, its level-5 cells.

Everything is in plan metres with straight sides; ``geo.demo.warp`` bends it later. The layouts
themselves are in ``rows`` (slabs, towers), ``houses`` (old and village houses) and ``campus``
(schools, works, parks).
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import shapely

CLEARANCE_M = 10.2  # from the kerb to a footprint: 8 m kept, the rest is for the bend of the plan
SMALLEST_CELL, LARGEST_CELL = 30, 50  # households of a level-5 cell

Slots = npt.NDArray[np.void]


class Fabric(IntEnum):
    """How a block is built; decides kind of building, occupancy and names."""

    SLAB = 0
    LONG = 1
    TOWER = 2
    OLD = 3
    COTTAGE = 4
    VILLAGE = 5
    MIXED = 6
    SCHOOL = 7
    WORKS = 8
    PARK = 9
    YARD = 10
    FIELD = 11


SLOT = np.dtype(
    [
        ("u", "f8"),  # middle of the footprint
        ("v", "f8"),
        ("length", "f8"),  # along the street direction
        ("depth", "f8"),
        ("turn", "f8"),  # radians against the street direction
        ("fabric", "i8"),
        ("floors", "i8"),
        ("first", "i8"),  # lowest floor with dwellings: 2 above shops
        ("stairwells", "i8"),
        ("units", "i8"),  # dwellings a floor and stairwell
        ("households", "i8"),
        ("leaf", "i8"),  # level-5 cell in its block
    ]
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A block on the plan: between street centre lines, and inset where footprints may stand."""

    west: float
    south: float
    east: float
    north: float
    in_west: float
    in_south: float
    in_east: float
    in_north: float

    @property
    def wide(self) -> float:
        """Metres from west to east for footprints."""
        return self.in_east - self.in_west

    @property
    def high(self) -> float:
        """Metres from south to north for footprints."""
        return self.in_north - self.in_south

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of what footprints may take."""
        return (self.in_west + self.in_east) / 2.0, (self.in_south + self.in_north) / 2.0

    def below(self, north: float) -> "Frame":
        """Return the part south of a line, with the line as its northern side."""
        return Frame(
            self.west,
            self.south,
            self.east,
            north,
            self.in_west,
            self.in_south,
            self.in_east,
            north - CLEARANCE_M,
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A piece of ground, in plan metres; what lies on it is cut out of it by ``less``.

    So the ground looks the same in whatever order it is painted.
    """

    kind: str
    shape: shapely.Geometry
    name: str = ""
    rank: int = 0
    width_m: float = 0.0
    less: shapely.Geometry | None = None


@dataclass(slots=True)
class Layout:
    """What stands in a block.

    Parameters
    ----------
    slots : structured array of ``SLOT``, footprints in reading order
    rects : (leaf, west, south, east, north): together they tile the frame
    drawings : ground inside the block
    """

    slots: Slots = field(default_factory=lambda: np.empty(0, SLOT))
    rects: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)

    @property
    def leaves(self) -> int:
        """The number of level-5 cells."""
        return 1 + max((rect[0] for rect in self.rects), default=-1)


def slot(
    place: tuple[float, float],
    size: tuple[float, float],
    fabric: Fabric,
    floors: int,
    stairwells: int,
    leaf: int,
    *,
    units: int = 2,
    first: int = 1,
    turn: float = 0.0,
) -> tuple[float, ...]:
    """Return one row of ``SLOT``, its households counted.

    Parameters
    ----------
    place : middle of the footprint, plan metres
    size : length and depth, metres
    fabric : how it is built
    floors, stairwells : how many
    leaf : level-5 cell in its block
    units : dwellings a floor and stairwell
    first : lowest floor with dwellings
    turn : radians against the street direction

    Returns
    -------
    tuple in the order of ``SLOT``
    """
    households = (floors - first + 1) * stairwells * units
    built = (int(fabric), floors, first, stairwells, units, households, leaf)
    return (*place, *size, turn, *built)


def framed(
    west: float, south: float, east: float, north: float, streets_m: tuple[float, ...]
) -> Frame:
    """Return the frame of a block.

    Parameters
    ----------
    west, south, east, north : street centre lines, plan metres
    streets_m : carriageway widths of the streets at west, south, east, north

    Returns
    -------
    Frame
    """
    w, s, e, n = (width / 2.0 + CLEARANCE_M for width in streets_m)
    return Frame(west, south, east, north, west + w, south + s, east - e, north - n)


def row_edges(frame: Frame, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the lines between rows, the frame's own sides at both ends.

    Parameters
    ----------
    frame : Frame
    rows : (n,) middles of the rows, north to south

    Returns
    -------
    (n + 1,) float64, north to south
    """
    return np.concatenate([[frame.north], (rows[1:] + rows[:-1]) / 2.0, [frame.south]])
