"""A crawl over the API: stopped at the share of the day; the audit counts what was given out."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from api.app import create_app
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.audit.actions import Action
from geo.audit.model import AuditRecord
from geo.db.session import open_log
from geo.runtime import Runtime
from tests.api.client import Client

pytestmark = pytest.mark.db

HOUSEHOLDS = "/api/v1/households"
SHARE = 30


@pytest.fixture
def app(town_runtime: Runtime) -> Iterator[FastAPI]:
    """The town, which has seven households, with a share of thirty rows a day."""
    made = Runtime(town_runtime.settings.model_copy(update={"people_per_day": SHARE}))
    yield create_app(made)
    made.close()


def given(runtime: Runtime, login: str) -> int:
    with runtime.work(Actor.system("test")) as work:
        open_log(work.session)
        counted = select(func.sum(AuditRecord.count)).where(
            AuditRecord.actor == login,
            AuditRecord.action.in_([Action.PEOPLE_LIST, Action.PEOPLE_READ]),
        )
        return int(work.session.scalar(counted) or 0)


def test_a_crawl_ends_at_the_share_and_every_row_given_is_recorded(
    app: FastAPI, town_runtime: Runtime
) -> None:
    client = Client.of(app, Role.COMMUNITY_ADMIN, "100")
    login = client.json("/api/v1/me")["login"]
    rows = 0
    refused = None
    for page in range(100):
        answer = client.get(f"{HOUSEHOLDS}?limit={1 + page % 7}")
        if answer.status_code != 200:
            refused = answer
            break
        rows += len(answer.json()["items"])

    assert refused is not None
    assert (refused.status_code, refused.json()["code"]) == (429, "day_share_used")
    assert refused.headers["ratelimit-limit"] == str(SHARE)
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert rows <= SHARE
    assert given(town_runtime, login) == rows
    assert "items" not in refused.json()
    counts = Client(app).get("/metrics").text
    assert 'wangge_quota_reached_total{share="people"} 1.0' in counts


def test_who_has_used_a_share_goes_on_with_what_shows_nobody(app: FastAPI) -> None:
    client = Client.of(app, Role.COMMUNITY_ADMIN, "100")
    while client.get(HOUSEHOLDS).status_code == 200:
        pass

    assert client.get("/api/v1/cells/100/counts").status_code == 200
    assert client.get("/api/v1/workers").status_code == 200
    assert Client.of(app, Role.COMMUNITY_ADMIN, "100").get(HOUSEHOLDS).status_code == 200
