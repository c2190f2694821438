"""Commands as a user runs them: their own process, a real database, exit status and output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.runtime import Runtime
from tests import world

pytestmark = pytest.mark.db

ROOT = Path(__file__).parents[3]


def wangge(runtime: Runtime, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "WANGGE_LANG": lang,
        "WANGGE_DATABASE_URL": str(runtime.settings.database_url),
        "WANGGE_DATABASE_OWNER_URL": str(runtime.settings.database_owner_url),
    }
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_check_prints_json_and_fails_on_what_is_wrong(runtime: Runtime) -> None:
    world.store(runtime)

    done = wangge(runtime, "check", "--json")

    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["counts"]["buildings"] == 4
    assert [place["kind"] for place in report["places"]] == ["building_outside"]


def test_check_of_a_sound_cell_succeeds_in_chinese(runtime: Runtime) -> None:
    world.store(runtime)

    done = wangge(runtime, "check", "--cell", "100A2", lang="zh")

    assert done.returncode == 0, done.stderr
    assert "楼栋 2 · 住户 5 · 居民 10" in done.stdout
    assert "没有发现问题" in done.stdout


def test_locate_answers_in_the_shape_of_the_api(runtime: Runtime) -> None:
    world.store(runtime)

    done = wangge(runtime, "locate", "--building", "b1", "--json")

    found = json.loads(done.stdout)
    assert [cell["code"] for cell in found["cells"]] == ["100", "100A", "100A2", "100A2001"]
    assert [member["role"] for member in found["team"]] == ["grid_worker", "building_head"]
    assert found["reason"] == "building > cell"


def test_a_refusal_is_one_sentence_and_status_two(runtime: Runtime) -> None:
    world.store(runtime)

    done = wangge(runtime, "locate", "--building", "nowhere")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "no building has the code 'nowhere'"


def test_a_refusal_as_json_names_its_code(runtime: Runtime) -> None:
    done = wangge(runtime, "check", "--json", lang="zh")

    problem = json.loads(done.stdout)
    assert (done.returncode, problem["code"]) == (2, "nothing_published")
    assert "先导入网格" in problem["detail"]


def test_a_wrong_option_is_explained(runtime: Runtime) -> None:
    done = wangge(runtime, "check", "--sell", "1")

    assert done.returncode == 2
    assert "--sell" in done.stderr


def test_without_arguments_every_command_is_listed(runtime: Runtime) -> None:
    done = wangge(runtime)

    for command in ("up", "serve", "demo", "import", "check", "locate", "map", "migrate", "test"):
        assert f" {command} " in done.stdout
