"""Commands as a user gives them, on a real database: exit status, output, refusals."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command

pytestmark = pytest.mark.db

ROOT = Path(__file__).parents[3]


def test_check_prints_json_and_fails_on_what_is_wrong(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    done = wangge("check", "--json")

    report = json.loads(done.out)
    assert done.status == 1
    assert report["counts"]["buildings"] == 4
    assert [place["kind"] for place in report["places"]] == ["building_outside"]


def test_check_of_a_sound_cell_succeeds_in_chinese(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    done = wangge("check", "--cell", "100A2", lang="zh")

    assert done.status == 0, done.err
    assert "楼栋 2 · 住户 5 · 居民 10" in done.out
    assert "没有发现问题" in done.out


def test_locate_answers_in_the_shape_of_the_api(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    done = wangge("locate", "--building", "b1", "--json")

    found = json.loads(done.out)
    assert [cell["code"] for cell in found["cells"]] == ["100", "100A", "100A2", "100A2001"]
    assert [member["role"] for member in found["team"]] == ["grid_worker", "building_head"]
    assert found["reason"] == "building > cell"


def test_an_address_is_located_and_said_to_be_sure(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    told = wangge("locate", "--address", "幸福小区1号楼2单元", lang="zh")
    doubted = wangge("locate", "--address", "幸福小区1号楼旁边", lang="zh")
    body = json.loads(wangge("locate", "--address", "幸福小区1号楼", "--json").out)

    assert "单元  人民路1号幸福小区1号楼  (b1)" in told.out
    assert "100A2001" in told.out
    assert doubted.out.startswith("须人工确认：写的是旁边")
    assert "100A2001" not in doubted.out
    assert body["address"]["candidates"][0]["code"] == "b1"


@pytest.mark.parametrize(("as_of", "status"), [("2026-11-21T08:00:00", 2), ("yesterday", 2)])
def test_a_moment_without_zone_or_sense_is_refused(
    runtime: Runtime, wangge: Command, as_of: str, status: int
) -> None:
    world.store(runtime)

    done = wangge("locate", "--building", "b1", "--as-of", as_of)

    assert done.status == status
    assert as_of in done.err


def test_a_day_before_the_first_publication_has_no_grid(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    done = wangge("locate", "--building", "b1", "--as-of", "2001-01-01", "--json")

    assert json.loads(done.out)["code"] == "nothing_published"


def test_a_refusal_is_one_sentence_and_status_two(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    done = wangge("locate", "--building", "nowhere")

    assert (done.status, done.out) == (2, "")
    assert done.err.strip() == "no building has the code 'nowhere'"


def test_a_refusal_as_json_names_its_code(wangge: Command) -> None:
    done = wangge("check", "--json", lang="zh")

    problem = json.loads(done.out)
    assert (done.status, problem["code"]) == (2, "nothing_published")
    assert "先导入网格" in problem["detail"]


def test_a_wrong_option_is_explained(wangge: Command) -> None:
    done = wangge("check", "--sell", "1")

    assert done.status == 2
    assert "--sell" in done.err


def test_without_arguments_every_command_is_listed(wangge: Command) -> None:
    done = wangge()

    for command in ("up", "serve", "demo", "import", "check", "locate", "map", "migrate", "test"):
        assert f" {command} " in done.out


def test_the_launcher_reaches_the_commands_in_a_process_of_their_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "--lang", "zh", "check", "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert "只查这个网格及其下级" in done.stdout
