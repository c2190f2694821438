"""A rotation that is killed for good, as a process: nothing is lost, and the next one finishes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.crypto.fields import HEAD_NAME, unprotect
from geo.crypto.keyring import Keyring
from geo.people.service import add_households
from geo.rotation.service import uses
from geo.runtime import Runtime
from tests import world
from tests.databases import Databases

pytestmark = [pytest.mark.db, pytest.mark.long]

ACTOR = Actor.system("test")
ROWS = 20_000


@pytest.fixture
def town(databases: Databases, template: str, tmp_path: Path) -> Iterator[Runtime]:
    name = databases.create(template=template)
    path = tmp_path / "keys.json"
    Keyring.new().save(path)
    made = Runtime(databases.settings(name).model_copy(update={"keys_file": path}))
    world.store(made)
    rows = world.households().iloc[[0] * ROWS].reset_index(drop=True)
    rows = rows.assign(number=rows.index.astype(str), head_name="王" + rows.index.astype(str))
    with made.work(ACTOR, long=True) as work:
        add_households(work, rows, zone="Asia/Shanghai")
    yield made
    made.close()
    databases.drop(name)


def wangge(runtime: Runtime) -> subprocess.Popen[bytes]:
    settings = runtime.settings
    variables = {
        "WANGGE_DATABASE_URL": str(settings.database_url),
        "WANGGE_KEYS_FILE": str(settings.keys_path),
        "WANGGE_HOME": str(settings.keys_path.parent),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", "keys", "rotate", "--json"],
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def used(runtime: Runtime) -> dict[str, int]:
    with runtime.work(ACTOR) as work:
        return {use.id: use.values for use in uses(work)}


def test_a_killed_process_leaves_every_value_readable_and_the_next_one_finishes(
    town: Runtime,
) -> None:
    before = used(town)["k1"]
    for share in (0.1, 0.5):
        process = wangge(town)
        while used(town).get("k2", 0) < share * before and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        found = used(town)
        assert found["k1"] + found["k2"] == before
        assert found["k1"] > 0, "killed too late to tell anything"

    assert wangge(town).wait(120) == 0

    assert used(town) == {"k1": 0, "k2": before}
    with town.work(ACTOR) as work:
        query = text("SELECT id, head_name_cipher FROM household WHERE head_name_masked = '王**'")
        names = {unprotect(work, HEAD_NAME, *row) for row in work.session.execute(query)}
    assert names >= {f"王{number}" for number in range(ROWS)}
