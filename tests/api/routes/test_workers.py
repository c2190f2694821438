"""Posts, workers and assignments over the small town."""

import pandas as pd
import pytest

from geo import clock
from geo.access.actors import Actor
from geo.runtime import Runtime
from geo.workforce import service
from tests.api.client import Client
from tests.api.moving import Moved

pytestmark = pytest.mark.db

WORKERS, ASSIGNMENTS = "/api/v1/workers", "/api/v1/assignments"


@pytest.fixture
def runtime(small_town: Runtime) -> Runtime:
    return small_town


@pytest.fixture
def client(runtime: Runtime, moved: Moved) -> Client:
    """A town of its own, for tests that change it."""
    return Client.of(moved.on(runtime))


def pairs(client: Client, query: str = "") -> set[tuple[str, str, str]]:
    return {
        (row["worker"]["code"], row["target"]["kind"], row["target"]["code"])
        for row in client.items(f"{ASSIGNMENTS}?{query}")
    }


@pytest.mark.parametrize("limit", range(1, 5))
def test_every_walk_gives_each_worker_and_assignment_once(staff: Client, limit: int) -> None:
    workers = [row["code"] for row in staff.items(f"{WORKERS}?limit={limit}")]
    assigned = [row["id"] for row in staff.items(f"{ASSIGNMENTS}?limit={limit}")]

    assert sorted(workers) == ["w1", "w2", "w3"]
    assert len(assigned) == len(set(assigned)) == 3


def test_workers_of_a_cell_are_those_employed_in_it_and_below(staff: Client) -> None:
    found = {row["code"] for row in staff.items(f"{WORKERS}?cell=100A2001")}

    assert found == {"w1", "w2"}
    assert len(staff.items(f"{WORKERS}?cell=100A")) == 3
    assert staff.items(f"{WORKERS}?cell=100B") == []


def test_a_worker_is_shown_with_cell_and_duty_phone(staff: Client) -> None:
    found = staff.json(f"{WORKERS}/w3")

    assert (found["name"], found["cell_code"]) == ("陶一禾", "100A2")
    assert found["duty_phone"] == "0561-555-0103"


def test_duty_phones_stay_inside_where_the_setting_says_so(
    client: Client, runtime: Runtime
) -> None:
    runtime.settings = runtime.settings.model_copy(update={"show_duty_phone": False})

    assert client.json(f"{WORKERS}/w3")["duty_phone"] is None
    assert {row["duty_phone"] for row in client.items(WORKERS)} == {None}


def test_an_unknown_worker_is_not_found(staff: Client) -> None:
    for path in (f"{WORKERS}/nobody", f"{ASSIGNMENTS}?worker=nobody"):
        response = staff.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "worker_unknown")


def test_former_workers_are_listed_when_asked_for(client: Client, runtime: Runtime) -> None:
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('wangge.scope', '*', true)")
        connection.exec_driver_sql(
            "UPDATE worker SET employed_from = DATE '2001-01-01', employed_to = DATE '2001-02-01'"
            " WHERE code = 'w2'"
        )

    assert {row["code"] for row in client.items(WORKERS)} == {"w1", "w3"}
    assert len(client.items(f"{WORKERS}?former=true")) == 3


def test_assignments_name_worker_post_and_target(staff: Client) -> None:
    assert pairs(staff) == {
        ("w1", "cell", "100A2001"),
        ("w2", "building", "b1"),
        ("w3", "cell", "100A2"),
    }


@pytest.mark.parametrize(
    ("query", "workers"),
    [
        ("worker=w1", {"w1"}),
        ("cell=100A2001", {"w1", "w2"}),
        ("cell=100A2", {"w1", "w2", "w3"}),
        ("cell=100B", set()),
        ("building=b1", {"w2"}),
        ("building=b2", set()),
        ("post=grid_worker", {"w1"}),
        ("post=grid_worker&worker=w2", set()),
    ],
)
def test_filters_narrow_the_assignments(staff: Client, query: str, workers: set[str]) -> None:
    assert {worker for worker, _, _ in pairs(staff, query)} == workers


def test_an_unknown_post_is_told_those_there_are(staff: Client) -> None:
    response = staff.get(f"{ASSIGNMENTS}?post=king")

    assert (response.status_code, response.json()["code"]) == (400, "post_unknown")
    assert "grid_worker" in response.json()["detail"]


def test_every_kind_of_target_has_its_name(client: Client, runtime: Runtime) -> None:
    rows = pd.DataFrame(
        [("w1", "stairwell", "b1", 2), ("w1", "estate", "e1", None)],
        columns=["worker_code", "target_kind", "target_code", "stairwell"],
    ).assign(post="building_head", is_primary=False)
    with runtime.work(Actor.system("test")) as work:
        service.assign(work, rows)
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('wangge.scope', '*', true)")
        connection.exec_driver_sql(
            "INSERT INTO assignment (worker_id, post, unit_id, valid_from, path) SELECT worker.id,"
            " 'grid_worker', dwelling_unit.id, now(), worker.path FROM worker, dwelling_unit"
            " JOIN building ON building.id = building_id"
            " WHERE worker.code = 'w1' AND building.code = 'b2'"
        )
        connection.exec_driver_sql(
            "INSERT INTO assignment (worker_id, post, household_id, valid_from, path) SELECT"
            " worker.id, 'grid_worker', household.id, now(), household.path FROM worker, household"
            " WHERE worker.code = 'w1' AND household.head_name_masked = '乙**'"
        )

    targets = [row["target"] for row in client.items(f"{ASSIGNMENTS}?worker=w1")]
    by_kind = {target["kind"]: target for target in targets}
    assert set(by_kind) == {"cell", "stairwell", "estate", "unit", "household"}
    assert (by_kind["stairwell"]["code"], by_kind["stairwell"]["stairwell"]) == ("b1", 2)
    assert by_kind["estate"]["code"] == "e1"
    assert (by_kind["unit"]["code"], by_kind["unit"]["unit_number"]) == ("b2", "201")
    assert by_kind["household"]["household_id"].isdecimal()


def test_an_earlier_moment_shows_who_answered_then(client: Client, runtime: Runtime) -> None:
    before = clock.now().isoformat()
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('wangge.scope', '*', true)")
        connection.exec_driver_sql(
            "UPDATE assignment SET valid_to = now() FROM worker"
            " WHERE worker.id = worker_id AND code = 'w1'"
        )

    assert {worker for worker, _, _ in pairs(client)} == {"w2", "w3"}
    assert {worker for worker, _, _ in pairs(client, f"as_of={before}")} == {"w1", "w2", "w3"}
    assert pairs(client, "as_of=2001-01-01") == set()


def test_the_posts_come_in_the_order_of_a_team(anyone: Client) -> None:
    found = anyone.items("/api/v1/posts")

    assert [post["code"] for post in found][:2] == ["grid_worker", "grid_leader"]
    assert found[0]["name_zh"] == "网格员"
