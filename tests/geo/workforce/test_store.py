"""Workers and assignments within a scope."""

from datetime import datetime

import pytest

from geo.access.actors import Actor
from geo.access.scope import Scope
from geo.db.paging import Page
from geo.runtime import Runtime
from geo.work import Work
from geo.workforce.store import (
    AssignmentFilter,
    AssignmentRow,
    WorkerFilter,
    WorkerUnknown,
    assignments,
    worker_by_code,
    workers,
)
from tests import world
from tests.world import seer

pytestmark = pytest.mark.db


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    return small_town


def area(runtime: Runtime, *codes: str) -> Scope:
    paths = world.paths(runtime)
    return Scope.of_areas(paths[code] for code in codes)


def assigned(work: Work, moment: datetime | None = None) -> list[AssignmentRow]:
    wanted = AssignmentFilter(moment or work.now)
    return assignments(work.session, work.scope, 1, wanted, Page(9)).rows


def test_workers_are_those_of_the_scope(town: Runtime) -> None:
    with town.work(seer(area(town, "100A2001", "100B"))) as work:
        found = workers(work.session, work.scope, 1, WorkerFilter(), Page(9)).rows

    assert [row.code for row in found] == ["w1", "w2"]


def test_a_worker_beyond_the_scope_is_unknown(town: Runtime) -> None:
    with town.work(seer(area(town, "100A2001"))) as work:
        assert worker_by_code(work.session, work.scope, "w1", 1).name == "沈知夏"
        with pytest.raises(WorkerUnknown):
            worker_by_code(work.session, work.scope, "w3", 1)


def test_assignments_are_those_whose_target_is_in_the_scope(town: Runtime) -> None:
    with town.work(seer(area(town, "100A2001"))) as work:
        assert [row.worker_code for row in assigned(work)] == ["w1", "w2"]
    with town.work(seer(area(town, "100B"))) as work:
        assert assigned(work) == []


def test_a_worker_employed_elsewhere_stays_unnamed(town: Runtime) -> None:
    with town.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('wangge.scope', '*', true)")
        connection.exec_driver_sql(
            "UPDATE worker SET path = elsewhere.path FROM cell_version AS elsewhere"
            " WHERE worker.code = 'w1' AND elsewhere.code = '100B1'"
        )
    with town.work(seer(area(town, "100A2001"))) as work:
        found = {row.post: row.worker_code for row in assigned(work)}

    assert found == {"grid_worker": None, "building_head": "w2"}


def test_nothing_is_seen_without_a_scope(town: Runtime) -> None:
    with town.work(Actor.anonymous()) as work:
        assert assigned(work) == []
        assert workers(work.session, work.scope, 1, WorkerFilter(), Page(9)).rows == []


def test_before_it_began_an_assignment_does_not_hold(town: Runtime) -> None:
    with town.work(Actor.system("test")) as work:
        began = assigned(work)[0].valid_from

        assert len(assigned(work, began)) == 3
        assert assigned(work, began.replace(year=2001)) == []
