"""Jobs: listed newest first, each with its progress, without what it was given."""

import pytest

from api.app import create_app
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.jobs.model import Job, JobState
from geo.runtime import Runtime
from tests.api.client import Client

pytestmark = pytest.mark.db

JOBS = "/api/v1/jobs"


@pytest.fixture
def client(runtime: Runtime) -> Client:
    """Three jobs: an import that is queued, one that is done, and a check that failed."""
    made = [
        Job(kind="import", actor="a", payload={"path": "/secret/people.csv"}),
        Job(kind="import", actor="b", state=JobState.DONE, done=3, total=3, result={"rows": 3}),
        Job(kind="check", actor="c", state=JobState.FAILED, error="gap"),
    ]
    for job in made:
        with runtime.work(Actor.system("test")) as work:
            work.session.add(job)
    return Client.of(create_app(runtime), Role.SYSTEM_ADMIN, None)


@pytest.mark.parametrize("limit", range(1, 5))
def test_every_walk_gives_each_job_once_newest_first(client: Client, limit: int) -> None:
    assert [job["actor"] for job in client.items(f"{JOBS}?limit={limit}")] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("query", "actors"),
    [("kind=import", ["b", "a"]), ("state=failed", ["c"]), ("kind=import&state=done", ["b"])],
)
def test_filters_narrow_the_list(client: Client, query: str, actors: list[str]) -> None:
    assert [job["actor"] for job in client.items(f"{JOBS}?{query}")] == actors


def test_a_job_shows_progress_and_outcome_and_not_what_it_was_given(client: Client) -> None:
    done = client.items(f"{JOBS}?state=done")[0]

    assert client.json(f"{JOBS}/{done['id']}") == done
    assert (done["done"], done["total"], done["result"]) == (3, 3, {"rows": 3})
    assert "secret" not in client.get(JOBS).text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{JOBS}/999", 404, "job_unknown"),
        (f"{JOBS}/x", 400, "invalid_parameter"),
        (f"{JOBS}?state=sleeping", 400, "invalid_parameter"),
    ],
)
def test_what_is_none_is_refused(client: Client, path: str, status: int, code: str) -> None:
    response = client.get(path)

    assert (response.status_code, response.json()["code"]) == (status, code)
