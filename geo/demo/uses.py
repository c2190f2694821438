"""What a block of the demo town can be used for, and how each use is laid out."""

from enum import StrEnum

import numpy as np

from geo.demo.blocks import Fabric, Frame, Layout, framed
from geo.demo.campus import park, with_slabs, yard
from geo.demo.houses import COTTAGES, CROWDED, VILLAGE, houses, old_rows
from geo.demo.lattice import WIDTH_M, Lattice, Rank
from geo.demo.plan import Window
from geo.demo.rows import long_slabs, slabs, towers

_BLOCK_M = 136.0  # height of an ordinary block between the insets

# letter → fabric, rows (old rows: buildings) in an ordinary block
USES = {
    "S": (Fabric.SLAB, 4),
    "s": (Fabric.SLAB, 3),
    "D": (Fabric.SLAB, 2),
    "M": (Fabric.MIXED, 3),
    "L": (Fabric.LONG, 5),
    "l": (Fabric.LONG, 4),
    "T": (Fabric.TOWER, 3),
    "t": (Fabric.TOWER, 2),
    "O": (Fabric.OLD, 5),
    "o": (Fabric.OLD, 4),
    "H": (Fabric.COTTAGE, 0),
    "C": (Fabric.COTTAGE, 1),  # crowded: only in the city for benchmarks
    "V": (Fabric.VILLAGE, 0),
    "K": (Fabric.SCHOOL, 0),
    "W": (Fabric.WORKS, 0),
    "w": (Fabric.YARD, 0),
    "P": (Fabric.PARK, 0),
    "F": (Fabric.FIELD, 0),
}
PEOPLED = "SsDMLlTtOoHCVKW"
_FASHION = {"H": COTTAGES, "C": CROWDED, "V": VILLAGE}


class Scale(StrEnum):
    """How much of the district the demo town fills with people."""

    STREET = "street"
    DISTRICT = "district"
    CITY = "city"


def layout(use: str, frame: Frame, draw: np.random.Generator, name: str) -> Layout:
    """Return what a use puts into a block.

    Parameters
    ----------
    use : letter of ``USES``
    frame : Frame
    draw : the block's random stream
    name : name of a school, works or park

    Returns
    -------
    Layout; empty for fields
    """
    fabric, count = USES[use]
    rows = max(2, round(count * frame.high / _BLOCK_M))
    if fabric in (Fabric.SLAB, Fabric.MIXED):
        return slabs(frame, draw, rows, shops=fabric is Fabric.MIXED)
    if fabric in (Fabric.LONG, Fabric.TOWER):
        return (long_slabs if fabric is Fabric.LONG else towers)(frame, draw, rows)
    if fabric is Fabric.OLD:
        return old_rows(frame, draw, count)
    if use in _FASHION:
        return houses(frame, draw, _FASHION[use])
    if fabric in (Fabric.SCHOOL, Fabric.WORKS):
        return with_slabs(frame, draw, fabric, name)
    if fabric in (Fabric.PARK, Fabric.YARD):
        return (park if fabric is Fabric.PARK else yard)(frame, draw, name)
    return Layout()


def frame_of(grid: Lattice, window: Window) -> Frame:
    """Return the frame of a window of lots.

    Parameters
    ----------
    grid : Lattice
    window : rows from, to; columns from, to

    Returns
    -------
    Frame
    """
    north, south, west, east = window
    ranks = (grid.rank_u[west], grid.rank_v[south], grid.rank_u[east], grid.rank_v[north])
    return framed(
        float(grid.u[west]),
        float(grid.v[south]),
        float(grid.u[east]),
        float(grid.v[north]),
        tuple(WIDTH_M[Rank(int(rank))] for rank in ranks),
    )
