"""What each use case of the command line and of jobs leaves in the audit."""

import pytest

from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.checks.service import check
from geo.people.service import end_households
from geo.runtime import Runtime
from geo.workforce.service import end_assignments
from tests import world
from tests.api.cli.conftest import Command, wangge
from tests.geo.audit.trail import rows

pytestmark = pytest.mark.db

TASK = Actor.system("task")

__all__ = ["wangge"]


@pytest.fixture
def town(runtime: Runtime) -> Runtime:
    world.store(runtime)
    return runtime


def left(town: Runtime, actor: str = "system:task") -> list[tuple[str, str, int, str]]:
    found = rows(town, "SELECT * FROM audit_record WHERE actor = :actor ORDER BY id", actor=actor)
    return [(row["action"], row["subject_kind"], row["count"], row["area"]) for row in found]


def path_of(town: Runtime, code: str) -> str:
    (row,) = rows(town, "SELECT path FROM cell_version WHERE code = :code", code=code)
    return str(row["path"])


def test_a_town_that_is_taken_in_leaves_a_record_of_each_part(town: Runtime) -> None:
    actions = [action for action, *_ in left(town, "system:test")]

    assert {
        Action.GRID_PUBLISH.value,
        Action.BUILDINGS_IMPORT.value,
        Action.PEOPLE_IMPORT.value,
        Action.WORKFORCE_IMPORT.value,
    } == set(actions) - {Action.SYSTEM_WORK.value, Action.ELEVATED.value}
    assert Action.SYSTEM_WORK.value not in actions


def test_a_check_counts_households_in_its_cell(town: Runtime) -> None:
    with town.work(TASK) as work:
        check(work, "100A2001", lambda *_: None)

    assert left(town) == [
        ("system.elevated", "", 0, ""),
        ("people.count", "household", 5, path_of(town, "100A2001")),
    ]


def test_who_ends_rows_is_recorded_with_them(town: Runtime) -> None:
    with town.work(TASK) as work:
        end_households(work, [1, 2], zone="Asia/Shanghai")
        end_assignments(work, [1])

    found = rows(town, "SELECT * FROM audit_record WHERE actor = 'system:task' ORDER BY id")
    assert [(row["action"], row["subjects"]) for row in found] == [
        ("people.import", [1, 2]), ("workforce.import", [1]),
    ]  # fmt: skip


def test_a_map_as_a_file_is_a_count_of_its_cell(
    town: Runtime, wangge: Command, tmp_path: object
) -> None:
    done = wangge("map", "occupancy", "--cell", "100A2", "-o", f"{tmp_path}/town.html")

    assert done.status == 0, done.err
    found = rows(town, "SELECT * FROM audit_record WHERE actor = 'system:map'")
    assert [(row["action"], row["reason"]) for row in found] == [
        ("people.count", "map occupancy 100A2")
    ]


def test_locating_a_place_is_public_duty_information(town: Runtime, wangge: Command) -> None:
    done = wangge("locate", "--building", "b1", "--json")

    assert done.status == 0, done.err
    assert left(town, "system:locate") == []
