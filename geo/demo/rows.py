"""Blocks of flats: rows of slabs, long slabs and towers.

A building of these kinds holds 30 to 50 households, so that it is a level-5 cell by itself: 6
floors with 3 or 4 stairwells, 7 floors with 3 (4 where shops take the ground floor), 5 floors with
3 to 5, long blocks of 3 or 4 floors, towers of 17 to 25 floors with two dwellings a floor or of 30
to 33 floors with one. Cells are cut midway between rows and between neighbours in a row.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.demo.blocks import SLOT, Drawing, Fabric, Frame, Layout, row_edges, slot
from geo.demo.shapes import blob
from geo.demo.warp import Floats

_GAP_M, _LANE_GAP_M, _LANE_M = 14.0, 24.0, 5.0
_STAIRWELL_M, _LONG_STAIRWELL_M = (13.4, 18.2), (11.5, 16.5)
_LONGEST_ROW_M = 152.0
_FARTHEST_M = 66.0  # from row to row; land that is left over becomes a green court
_COURT_M = 30.0
_TOWER_STEP_M = 66.0
# floors → stairwells that keep a slab between 30 and 50 households
_SLABS = {5: (3, 4, 5), 6: (3, 4), 7: (3,)}
_LONG = ((3, 7), (3, 8), (4, 5), (4, 6), (3, 6))
_SHOPS = ((7, 4), (6, 4), (7, 3), (6, 3))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of slabs: its middle, its sides, and what stands in it from west to east."""

    v: float
    north: float
    south: float
    depth: float
    lengths: Floats
    wells: tuple[int, ...]
    floors: int
    fabric: Fabric


def slabs(frame: Frame, draw: np.random.Generator, rows: int, *, shops: bool = False) -> Layout:
    """Return rows of south-facing slabs, two or more a row.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    rows : number of rows
    shops : whether the southern row has shops on the ground floor

    Returns
    -------
    Layout, one level-5 cell a building
    """
    floors = int(draw.choice([5, 6, 6, 6, 7]))
    depth = draw.uniform(11.2, 12.8)
    across = max(2, round(frame.wide / _LONGEST_ROW_M * 2.0))
    lane = across == 2 and draw.random() < 0.5
    gaps = (across - 1) * (_LANE_GAP_M if lane else _GAP_M)
    middles = _middles(frame, depth, rows, _FARTHEST_M)
    edges = row_edges(frame, middles)
    built = []
    for n, v in enumerate(middles):
        front = shops and n == rows - 1
        high, wells = _shop_row(draw, across) if front else _slab_row(draw, floors, across)
        each = np.clip((frame.wide - gaps) / sum(wells), *_STAIRWELL_M)
        fabric = Fabric.MIXED if front else Fabric.SLAB
        lengths = np.array(wells) * each
        built.append(_Row(v, edges[n], edges[n + 1], depth, lengths, wells, high, fabric))
    layout = _laid(frame, built)
    layout.drawings += _court(frame, draw, middles[0] + depth / 2.0)
    layout.drawings += _lane(frame, built) if lane else []
    return layout


def long_slabs(frame: Frame, draw: np.random.Generator, rows: int) -> Layout:
    """Return rows of long low slabs, one a row (two where the block is wide).

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    rows : number of rows

    Returns
    -------
    Layout, one level-5 cell a building
    """
    depth = draw.uniform(10.8, 12.2)
    across = max(1, round(frame.wide / _LONGEST_ROW_M))
    middles = _middles(frame, depth, rows, np.inf)
    edges = row_edges(frame, middles)
    floors, wells = _LONG[int(draw.integers(len(_LONG)))]
    room = (frame.wide - (across - 1) * _GAP_M) / across
    length = min(wells * float(np.clip(room / wells, *_LONG_STAIRWELL_M)), room)
    built = []
    for n, v in enumerate(middles):
        lengths = np.full(across, length - draw.uniform(0.0, 4.0))
        every = (wells,) * across
        built.append(_Row(v, edges[n], edges[n + 1], depth, lengths, every, floors, Fabric.LONG))
    return _laid(frame, built)


