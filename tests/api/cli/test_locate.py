"""``wangge locate FILE`` as an office uses it: what is said, exit status, a stop in the middle."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from geo.exchange.located import run as located
from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command
from tests.geo.exchange import files

pytestmark = pytest.mark.db

INSIDE, OUTSIDE = world.at(0.1, 0.1), world.at(3.0, 3.0)
HEAD = ["姓名", "经度", "纬度"]


def people(folder: Path, *more: list[object]) -> Path:
    rows = [["甲", repr(INSIDE.x), repr(INSIDE.y)], ["乙", repr(OUTSIDE.x), repr(OUTSIDE.y)], *more]
    return files.csv(folder / "人员.csv", [HEAD, *rows])


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, for the grids that processes share."""
    made = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("WANGGE_HOME", str(made))
    return made


def test_the_columns_the_counts_and_the_result_are_told(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    world.store(runtime)

    done = wangge("locate", people(tmp_path), "--crs", "wgs84", lang="zh")

    assert done.status == 0, done.err
    assert "经度（东） = “经度”（按列名判断）" in done.err
    assert "坐标按 wgs84 读取" in done.err
    assert "共 2 行：已定位 1（其中有歧义 0），网格外 1，须人工确认 0，错误 0" in done.out
    assert f"结果：{tmp_path / '人员-located.csv'}" in done.out


def test_a_team_says_who_answers_first_and_gives_codes_of_cells_alone(
    runtime: Runtime, wangge: Command
) -> None:
    world.store(runtime)

    told = wangge("locate", "--building", "b1", lang="zh").out.splitlines()
    outside = wangge("locate", "--lon", str(OUTSIDE.x), "--lat", str(OUTSIDE.y)).out

    assert sum("（主责）" in line for line in told) == 1
    by_building = next(line for line in told if "  楼栋" in line)
    assert "100A" not in by_building, "the code of its cell is not what names a building"
    assert any("网格 100A2001" in line for line in told)
    assert not any(line.startswith((" *", " +")) for line in told)
    assert "nobody is assigned here" not in outside and "outside" in outside


def test_one_coordinate_alone_is_told_which_is_lacking(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)

    assert "lon was given without lat" in wangge("locate", "--lon", "116.8").err


def test_rows_with_errors_are_exit_status_one_and_named(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    world.store(runtime)
    path = people(tmp_path, ["丙", "x", "33.9"])

    plain = wangge("locate", path, "--crs", "wgs84")
    told = wangge("locate", path, "--crs", "wgs84", "--json", "--force")

    assert (plain.status, told.status) == (1, 1)
    assert "row 4: 经度 “x”: is not a number" in plain.err
    body = json.loads(told.out)
    assert "row 4" not in told.err
    assert (body["rows"], body["matched"], body["outside"], body["errors"]) == (3, 1, 1, 1)
    assert body["columns"] == {"lon": "经度", "lat": "纬度"}
    assert body["faults"][0]["row"] == 4
    assert Path(body["output"]).exists()


def test_a_file_that_is_refused_is_one_sentence_and_exit_status_two(
    runtime: Runtime, wangge: Command, tmp_path: Path
) -> None:
    world.store(runtime)
    path = people(tmp_path)

    unnamed = wangge("locate", path)
    columns = wangge("locate", files.csv(tmp_path / "x.csv", [["甲", "乙"], [1, 2]]), "--json")
    both = wangge("locate", path, "--lon", "1", "--lat", "2")
    alone = wangge("locate", "--lon-column", "甲")

    assert (unnamed.status, columns.status, both.status, alone.status) == (2, 2, 2, 2)
    assert "--crs" in unnamed.err
    assert json.loads(columns.out)["code"] == "columns_missing"
    assert "甲, 乙" in json.loads(columns.out)["detail"]


def test_a_stop_from_the_keyboard_leaves_no_file(
    runtime: Runtime, wangge: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store(runtime)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(located.Answers, "of", stopped)
    for suffix in (".csv", ".xlsx", ".gpkg", ".parquet"):
        out = tmp_path / f"out{suffix}"

        done = wangge("locate", people(tmp_path), "--crs", "wgs84", "-o", out)

        assert done.status == 130
        assert "nothing was written" in done.err
    assert os.listdir(tmp_path) == ["人员.csv"]


def test_the_progress_is_a_bar_on_a_terminal_and_lines_in_a_log(
    runtime: Runtime, wangge: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store(runtime)
    path = people(tmp_path)

    piped = wangge("locate", path, "--crs", "wgs84")
    as_json = wangge("locate", path, "--crs", "wgs84", "--force", "--json", lang="zh")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = wangge("locate", path, "--crs", "wgs84", "--force")

    assert re.search(r"^\[\d+ s\] locating \d/2$", piped.err, flags=re.MULTILINE)
    assert re.search(r"^\[\d+ 秒\] 定位 \d/2$", as_json.err, flags=re.MULTILINE)
    assert json.loads(as_json.out)["rows"] == 2
    assert "━" not in piped.err + as_json.err
    assert "━" in shown.err
    assert "2/2" in shown.err
    assert "locating" not in shown.out


def many(folder: Path, rows: int) -> Path:
    """Write a text of many rows all over the town."""
    places = np.random.default_rng(1).uniform(-0.2, 2.2, (rows, 2)) * world.STEP
    places += [world.WEST, world.SOUTH]
    path = folder / f"many-{rows}.csv"
    with path.open("w", encoding="gbk") as stream:
        stream.write("序号,姓名,经度,纬度,备注\n")
        for row, (lon, lat) in enumerate(places.tolist()):
            stream.write(f"{row},张三,{lon:.7f},{lat:.7f},事项{row % 97}\n")
    return path


def started(runtime: Runtime, home: Path, *arguments: object) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "WANGGE_HOME": str(home),
        "WANGGE_DATABASE_URL": str(runtime.settings.database_url),
        "WANGGE_DATABASE_OWNER_URL": str(runtime.settings.database_owner_url),
        "WANGGE_AUDIT_HEAD_FILE": str(runtime.settings.audit_head_file),
    }
    command = [sys.executable, "-m", "api.cli", "locate", *map(str, arguments)]
    # What runs in the background of a shell does not hear the keyboard, and hands that down.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_leaves_no_result(
    runtime: Runtime, home: Path, tmp_path: Path, number: signal.Signals
) -> None:
    world.store(runtime)
    path = many(tmp_path, 400_000)
    out = tmp_path / "many-located.csv"
    running = started(runtime, home, path, "--crs", "wgs84", "-o", out)
    until = time.monotonic() + 120
    while not any(one.stat().st_size > 100_000 for one in tmp_path.glob(".*.part.csv")):
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)

    running.send_signal(number)
    running.communicate(timeout=60)

    assert not out.exists()
    few = files.csv(tmp_path / "few.csv", [HEAD, ["甲", INSIDE.x, INSIDE.y]])
    again = started(runtime, home, few, "--crs", "wgs84", "-o", out)
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert {one.name for one in tmp_path.iterdir()} == {path.name, few.name, out.name}


@pytest.mark.long
def test_a_million_rows_take_no_more_memory_than_fifty_thousand(
    runtime: Runtime, home: Path, tmp_path: Path, record_property: object
) -> None:
    world.store(runtime)
    peaks = []
    for rows in (50_000, 1_000_000):
        path = many(tmp_path, rows)
        running = started(runtime, home, path, "--crs", "wgs84", "--json")
        assert running.stdout is not None
        with running.stdout as answer:
            body = json.loads(answer.read())
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = status
        assert status == 0
        assert body["rows"] == rows
        peaks.append(usage.ru_maxrss)
        assert callable(record_property)
        record_property(
            "figure", f"locate {rows:,} rows: {body['seconds']} s, {peaks[-1] // 1024} MB"
        )

    # All of it at once would be more than a gigabyte.
    assert peaks[1] < 1.4 * peaks[0]
