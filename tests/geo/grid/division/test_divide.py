"""Divisions: exact, whole, within bounds or named, and the same whatever the order of rows."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.exchange.division.cases import Asked, opened
from geo.grid.division.divide import divide
from geo.grid.division.model import CLASS, Barrier, Case, Cause, Division, DivisionRefused, Rules
from geo.grid.division.rules import rules_of
from tests.geo.grid.division.cases import case_of, long_blocks, rows_of_houses, suburb_case

RULES = Rules(30.0, 50.0)
SUBURB = Path(__file__).parents[3] / "data" / "karhula.gpkg"


def shuffled(case: Case, seed: int) -> tuple[Case, np.ndarray]:
    rng = np.random.default_rng(seed)
    order, lines = rng.permutation(len(case.weights)), rng.permutation(len(case.barriers))
    return replace(
        case,
        footprints=case.footprints[order],
        weights=case.weights[order],
        stairwells=case.stairwells[order],
        barriers=case.barriers[lines],
        classes=case.classes[lines],
    ), order


def check(case: Case, rules: Rules, made: Division) -> None:
    """Whatever is divided: valid, whole, exact, counted, and every miss named."""
    assert shapely.coverage_is_valid(made.shapes)
    assert shapely.is_valid(made.shapes).all()
    assert (shapely.get_type_id(made.shapes) == 3).all()
    off = shapely.symmetric_difference(
        shapely.union_all(made.shapes), shapely.union_all(case.areas)
    )
    assert shapely.area(off) < 1e-3
    inside = made.cell >= 0
    counted = np.bincount(made.cell[inside], case.weights[inside], minlength=len(made.shapes))
    assert np.allclose(counted, made.weight)
    outside_bounds = (made.weight < rules.low) | (made.weight > rules.high)
    named = {miss.cell for miss in made.misses}
    assert set(np.flatnonzero(outside_bounds & ~made.excused).tolist()) == named
    lost = shapely.area(shapely.difference(case.footprints[inside], made.shapes[made.cell[inside]]))
    crossing = ~shapely.within(case.footprints[inside], shapely.union_all(case.areas))
    assert lost[~crossing].max() < 0.1


@pytest.mark.parametrize("place", [(0.0, 0.0), (-500.0, 0.0)])
def test_cells_of_a_suburb_are_exact_and_within_bounds(place):
    case = suburb_case(*place)

    made = divide(case, RULES)

    check(case, RULES, made)
    assert len(made.misses) <= 1


def test_the_same_cells_come_of_rows_in_any_order():
    case = suburb_case()
    other, order = shuffled(case, 7)

    one, two = divide(case, RULES), divide(other, RULES)

    assert shapely.to_wkb(one.shapes).tolist() == shapely.to_wkb(two.shapes).tolist()
    assert one.cell[order].tolist() == two.cell.tolist()


@pytest.mark.long
def test_the_same_cells_come_whatever_the_seed_of_hashes():
    script = (
        "import hashlib, shapely\n"
        "from geo.grid.division.divide import divide\n"
        "from tests.geo.grid.division.test_divide import RULES, suburb_case\n"
        "made = divide(suburb_case(), RULES)\n"
        "print(hashlib.sha256(b''.join(shapely.to_wkb(made.shapes))).hexdigest())\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert told[0] == told[1]


def test_cells_are_round_where_every_border_is_on_a_street():
    made = divide(long_blocks(12, 20, seed=1), RULES)

    rim = shapely.length(made.shapes)
    assert (4.0 * np.pi * shapely.area(made.shapes) / rim**2).mean() >= 0.58
    assert ((made.weight >= 30.0) & (made.weight <= 50.0)).all()


@pytest.mark.parametrize("again", [False, True])
def test_every_step_is_told_to_its_end(again):
    case, told = rows_of_houses(6, 2), []
    if again:
        made = divide(case, RULES)
        case = replace(case, previous=made.shapes, locked=np.zeros(len(made.shapes), np.bool_))

    divide(case, RULES, lambda *step: told.append(step))

    assert list(dict.fromkeys(step for step, _, _ in told)) == (
        ["units", "mend"] if again else ["units", "seed", "mend", "improve"]
    )
    for step in {step for step, _, _ in told}:
        counts = [(done, total) for name, done, total in told if name == step]
        assert counts == sorted(counts)
        assert counts[-1][0] == counts[-1][1]


def test_a_number_of_cells_is_kept_to():
    case = rows_of_houses(8, 4)
    rules = rules_of(case, None, None, 7)

    made = divide(case, rules)

    check(case, rules, made)
    assert len(made.shapes) == 7


def test_no_cell_crosses_from_one_parent_to_another():
    whole = rows_of_houses(8, 4)
    west, east = shapely.box(0, 0, 83, 80), shapely.box(83, 0, 160, 80)
    case = replace(whole, areas=np.array([west, east], dtype=object), parents=np.arange(2))

    made = divide(case, RULES)

    check(case, RULES, made)
    assert set(made.parent.tolist()) == {0, 1}
    for shape, parent in zip(made.shapes, made.parent, strict=True):
        assert shapely.area(shapely.difference(shape, case.areas[parent])) < 1e-3


def test_a_river_is_not_crossed():
    whole = rows_of_houses(8, 3)
    river = shapely.LineString([(62, -5), (62, 65)])
    case = replace(
        whole,
        barriers=np.append(whole.barriers, river),
        classes=np.append(whole.classes, CLASS[Barrier.WALL]),
    )

    made = divide(case, RULES)

    check(case, RULES, made)
    sides = [shapely.box(0, 0, 62, 60), shapely.box(62, 0, 160, 60)]
    across = [
        min(shapely.area(shapely.intersection(s, side)) for side in sides) for s in made.shapes
    ]
    assert max(across) < 1e-3


def test_land_beyond_a_river_that_holds_too_little_is_joined_all_the_same():
    whole = rows_of_houses(8, 3)
    river = shapely.LineString([(21, -5), (21, 65)])
    case = replace(
        whole,
        weights=np.where(np.arange(24) % 8 == 0, 3.0, 10.0),
        barriers=np.append(whole.barriers, river),
        classes=np.append(whole.classes, CLASS[Barrier.WALL]),
    )

    made = divide(case, RULES)

    check(case, RULES, made)
    assert made.misses == ()


def test_a_building_above_the_maximum_is_excused_alone():
    case = rows_of_houses(6, 3)
    case.weights[7] = 80.0

    made = divide(case, RULES)

    check(case, RULES, made)
    assert made.weight[made.excused].tolist() == [80.0]


def test_a_building_above_the_maximum_is_cut_by_stairwells_when_asked_to():
    area = shapely.box(0, 0, 200, 60)
    slab = shapely.box(20, 20, 120, 32)
    houses = [shapely.box(x, 40, x + 8, 48) for x in range(130, 190, 12)]
    case = case_of(
        area, [slab, *houses], [90.0, *[8.0] * len(houses)], stairwells=np.array([4] + [1] * 5)
    )

    made = divide(case, replace(RULES, oversized=type(RULES.oversized).SPLIT))

    assert shapely.coverage_is_valid(made.shapes)
    assert not made.misses
    parts = shapely.area(shapely.intersection(made.shapes, slab))
    parts = np.sort(parts[parts > 1.0])
    # Two stairwells of four each: half of the slab.
    assert parts.tolist() == pytest.approx([600.0, 600.0], rel=1e-3)


def test_land_that_holds_too_little_is_named_with_its_cause():
    case = case_of(
        [shapely.box(0, 0, 40, 40), shapely.box(500, 0, 600, 40)],
        [shapely.box(10, 10, 20, 20), shapely.box(510, 10, 520, 20), shapely.box(560, 10, 570, 20)],
        [12.0, 20.0, 20.0],
        parents=np.array([0, 0]),
    )

    made = divide(case, RULES)

    (miss,) = made.misses
    assert (miss.weight, miss.cause, miss.buildings) == (12.0, Cause.LAND, (0,))
    assert shapely.contains_xy(case.areas[0], miss.x, miss.y)


def test_a_house_shut_in_by_a_full_one_gets_a_way_out():
    # A full building all across the area, a small one behind it, room for that one in front.
    area = shapely.box(0, 0, 100, 100)
    walls = [shapely.LineString([(-5, 70), (105, 70)]), shapely.LineString([(-5, 30), (105, 30)])]
    houses = [
        shapely.box(45, 80, 55, 90),
        shapely.box(20, 45, 80, 55),
        shapely.box(20, 10, 30, 20),
        shapely.box(70, 10, 80, 20),
    ]
    case = case_of(area, houses, [6.0, 50.0, 20.0, 20.0], walls)

    made = divide(case, RULES)

    check(case, RULES, made)
    assert made.misses == ()
    assert made.cell[0] == made.cell[2] == made.cell[3] != made.cell[1]


def changed(case: Case, made: Division, share: float = 0.03) -> Case:
    rng = np.random.default_rng(11)
    weights = case.weights.copy()
    some = rng.choice(np.flatnonzero(weights > 0), max(int(share * len(weights)), 2), replace=False)
    weights[some] = np.minimum(np.rint(weights[some] * rng.uniform(0, 2.2, len(some))), 50.0)
    return replace(
        case, weights=weights, previous=made.shapes, locked=np.zeros(len(made.shapes), np.bool_)
    )


def test_cells_that_still_fit_stay_as_they_are():
    case = suburb_case()
    made = divide(case, RULES)

    again = divide(
        replace(case, previous=made.shapes, locked=np.zeros(len(made.shapes), np.bool_)), RULES
    )

    assert not again.moved.any()
    # Units part their borders elsewhere than before, so vertices on them may differ by 1 µm.
    off = shapely.symmetric_difference(again.shapes, made.shapes[again.previous])
    assert shapely.area(off).max() < 1e-3


def test_cells_that_come_back_as_previous_ones_hang_together():
    case = opened(Asked(data=str(SUBURB))).case
    made = divide(case, RULES)
    locked = np.zeros(len(made.shapes), dtype=np.bool_)

    again = divide(replace(case, previous=made.shapes, locked=locked), RULES)

    assert len(again.shapes) == len(made.shapes)
    assert not again.moved.any()


def test_changed_counts_of_a_suburb_move_few_buildings():
    case = opened(Asked(data=str(SUBURB))).case

    again = divide(changed(case, divide(case, RULES)), RULES)

    assert again.moved.mean() <= 0.02


def test_what_brings_no_cell_within_its_bounds_moves_nobody():
    weights = np.array([14.0, 29.0, 22.0, 29.0, 26.0, 29.0, 26.0, 29.0, 29.0, 14.0])
    cells = [shapely.box(west, 0, east, 40) for west, east in ((0, 40), (40, 80), (80, 100))]
    case = replace(rows_of_houses(5, 2), weights=weights, previous=np.array(cells))

    made = divide(replace(case, locked=np.zeros(3, np.bool_)), replace(RULES, effort=2))

    assert len(made.misses) == 2
    assert not made.moved.any()


def test_changed_counts_move_few_buildings_and_keep_locked_cells():
    case = suburb_case()
    made = divide(case, RULES)
    new = changed(case, made)
    at = int(np.argmin(np.abs(made.weight - 40.0)))
    locked = np.zeros(len(made.shapes), np.bool_)
    locked[at] = True

    again = divide(replace(new, locked=locked), RULES)

    check(new, RULES, replace(again, misses=again.misses))
    assert again.moved.mean() < 0.15
    (place,) = np.flatnonzero(again.locked)
    assert again.previous[place] == at
    assert shapely.area(shapely.symmetric_difference(again.shapes[place], made.shapes[at])) < 1e-3


@pytest.mark.parametrize(
    ("low", "high", "count"), [(50.0, 30.0, None), (30.0, 50.0, 99), (None, None, 0)]
)
def test_bounds_that_cannot_be_are_refused(low, high, count):
    with pytest.raises(DivisionRefused):
        rules_of(rows_of_houses(4, 2), low, high, count)


def test_bounds_are_told_without_decimals_that_nobody_gave():
    whole = DivisionRefused(reason="bounds", low=50.0, high=30.0)
    half = DivisionRefused(reason="bounds", low=2.5, high=1.0)

    assert "the bounds 50 and 30 do not" in whole.message("en")
    assert "下限 2.5 和上限 1 " in half.message("zh")
