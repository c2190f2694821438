"""One record for each answer that holds people, under load, and no answer without its record."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from geo.access.roles import Role
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client
from tests.databases import Databases
from tests.geo.audit.trail import BROKEN, as_owner, rows

pytestmark = pytest.mark.db

PEOPLE = [
    "/api/v1/households",
    "/api/v1/households?cell=100A2001",
    "/api/v1/households?occupancy=rented",
    "/api/v1/households?limit=2",
    "/api/v1/households/1",
    "/api/v1/buildings/b1/households",
]
WORKFORCE = ["/api/v1/workers", "/api/v1/workers/w1", "/api/v1/assignments"]
GRID = [
    "/api/v1/cells",
    "/api/v1/cells/100A2001",
    "/api/v1/buildings",
    "/api/v1/posts",
    "/api/v1/publications",
]


@pytest.fixture
def runtime(databases: Databases, template: str) -> Iterator[Runtime]:
    """A database of its own with connections enough for a dozen requests at a time."""
    name = databases.create(template=template)
    made = Runtime(databases.settings(name).model_copy(update={"pool_size": 16, "rate_factor": 0}))
    world.store(made)
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture
def app(runtime: Runtime) -> FastAPI:
    return create_app(runtime)


@pytest.fixture
def staff(app: FastAPI) -> Client:
    return Client.of(app, Role.DISTRICT_ADMIN, "100")


def given(path: str, body: Any) -> tuple[str, list[int]]:
    """Return the kind and the ids of the people that an answer holds."""
    items = body.get("items", [body])
    if "assignments" in path:
        return "worker", []
    kind = "worker" if "workers" in path else "household"
    return kind, sorted(int(row["id"]) for row in items)


def test_each_answer_under_load_has_one_record_with_the_rows_it_gave(
    staff: Client, runtime: Runtime
) -> None:
    paths = [*PEOPLE, *WORKFORCE] * 12
    answers = asyncio.run(_asked(staff, paths))
    stored = {
        row["request_id"]: row
        for row in rows(runtime, "SELECT * FROM audit_record WHERE request_id LIKE 'load-%'")
    }

    assert len(answers) == len(stored) == len(paths)
    total = rows(runtime, "SELECT count(*) AS n FROM audit_record WHERE request_id LIKE 'load-%'")
    assert total[0]["n"] == len(paths)
    for number, (path, body) in enumerate(answers):
        record = stored[f"load-{number:04d}"]
        kind, ids = given(path, body)
        assert record["subject_kind"] == kind
        if ids:
            assert sorted(record["subjects"]) == ids
            assert record["count"] == len(ids)


async def _asked(client: Client, paths: list[str]) -> list[tuple[str, Any]]:
    """Ask a dozen at a time, each request under a name of its own."""
    gate = asyncio.Semaphore(12)

    async def one(number: int, path: str) -> tuple[str, Any]:
        async with gate:
            named = {"x-request-id": f"load-{number:04d}"}
            response = await asking.get(path, headers=named)
            assert response.status_code == 200, response.text
            return path, response.json()

    async with client._client() as asking:
        return await asyncio.gather(*(one(*numbered) for numbered in enumerate(paths)))


def test_assignments_name_the_workers_they_named(staff: Client, runtime: Runtime) -> None:
    found = staff.json("/api/v1/assignments")["items"]

    (record,) = rows(runtime, "SELECT * FROM audit_record WHERE action = 'workforce.list'")
    codes = rows(
        runtime, "SELECT code FROM worker WHERE id = ANY(:ids)", ids=list(record["subjects"])
    )
    assert {row["code"] for row in codes} == {row["worker"]["code"] for row in found}
    assert record["count"] == len(found)


def test_an_empty_list_is_recorded_too(staff: Client, runtime: Runtime) -> None:
    assert staff.json("/api/v1/households?cell=100A2002")["items"] == []

    (record,) = rows(runtime, "SELECT * FROM audit_record WHERE action = 'people.list'")
    (cell,) = rows(runtime, "SELECT path FROM cell_version WHERE code = '100A2002'")
    assert (record["subjects"], record["count"], record["area"]) == ([], 0, cell["path"])


def test_a_count_is_recorded_with_its_cell(staff: Client, runtime: Runtime) -> None:
    staff.json("/api/v1/cells/100A2001/counts")

    (record,) = rows(runtime, "SELECT * FROM audit_record WHERE action = 'people.count'")
    (cell,) = rows(runtime, "SELECT path FROM cell_version WHERE code = '100A2001'")
    assert record["area"] == cell["path"]


def test_without_an_audit_people_are_shown_to_nobody_and_the_grid_goes_on(
    staff: Client, runtime: Runtime
) -> None:
    as_owner(runtime, *BROKEN)

    for path in [*PEOPLE, *WORKFORCE, "/api/v1/cells/100A2001/counts"]:
        refused = staff.get(path)
        assert (refused.status_code, refused.json()["code"]) == (503, "audit_unavailable"), path
        assert set(refused.json()) <= {
            "type", "title", "status", "detail", "code", "instance", "request_id",
        }  # fmt: skip
    for path in GRID:
        assert staff.get(path).status_code == 200, path


def test_without_an_audit_a_stranger_is_told_no_more(staff: Client, runtime: Runtime) -> None:
    as_owner(runtime, *BROKEN)

    assert staff.get("/api/v1/households/999").status_code == 503
