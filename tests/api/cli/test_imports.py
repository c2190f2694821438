"""``wangge import`` as a user runs it: dry by default, exit status, table, JSON, both languages."""

import json
from pathlib import Path

import pytest
import shapely
from sqlalchemy import text

from geo.access.actors import Actor
from geo.crs.transform import from_storage
from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command
from tests.geo.exchange import files

pytestmark = pytest.mark.db


def count(runtime: Runtime, table: str) -> int:
    with runtime.work(Actor.system("test")) as work:
        return int(work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_an_import_is_a_dry_run_until_it_is_committed(runtime: Runtime, wangge: Command) -> None:
    dry = wangge("import", "town", files.KARHULA, lang="zh")
    assert (dry.status, count(runtime, "building"), count(runtime, "job")) == (0, 0, 0)
    assert "试算 karhula.gpkg" in dry.out
    assert "--commit" in dry.out

    done = wangge("import", "town", files.KARHULA, "--commit", "--json")

    body = json.loads(done.out)
    with runtime.work(Actor.system("test")) as work:
        job = work.session.execute(
            text("SELECT state, result FROM job WHERE kind = 'import'")
        ).one()
    assert done.status == 0, done.err
    assert body["committed"] is True
    assert {thing: counts["new"] for thing, counts in body["counts"].items()} == {
        "cells": 1, "buildings": 2151, "households": 7898, "ground": 327,
    }  # fmt: skip
    assert count(runtime, "household") == 7898
    assert job.state == "done"
    assert job.result["buildings"] == 2151


def test_what_is_wrong_is_a_table_and_exit_status_one(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    world.store(runtime)
    path = files.csv(
        tmp_path / "h.csv", [["楼栋编号", "房号", "人数"], ["b1", "101", "x"], ["b9", "1", "2"]]
    )

    done = wangge("import", "households", path, "--commit", lang="zh")

    assert done.status == 1
    assert "共 2 处" in done.err
    assert "不是数；请只填阿拉伯数字" in done.err
    assert "b9" in done.err
    assert count(runtime, "household") == 7


def test_what_is_wrong_is_json_with_row_column_value_and_remedy(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    path = files.csv(tmp_path / "b.csv", [["code", "lon", "lat"], ["b1", "116.8", "33.9"]])

    done = wangge("import", "buildings", path, "--json")

    body = json.loads(done.out)
    assert done.status == 1
    assert (body["committed"], body["error_count"]) == (False, 1)
    assert body["errors"][0]["code"] == "crs_missing_degrees"
    assert body["errors"][0]["row"] is None
    assert "--crs" in body["errors"][0]["message"]


def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_status_two(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    done = wangge("import", "cells", tmp_path / "none.gpkg")

    assert done.status == 2
    assert "there is no such file" in done.err
    assert "Traceback" not in done.err


def test_hostile_values_are_printed_as_they_are(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    world.store(runtime)
    path = files.csv(tmp_path / "h.csv", [["楼栋编号", "房号"], ["[red]b9[/red]\x1b[2J", "1"]])

    done = wangge("import", "households", path)

    assert "[red]b9" in done.err
    assert "\x1b[2J" not in done.err


def test_places_in_a_citys_own_grid_come_in_by_control_points(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    world.store(runtime)
    known = from_storage([[116.79, 33.89], [116.83, 33.89], [116.83, 33.93]], "EPSG:4548")
    origin = [470_000.0, 3_740_000.0]  # the city's grid: the same plane without its large numbers
    head = ["点号", "地方东坐标", "地方北坐标", "东坐标", "北坐标", "坐标系"]
    rows = [
        [f"K{n}", *map(repr, (p - origin).tolist()), *map(repr, p.tolist()), "EPSG:4548"]
        for n, p in enumerate(known, start=1)
    ]
    control = files.csv(tmp_path / "k.csv", [head, *rows])
    place = from_storage(shapely.get_coordinates(world.at(0.5, 0.5)), "EPSG:4548")[0] - origin
    path = files.csv(
        tmp_path / "b.csv", [["code", "lon", "lat"], ["local-1", *map(repr, place.tolist())]]
    )

    tried = wangge("import", "buildings", path, "--control", control, lang="zh")
    done = wangge("import", "buildings", path, "--control", control, "--commit", "--json")

    assert "K1 0.000 m" in tried.err
    with runtime.work(Actor.system("test")) as work:
        stored = work.session.execute(
            text("SELECT source_crs, ST_X(point), ST_Y(point) FROM building WHERE code = 'local-1'")
        ).one()
        result = work.session.scalar(text("SELECT result FROM job WHERE kind = 'import'"))
    assert done.status == 0, done.err
    assert shapely.Point(stored[1:]).equals(world.at(0.5, 0.5))
    assert result is not None
    assert result[stored.source_crs]["plane"] == "EPSG:4548"
