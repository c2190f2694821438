"""Shares of a day: what the audit says was given out, in every process, and no row more."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from geo.access.actors import Actor, ActorKind
from geo.accounts.shares import DayShareUsed, Entry, Share, Shares, amount_of
from geo.audit.actions import Action, Outcome
from geo.audit.model import AuditRecord
from geo.audit.notes import Note
from geo.db.session import open_log
from geo.runtime import Runtime
from geo.work import Work

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"


class World:
    """An account that is given rows, by as many processes as there are ``Shares``."""

    def __init__(self, runtime: Runtime, account: int) -> None:
        self.runtime = runtime
        self.actor = Actor(f"somebody-{account}", kind=ActorKind.PERSON, account_id=account)
        self.alarms: list[Share] = []

    def process(self, people: int = 10, reveals: int = 3) -> Shares:
        return Shares({Share.PEOPLE: people, Share.REVEALS: reveals}, ZONE, self.alarms.append)

    def gives(self, shares: Shares, rows: int, action: Action = Action.PEOPLE_LIST) -> bool:
        """Give out some rows; return whether they were within the share."""
        try:
            with self.runtime.work(self.actor) as work:
                work.note(
                    Note(action, subject_kind="household", subjects=tuple(range(1, rows + 1)))
                )
                shares.spend(work)
        except DayShareUsed:
            return False
        return True

    def recorded(self, action: Action, outcome: Outcome = Outcome.DONE) -> int:
        with self.runtime.work(Actor.system("test")) as work:
            open_log(work.session)
            return int(
                work.session.scalar(
                    select(func.coalesce(func.sum(func.greatest(AuditRecord.count, 1)), 0)).where(
                        AuditRecord.account_id == self.actor.account_id,
                        AuditRecord.action == action.value,
                        AuditRecord.outcome == outcome.value,
                    )
                )
                or 0
            )


class LooksSlowly(Shares):
    """Lets something happen between the audit's answer and its use, once."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def _told(self, work: Work, account: int, share: Share, day: date) -> int:
        told = super()._told(work, account, share, day)
        then, self.meanwhile = self.meanwhile, lambda: None
        then()
        return told


@pytest.fixture
def somebody(runtime: Runtime) -> Iterator[World]:
    yield World(runtime, 7)


def test_a_crawl_is_stopped_at_the_share_with_one_alarm(
    somebody: World, caplog: pytest.LogCaptureFixture
) -> None:
    shares = somebody.process(people=100)
    pages = [somebody.gives(shares, 7) for _ in range(30)]

    assert pages == [True] * 14 + [False] * 16  # 14 × 7 = 98
    assert somebody.recorded(Action.PEOPLE_LIST) == 98
    assert somebody.recorded(Action.PEOPLE_SHARE, Outcome.DENIED) == 16
    assert somebody.alarms == [Share.PEOPLE]
    assert [r.getMessage() for r in caplog.records] == ["day share used up"]


def test_what_is_left_can_still_be_given(somebody: World) -> None:
    shares = somebody.process(people=10)

    assert [somebody.gives(shares, rows) for rows in (8, 3, 2, 1)] == [True, False, True, False]


def test_another_process_and_a_restart_count_on(somebody: World) -> None:
    first = somebody.process(people=10)
    somebody.gives(first, 9)

    assert not somebody.gives(somebody.process(people=10), 2)


def test_processes_at_the_same_time_exceed_it_by_a_twentieth_each(somebody: World) -> None:
    processes = [somebody.process(people=200) for _ in range(3)]
    for number in range(600):
        somebody.gives(processes[number % 3], 1)

    assert 200 <= somebody.recorded(Action.PEOPLE_LIST) <= 200 + 3 * 10


def test_everybody_has_a_share_of_their_own(somebody: World, runtime: Runtime) -> None:
    shares = somebody.process(people=10)
    somebody.gives(shares, 10)

    assert World(runtime, 8).gives(shares, 10)


def test_reveals_count_each_as_one_and_as_rows_too(somebody: World) -> None:
    shares = somebody.process(people=5, reveals=3)
    reveals = [somebody.gives(shares, 1, Action.PEOPLE_REVEAL) for _ in range(4)]

    assert reveals == [True, True, True, False]
    assert [somebody.gives(shares, rows) for rows in (3, 2)] == [False, True]
    assert somebody.alarms == [Share.REVEALS, Share.PEOPLE]


def test_what_was_rolled_back_was_not_given(somebody: World, runtime: Runtime) -> None:
    with pytest.raises(DayShareUsed), runtime.work(somebody.actor) as work:
        work.note(Note(Action.PEOPLE_LIST, subjects=tuple(range(11))))
        somebody.process(people=10).spend(work)

    assert somebody.recorded(Action.PEOPLE_LIST) == 0


