"""Household counts that must come out exactly: small changes spread over the buildings.

First some buildings lose a stairwell or gain or lose a floor, as long as they stay between 30 and
50 households; the rest is one dwelling more (a split flat under the roof) or less (a room for the
community on the ground floor) in buildings drawn by chance.
"""

import numpy as np

from geo.demo.blocks import LARGEST_CELL, SMALLEST_CELL, Fabric, Slots
from geo.demo.lattice import Ints
from geo.errors import Invalid

_FLOORS = {Fabric.SLAB: (5, 7), Fabric.TOWER: (17, 25)}
_FLEXIBLE = (Fabric.SLAB, Fabric.TOWER, Fabric.LONG, Fabric.MIXED)


class CountOutOfReach(Invalid):
    """The buildings cannot hold the number of households or persons asked for."""

    code = "count_out_of_reach"


def balanced(slots: Slots, wanted: int, draw: np.random.Generator) -> Slots:
    """Return slots whose households add up to the number wanted.

    Parameters
    ----------
    slots : (n,) structured array of ``blocks.SLOT``
    wanted : households
    draw : random stream

    Returns
    -------
    (n,) structured array, every building still between 30 and 50 households if it was

    Raises
    ------
    CountOutOfReach
        When no such change reaches the number.
    """
    result = slots.copy()
    for change in (_drop_stairwell, _add_floor, _add_floor):
        for number in draw.permutation(len(slots)):
            change(result, number, wanted - int(result["households"].sum()))
    flexible = np.flatnonzero(np.isin(result["fabric"], _FLEXIBLE))
    for number in draw.permutation(np.concatenate([flexible, flexible])):
        missing = wanted - int(result["households"].sum())
        changed = result["households"][number] + np.sign(missing)
        if SMALLEST_CELL <= changed <= LARGEST_CELL:
            result["households"][number] = changed
    if int(result["households"].sum()) != wanted:
        raise CountOutOfReach(wanted=wanted, got=int(result["households"].sum()))
    return result


def shared_out(persons: Ints, wanted: int, draw: np.random.Generator) -> Ints:
    """Return household sizes from 1 to 6 that add up to the number wanted; 0 stays 0.

    Parameters
    ----------
    persons : (n,) int64, 0 for a vacant dwelling
    wanted : persons
    draw : random stream

    Returns
    -------
    (n,) int64

    Raises
    ------
    CountOutOfReach
        When the dwellings that are lived in cannot hold so many, or so few.
    """
    result = persons.copy()
    order = draw.permutation(len(result))
    while (missing := wanted - int(result.sum())) != 0:
        room = result[order]
        able = order[(room > 0) & (room < 6) if missing > 0 else room > 1]
        if not len(able):
            raise CountOutOfReach(wanted=wanted, got=int(result.sum()))
        result[able[: abs(missing)]] += np.sign(missing)
    return result


def _drop_stairwell(slots: Slots, number: int, missing: int) -> None:
    """Shorten a slab by a stairwell where the sum is too high by as much."""
    slot = slots[number]
    less = int(slot["floors"]) * int(slot["units"])
    fits = slot["fabric"] == Fabric.SLAB and slot["households"] - less >= SMALLEST_CELL
    if fits and -missing >= less:
        slots["length"][number] *= 1.0 - 1.0 / slot["stairwells"]
        slots["stairwells"][number] -= 1
        slots["households"][number] -= less


def _add_floor(slots: Slots, number: int, missing: int) -> None:
    """Add or take a floor where that brings the sum nearer."""
    slot = slots[number]
    fabric = Fabric(int(slot["fabric"]))
    if fabric not in _FLOORS:
        return
    step = int(np.sign(missing))
    change = step * int(slot["stairwells"]) * int(slot["units"])
    low, high = _FLOORS[fabric]
    fits = low <= slot["floors"] + step <= high
    fits = fits and SMALLEST_CELL <= slot["households"] + change <= LARGEST_CELL
    if fits and abs(missing - change) < abs(missing):
        slots["floors"][number] += step
        slots["households"][number] += change
