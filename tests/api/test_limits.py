"""Rate limits: who is counted with whom, what is free, and how a refusal is told."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api import door, intake, protocol, public_maps
from api.access import ACCESS, API
from api.app import create_app
from api.deadlines import Deadlines
from api.limits import (
    NARROW,
    RATES,
    ROWS_A_TOKEN,
    Limit,
    Limits,
    TooManyRequests,
    cost_of,
    limit_of,
    neighbourhood,
)
from geo.access.roles import Role
from geo.runtime import Runtime
from maps.assets import static_root
from tests.api.client import Client

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
CELLS = f"{API}/cells"


@pytest.fixture
def app(town_runtime: Runtime) -> Iterator[FastAPI]:
    """The town with one hundredth of every rate: 20, 4, 1, 5 and 1 at once; nothing is gained.

    The clock stands still: on a machine that is busy a second passes between two requests.
    """
    made = Runtime(town_runtime.settings.model_copy(update={"rate_factor": 0.01}))
    app = create_app(made)
    for buckets in app.state.limits._buckets.values():
        buckets._clock = float
    yield app
    made.close()


def asker(app: FastAPI, address: str, **headers: str) -> Client:
    return Client(app, address=address, host="grid.example", headers=headers)


def statuses(client: Client, path: str, times: int) -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


@pytest.mark.db
class TestAnswers:
    def test_who_asks_too_often_is_told_when_to_come_again(self, app: FastAPI) -> None:
        client = asker(app, "192.0.2.1")
        answers = [client.get(CELLS) for _ in range(6)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
        refused = answers[4]
        assert refused.json()["code"] == "too_many_requests"
        assert refused.headers["content-type"] == "application/problem+json"
        # 0.2 tokens a second: the next is there within five.
        assert 1 <= int(refused.headers["retry-after"]) <= 5
        assert refused.headers["ratelimit-limit"] == "4"
        assert refused.headers["ratelimit-remaining"] == "0"
        assert refused.headers["ratelimit-reset"] == refused.headers["retry-after"]

    def test_another_address_is_not_held_to_it(self, app: FastAPI) -> None:
        statuses(asker(app, "192.0.2.1"), CELLS, 6)

        assert asker(app, "192.0.2.2").get(CELLS).status_code == 200

    def test_a_header_is_no_way_to_another_bucket(self, app: FastAPI) -> None:
        client = asker(app, "192.0.2.1")
        answers = [client.get(CELLS, x_forwarded_for=f"198.51.100.{n}") for n in range(6)]

        assert answers[-1].status_code == 429

    def test_a_flood_is_sent_away_whatever_it_asks(self, app: FastAPI) -> None:
        client = asker(app, "192.0.2.1")

        assert set(statuses(client, "/nowhere", 20)) == {404}
        assert statuses(client, "/nowhere", 2) == [429, 429]

    def test_a_browser_is_told_on_a_page(self, app: FastAPI) -> None:
        client = asker(app, "192.0.2.1", accept="text/html,*/*;q=0.8")
        answer = [client.get("/nowhere") for _ in range(22)][-1]

        assert answer.status_code == 429
        assert answer.headers["content-type"].startswith("text/html")
        assert "retry-after" in answer.headers

    def test_files_and_the_watches_of_this_machine_are_free(self, app: FastAPI) -> None:
        far, near = asker(app, "192.0.2.1"), Client(app)

        assert set(statuses(far, f"{static_root()}/css/map.css", 40)) == {200}
        assert set(statuses(near, "/healthz", 40)) == {200}
        assert 429 in statuses(far, "/healthz", 40)

    @pytest.mark.parametrize("path", ["css/none.css", "", "../../etc/passwd", "css"])
    def test_a_file_that_there_is_not_counts_like_any_request(
        self, app: FastAPI, path: str
    ) -> None:
        answers = statuses(asker(app, "192.0.2.1"), f"{static_root()}/{path}", 22)

        assert answers == [404] * 20 + [429] * 2

    def test_accounts_behind_one_address_are_counted_each(self, app: FastAPI) -> None:
        clients = [Client.of(app, Role.GRID_WORKER, "100A2001") for _ in range(2)]

        for client in clients:
            assert statuses(client, CELLS, 6) == [200, 200, 200, 200, 200, 429]

    def test_one_account_is_counted_wherever_it_asks_from(self, app: FastAPI) -> None:
        client = Client.of(app, Role.GRID_WORKER, "100A2001")
        found = []
        for number in range(6):
            client.address = f"192.0.2.{number}"
            found.append(client.get(CELLS).status_code)

        assert found == [200, 200, 200, 200, 200, 429]

    def test_a_long_page_costs_more(self, app: FastAPI) -> None:
        client = asker(app, "192.0.2.1")

        assert statuses(client, f"{CELLS}?limit=1500", 2) == [200, 429]

    def test_passwords_are_counted_by_address(self, app: FastAPI) -> None:
        body = b'{"login": "nobody", "password": "wrong password", "kind": "token"}'
        answers: list[httpx.Response] = [
            Client(app).request(
                "POST", f"{API}/sign-ins", content=body, content_type="application/json"
            )
            for _ in range(2)
        ]

        assert [answer.status_code for answer in answers] == [401, 429]

    def test_refusals_are_counted_by_limit(self, app: FastAPI) -> None:
        statuses(asker(app, "192.0.2.1"), CELLS, 6)

        counts = Client(app).get("/metrics").text
        assert 'wangge_limited_total{limit="anonymous"} 2.0' in counts


def test_a_factor_of_nothing_switches_limits_off() -> None:
    limits = Limits(0.0, refused=print)

    for _ in range(10_000):
        limits.take(Limit.SIGN_IN, "somebody")


def test_a_limit_tells_how_many_may_come_at_once() -> None:
    limits = Limits(1.0, refused=lambda _: None)

    assert limits.burst(Limit.ANONYMOUS) == RATES[Limit.ANONYMOUS].burst
    assert Limits(0.0, refused=print).burst(Limit.ANONYMOUS) == math.inf


def test_after_the_wait_it_is_allowed_again() -> None:
    now = [0.0]
    limits = Limits(1.0, refused=lambda _: None, clock=lambda: now[0])
    for _ in range(60):
        limits.take(Limit.SIGN_IN, "a")
    with pytest.raises(TooManyRequests) as refused:
        limits.take(Limit.SIGN_IN, "a")
    now[0] += refused.value.wait_s

    assert refused.value.wait_s == 3  # a third of a token a second
    limits.take(Limit.SIGN_IN, "a")


@pytest.mark.parametrize(
    ("key", "signed_in", "limit"),
    [
        (f"GET {API}/cells", False, Limit.ANONYMOUS),
        (f"GET {API}/cells", True, Limit.SIGNED_IN),
        ("", False, Limit.ANONYMOUS),
        (f"POST {API}/sign-ins", False, Limit.SIGN_IN),
        (f"POST {API}/sign-ins", True, Limit.SIGN_IN),
        (f"POST {API}/me/password", True, Limit.SIGN_IN),
        (f"POST {API}/households/search", True, Limit.PERSONAL),
        (f"POST {API}/households/search", False, Limit.ANONYMOUS),  # it is refused soon after
    ],
)
def test_each_route_has_its_limit(key: str, signed_in: bool, limit: Limit) -> None:
    assert limit_of(key, signed_in=signed_in) is limit


def test_narrow_limits_are_of_routes_there_are() -> None:
    assert set(NARROW) <= set(ACCESS)


@pytest.mark.parametrize(
    ("rows", "cost"),
    [("500", 1), ("501", 501 / 500), ("9999999999", 1), ("-5", 1), ("٣٠٠٠", 1), ("10000", 20)],
)
def test_rows_cost(rows: str, cost: float) -> None:
    assert cost_of(rows) == cost


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "unknown"),
    ],
)
def test_a_customer_is_one_neighbour(address: str, counted: str) -> None:
    assert neighbourhood({"client": (address, 1)}) == counted
    assert neighbourhood({"client": None}) == "unknown"


def cell(row: str, column: int) -> str:
    return row.split("|")[column + 1].strip()


def test_the_page_shows_every_rate() -> None:
    told = {name: (cell(row, 2), cell(row, 3)) for row, name in _rows()}

    assert told == {
        limit.value: (f"{rate.per_s:.2f}".rstrip("0").rstrip("."), str(rate.burst))
        for limit, rate in RATES.items()
    }


def _rows() -> list[tuple[str, str]]:
    return [(row, name) for row, name in re.findall(r"^(\| `(\w+)` \| (?:add|acc).*)$", PAGE, re.M)]


def test_the_page_shows_every_measure() -> None:
    times = Deadlines()
    facts: list[tuple[Any, str]] = [
        (intake.URI_MAX, "8 KiB"),
        (intake.HEADERS_MAX, "32 KiB"),
        (intake.HEADERS_COUNT_MAX, "100 fields"),
        (protocol.HEAD_MAX, "64 KiB"),
        (intake.BODY_MAX, "1 MiB"),
        (intake.LARGE, "16 KiB"),
        (intake.LARGE_AT_ONCE, "64, of one address"),
        (intake.LARGE_AT_ONCE_EACH, "of one address 32"),
        (times.stall_s, "10 s without a byte"),
        (times.take_s, "30 s without taking"),
        (times.rate_bytes_s, "4 KiB/s"),
        (door.RESERVED, "64 more for this machine"),
        (ROWS_A_TOKEN, "more than 500 rows"),
        (public_maps.DRAWING_COST, "takes 20 more"),
        (public_maps._AT_ONCE, "public maps drawn at a time | 2;"),
        (public_maps._WAIT_S, "of 5 s for a map somebody else draws"),
    ]
    sizes = {"KiB": 1024, "MiB": 1024**2}
    for measure, told in facts:
        number, *unit = re.search(r"(\d+)(?: (KiB|MiB))?", told).groups()  # type: ignore[union-attr]  # each has one
        assert int(number) * sizes.get(unit[0] or "", 1) == measure, told
        assert told in PAGE, told
