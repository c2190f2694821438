"""Workers of the demo town: every grid has somebody, every post a target that exists."""

import re

from geo.demo.town import Town

TEAM = {"grid_worker", "grid_leader", "building_head", "stair_head", "community_secretary"}


def test_every_grid_has_exactly_one_primary_worker_and_a_leader(town: Town) -> None:
    grids = set(town.cells.loc[town.cells["level"] == 4, "code"])
    rows = town.assignments
    workers = rows[(rows["post"] == "grid_worker") & rows["is_primary"]]
    leaders = rows[rows["post"] == "grid_leader"]

    assert sorted(workers["target_code"]) == sorted(grids)
    assert sorted(leaders["target_code"]) == sorted(grids)


def test_no_target_has_two_primary_workers(town: Town) -> None:
    primary = town.assignments[town.assignments["is_primary"]]

    assert not primary.duplicated(["target_kind", "target_code", "stairwell"]).any()


def test_a_grid_has_one_or_two_workers(town: Town) -> None:
    rows = town.assignments[town.assignments["post"] == "grid_worker"]

    assert rows["target_code"].value_counts().between(1, 2).all()


def test_every_community_has_one_secretary(town: Town) -> None:
    rows = town.assignments[town.assignments["post"] == "community_secretary"]

    assert len(rows) == 6
    assert rows["target_code"].is_unique


def test_every_assignment_names_a_worker_and_a_target_that_exist(town: Town) -> None:
    targets = {*town.cells["code"], *town.buildings["code"], *town.estates["code"]}
    rows = town.assignments

    assert rows["worker_code"].isin(town.workers["code"]).all()
    assert rows["target_code"].isin(targets).all()
    assert (rows["stairwell"].notna() == (rows["target_kind"] == "stairwell")).all()


def test_duty_phones_are_of_the_fictional_form_and_differ(town: Town) -> None:
    assert town.workers["duty_phone"].map(re.compile(r"0561-555-\d{4}").fullmatch).notna().all()
    assert town.workers["duty_phone"].is_unique


def test_workers_of_a_community_have_different_names(town: Town) -> None:
    community = town.workers["cell_code"].str[:12]

    assert not town.workers.assign(community=community).duplicated(["community", "name"]).any()


def test_those_beside_the_teams_overlap_and_never_answer_first(town: Town) -> None:
    rows = town.assignments
    police = rows[rows["post"] == "community_police"]

    assert not rows[~rows["post"].isin(TEAM)]["is_primary"].any()
    assert set(police["target_code"]) == set(
        town.cells.loc[town.cells["level"] == 3, "code"]
    ) & set(rows.loc[rows["post"] == "community_secretary", "target_code"])
    assert police["target_code"].duplicated().any()
    assert {"legal_adviser", "fire_officer", "property_manager"} <= set(rows["post"])


def test_in_each_community_somebody_is_away_with_and_without_a_substitute(town: Town) -> None:
    rows = town.leaves.assign(community=town.leaves["worker_code"].str[:12])
    now = rows[rows["begins_in"] == 0]

    assert rows["worker_code"].is_unique
    assert (rows["worker_code"] != rows["substitute_code"]).all()
    for _, own in now.groupby("community"):
        assert own["substitute_code"].isna().any()
    assert rows["substitute_code"].notna().sum() > len(rows) / 3
    assert rows["worker_code"].isin(town.workers["code"]).all()
    assert (
        not rows["worker_code"]
        .isin(town.workers.loc[town.workers["name"] == "沈知夏", "code"])
        .any()
    )
