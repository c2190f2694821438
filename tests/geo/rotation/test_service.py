"""Keys are rotated while others work; killed, the next run goes on; nothing is read as garbage."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.audit.model import AuditRecord
from geo.audit.notes import Note
from geo.crypto.aead import CipherName
from geo.crypto.cipher import Place, Unreadable, seal
from geo.crypto.fields import DUTY_PHONE, HEAD_NAME, HEAD_PHONE, blind, unprotect
from geo.crypto.keyring import Keyring
from geo.crypto.register import check_keys
from geo.db.session import open_log
from geo.handlers import JOBS
from geo.jobs.service import RunningJob, running
from geo.people.model import Household
from geo.people.service import add_households
from geo.rotation import service as rotation
from geo.rotation.service import begin, left, run_renewal, run_rotation, uses
from geo.runtime import Runtime
from geo.work import Work
from geo.workforce.model import Worker
from tests import world
from tests.databases import Databases

pytestmark = pytest.mark.db

ACTOR = Actor.system("test")


class Killed(Exception):
    """What ends a run in its middle."""


@pytest.fixture
def town(
    databases: Databases, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runtime]:
    """The town under a keyring of its own, two rows a batch."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    monkeypatch.setattr(rotation, "_WAIT_S", 0.02)
    name = databases.create(template=template)
    path = tmp_path / "keys.json"
    Keyring.new().save(path)
    made = Runtime(databases.settings(name).model_copy(update={"keys_file": path}))
    world.store(made)
    with made.work(ACTOR) as work:
        check_keys(work.session, work.keyring)
    yield made
    made.close()
    databases.drop(name)


def rotate(runtime: Runtime, cipher: CipherName = CipherName.AES, **options: Any) -> dict[str, Any]:
    with runtime.work(ACTOR) as work:
        begin(work, runtime.settings.keys_path, cipher)
    return go_on(runtime, **options)


def go_on(runtime: Runtime, **options: Any) -> dict[str, Any]:
    with running(runtime, kind=rotation.ROTATION, actor=ACTOR) as job:
        return run_rotation(runtime, job, **options)


def people(runtime: Runtime) -> tuple[dict[int, str], dict[int, str]]:
    """Return heads and duty phones in clear, by row."""
    with runtime.work(ACTOR) as work:
        heads = {
            row.id: unprotect(work, HEAD_NAME, row.id, row.head_name_cipher)
            for row in work.session.scalars(select(Household))
        }
        phones = {
            row.id: unprotect(work, DUTY_PHONE, row.id, row.duty_phone_cipher)
            for row in work.session.scalars(select(Worker))
        }
    return heads, phones


def used(runtime: Runtime) -> dict[str, int]:
    with runtime.work(ACTOR) as work:
        return {use.id: use.values for use in uses(work)}


def forms(runtime: Runtime) -> list[tuple[Any, ...]]:
    query = text("SELECT id, head_name_masked, head_name_blind FROM household ORDER BY id")
    with runtime.work(ACTOR) as work:
        return [(row[0], row[1], row[2] and bytes(row[2])) for row in work.session.execute(query)]


@pytest.mark.parametrize("cipher", list(CipherName))
def test_every_value_takes_the_new_key_and_stays_what_it_was(
    town: Runtime, cipher: CipherName
) -> None:
    before, shown = people(town), forms(town)
    assert used(town) == {"k1": 8}  # five heads and three duty phones

    result = rotate(town, cipher)

    assert result == {"rows": 8, "unreadable": 0, "places": []}
    assert used(town) == {"k1": 0, "k2": 8}
    assert (people(town), forms(town)) == (before, shown)
    assert town.keyring.active.cipher is cipher


def test_old_keys_stay_and_new_values_take_the_new_one(town: Runtime) -> None:
    rotate(town)
    rotate(town)
    households = world.households().iloc[:1].assign(head_name="新来")
    with town.work(ACTOR) as work:
        add_households(work, households, zone="Asia/Shanghai")

    assert set(town.keyring.keys) == {1, 2, 3}
    assert used(town) == {"k1": 0, "k2": 0, "k3": 8}


@pytest.mark.parametrize("batches", [1, 2, 3, 4])
def test_a_run_that_was_killed_goes_on_where_it_was(town: Runtime, batches: int) -> None:
    before = people(town)
    told: list[int] = []

    def kill(step: str, done: int, total: int) -> None:
        told.append(done)
        if len(told) == batches:
            raise Killed

    with pytest.raises(Killed):
        rotate(town, shown=kill)
    values = used(town)
    assert values["k1"] + values["k2"] == 8
    assert 0 < values["k2"] <= 2 * batches
    assert people(town) == before

    with town.work(ACTOR) as work:
        begun = begin(work, town.settings.keys_path, CipherName.AES)
    assert (begun.fresh, begun.active) == (values["k1"] == 0, "k3" if values["k1"] == 0 else "k2")
    assert go_on(town)["rows"] == (values["k1"] or 8)
    assert (people(town), used(town)[begun.active]) == (before, 8)


def test_a_new_key_may_be_taken_although_values_wait(town: Runtime) -> None:
    with town.work(ACTOR) as work:
        begin(work, town.settings.keys_path, CipherName.AES)
        begun = begin(work, town.settings.keys_path, CipherName.AES, anyway=True)

    assert (begun.fresh, begun.active) == (True, "k3")
    go_on(town)
    assert used(town) == {"k1": 0, "k2": 0, "k3": 8}


def test_a_key_that_was_added_beforehand_becomes_the_active_one(town: Runtime) -> None:
    path = town.settings.keys_path
    added = Keyring.load(path).added(CipherName.SM4)
    added.save(path)
    rotate(town)

    assert town.keyring.active == added.keys[2]
    assert len(town.keyring.keys) == 2