def test_yesterday_does_not_count(somebody: World, runtime: Runtime) -> None:
    somebody.gives(somebody.process(people=10), 10)
    tomorrow = somebody.process(people=10)
    with runtime.work(somebody.actor) as work:
        work.now += timedelta(days=1)
        work.note(Note(Action.PEOPLE_LIST, subjects=tuple(range(10))))
        tomorrow.spend(work)


def test_the_wait_is_until_the_local_midnight(somebody: World, runtime: Runtime) -> None:
    with pytest.raises(DayShareUsed) as refused, runtime.work(somebody.actor) as work:
        work.now = datetime.fromisoformat("2026-11-21T15:59:00+00:00")  # 23:59 in Shanghai
        work.note(Note(Action.PEOPLE_LIST, subjects=tuple(range(11))))
        somebody.process(people=10).spend(work)

    assert (refused.value.wait_s, refused.value.limit) == (60, 10)


@pytest.mark.parametrize("actor", [Actor.system("export"), Actor.anonymous()])
def test_jobs_and_anonymous_readers_have_no_share(runtime: Runtime, actor: Actor) -> None:
    shares = Shares({Share.PEOPLE: 1, Share.REVEALS: 1}, ZONE, print)
    with runtime.work(actor) as work:
        work.note(Note(Action.PEOPLE_LIST, subjects=tuple(range(100))))
        shares.spend(work)


def test_counts_of_maps_are_not_people() -> None:
    notes = [Note(Action.PEOPLE_COUNT, count=5000), Note(Action.WORKFORCE_LIST, count=9)]

    assert amount_of(Share.PEOPLE, notes) == amount_of(Share.REVEALS, notes) == 0
    assert amount_of(Share.PEOPLE, [Note(Action.PEOPLE_READ, subjects=(1,), count=4)]) == 4


@pytest.mark.parametrize(
    ("seconds", "since", "holds"), [(59, 5, True), (60, 0, False), (1, 6, False)]
)
def test_what_was_looked_up_holds_for_a_while(seconds: int, since: int, holds: bool) -> None:
    looked = datetime.fromisoformat("2026-11-21T08:00:00+08:00")
    entry = Entry(date(2026, 11, 21), looked, told=3, since=since)

    assert entry.holds(looked + timedelta(seconds=seconds), 100) is holds


def test_before_the_first_look_nothing_is_decided() -> None:
    now = datetime.fromisoformat("2026-11-21T08:00:00+08:00")

    assert not Entry(date(2026, 11, 21)).holds(now, 100)


def test_works_at_the_same_time_are_given_the_share_and_not_a_row_more(somebody: World) -> None:
    """Four works read at once, and none commits before all have asked for their rows."""
    shares, gate = somebody.process(people=10), threading.Barrier(4, timeout=20)

    def give() -> bool:
        try:
            with somebody.runtime.work(somebody.actor) as work:
                work.note(Note(Action.PEOPLE_LIST, subjects=(1, 2, 3, 4)))
                gate.wait()
                try:
                    shares.spend(work)
                finally:
                    gate.wait()
        except DayShareUsed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        given = [job.result() for job in [pool.submit(give) for _ in range(4)]]

    assert sorted(given) == [False, False, True, True]
    assert somebody.recorded(Action.PEOPLE_LIST) == 8


def test_what_is_committed_while_the_audit_is_asked_counts(somebody: World) -> None:
    """The audit is asked a minute later, and answers just before another work commits."""
    shares = LooksSlowly({Share.PEOPLE: 10, Share.REVEALS: 3}, ZONE, somebody.alarms.append)
    with ExitStack() as other:
        work = other.enter_context(somebody.runtime.work(somebody.actor))
        work.note(Note(Action.PEOPLE_LIST, subjects=(1, 2, 3, 4)))
        shares.spend(work)
        shares.meanwhile = other.close

        with pytest.raises(DayShareUsed), somebody.runtime.work(somebody.actor) as later:
            later.now += timedelta(seconds=61)
            later.note(Note(Action.PEOPLE_LIST, subjects=(1, 2, 3, 4, 5, 6, 7)))
            shares.spend(later)

    assert somebody.recorded(Action.PEOPLE_LIST) == 4


def test_what_is_rolled_back_can_be_given_again(somebody: World) -> None:
    shares = somebody.process(people=10)
    with pytest.raises(ZeroDivisionError), somebody.runtime.work(somebody.actor) as work:
        work.note(Note(Action.PEOPLE_LIST, subjects=tuple(range(10))))
        shares.spend(work)
        raise ZeroDivisionError

    assert somebody.gives(shares, 10)
