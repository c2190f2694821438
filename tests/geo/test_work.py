"""Commit on a clean exit, nothing on an error, handlers before and after, scope within."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from geo.access.actors import Actor, Reason
from geo.access.scope import Scope
from geo.db.session import new_session
from geo.events import Event
from geo.jobs.model import Job
from geo.people.model import DataRequest, Household
from geo.people.service import add_households
from geo.places import service as places
from geo.runtime import Runtime
from geo.work import Handlers, Work, open_work
from tests import world
from tests.world import seer

pytestmark = pytest.mark.db


@dataclass(frozen=True, slots=True)
class Noted(Event):
    text: str


def job(kind: str) -> Job:
    return Job(kind=kind, actor="test", payload={})


def kinds(runtime: Runtime) -> list[str]:
    with runtime.work(Actor.system("test")) as work:
        return list(work.session.scalars(select(Job.kind).order_by(Job.id)))


def test_a_clean_exit_commits(runtime: Runtime) -> None:
    with runtime.work(Actor.system("test")) as work:
        work.session.add(job("kept"))

    assert kinds(runtime) == ["kept"]


def test_an_error_leaves_nothing(runtime: Runtime) -> None:
    with pytest.raises(ZeroDivisionError), runtime.work(Actor.system("test")) as work:
        work.session.add(job("lost"))
        work.session.flush()
        _ = 1 // 0

    assert kinds(runtime) == []


def test_a_dry_run_leaves_nothing(runtime: Runtime) -> None:
    with runtime.work(Actor.system("test"), dry_run=True) as work:
        work.session.add(job("tried"))

    assert kinds(runtime) == []


def test_a_before_commit_handler_shares_the_transaction(runtime: Runtime) -> None:
    def refuse(work: Work, event: Event) -> None:
        raise ZeroDivisionError

    handlers = Handlers(before_commit={Noted: (refuse,)})
    session = new_session(runtime.engine)
    with (
        pytest.raises(ZeroDivisionError),
        open_work(session, Actor.system("test"), runtime.limits, handlers) as work,
    ):
        work.session.add(job("lost"))
        work.record(Noted("x"))

    assert kinds(runtime) == []


def test_a_handler_may_record_further_events(runtime: Runtime) -> None:
    seen: list[str] = []

    def note(work: Work, event: Event) -> None:
        assert isinstance(event, Noted)
        seen.append(event.text)
        if event.text == "first":
            work.record(Noted("second"))

    handlers = Handlers(before_commit={Noted: (note,)})
    with open_work(
        new_session(runtime.engine), Actor.system("test"), runtime.limits, handlers
    ) as work:
        work.record(Noted("first"))

    assert seen == ["first", "second"]


def test_a_failing_after_commit_handler_does_not_undo_the_work(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError

    handlers = Handlers(after_commit={Noted: (fail,)})
    with open_work(
        new_session(runtime.engine), Actor.system("test"), runtime.limits, handlers
    ) as work:
        work.session.add(job("kept"))
        work.record(Noted("x"))

    assert kinds(runtime) == ["kept"]
    assert "Noted" in caplog.text


def test_after_commit_handlers_wait_for_the_commit(runtime: Runtime) -> None:
    seen: list[list[str]] = []
    handlers = Handlers(after_commit={Noted: (lambda event: seen.append(kinds(runtime)),)})
    with open_work(
        new_session(runtime.engine), Actor.system("test"), runtime.limits, handlers
    ) as work:
        work.session.add(job("kept"))
        work.record(Noted("x"))

    assert seen == [["kept"]]


def test_now_is_the_transactions_timestamp(work: Work) -> None:
    assert work.session.scalar(select(func.now())) == work.now
    assert work.now.tzinfo is not None


def test_elevated_sees_everything_and_then_no_longer(runtime: Runtime) -> None:
    world.store(runtime)
    counted = select(func.count()).select_from(Household)
    with runtime.work(Actor.anonymous()) as work:
        before = work.session.scalar(counted)
        with work.elevated(Reason.HEALTH_CHECK):
            within = work.session.scalar(counted)
        after = work.session.scalar(counted)

    assert (before, within, after) == (0, 7, 0)


def test_elevated_narrows_again_when_its_block_fails(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.work(Actor.anonymous()) as work:
        with pytest.raises(ZeroDivisionError), work.elevated(Reason.HEALTH_CHECK):
            _ = 1 // 0
        seen = work.session.scalar(select(func.count()).select_from(Household))

    assert seen == 0


def test_what_was_to_be_written_before_is_written_as_narrowly(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.work(Actor.system("test")) as work:
        household = work.session.scalars(select(Household.id).limit(1)).one()
    request = DataRequest(
        kind="access", household_id=household, due_on=date(2026, 12, 21), recorded_by="x", path="1."
    )
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        runtime.work(Actor.anonymous()) as work,
    ):
        work.session.add(request)
        with work.elevated(Reason.DUTY_LOOKUP):
            pass


def test_a_statement_that_fails_while_elevated_is_the_error_that_is_raised(
    runtime: Runtime,
) -> None:
    with (
        pytest.raises(ProgrammingError, match="nowhere"),
        runtime.work(Actor.anonymous()) as work,
        work.elevated(Reason.HEALTH_CHECK),
    ):
        work.session.execute(text("SELECT * FROM nowhere"))


def test_households_follow_the_scope_of_the_actor(runtime: Runtime) -> None:
    world.store(runtime)
    path = world.paths(runtime)["100A2"]
    clerk = seer(Scope.of_areas([path]))
    with runtime.work(clerk) as work:
        assert work.session.scalar(select(func.count()).select_from(Household)) == 5


def test_a_row_outside_the_scope_cannot_be_written(runtime: Runtime) -> None:
    with runtime.work(Actor.system("test")) as work:
        places.add_buildings(work, world.buildings())
    with pytest.raises(Exception, match="row-level security"), runtime.work(Actor.anonymous()) as w:
        add_households(w, world.households(), zone="Asia/Shanghai")