def towers(frame: Frame, draw: np.random.Generator, rows: int) -> Layout:
    """Return towers in staggered rows, a green court between two rows.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    rows : number of rows

    Returns
    -------
    Layout, one level-5 cell a building
    """
    grand = draw.random() < 0.25
    floors = int(draw.integers(30, 33)) if grand else int(draw.integers(17, 24))
    size = (draw.uniform(25.0, 29.5), draw.uniform(22.0, 25.0))
    across = max(2, round(frame.wide / _TOWER_STEP_M))
    step, stagger = frame.wide / across, draw.uniform(4.0, 9.0)
    middles = _middles(frame, size[1] + 4.0, rows, np.inf)
    edges = row_edges(frame, middles)
    cuts = [frame.west, *(frame.in_west + step * np.arange(1, across)), frame.east]
    layout = Layout()
    slots = []
    for leaf in range(rows * across):
        row, n = divmod(leaf, across)
        high = floors + int(draw.integers(0, 2 if grand else 3))
        place = (frame.in_west + step * (n + 0.5) + stagger * (-1) ** (row + 1), middles[row])
        layout.rects.append((leaf, cuts[n], edges[row + 1], cuts[n + 1], edges[row]))
        slots.append(slot(place, size, Fabric.TOWER, high, 1, leaf, units=1 if grand else 2))
    layout.slots = np.array(slots, dtype=SLOT)
    layout.drawings += _garden(frame, draw, size[1]) if rows == 2 else []
    return layout


def _laid(frame: Frame, rows: list[_Row]) -> Layout:
    """Return the layout of rows: the outer buildings flush with the sides, equal gaps between."""
    layout = Layout()
    slots: list[tuple[float, ...]] = []
    for row in rows:
        starts = _starts(frame, row.lengths)
        ends = starts + row.lengths
        cuts = [frame.west, *((starts[1:] + ends[:-1]) / 2.0), frame.east]
        first = 2 if row.fabric is Fabric.MIXED else 1
        for n, wells in enumerate(row.wells):
            place, size = ((starts[n] + ends[n]) / 2.0, row.v), (row.lengths[n], row.depth)
            layout.rects.append((len(slots), cuts[n], row.south, cuts[n + 1], row.north))
            slots.append(slot(place, size, row.fabric, row.floors, wells, len(slots), first=first))
    layout.slots = np.array(slots, dtype=SLOT)
    return layout


def _slab_row(draw: np.random.Generator, floors: int, across: int) -> tuple[int, tuple[int, ...]]:
    """Return floors and stairwells; five stairwells only beside a short neighbour."""
    choice = _SLABS[floors]
    wells = [choice[n] for n in draw.integers(len(choice), size=across)]
    if sum(wells) > 4 * across:
        wells = [min(well, 4) for well in wells]
    return floors, tuple(wells)


def _shop_row(draw: np.random.Generator, across: int) -> tuple[int, tuple[int, ...]]:
    floors, wells = _SHOPS[int(draw.integers(len(_SHOPS)))]
    return floors, (wells,) * across


def _starts(frame: Frame, lengths: Floats) -> Floats:
    """Return where buildings begin; a single one stands in the middle."""
    gap = (frame.wide - lengths.sum()) / max(len(lengths) - 1, 1)
    if len(lengths) == 1:
        return np.array([frame.in_west + gap / 2.0])
    return frame.in_west + np.concatenate([[0.0], np.cumsum(lengths[:-1] + gap)])


def _middles(frame: Frame, depth: float, rows: int, farthest: float) -> Floats:
    """Return the middles of rows, north to south; they stay in the south when there is room."""
    pitch = min((frame.high - depth) / max(rows - 1, 1), farthest)
    return frame.in_south + depth / 2.0 + pitch * np.arange(rows - 1, -1, -1.0)


def _court(frame: Frame, draw: np.random.Generator, south: float) -> list[Drawing]:
    """Return the green north of the first row, if there is room for one."""
    if frame.in_north - south < _COURT_M:
        return []
    u, v = frame.middle[0], (south + frame.in_north) / 2.0 + 3.0
    return [
        Drawing("park", blob(draw, (u, v), (frame.wide * 0.4, (frame.in_north - south) * 0.36)))
    ]


def _garden(frame: Frame, draw: np.random.Generator, depth: float) -> list[Drawing]:
    """Return the green with a pond between two rows of towers."""
    u, v = frame.middle
    wide, high = frame.wide * 0.34, (frame.high - 2.0 * depth) * 0.33
    pond = blob(draw, (u + wide * 0.2, v), (wide * 0.3, high * 0.36))
    return [Drawing("park", blob(draw, (u, v), (wide, high)), less=pond), Drawing("water", pond)]


def _lane(frame: Frame, rows: list[_Row]) -> list[Drawing]:
    """Return the lane between the two buildings of each row, if all leave room for it."""
    west = frame.in_west + max(row.lengths[0] for row in rows)
    east = frame.in_east - max(row.lengths[-1] for row in rows)
    if east - west < _LANE_GAP_M - 0.1:
        return []
    u = (west + east) / 2.0
    line = shapely.LineString([(u, frame.south), (u, frame.in_north - 2.0)])
    return [Drawing("street", line, rank=3, width_m=_LANE_M)]
