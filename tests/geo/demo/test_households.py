"""Dwellings of the demo town: doors, occupancy, sizes."""

import numpy as np
import pytest

from geo.demo.blocks import SLOT, Fabric, slot
from geo.demo.households import dwellings
from geo.demo.streams import stream
from geo.demo.town import Town


def one(floors: int, stairwells: int, households: int, **more: int) -> np.ndarray:
    slots = np.array(
        [slot((0.0, 0.0), (50.0, 12.0), Fabric.SLAB, floors, stairwells, 0, **more)], SLOT
    )
    slots["households"] = households
    return slots


def doors(slots: np.ndarray) -> list[tuple[int, int, int]]:
    found = dwellings(slots, stream(1))
    return list(zip(*(a.tolist() for a in (found.stairwell, found.floor, found.unit)), strict=True))


def test_a_full_building_has_every_door_once() -> None:
    expected = [(s, f, u) for s in (1, 2) for f in (1, 2, 3) for u in (1, 2)]

    assert doors(one(3, 2, 12)) == expected


def test_a_missing_dwelling_is_missing_on_the_ground_floor() -> None:
    assert doors(one(3, 2, 11))[0] == (1, 1, 2)


def test_an_added_dwelling_is_under_the_roof() -> None:
    assert doors(one(3, 2, 13))[-1] == (1, 3, 3)


def test_nobody_lives_on_a_floor_of_shops() -> None:
    assert {floor for _, floor, _ in doors(one(3, 1, 4, first=2))} == {2, 3}


def test_no_door_occurs_twice(town: Town) -> None:
    assert not town.households.duplicated(["building_code", "stairwell", "number"]).any()


def test_doors_fit_floors_and_stairwells_of_their_building(town: Town) -> None:
    rows = town.households.merge(
        town.buildings[["code", "floors", "stairwells"]], left_on="building_code", right_on="code"
    )

    assert (rows["floor"] <= rows["floors"]).all()
    assert (rows["stairwell"] <= rows["stairwells"]).all()
    assert (rows["number"].astype(int) // 100 == rows["floor"]).all()


def test_vacant_dwellings_are_empty_and_all_others_hold_one_to_six(town: Town) -> None:
    vacant = town.households["occupancy"] == "vacant"

    assert (town.households["persons"][vacant] == 0).all()
    assert town.households["persons"][~vacant].between(1, 6).all()
    assert ((town.households["head_name"] == "") == vacant).all()


@pytest.mark.parametrize(
    ("kind", "shares"),
    [("slab", (0.72, 0.18, 0.06)), ("tower", (0.60, 0.14, 0.20)), ("mixed", (0.50, 0.32, 0.09))],
)
def test_occupancy_differs_by_kind_of_building(
    town: Town, kind: str, shares: tuple[float, ...]
) -> None:
    # Slabs are ordinary, long and old ones: 0.76, 0.66 and 0.34 own their dwelling.
    own = town.buildings.loc[town.buildings["kind"] == kind, "code"]
    rows = town.households[town.households["building_code"].isin(own)]
    found = rows["occupancy"].value_counts(normalize=True)

    assert found[["owner_occupied", "rented", "vacant"]].tolist() == pytest.approx(shares, abs=0.05)
