"""Counts of changes: they rise with every commit, tell who listens, and nobody waits for them."""

import select

import pytest
import sqlalchemy as sa
from sqlalchemy import func, text
from sqlalchemy.exc import ProgrammingError

from geo.access.actors import Actor
from geo.db.changes import CHANNEL, GRID, ROSTER, ChangeCount
from geo.db.session import make_engine
from geo.grid.service import publish_cells
from geo.runtime import Runtime
from geo.workforce import service as workforce
from tests import world
from tests.geo.grid.test_service import divided

pytestmark = pytest.mark.db


def counts(runtime: Runtime) -> tuple[int, int]:
    with runtime.work(Actor.system("test"), reading=True) as work:
        query = sa.select(ChangeCount.kind, func.sum(ChangeCount.number)).group_by(ChangeCount.kind)
        found = {kind: int(number) for kind, number in work.session.execute(query)}
    return found.get(GRID, 0), found.get(ROSTER, 0)


def test_a_publication_and_a_change_of_the_roster_are_counted_when_committed(
    runtime: Runtime,
) -> None:
    empty = counts(runtime)
    world.store(runtime)
    stored = counts(runtime)
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, divided(), note="second")
    published = counts(runtime)
    with runtime.work(Actor.system("test"), dry_run=True) as work:
        workforce.end_assignments(work, [1])
    undone = counts(runtime)
    with runtime.work(Actor.system("test")) as work:
        workforce.end_assignments(work, [1])
    ended = counts(runtime)

    assert empty[0] == 0 < stored[0]
    assert empty[1] < stored[1]
    assert published[0] > stored[0]
    assert undone == published
    assert (ended[0], ended[1] > undone[1]) == (undone[0], True)


def test_a_change_by_plain_sql_is_counted_and_told(runtime: Runtime) -> None:
    world.store(runtime)
    before = counts(runtime)
    engine = make_engine(runtime.settings.database_url or "", pool_size=1)
    listening = engine.raw_connection().driver_connection
    assert listening is not None
    listening.autocommit = True
    listening.cursor().execute(f"LISTEN {CHANNEL}")
    with runtime.work(Actor.system("test")) as work:
        work.session.execute(text("UPDATE worker SET name = name WHERE code = 'w1'"))

    select.select([listening], [], [], 5.0)
    listening.poll()

    assert [notify.payload for notify in listening.notifies] == [ROSTER]
    assert counts(runtime)[1] == before[1] + 1
    engine.dispose()


def test_two_who_change_the_roster_at_once_do_not_wait_for_each_other(runtime: Runtime) -> None:
    world.store(runtime)
    before, (first, second) = counts(runtime), ("w1", "w2")
    change = text("UPDATE worker SET name = name WHERE code = :code")
    with runtime.work(Actor.system("test")) as one:
        one.session.execute(change, {"code": first})
        with runtime.work(Actor.system("test")) as other:
            other.session.execute(change, {"code": second})  # one shard would wait and be refused

    assert counts(runtime)[1] == before[1] + 2


def test_the_application_cannot_write_the_counts(runtime: Runtime) -> None:
    world.store(runtime)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        runtime.work(Actor.system("test")) as work,
    ):
        work.session.execute(text("UPDATE change_count SET number = 0"))
