"""``wangge bench``: figures of this machine, from a database that is made and dropped for them."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from geo.db.cluster import Cluster
from tests.api.cli.conftest import Command

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["locate", "http", "batch", "address"])
@pytest.mark.parametrize(("option", "status"), [("--nonsense", 2), ("--help", 0)])
def test_options_are_looked_at_before_anything_is_made(
    name: str, option: str, status: int, wangge: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.bench._database", None)
    monkeypatch.setattr("api.cli.bench._run", None)

    done = wangge("bench", name, "--", "--quick", option)

    assert done.status == status and "--quick" in done.out + done.err


@pytest.mark.db
@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "column"),
    [("locate", "x sjoin"), ("batch", "share of echo"), ("address", "top_1")],
)
def test_quick_is_bounded_tells_its_progress_and_prints_rows(
    name: str, column: str, tmp_path: Path
) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WANGGE_")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "bench", name, "--quick", "--json"], cwd=ROOT, text=True,
        env={**ours, "PYTHONPATH": str(ROOT), "WANGGE_HOME": str(tmp_path)}, capture_output=True,
        check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    rows = json.loads(done.stdout)
    assert any(column in row for row in rows)
    assert re.search(r"^ +[0-9.]+ s  [a-z]", done.stderr, flags=re.MULTILINE)
    # On two cores that do nothing else a minute has room for this, whoever works beside now.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60


@pytest.mark.db
@pytest.mark.long
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk asks, and is not here")
def test_a_server_is_measured_on_a_town_of_its_own(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("WANGGE_")}
    cluster = Cluster(tmp_path)
    urls = cluster.start()
    command = [sys.executable, "-m", "api.cli", "bench", "http", "--json", "--", "hello"]
    done = subprocess.run(
        [*command, "--rounds", "1", "--seconds", "0.2"], cwd=ROOT, check=True, text=True,
        env={**ours, "PYTHONPATH": str(ROOT), "WANGGE_HOME": str(tmp_path)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    with psycopg2.connect(urls.admin) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench%'")
        left = cursor.fetchall()
    connection.close()
    cluster.stop()

    rows = {row["server"]: row for row in json.loads(done.stdout)}
    assert set(rows) == {"ours", "hello"}
    assert rows["ours"]["requests/s"] > 0
    assert rows["ours"]["refused"] == 0
    assert left == []
