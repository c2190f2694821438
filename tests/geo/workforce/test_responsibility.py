"""Who answers: the ladder from the household to the cells."""

from itertools import permutations

from geo.workforce.responsibility import Duty, Via, team


def duty(worker: str, via: Via, *, primary: bool = False, level: int = 4, rank: int = 1) -> Duty:
    return Duty(worker, worker, "", "post", rank, primary, via, f"L{level}", level)


def names(*duties: Duty) -> list[str]:
    return [member.worker_id for member in team(duties).members]


def test_the_primary_of_the_cell_heads_the_buildings_own_people() -> None:
    found = team([duty("head", Via.BUILDING), duty("worker", Via.CELL, primary=True)])

    assert [member.worker_id for member in found.members] == ["worker", "head"]
    assert found.reason == "building > cell"


def test_a_primary_at_the_building_ends_the_climb() -> None:
    found = team([duty("own", Via.BUILDING, primary=True), duty("worker", Via.CELL, primary=True)])

    assert [member.worker_id for member in found.members] == ["own"]
    assert found.reason == "building"


def test_a_household_comes_before_unit_stairwell_building_and_estate() -> None:
    ladder = [Via.ESTATE, Via.BUILDING, Via.STAIRWELL, Via.UNIT, Via.HOUSEHOLD]
    for upper in ladder[:-1]:
        assert names(
            duty("upper", upper, primary=True), duty("h", Via.HOUSEHOLD, primary=True)
        ) == ["h"]


def test_the_deeper_parent_cell_comes_first() -> None:
    grid = duty("grid", Via.PARENT_CELL, primary=True, level=4)
    community = duty("community", Via.PARENT_CELL, primary=True, level=3)

    assert names(community, grid) == ["grid"]


def test_deputies_of_the_same_rung_join_in_order_of_post() -> None:
    assert names(
        duty("c", Via.CELL, rank=3), duty("b", Via.CELL, rank=2), duty("a", Via.CELL, primary=True)
    ) == ["a", "b", "c"]


def test_without_a_primary_the_first_answers_and_all_are_named() -> None:
    found = team([duty("b", Via.CELL, rank=2), duty("p", Via.PARENT_CELL, level=3)])

    assert [member.worker_id for member in found.members] == ["b", "p"]
    assert found.reason == "cell > parent_cell"


def test_nobody_is_an_empty_team() -> None:
    assert (team([]).members, team([]).reason) == ((), "nobody")


def test_the_order_in_which_duties_are_given_does_not_matter() -> None:
    duties = [
        duty("a", Via.BUILDING), duty("b", Via.CELL, primary=True), duty("c", Via.CELL, rank=2),
    ]  # fmt: skip

    assert {tuple(names(*order)) for order in permutations(duties)} == {("b", "a", "c")}
