"""``wangge import`` as a user runs it: dry by default, exit status, table, JSON, both languages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.runtime import Runtime
from tests import world
from tests.geo.exchange import files

pytestmark = pytest.mark.db

ROOT = Path(__file__).parents[3]


def wangge(
    runtime: Runtime, *arguments: object, lang: str = "en"
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "WANGGE_LANG": lang,
        "WANGGE_DATABASE_URL": str(runtime.settings.database_url),
        "WANGGE_DATABASE_OWNER_URL": str(runtime.settings.database_owner_url),
        "COLUMNS": "160",
    }
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "import", *map(str, arguments)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def count(runtime: Runtime, table: str) -> int:
    with runtime.work(Actor.system("test")) as work:
        return int(work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_an_import_is_a_dry_run_until_it_is_committed(runtime: Runtime) -> None:
    dry = wangge(runtime, "town", files.KARHULA, lang="zh")
    assert (dry.returncode, count(runtime, "building"), count(runtime, "job")) == (0, 0, 0)
    assert "试算 karhula.gpkg" in dry.stdout
    assert "--commit" in dry.stdout

    done = wangge(runtime, "town", files.KARHULA, "--commit", "--json")

    body = json.loads(done.stdout)
    with runtime.work(Actor.system("test")) as work:
        job = work.session.execute(
            text("SELECT state, result FROM job WHERE kind = 'import'")
        ).one()
    assert done.returncode == 0, done.stderr
    assert body["committed"] is True
    assert {thing: counts["new"] for thing, counts in body["counts"].items()} == {
        "cells": 1, "buildings": 2151, "households": 7898, "ground": 327,
    }  # fmt: skip
    assert count(runtime, "household") == 7898
    assert job.state == "done"
    assert job.result["buildings"] == 2151


def test_what_is_wrong_is_a_table_and_exit_status_one(runtime: Runtime, tmp_path: Path) -> None:
    world.store(runtime)
    path = files.csv(
        tmp_path / "h.csv", [["楼栋编号", "房号", "人数"], ["b1", "101", "x"], ["b9", "1", "2"]]
    )

    done = wangge(runtime, "households", path, "--commit", lang="zh")

    assert done.returncode == 1
    assert "共 2 处" in done.stderr
    assert "不是数字" in done.stderr
    assert "b9" in done.stderr
    assert count(runtime, "household") == 7


def test_what_is_wrong_is_json_with_row_column_value_and_remedy(
    runtime: Runtime, tmp_path: Path
) -> None:
    path = files.csv(tmp_path / "b.csv", [["code", "lon", "lat"], ["b1", "116.8", "33.9"]])

    done = wangge(runtime, "buildings", path, "--json")

    body = json.loads(done.stdout)
    assert done.returncode == 1
    assert (body["committed"], body["error_count"]) == (False, 1)
    assert body["errors"][0]["code"] == "crs_missing_degrees"
    assert body["errors"][0]["row"] is None
    assert "--crs" in body["errors"][0]["message"]


def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_status_two(
    runtime: Runtime, tmp_path: Path
) -> None:
    done = wangge(runtime, "cells", tmp_path / "none.gpkg")

    assert done.returncode == 2
    assert "there is no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_hostile_values_are_printed_as_they_are(runtime: Runtime, tmp_path: Path) -> None:
    world.store(runtime)
    path = files.csv(tmp_path / "h.csv", [["楼栋编号", "房号"], ["[red]b9[/red]\x1b[2J", "1"]])

    done = wangge(runtime, "households", path)

    assert "[red]b9" in done.stderr
    assert "\x1b[2J" not in done.stderr