def test_a_row_that_somebody_holds_is_waited_for(town: Runtime) -> None:
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with town.work(ACTOR) as work:
            work.session.execute(text("UPDATE household SET persons = 9 WHERE id = 1"))
            held.set()
            free.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    seen: list[int] = []

    def release(step: str, done: int, total: int) -> None:
        seen.append(done)
        if done >= 7:
            free.set()

    result = rotate(town, shown=release)
    holder.join()

    assert result["rows"] == 8
    assert used(town) == {"k1": 0, "k2": 8}
    with town.work(ACTOR) as work:
        assert work.session.scalar(text("SELECT persons FROM household WHERE id = 1")) == 9


def test_what_others_write_meanwhile_is_neither_lost_nor_left_behind(town: Runtime) -> None:
    stop = threading.Event()
    names: list[str] = []

    def write() -> None:
        while not stop.is_set():
            name = f"甲{len(names)}"
            rows = world.households().iloc[:1].assign(head_name=name)
            with town.work(ACTOR, long=True) as work:
                add_households(work, rows, zone="Asia/Shanghai")
            names.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        rotate(town)
    stop.set()
    writer.join()
    go_on(town)

    assert names
    assert people(town)[0][1] == names[-1]
    assert used(town) == {"k1": 0, "k2": 0, "k3": 0, "k4": 8}


def test_two_values_that_were_exchanged_are_refused_named_and_left(town: Runtime) -> None:
    with town.work(ACTOR) as work:
        work.session.execute(
            text(
                "UPDATE household AS one SET head_name_cipher = other.head_name_cipher"
                " FROM household AS other WHERE (one.id, other.id) IN ((1, 2), (2, 1))"
            )
        )
        stored = text("SELECT id, head_name_cipher FROM household WHERE id IN (1, 2) ORDER BY id")
        exchanged = [(row.id, bytes(row[1])) for row in work.session.execute(stored)]
    with pytest.raises(Unreadable):
        people(town)

    result = rotate(town)

    assert result["unreadable"] == 2
    assert result["places"] == ["household.head_name:1", "household.head_name:2"]
    assert used(town) == {"k1": 2, "k2": 6}
    with town.work(ACTOR) as work:
        assert [(row.id, bytes(row[1])) for row in work.session.execute(stored)] == exchanged


def test_every_step_is_recorded_without_anybodys_name(town: Runtime) -> None:
    rotate(town)

    with town.work(ACTOR) as work:
        open_log(work.session)
        query = select(AuditRecord).where(AuditRecord.action == "keys.rotate")
        records = work.session.scalars(query.order_by(AuditRecord.id)).all()
        work.note(Note(Action.AUDIT_SEARCH))
    first, *batches = [record for record in records if record.before or record.subject_kind]
    assert (first.before, first.after) == ({"active": "k1"}, {"active": "k2"})
    counted: dict[str, int] = {}
    for record in batches:
        counted[record.subject_kind] = counted.get(record.subject_kind, 0) + record.count
    assert counted == {"household": 5, "worker": 3}
    assert "甲一" not in str([(r.before, r.after, r.reason) for r in records])


def test_what_is_encrypted_alone_is_rotated_too(town: Runtime) -> None:
    place = Place("data_request", "wish", 1)
    with town.work(ACTOR) as work:
        work.session.execute(
            text(
                "INSERT INTO data_request (id, kind, household_id, due_on, recorded_by,"
                " wish_cipher, path) VALUES (1, 'access', 1, '2026-12-01', 'x', :wish, '')"
            ),
            {"wish": seal(work.keyring, place, "名字写错了")},
        )

    assert rotate(town)["rows"] == 9
    assert used(town)["k2"] == 9


def test_masks_and_indexes_are_made_anew_by_the_rules_of_today(town: Runtime) -> None:
    before, shown = people(town), forms(town)
    with town.work(ACTOR) as work:
        spoilt = "UPDATE household SET head_name_masked = '?', head_name_blind = NULL"
        work.session.execute(text(f"{spoilt} WHERE head_name_cipher IS NOT NULL"))
    told: list[tuple[str, int, int]] = []

    with running(town, kind=rotation.RENEWAL, actor=ACTOR) as job:
        result = run_renewal(town, job, lambda *step: told.append(step))

    assert result == {"rows": 8, "unreadable": 0, "places": []}
    assert told[-1] == ("renew", 8, 8)
    assert (people(town), forms(town)) == (before, shown)


def test_a_server_takes_a_rotation_over_as_a_job(town: Runtime) -> None:
    assert (JOBS[rotation.ROTATION], JOBS[rotation.RENEWAL]) == (run_rotation, run_renewal)
    assert run_rotation(town, FakeJob()) == {"rows": 0, "unreadable": 0, "places": []}


class FakeJob(RunningJob):
    """A job without a row."""

    def __init__(self) -> None:
        pass

    def progress(self, step: str, done: int, total: int) -> None:
        raise AssertionError("there is nothing to do")


def test_a_search_finds_the_same_people_after_a_rotation(town: Runtime) -> None:
    rows = world.households().iloc[:1].assign(head_phone="13812345678")
    with town.work(ACTOR) as work:
        add_households(work, rows, zone="Asia/Shanghai")
    rotate(town, CipherName.SM4)

    def found(work: Work, phone: str) -> list[int]:
        wanted = Household.head_phone_blind == blind(work.keyring, HEAD_PHONE, phone)
        return list(work.session.scalars(select(Household.id).where(wanted)))

    with town.work(ACTOR) as work:
        assert found(work, "138 1234 5678") == [1]
        assert found(work, "13812345679") == []
        assert left(work, work.keyring) == 0
