"""Blocks of low houses: old rows, cottages and villages, several houses to a level-5 cell."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import shapely

from geo.demo.blocks import (
    LARGEST_CELL,
    SLOT,
    SMALLEST_CELL,
    Drawing,
    Fabric,
    Frame,
    Layout,
    Slots,
    slot,
)

_APART_M = 3.2
_OLD_APART_M = 10.0
_CELL = 40.0  # households a level-5 cell should have


@dataclass(frozen=True, slots=True)
class Fashion:
    """How small houses stand.

    Parameters
    ----------
    fabric : COTTAGE or VILLAGE
    pitch_m : room for a house along and across the street direction
    left_out : share of the places without a house
    turn : how far a house may stand askew, radians
    households : households a house, on average
    """

    fabric: Fabric
    pitch_m: tuple[float, float]
    left_out: float
    turn: float
    households: float


COTTAGES = Fashion(Fabric.COTTAGE, (18.5, 17.0), 0.05, 0.05, 2.6)
CROWDED = Fashion(Fabric.COTTAGE, (16.6, 14.6), 0.04, 0.03, 2.7)
VILLAGE = Fashion(Fabric.VILLAGE, (22.0, 20.0), 0.16, 0.12, 1.15)


def old_rows(frame: Frame, draw: np.random.Generator, count: int) -> Layout:
    """Return a few old low blocks that stand a little askew, one level-5 cell for all.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    count : number of buildings, 4 or 5

    Returns
    -------
    Layout
    """
    rows = -(-count // 2)
    step_u, step_v = frame.wide / 2.0, frame.high / rows
    taller = draw.permutation(count)[: int(draw.integers(1, 3))]
    slots = []
    for number in range(count):
        length = min(draw.uniform(42.0, 52.0), step_u - _OLD_APART_M)
        depth = draw.uniform(9.2, 11.0)
        stray_u = max(step_u - length - _OLD_APART_M, 0.0) / 2.0 * draw.uniform(-1.0, 1.0)
        stray_v = max(step_v - depth - 16.0, 0.0) / 2.0 * draw.uniform(-1.0, 1.0)
        u = frame.in_west + step_u * (number % 2 + 0.5) + stray_u
        v = frame.in_north - step_v * (number // 2 + 0.5) + stray_v
        floors, turn = 3 if number in taller else 2, draw.uniform(-0.12, 0.12)
        slots.append(slot((u, v), (length, depth), Fabric.OLD, floors, 2, 0, turn=turn))
    rects = [(0, frame.west, frame.south, frame.east, frame.north)]
    sheds = [shed for row in range(1, rows) for shed in _sheds(frame, draw, step_v * row)]
    return Layout(np.array(slots, dtype=SLOT), rects, sheds)


def houses(frame: Frame, draw: np.random.Generator, fashion: Fashion) -> Layout:
    """Return small houses in loose rows, cut into cells of about 40 households.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    fashion : Fashion

    Returns
    -------
    Layout
    """
    columns, rows = (
        int(room // pitch)
        for room, pitch in zip((frame.wide, frame.high), fashion.pitch_m, strict=True)
    )
    places = columns * rows * (1.0 - fashion.left_out)
    cells = max(1, round(places * fashion.households / _CELL), -int(-places // 44))
    strips = max(1, min(rows, round(np.sqrt(cells * frame.high / frame.wide))))
    south = [0, *accumulate(_shares(rows, strips))]
    v = _cuts(frame.north, frame.south, frame.in_north, frame.in_south, south)
    layout, parts = Layout(), []
    for strip, across in enumerate(_shares(cells, strips)):
        east = [0, *accumulate(_shares(columns, across))]
        u = _cuts(frame.west, frame.east, frame.in_west, frame.in_east, east)
        for n in range(across):
            leaf = len(layout.rects)
            layout.rects.append((leaf, u[n], v[strip + 1], u[n + 1], v[strip]))
            column, row = np.meshgrid(
                np.arange(east[n], east[n + 1]), np.arange(south[strip], south[strip + 1])
            )
            u_mid = frame.in_west + frame.wide * (column.ravel() + 0.5) / columns
            v_mid = frame.in_north - frame.high * (row.ravel() + 0.5) / rows
            room = (frame.wide / columns, frame.high / rows)
            parts.append(_cell(draw, fashion, np.column_stack([u_mid, v_mid]), room, leaf))
    layout.slots = np.concatenate(parts)
    return layout


def village_ground(frame: Frame, draw: np.random.Generator) -> shapely.Polygon:
    """Return the ground of a village: a soft shape around its houses.

    Parameters
    ----------
    frame : Frame
    draw : random stream of its own

    Returns
    -------
    polygon on the plan
    """
    u, v = frame.middle
    angle = np.linspace(0.0, 2.0 * np.pi, 36, endpoint=False)
    reach = (np.abs(np.cos(angle)) ** 5 + np.abs(np.sin(angle)) ** 5) ** -0.2
    reach *= 1.0 + 0.03 * np.sin(3.0 * angle + draw.uniform(0.0, 6.0))
    wide = (frame.wide / 2.0 + 5.0) * reach * np.cos(angle)
    high = (frame.high / 2.0 + 5.0) * reach * np.sin(angle)
    return shapely.polygons(np.column_stack([u + wide, v + high]))


def _cell(
    draw: np.random.Generator,
    fashion: Fashion,
    places: np.ndarray,
    room: tuple[float, float],
    leaf: int,
) -> Slots:
    """Return the houses of one cell at some of its places, 30 to 50 households in all."""
    kept = max(round(len(places) * (1.0 - fashion.left_out)), 1)
    places = places[np.sort(draw.permutation(len(places))[: min(kept, LARGEST_CELL - 3)])]
    count = len(places)
    slots = np.zeros(count, SLOT)
    slots["length"] = draw.uniform(9.0, min(13.6, room[0] - _APART_M), count)
    slots["depth"] = draw.uniform(7.2, min(9.8, room[1] - _APART_M), count)
    slack_u = np.maximum(room[0] - slots["length"] - _APART_M - 0.9, 0.0) / 2.0
    slack_v = np.maximum(room[1] - slots["depth"] - _APART_M - 1.2, 0.0) / 2.0
    slots["u"] = places[:, 0] + slack_u * draw.uniform(-1.0, 1.0, count)
    slots["v"] = places[:, 1] + slack_v * draw.uniform(-1.0, 1.0, count)
    slots["turn"] = draw.uniform(-1.0, 1.0, count) * fashion.turn
    slots["households"] = _spread(draw, count, fashion.households)
    slots["floors"] = np.minimum(slots["households"], draw.integers(1, 4, count))
    slots["units"] = -(-slots["households"] // slots["floors"])
    slots["stairwells"] = slots["first"] = 1
    slots["fabric"], slots["leaf"] = int(fashion.fabric), leaf
    return slots


def _spread(draw: np.random.Generator, count: int, each: float) -> np.ndarray:
    """Return households of the houses of a cell, as even as they can be."""
    total = round(count * each * draw.uniform(0.9, 1.1))
    total = min(max(total, SMALLEST_CELL + 1, count), LARGEST_CELL - 1)
    share = np.full(count, total // count)
    share[draw.permutation(count)[: total % count]] += 1
    return share


def _sheds(frame: Frame, draw: np.random.Generator, below: float) -> list[Drawing]:
    """Return a row of kitchens and sheds midway between two rows of houses."""
    u = frame.in_west + np.cumsum(draw.uniform(9.0, 19.0, int(frame.wide // 14.0)))
    u = u[u < frame.in_east - 9.0]
    v = frame.in_north - below + draw.uniform(-1.2, 1.2, len(u))
    wide, high = draw.uniform(4.5, 8.0, len(u)), draw.uniform(3.4, 4.4, len(u))
    return [Drawing("other_building", box) for box in shapely.box(u, v, u + wide, v + high)]


def _shares(total: int, parts: int) -> list[int]:
    return [total // parts + (n < total % parts) for n in range(parts)]


def _cuts(start: float, stop: float, inner: float, outer: float, counts: list[int]) -> list[float]:
    """Return lines after so many rows or columns; the first and last are the frame's sides."""
    between = [inner + (outer - inner) * count / counts[-1] for count in counts[1:-1]]
    return [start, *between, stop]
