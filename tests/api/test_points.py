"""Points from memory: the same answer as the route's, and the route for all that is not plain."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from api import points
from api.lifespan import live_of
from api.limits import Limit, Limits
from api.point_wishes import fields_of, token_of, values_of
from api.points import PATH
from api.ratelimit import Buckets, Rate
from geo.access.roles import Role
from geo.crs.transform import from_storage
from geo.locate.live import Live
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client
from tests.api.conftest import AsRole
from tests.api.serving import request, served

pytestmark = pytest.mark.db

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def live(town_runtime: Runtime) -> Iterator[Live]:
    found = live_of(town_runtime)
    yield found
    found.stop()


@pytest.fixture
def held(app: FastAPI, live: Live) -> Iterator[FastAPI]:
    """The application while it holds the grid."""
    live.look()
    app.state.live = live
    yield app
    app.state.live = None


def query(east: float, north: float, **more: object) -> str:
    place = world.at(east, north)
    values = {"lon": place.x, "lat": place.y, **more}
    return f"{PATH}?" + "&".join(f"{name}={quote(str(value))}" for name, value in values.items())


@pytest.fixture
def from_memory(
    held: FastAPI, town_runtime: Runtime, live: Live, monkeypatch: pytest.MonkeyPatch
) -> Ask:
    """Asks, and fails when the database had to answer."""

    def ask(client: Client, path: str, **headers: str) -> httpx.Response:
        monkeypatch.setattr(held.state.standings, "_kept_s", 60.0)
        client.get("/api/v1/posts")  # what a token opens is known then
        live.look()
        with monkeypatch.context() as patch:
            patch.setattr(town_runtime, "work", None)
            return client.get(path, **headers)

    return ask


def by_route(app: FastAPI, client: Client, path: str, **headers: str) -> httpx.Response:
    live, app.state.live = app.state.live, None
    try:
        return client.get(path, **headers)
    finally:
        app.state.live = live


def plain(response: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return what must be the same: the instant of now, the tag and the ids of requests are not."""
    body = response.json()
    kept = {k: v for k, v in response.headers.items() if k not in ("etag", "x-request-id")}
    # Short as they are, answers from memory are not compressed.
    del kept["content-length"]
    kept.pop("content-encoding", None)
    kept["vary"] = kept["vary"].removesuffix(", Accept-Encoding")
    return response.status_code, body, kept


PLACES = [
    (0.25, 0.5),  # inside
    (1.25, 0.5),  # no worker: the parents'
    (0.75, 0.5),
    (0.5, 0.5),  # on a border
    (1.0, 1.0),  # a corner of four
    (0.0, 0.0),  # a corner of the outline
    (2.5, 1.5),  # outside
    (0.5001, 1.9999),
]


@pytest.mark.parametrize("accuracy_m", [None, 0, 35.5, 400, 10_000])
@pytest.mark.parametrize("place", PLACES)
def test_memory_and_the_route_give_the_same_answer(
    held: FastAPI,
    anyone: Client,
    from_memory: Ask,
    place: tuple[float, float],
    accuracy_m: float | None,
) -> None:
    path = query(*place) if accuracy_m is None else query(*place, accuracy_m=accuracy_m)

    mine, theirs = plain(from_memory(anyone, path)), plain(by_route(held, anyone, path))

    assert mine[1].pop("as_of")[:16] <= theirs[1].pop("as_of")[:16]
    assert mine[2] == theirs[2]
    assert mine == theirs
    assert [*mine[1]] == [*theirs[1]]


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4548", "GCJ-02"])
def test_each_system_is_answered_alike(
    held: FastAPI, anyone: Client, from_memory: Ask, crs: str
) -> None:
    place = world.at(0.25, 0.5)
    lon, lat = from_storage([[place.x, place.y]], crs)[0].tolist()
    path = f"{PATH}?lon={lon}&lat={lat}&crs={crs}"

    mine, theirs = from_memory(anyone, path).json(), by_route(held, anyone, path).json()

    assert {**mine, "as_of": 0} == {**theirs, "as_of": 0}
    assert mine["cells"][-1]["code"] == "100A2001"


