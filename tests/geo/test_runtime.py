"""What stood in one another's way is tried again, a few times; anything else is raised at once."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from geo.access.actors import Actor
from geo.crypto.aead import CipherName
from geo.crypto.key_file import KeysMissing
from geo.crypto.keyring import Keyring
from geo.runtime import DatabaseUnset, Runtime
from geo.settings import Settings
from geo.work import Work

pytestmark = pytest.mark.db

ACTOR = Actor.system("test")


class Failing:
    """A use case that PostgreSQL refuses with a state, some times."""

    def __init__(self, sqlstate: str, times: int) -> None:
        self.sqlstate, self.left, self.turns = sqlstate, times, 0

    def __call__(self, work: Work) -> str:
        self.turns += 1
        if self.left:
            self.left -= 1
            raised = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{self.sqlstate}'; END $$"
            work.session.execute(text(raised))
        return "done"


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_what_was_in_anothers_way_passes_at_the_third_try(
    shared_runtime: Runtime, sqlstate: str
) -> None:
    use_case = Failing(sqlstate, times=2)

    assert (shared_runtime.attempt(ACTOR, use_case), use_case.turns) == ("done", 3)


def test_tries_are_bounded(shared_runtime: Runtime) -> None:
    use_case = Failing("40001", times=9)
    with pytest.raises(OperationalError):
        shared_runtime.attempt(ACTOR, use_case)

    assert use_case.turns == 3


def test_a_fault_of_ours_is_not_tried_again(shared_runtime: Runtime) -> None:
    use_case = Failing("42P01", times=9)
    with pytest.raises(ProgrammingError):
        shared_runtime.attempt(ACTOR, use_case)

    assert use_case.turns == 1


def test_a_runtime_needs_a_database() -> None:
    with pytest.raises(DatabaseUnset):
        Runtime(Settings(database_url=None))


def settings(keys_file: Path, *, demo: bool, cipher: str = "aes-256-gcm") -> Settings:
    nobody = "postgresql://nobody@127.0.0.1:9/none"
    return Settings(database_url=nobody, demo=demo, keys_file=keys_file, cipher=cipher)


def test_a_process_without_keys_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        Runtime(settings(tmp_path / "keys.json", demo=False))


def test_a_demo_makes_its_keys_once(tmp_path: Path) -> None:
    wanted = settings(tmp_path / "deep" / "keys.json", demo=True, cipher="sm4-gcm")
    first, second = Runtime(wanted).keyring, Runtime(wanted).keyring

    assert first == second
    assert first.active.cipher is CipherName.SM4


def test_a_running_process_reads_with_the_newest_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    runtime = Runtime(settings(path, demo=True))
    runtime.keyring.rotated(CipherName.AES).save(path)

    assert runtime.keyring == Keyring.load(path)
    assert runtime.keyring.active.id == "k2"


def test_a_work_has_the_keyring_of_its_runtime(shared_runtime: Runtime) -> None:
    with shared_runtime.work(ACTOR) as work:
        assert work.keyring is shared_runtime.keyring


def test_a_new_data_folder_is_a_demos_unless_said_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WANGGE_KEYS_FILE")
    named = Settings(database_url="postgresql://x/y", home=tmp_path)
    unnamed = Settings(database_url=None, home=tmp_path)
    started = unnamed.with_urls(app="postgresql://a/b", owner="postgresql://c/d")

    assert (named.is_demo, unnamed.is_demo, started.is_demo) == (False, True, True)
    assert not Settings(database_url=None, home=tmp_path, demo=False).is_demo


def test_a_folder_with_a_keyring_is_an_offices_unless_it_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WANGGE_KEYS_FILE")
    settings = Settings(database_url=None, home=tmp_path)
    Keyring.new().create(settings.keys_path)
    office = settings.is_demo
    settings.demo_mark.touch()

    assert (office, settings.is_demo) == (False, True)
