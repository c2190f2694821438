"""``wangge keys``: making, listing and rotating keys by hand."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from api.cli import opening
from geo.access.actors import Actor
from geo.audit.model import AuditRecord
from geo.crypto.aead import CipherName
from geo.crypto.keyring import Keyring
from geo.db.session import open_log
from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command

pytestmark = pytest.mark.db


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a keyring of the test's own."""
    path = tmp_path / "keys.json"
    monkeypatch.setenv("WANGGE_KEYS_FILE", str(path))
    return path


def keys_records(runtime: Runtime) -> list[AuditRecord]:
    """Return what the audit says about keys, in order."""
    with runtime.work(Actor.system("test")) as work:
        open_log(work.session)
        query = select(AuditRecord).where(AuditRecord.action.startswith("keys."))
        return list(work.session.scalars(query.order_by(AuditRecord.id)))


def fill(runtime: Runtime, path: Path) -> Runtime:
    """Store the town under the keyring of a file."""
    made = Runtime(runtime.settings.model_copy(update={"keys_file": path}))
    world.store(made)
    opening.check_keys(made)
    made.close()
    return made


def test_the_first_command_on_a_database_notes_its_keys_and_rotates_none(
    wangge: Command, runtime: Runtime
) -> None:
    wangge("keys", "list")
    wangge("keys", "list")

    (record,) = keys_records(runtime)
    assert (record.action, record.actor) == ("keys.known", "system:keys")
    assert record.after == {"known": ["k1", "blind"]}


def test_a_spare_key_is_noted_by_the_next_command_and_rotates_nothing(
    wangge: Command, runtime: Runtime, path: Path
) -> None:
    wangge("keys", "new")
    wangge("keys", "list")
    wangge("keys", "new")
    wangge("keys", "list")

    found = [(record.action, record.after) for record in keys_records(runtime)]
    assert found == [
        ("keys.known", {"known": ["k1", "blind"]}),
        ("keys.known", {"known": ["k2"]}),
    ]


def test_a_new_keyring_is_made_where_none_stands(wangge: Command, path: Path) -> None:
    done = wangge("keys", "new")

    assert (done.status, Keyring.load(path).active.id) == (0, "k1")
    assert str(path) in done.out
    secret = json.loads(path.read_text(encoding="utf-8"))["keys"]["k1"]["secret"]
    assert secret not in done.out + done.err


def test_the_cipher_of_new_keys_is_a_setting(
    wangge: Command, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANGGE_CIPHER", "sm4-gcm")
    wangge("keys", "new")

    assert Keyring.load(path).active.cipher is CipherName.SM4


def test_a_second_new_adds_a_key_for_the_next_rotation(wangge: Command, path: Path) -> None:
    wangge("keys", "new")
    first = Keyring.load(path)
    done = wangge("keys", "new")
    second = Keyring.load(path)

    assert "k2" in done.out
    assert (second.active, second.spare) == (first.active, second.keys[2])


def test_a_keyring_that_stands_may_be_left_as_it_is(wangge: Command, path: Path) -> None:
    wangge("keys", "new", "--if-missing")
    first = path.read_bytes()

    assert wangge("keys", "new", "--if-missing").status == 0
    assert path.read_bytes() == first


def test_rotating_encrypts_everything_and_the_list_says_so(
    wangge: Command, path: Path, runtime: Runtime
) -> None:
    Keyring.new().save(path)
    fill(runtime, path)

    done = wangge("keys", "rotate", "--json")
    listed = wangge("keys", "list", "--json")

    assert json.loads(done.out) == {"active": "k2", "rows": 8, "unreadable": 0, "places": []}
    assert [(k["id"], k["active"], k["values"]) for k in json.loads(listed.out)] == [
        ("k1", False, 0),
        ("k2", True, 8),
    ]


def test_people_are_told_in_words(wangge: Command, path: Path, runtime: Runtime) -> None:
    Keyring.new().save(path)
    fill(runtime, path)

    done = wangge("keys", "rotate")
    assert (done.status, "8 rows" in done.out, "k2 is active now" in done.err) == (0, True, True)
    assert "共 8 行" in wangge("keys", "protect", lang="zh").out
    wangge("keys", "new")
    listed = wangge("keys", "list").out.splitlines()
    assert ["kept" in listed[0], "active" in listed[1], "waiting" in listed[2]] == [True] * 3


def test_values_that_cannot_be_read_are_named_and_the_status_is_one(
    wangge: Command, path: Path, runtime: Runtime
) -> None:
    Keyring.new().save(path)
    fill(runtime, path)
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('wangge.scope', '*', true)")
        connection.exec_driver_sql(
            "UPDATE household SET head_name_cipher ="
            " (SELECT head_name_cipher FROM household WHERE id = 1) WHERE id = 2"
        )

    done = wangge("keys", "rotate")
    assert done.status == 1
    assert "household.head_name:2" in done.err
    assert "going on with an earlier rotation" in wangge("keys", "rotate").err
    assert "k3 is active now" in wangge("keys", "rotate", "--anyway").err


def test_another_keyring_than_the_datas_is_refused_at_every_start(
    wangge: Command, path: Path, runtime: Runtime
) -> None:
    Keyring.new().save(path)
    fill(runtime, path)
    Keyring.new().save(path)

    for command in (("keys", "list"), ("check",), ("keys", "rotate")):
        done = wangge(*command)
        assert done.status == 2
        assert "written with another key" in done.err


def test_no_keyring_and_an_open_one_are_refused(wangge: Command, path: Path) -> None:
    assert "keys new" in wangge("check").err
    Keyring.new().save(path)
    path.chmod(0o640)
    assert "chmod 600" in wangge("check").err