def test_the_past_is_answered_alike_and_its_team_withheld(
    held: FastAPI, anyone: Client, from_memory: Ask, live: Live
) -> None:
    then = live.now() - timedelta(seconds=0.2)
    path = query(0.25, 0.5, as_of=then.isoformat())

    mine, theirs = from_memory(anyone, path), by_route(held, anyone, path)

    assert mine.json() == theirs.json()
    assert mine.headers["etag"] == theirs.headers["etag"]
    assert mine.json()["reason"] == "withheld"


def test_today_means_now(held: FastAPI, anyone: Client, from_memory: Ask, live: Live) -> None:
    found = from_memory(anyone, query(0.25, 0.5, as_of=live.now().date())).json()

    assert found["reason"] == "cell"
    assert found["as_of"][:10] == live.now().date().isoformat()


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.AUDIT_ADMIN])
def test_somebody_signed_in_is_answered_from_memory_too(
    held: FastAPI, as_role: AsRole, from_memory: Ask, role: Role
) -> None:
    client, path = as_role(role), query(0.25, 0.5)

    mine, theirs = plain(from_memory(client, path)), plain(by_route(held, client, path))

    assert mine[2]["cache-control"] == "private, no-store"
    assert {**mine[1], "as_of": 0} == {**theirs[1], "as_of": 0}
    assert mine[2] == theirs[2]


def test_a_page_is_answered_from_memory_too(held: FastAPI, from_memory: Ask) -> None:
    page = Client.page(held, Role.GRID_WORKER)

    assert from_memory(page, query(0.25, 0.5)).json()["reason"] == "cell"


def test_where_the_team_is_for_staff_alone_others_learn_the_cell(
    held: FastAPI, anyone: Client, as_role: AsRole, from_memory: Ask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told = held.state.runtime.settings.model_copy(update={"public_team": False})
    monkeypatch.setattr(held.points, "_settings", told)
    staff = as_role(Role.GRID_WORKER)

    outside, inside = from_memory(anyone, query(0.25, 0.5)), from_memory(staff, query(0.25, 0.5))

    assert (outside.json()["reason"], outside.json()["team"]) == ("withheld", [])
    assert (inside.json()["reason"], len(inside.json()["team"])) == ("cell", 1)


def test_outside_every_cell_everybody_is_told_so(
    held: FastAPI, anyone: Client, as_role: AsRole, from_memory: Ask, live: Live,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # The team may be for staff alone, and the moment past: that nobody answers is of the place.
    hidden = held.state.runtime.settings.model_copy(update={"public_team": False})
    monkeypatch.setattr(held.points, "_settings", hidden)
    monkeypatch.setattr(held.state.runtime, "settings", hidden)
    past = {"as_of": (live.now() - timedelta(seconds=0.2)).isoformat()}
    paths = [query(-0.05, 0.5), query(-0.05, 0.5, **past)]
    clients = [anyone, as_role(Role.GRID_WORKER)]

    told = [
        ask(client, path)
        for client in clients
        for path in paths
        for ask in (from_memory, partial(by_route, held))
    ]

    assert [one.json()["matched"] for one in told] == [False] * 8
    assert [one.json()["reason"] for one in told] == ["outside"] * 8


def layers(app: FastAPI) -> Iterator[Any]:
    layer = app.middleware_stack
    while layer is not None:
        yield layer
        layer = getattr(layer, "app", None)


# What the route answers, be it a refusal or an answer that has to be recorded.
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"{PATH}?lon=116.8", {}, 400),
        (f"{PATH}?lon=1&lat=2&lat=3", {}, 400),
        (f"{PATH}?lon=1&lat=2&what=3", {}, 400),
        (f"{PATH}?lon=nan&lat=2", {}, 400),
        (f"{PATH}?lon=1e999&lat=2", {}, 400),
        (f"{PATH}?lon=200&lat=2", {}, 400),
        (f"{PATH}?lon=33.9&lat=116.8", {}, 400),
        (f"{PATH}?lon=1&lat=2&crs=mars", {}, 400),
        (f"{PATH}?lon=1&lat=2&crs=", {}, 400),
        (f"{PATH}?lon=1&lat=2&accuracy_m=-1", {}, 400),
        (f"{PATH}?lon=1&lat=2&accuracy_m=10001", {}, 400),
        (f"{PATH}?lon=1&lat=2&as_of=2999-01-01", {}, 400),
        (f"{PATH}?lon=1&lat=2&as_of=yesterday", {}, 400),
        (f"{PATH}?lon=1&lat=2&as_of=1999-01-01", {}, 404),
        (f"{PATH}?lon=1&lat=2&building=b1", {}, 400),
        (f"{PATH}?building=b1", {}, 200),
        (f"{PATH}?lon=116.8&lat=33.9", {"accept": "text/csv"}, 406),
        (f"{PATH}?lon=116.8&lat=33.9", {"authorization": "Bearer nobody"}, 401),
        (f"{PATH}?lon=116.8&lat=33.9", {"x_api_key": "wgk_nobody"}, 401),
        (f"{PATH}?lon=116.8&lat=33.9", {"content_length": "x"}, 400),
        (f"{PATH}?lon=116.8&lat=33.9", {"cookie": "wangge=nobody"}, 200),
        (f"{PATH}?lon=116.8&lat=33.9&crs={'x' * 600}", {}, 400),
    ],
)
def test_what_is_not_plain_is_the_routes_to_answer(
    held: FastAPI, anyone: Client, path: str, headers: dict[str, str], status: int
) -> None:
    through, alone = anyone.get(path, **headers), by_route(held, anyone, path, **headers)

    assert through.status_code == alone.status_code == status
    if status != 200:
        assert through.headers["content-type"] == "application/problem+json"
        assert through.json()["code"] == alone.json()["code"]


