"""A town in one file: the real one, counted against its file, and households only counted."""

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from sqlalchemy import text

from geo.runtime import Runtime
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import (
    KARHULA,
    TABLES,
    commit,
    counts,
    faults,
    notes,
    sizes,
    take_in,
)

pytestmark = pytest.mark.db


def test_the_real_town_goes_in_with_one_command(runtime: Runtime) -> None:
    layers = {
        name: pyogrio.read_dataframe(KARHULA, layer=name)
        for name in ("area", "buildings", "streets")
    }
    in_file = (len(layers["area"]), len(layers["buildings"]), len(layers["streets"]))
    households = int(layers["buildings"]["households"].sum())
    assert (*in_file, households) == (1, 2151, 327, 7898)

    dry = commit(runtime, KARHULA, "town", dry_run=True)
    assert sizes(runtime) == dict.fromkeys(TABLES, 0)
    done = commit(runtime, KARHULA, "town")
    again = commit(runtime, KARHULA, "town")

    assert counts(dry) == counts(done)
    assert counts(done) == {
        "cells": (1, 0, 0, 0),
        "buildings": (2151, 0, 0, 0),
        "households": (7898, 0, 0, 0),
        "ground": (327, 0, 0, 0),
    }
    assert again.changes == 0
    assert sizes(runtime) == {
        "publication": 1, "cell": 1, "building": 2151, "dwelling_unit": 7898, "household": 7898,
        "ground_feature": 327,
    }  # fmt: skip


def test_what_the_real_town_holds_is_what_its_file_says(work: Work) -> None:
    take_in(work, KARHULA, "town")

    cell = work.session.execute(text("SELECT code, name, level, parent_id FROM cell_version")).one()
    unknown = work.session.execute(text("SELECT DISTINCT occupancy, persons FROM household")).one()
    ranks = dict(
        tuple(row)
        for row in work.session.execute(
            text("SELECT rank, count(*) FROM ground_feature WHERE width_m > 0 GROUP BY rank")
        )
    )
    assert tuple(cell) == ("karhula", "karhula", 1, None)
    assert tuple(unknown) == ("unknown", None)
    # From the column: motorway 6 + motorway_link 10; secondary 13 + tertiary 17; the rest of 327.
    assert ranks == {1: 16, 2: 30, 3: 281}
    outside = "SELECT count(*) FROM building WHERE cell_id IS NULL OR path = ''"
    assert work.session.scalar(text(outside)) == 0
    assert work.session.scalar(text("SELECT count(*) FROM building WHERE code = 'karhula-17'")) == 1


def test_a_town_may_stand_beside_a_grid_and_be_called_as_the_user_wants(work: Work) -> None:
    world.fill(work)

    outcome = take_in(work, KARHULA, "town", code="fi-05")

    assert counts(outcome)["cells"] == (1, 0, 0, 0)
    codes = work.session.scalars(
        text("SELECT code FROM cell_version WHERE parent_id IS NULL ORDER BY 1")
    )
    assert codes.all() == ["100", "fi-05"]
    assert work.session.scalar(text("SELECT count(*) FROM building WHERE code = 'fi-05-17'")) == 1


def test_counted_households_give_way_to_named_ones_and_are_not_counted_back(
    work: Work, tmp_path: Path
) -> None:
    shape = world.box(0.1, 0.1, 0.2, 0.2)
    frame = gpd.GeoDataFrame({"code": ["n1"], "households": [5]}, geometry=[shape], crs=4326)
    path = files.vector(tmp_path / "t.gpkg", frame, layer="buildings")
    named = files.csv(
        tmp_path / "h.csv", [["楼栋编号", "房号", "户主"], ["n1", "101", "甲"], ["n1", "102", "乙"]]
    )

    first = take_in(work, path, "town")
    after = take_in(work, named, "households")
    back = take_in(work, path, "town")

    assert counts(first)["households"] == (5, 0, 0, 0)
    assert counts(after)["households"] == (2, 0, 0, 5)
    assert notes(after)["counted_give_way"] == 5
    assert counts(back)["households"] == (0, 0, 0, 0)
    assert notes(back)["households_named_already"] == 1


@pytest.mark.parametrize(
    ("count", "expected"), [(3, (0, 0, 3, 2)), (7, (2, 0, 5, 0)), (0, (0, 0, 0, 5))]
)
def test_another_count_of_households_adds_or_ends(
    work: Work, tmp_path: Path, count: int, expected: tuple[int, int, int, int]
) -> None:
    shape = world.box(0.1, 0.1, 0.2, 0.2)

    def town(households: int) -> Path:
        frame = gpd.GeoDataFrame(
            {"code": ["n1"], "households": [households]}, geometry=[shape], crs=4326
        )
        return files.vector(tmp_path / f"{households}.gpkg", frame, layer="buildings")

    take_in(work, town(5), "town")

    assert counts(take_in(work, town(count), "town"))["households"] == expected


def test_more_households_than_a_city_are_a_fault(work: Work, tmp_path: Path) -> None:
    shapes = [world.box(i / 300, 0, (i + 0.5) / 300, 0.1) for i in range(201)]
    frame = gpd.GeoDataFrame({"id": range(201), "households": 10_000}, geometry=shapes, crs=4326)
    path = files.vector(tmp_path / "t.gpkg", frame, layer="buildings")

    assert [fault.key for fault in faults(work, path, "town")] == ["too_many_households"]
