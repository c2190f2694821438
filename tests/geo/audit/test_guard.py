"""No record, no data: what left no note is refused, and what the audit does not take as well."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from geo.access.actors import Actor, ActorKind, PermissionMissing, Reason
from geo.access.scope import Scope
from geo.audit import service
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.audit.service import AuditUnavailable
from geo.db.session import open_log
from geo.people.model import Household
from geo.people.store import HouseholdUnknown
from geo.runtime import Runtime
from geo.work import AuditMissing, ReadingWrote, Work
from tests.geo.audit.trail import ACTOR, BROKEN, as_owner, rows

pytestmark = pytest.mark.db

PERSON = Actor("zhao", Scope.everything(), ActorKind.PERSON, account_id=7, request_id="r1")
READ = Note(Action.PEOPLE_READ, subject_kind="household", subjects=(1,))


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    return small_town


def read_people(work: Work) -> None:
    work.session.execute(select(Household.id)).all()


def read_log(work: Work) -> None:
    open_log(work.session)
    work.session.execute(text("SELECT count(*) FROM audit_record"))


def write(work: Work) -> None:
    work.session.execute(text("UPDATE estate SET name = name"))


def records(town: Runtime, actor: str = "zhao") -> list[tuple[str, str, list[int]]]:
    found = rows(town, "SELECT * FROM audit_record WHERE actor = :actor ORDER BY id", actor=actor)
    return [(row["action"], row["outcome"], row["subjects"]) for row in found]


@pytest.mark.parametrize("forgetful", [read_people, read_log, write])
def test_what_left_no_note_is_refused(town: Runtime, forgetful: Callable[[Work], None]) -> None:
    with pytest.raises(AuditMissing), town.work(PERSON) as work:
        forgetful(work)

    assert records(town) == []


@pytest.mark.parametrize("careful", [read_people, read_log, write])
def test_what_left_a_note_is_recorded(town: Runtime, careful: Callable[[Work], None]) -> None:
    with town.work(PERSON) as work:
        careful(work)
        work.note(READ)

    assert records(town) == [("people.read", "done", [1])]


def test_what_touches_nobody_leaves_nothing(town: Runtime) -> None:
    with town.work(PERSON) as work:
        work.session.execute(text("SELECT count(*) FROM cell_version"))

    assert records(town) == []


def test_the_system_is_recorded_without_a_word_of_its_own(town: Runtime) -> None:
    task = Actor.system("sweep")
    for use in (read_people, write, read_log):
        with town.work(task) as work:
            use(work)

    assert records(town, "system:sweep") == [("system.work", "done", [])] * 2


def test_a_reading_work_may_write_nothing_but_the_audit(town: Runtime) -> None:
    with pytest.raises(ReadingWrote), town.work(PERSON, reading=True) as work:
        write(work)
        work.note(READ)
    with town.work(PERSON, reading=True) as work:
        read_people(work)
        work.note(READ)

    assert records(town) == [("people.read", "done", [1])]


def test_duty_facts_need_no_record_and_hide_no_write(town: Runtime) -> None:
    with town.work(PERSON) as work, work.elevated(Reason.DUTY_LOOKUP):
        read_people(work)
    assert records(town) == []

    with pytest.raises(AuditMissing), town.work(PERSON) as work:
        with work.elevated(Reason.DUTY_LOOKUP):
            write(work)
        work.session.execute(text("SELECT 1"))


def test_what_was_read_before_a_duty_lookup_is_not_forgotten(town: Runtime) -> None:
    with pytest.raises(AuditMissing), town.work(PERSON) as work:
        read_people(work)
        with work.elevated(Reason.DUTY_LOOKUP):
            work.session.execute(text("SELECT 1"))


def test_looking_beyond_is_recorded_with_its_reason(town: Runtime) -> None:
    with town.work(PERSON) as work, work.elevated(Reason.HEALTH_CHECK):
        read_people(work)

    (record,) = rows(town, "SELECT * FROM audit_record WHERE actor = 'zhao'")
    assert (record["action"], record["reason"]) == ("system.elevated", "health_check")


def test_a_record_says_who_when_and_by_which_request(town: Runtime) -> None:
    with town.work(PERSON) as work:
        work.note(READ)
        moment = work.now

    (record,) = rows(town, "SELECT * FROM audit_record WHERE actor = 'zhao'")
    assert (record["account_id"], record["request_id"], record["at"]) == (7, "r1", moment)


def test_a_dry_run_leaves_no_record(town: Runtime) -> None:
    with town.work(PERSON, dry_run=True) as work:
        write(work)
        work.note(READ)

    assert records(town) == []


def test_a_refused_id_is_recorded_after_the_rollback(town: Runtime) -> None:
    with pytest.raises(HouseholdUnknown), town.work(PERSON) as work:
        write(work)
        work.note(READ)
        raise HouseholdUnknown(value="123")

    assert records(town) == [("lookup", "missed", [123])]


def test_a_missing_permission_is_recorded_outside_a_work(town: Runtime) -> None:
    town.refused(PERSON, PermissionMissing(permission="people.read"))

    (record,) = rows(town, "SELECT * FROM audit_record WHERE actor = 'zhao'")
    assert (record["outcome"], record["reason"]) == ("denied", "people.read")


def test_the_system_is_refused_without_a_record(town: Runtime) -> None:
    town.refused(ACTOR, PermissionMissing(permission="people.read"))

    assert ("request", "denied", []) not in records(town, "system:test")


def test_no_record_no_data(town: Runtime) -> None:
    as_owner(town, *BROKEN)

    with pytest.raises(AuditUnavailable), town.work(PERSON) as work:
        read_people(work)
        work.note(READ)
    with pytest.raises(AuditUnavailable), town.work(PERSON) as work:
        raise HouseholdUnknown(value="123")
    with town.work(PERSON) as work:  # what is nobody's secret goes on
        work.session.execute(text("SELECT count(*) FROM cell_version"))


def test_a_lost_connection_is_no_fault_of_the_audit(town: Runtime) -> None:
    class Gone:
        def execute(self, *_: object) -> None:
            raise OperationalError("insert", {}, ConnectionError())

    with pytest.raises(OperationalError):
        service.write(Gone(), PERSON, [READ])  # type: ignore[arg-type]


def test_a_long_reason_is_cut(town: Runtime) -> None:
    with town.work(PERSON) as work:
        work.note(Note(Action.PEOPLE_REVEAL, reason="x" * 600))

    (record,) = rows(town, "SELECT * FROM audit_record WHERE actor = 'zhao'")
    assert record["reason"] == "x" * 500


def test_a_read_never_waits_for_another_writer(town: Runtime) -> None:
    held, done = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with town.work(ACTOR) as work:
            write(work)
            # Its records stand in the table, its transaction is open.
            service.write(work.session, ACTOR, [READ, READ])
            held.set()
            done.wait(10.0)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    try:
        assert held.wait(5.0)
        spent = []
        for _ in range(20):
            begun = time.monotonic()
            with town.work(PERSON, reading=True) as work:
                read_people(work)
                work.note(READ)
            spent.append(time.monotonic() - begun)
    finally:
        done.set()
        writer.join()

    assert max(spent) < 1.0
    assert len(records(town)) == 20
