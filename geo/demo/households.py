"""Households of the demo town: dwelling by dwelling, with occupancy, size and an invented head."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.demo import names
from geo.demo.blocks import Fabric, Slots
from geo.demo.lattice import Ints
from geo.demo.warp import Floats

OCCUPANCY = ("owner_occupied", "rented", "vacant", "other", "unknown")
VACANT = OCCUPANCY.index("vacant")

# Shares by how a block is built, in the order of OCCUPANCY.
_SHARES = {
    Fabric.SLAB: (0.76, 0.15, 0.05, 0.02, 0.02),
    Fabric.LONG: (0.66, 0.22, 0.07, 0.02, 0.03),
    Fabric.TOWER: (0.60, 0.14, 0.20, 0.03, 0.03),
    Fabric.OLD: (0.34, 0.46, 0.08, 0.05, 0.07),
    Fabric.COTTAGE: (0.44, 0.38, 0.09, 0.04, 0.05),
    Fabric.VILLAGE: (0.80, 0.04, 0.12, 0.02, 0.02),
    Fabric.MIXED: (0.50, 0.32, 0.09, 0.06, 0.03),
}
_ALIKE = 26.0  # how little buildings of one kind differ: the sum of a Dirichlet's parameters
# Chances of 1 to 6 persons, by occupancy; nobody in a vacant dwelling.
_SIZES = np.array(
    [
        (0.13, 0.31, 0.29, 0.17, 0.07, 0.03),
        (0.32, 0.33, 0.21, 0.09, 0.04, 0.01),
        (1.00, 0.00, 0.00, 0.00, 0.00, 0.00),
        (0.38, 0.30, 0.18, 0.09, 0.04, 0.01),
        (0.30, 0.32, 0.22, 0.11, 0.04, 0.01),
    ]
)


@dataclass(frozen=True)
class Dwellings:
    """Households as columns, in the order of their buildings.

    Parameters
    ----------
    building : (n,) int64, index of the building
    stairwell, floor, unit, occupancy, persons : (n,) int64
    head : (n,) object, name or ""
    """

    building: Ints
    stairwell: Ints
    floor: Ints
    unit: Ints
    occupancy: Ints
    persons: Ints
    head: np.ndarray


def dwellings(slots: Slots, draw: np.random.Generator) -> Dwellings:
    """Return the households of the buildings of a block.

    Parameters
    ----------
    slots : (n,) structured array of ``blocks.SLOT``
    draw : random stream

    Returns
    -------
    Dwellings: stairwell by stairwell, from below; a building with fewer households than its
    floors hold lacks them at the bottom (a house: at the top), one with more has them on top
    """
    building = np.repeat(np.arange(len(slots)), slots["households"])
    start = np.cumsum(slots["households"]) - slots["households"]
    place = np.arange(len(building)) - start[building]
    stairwell, floor, unit = _doors(slots[building], place)
    occupancy = _occupancy(slots, building, draw)
    sizes = np.cumsum(_SIZES, axis=1)[occupancy]
    persons = 1 + (draw.random(len(building))[:, None] > sizes[:, :-1]).sum(axis=1)
    persons = np.where(occupancy == VACANT, 0, persons)
    heads = names.people(draw, len(building))
    heads[occupancy == VACANT] = ""
    return Dwellings(building, stairwell, floor, unit, occupancy, persons, heads)


def joined(parts: Sequence[Dwellings], start: Ints) -> Dwellings:
    """Return the dwellings of several blocks as one.

    Parameters
    ----------
    parts : Dwellings of each block
    start : (n,) int64, index of the first building of each block

    Returns
    -------
    Dwellings
    """
    building = np.concatenate([p.building + s for p, s in zip(parts, start, strict=True)])
    columns = ("stairwell", "floor", "unit", "occupancy", "persons", "head")
    return Dwellings(
        building, *(np.concatenate([getattr(part, name) for part in parts]) for name in columns)
    )


def frame(dwellings: Dwellings, codes: np.ndarray) -> pd.DataFrame:
    """Return the households frame.

    Parameters
    ----------
    dwellings : Dwellings
    codes : (n,) object, codes of the buildings

    Returns
    -------
    DataFrame: building_code, stairwell, floor, number, occupancy, persons, head_name
    """
    numbers = np.array(
        [str(n) for n in range(100 * (int(dwellings.floor.max()) + 1))], dtype=object
    )
    return pd.DataFrame(
        {
            "building_code": codes[dwellings.building],
            "stairwell": dwellings.stairwell,
            "floor": dwellings.floor,
            "number": numbers[dwellings.floor * 100 + dwellings.unit],
            "occupancy": np.array(OCCUPANCY, dtype=object)[dwellings.occupancy],
            "persons": dwellings.persons,
            "head_name": dwellings.head,
        }
    )


def _doors(slot: Slots, place: Ints) -> tuple[Ints, Ints, Ints]:
    """Return stairwell, floor and unit of the n-th household of a building."""
    high = slot["floors"] - slot["first"] + 1
    column = high * slot["units"]
    room = column * slot["stairwells"]
    houses = np.isin(slot["fabric"], (Fabric.COTTAGE, Fabric.VILLAGE))
    missing = np.where(houses, 0, np.maximum(room - slot["households"], 0))
    nth = place + missing
    over = np.maximum(nth - room + 1, 0)
    within = np.minimum(nth, room - 1)
    stairwell = np.where(over > 0, (over - 1) % slot["stairwells"], within // column) + 1
    floor = slot["first"] + within % column // slot["units"]
    added = slot["units"] + 1 + (over - 1) // slot["stairwells"]
    unit = np.where(over > 0, added, within % slot["units"] + 1)
    return stairwell, np.where(over > 0, slot["floors"], floor), unit


def _occupancy(slots: Slots, building: Ints, draw: np.random.Generator) -> Ints:
    table = np.array([_SHARES.get(fabric, _SHARES[Fabric.SLAB]) for fabric in Fabric])
    weight: Floats = draw.standard_gamma(table[slots["fabric"]] * _ALIKE)
    edges = np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)[building]
    return np.asarray((draw.random(len(building))[:, None] > edges[:, :-1]).sum(axis=1))
