"""Totals that must come out exactly, by hand-made buildings."""

import numpy as np
import pytest

from geo.demo.blocks import SLOT, Fabric, slot
from geo.demo.streams import stream
from geo.demo.tally import CountOutOfReach, balanced, shared_out


def slabs(count: int) -> np.ndarray:
    return np.array([slot((0, 0), (45, 12), Fabric.SLAB, 6, 3, n) for n in range(count)], SLOT)


@pytest.mark.parametrize("wanted", [336, 360, 361, 395])
def test_households_add_up_to_the_number_wanted(wanted: int) -> None:
    # Ten slabs of 36: a floor more or less is 6 households, the rest single dwellings.
    result = balanced(slabs(10), wanted, stream(1))

    assert result["households"].sum() == wanted
    assert ((result["households"] >= 30) & (result["households"] <= 50)).all()


def test_most_buildings_keep_floors_times_stairwells_times_units() -> None:
    result = balanced(slabs(10), 371, stream(1))
    plain = result["floors"] * result["stairwells"] * result["units"]

    assert np.abs(result["households"] - plain).sum() <= 3


def test_a_number_out_of_reach_is_refused() -> None:
    with pytest.raises(CountOutOfReach, match="900"):
        balanced(slabs(10), 900, stream(1))


def test_persons_add_up_and_vacant_dwellings_stay_empty() -> None:
    persons = np.array([0, 1, 2, 6, 3, 0])

    result = shared_out(persons, 15, stream(1))

    assert result.sum() == 15
    assert result[[0, 5]].tolist() == [0, 0]
    assert result.max() <= 6


def test_more_persons_than_six_a_dwelling_are_refused() -> None:
    with pytest.raises(CountOutOfReach, match="13"):
        shared_out(np.array([1, 1, 0]), 13, stream(1))