def test_the_team_of_then_is_the_routes_to_tell_and_to_record(
    held: FastAPI, as_role: AsRole, live: Live
) -> None:
    then = live.now() - timedelta(seconds=0.2)
    found = as_role(Role.GRID_WORKER).json(query(0.25, 0.5, as_of=then.isoformat()))

    assert found["reason"] == "cell"


def test_what_is_not_held_any_more_is_the_routes(
    held: FastAPI, anyone: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_held", None)

    assert anyone.json(query(0.25, 0.5))["cells"][-1]["code"] == "100A2001"


def test_what_nobody_foresaw_is_the_routes(
    held: FastAPI, anyone: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held.points, "_answers", None)

    assert anyone.json(query(0.25, 0.5))["cells"][-1]["code"] == "100A2001"


def test_a_token_in_use_is_looked_up_before_it_has_to_be(
    held: FastAPI, as_role: AsRole, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    standings = held.state.standings
    begun = standings.now() + 1000.0
    clock = [begun]
    monkeypatch.setattr(standings, "_clock", lambda: clock[0])
    client, looked_up = as_role(Role.GRID_WORKER), []
    client.get("/api/v1/posts")

    async def look_up(_state: object, token: str) -> None:
        looked_up.append((clock[0], token))

    monkeypatch.setattr(points, "look_up", look_up)
    for clock[0] in (begun + 0.5, begun + 0.7, begun + 0.8):
        live.look()
        client.get(query(0.25, 0.5))
    standings.forget()

    assert looked_up == [(begun + 0.8, client.token)]


def test_what_is_known_of_a_token_ends_while_it_is_looked_up_again(
    held: FastAPI, as_role: AsRole, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    standings = held.state.standings
    begun = standings.now() + 2000.0
    clock = [begun]
    monkeypatch.setattr(standings, "_clock", lambda: clock[0])
    client = as_role(Role.GRID_WORKER)
    fields = {b"host": b"a", b"authorization": f"Bearer {client.token}".encode()}
    live.look()
    client.get("/api/v1/posts")
    client.get(query(0.25, 0.5))
    monkeypatch.setattr(held.points, "_looking", {"a task"})

    known = []
    for clock[0] in (begun + 0.5, begun + 1.4, begun + 1.6):
        known.append(held.points._asker({"scheme": "http"}, fields) is not None)
    clock[0] = begun + 1.4
    standings.forget()
    known.append(held.points._asker({"scheme": "http"}, fields) is not None)

    assert known == [True, True, False, False]


def test_requests_are_counted_once_whoever_answers(
    held: FastAPI, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[Limit] = []
    limits = Limits(0.01, refused.append, clock=lambda: 0.0)  # four at once for nobody signed in
    monkeypatch.setitem(held.state._state, "limits", limits)
    monkeypatch.setattr(held.points, "_limits", limits)
    for layer in layers(held):
        if hasattr(layer, "limits"):
            monkeypatch.setattr(layer, "limits", limits)
    stranger, path = Client(held, address="198.51.100.9"), query(0.25, 0.5)

    statuses = []
    for hot in (True, False, True, False, True):
        live.look()
        ask = stranger.get(path) if hot else by_route(held, stranger, path)
        statuses.append(ask.status_code)

    assert statuses == [200, 200, 200, 200, 429]
    assert refused == [Limit.ANONYMOUS]


def test_a_token_is_given_back_when_the_other_bucket_is_empty() -> None:
    limits = Limits(1.0, lambda limit: None, clock=lambda: 0.0)
    small = Buckets(Rate(per_s=1.0, burst=1), clock=lambda: 0.0)
    limits._buckets = {**limits._buckets, Limit.FLOOD: small}

    asked = limits._buckets[Limit.ANONYMOUS]
    taken = [limits.lets("a", Limit.ANONYMOUS, "a") for _ in range(3)]

    assert taken == [True, False, False]
    assert asked.take("a").left == asked.rate.burst - 2


def test_an_answer_has_its_line_and_its_count(
    held: FastAPI, from_memory: Ask, as_role: AsRole, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="api.requests")
    client = as_role(Role.GRID_WORKER)
    found = from_memory(client, query(0.25, 0.5), x_request_id="abc-defg-1")

    held.points.flush()
    line = json.loads(caplog.records[-1].message.splitlines()[-1])
    assert found.headers["x-request-id"] == "abc-defg-1"
    assert (line["route"], line["status"], line["request_id"]) == (PATH, 200, "abc-defg-1")
    assert line["account"] is not None
    exposition = held.state.metrics.exposition().decode()
    assert f'wangge_requests_total{{method="GET",route="{PATH}",status="200"}}' in exposition


def test_fields_given_twice_and_tokens_of_two_kinds_are_for_others() -> None:
    host = (b"host", b"a")
    both = fields_of([host, (b"authorization", b"Bearer a"), (b"x-api-key", b"b")])

    assert fields_of([host, host]) is None
    assert fields_of([]) is None
    assert fields_of([host] + [(b"x-%d" % i, b"") for i in range(60)]) is None
    assert fields_of([host, (b"x-long", b"x" * 600)]) is None
    assert fields_of([host, (b"if-none-match", b"*")]) is None
    assert both is not None
    assert token_of({"scheme": "http"}, both) is None
    assert values_of(b"a=%E4%BA%AC") == {"a": "京"}


def test_many_at_once_are_answered_without_a_thread(
    held: FastAPI, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Client(held, address="198.51.100.10")
    live.look()
    monkeypatch.setattr(asyncio.AbstractEventLoop, "run_in_executor", None)
    paths = [query(x / 10, y / 10) for x, y in itertools.product(range(5), range(5))]

    assert {response.status_code for response in stranger.at_once(paths)} == {200}


def test_of_a_crowd_with_a_new_token_one_alone_takes_the_route(
    held: FastAPI, as_role: AsRole, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, routed = as_role(Role.GRID_WORKER), []
    monkeypatch.setattr(held.state.limits, "take", lambda *_: routed.append("flood"))
    held.state.standings.forget()
    live.look()
    answers = client.at_once([query(0.25, 0.5)] * 8)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["cells"][-1]["code"] for answer in answers}) == 1
    assert all(answer.json()["team"] for answer in answers)
    assert len(set(routed)) == 1
    assert len(routed) <= 2


def test_our_server_sends_it_in_one_piece_and_goes_on(held: FastAPI, live: Live) -> None:
    settings = held.state.runtime.settings
    first = f"GET {query(0.25, 0.5)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    last = request(f"GET {query(0.75, 0.5)}".encode())
    live.look()
    with served(held, settings) as server:
        head, _, more = server.ask(first + last).partition(b"\r\n\r\n")
        body, _, rest = more.partition(b"HTTP/1.1 ")
        second, _, other = rest.partition(b"\r\n\r\n")

    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert int(fields[b"content-length"]) == len(body)
    assert {b"date", b"etag", b"x-request-id", b"content-security-policy"} <= fields.keys()
    assert b"connection" not in fields
    assert json.loads(body)["cells"][-1]["code"] == "100A2001"
    assert second.startswith(b"200 OK\r\n")
    assert b"\r\nconnection: close" in second
    assert json.loads(other)["cells"][-1]["code"] == "100A2002"
