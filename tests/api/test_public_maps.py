"""Public maps that are drawn: once for all who wait, few at a time, at a price."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from api import map_pages
from api.app import create_app
from api.errors import TooBusy
from api.limits import Limits
from api.public_maps import PublicMaps, Shown, Wish
from geo.access.roles import Role
from geo.runtime import Runtime
from maps.render import Drawn
from tests.api.client import Client

WISH = Wish("100", "zh", "/maps/public", asks=False)
SHOWN = Shown(1, "100")
DRAWN = cast(Drawn, "a map")
CELLS = ["100", "100A", "100B", "100A1", "100A2", "100B1"]


def free() -> None:
    """Pay nothing."""


class TestTurns:
    """One loop, no database: drawing is a pause in which others come."""

    @staticmethod
    async def draw(maps: PublicMaps, wish: Wish, log: list[str], seconds: float = 0.05) -> None:
        async with maps.turn(wish, free):
            if maps.get(wish, SHOWN) is None:
                log.append(f"begin {wish.cell}")
                await asyncio.sleep(seconds)
                log.append(f"end {wish.cell}")
                maps.keep(wish, SHOWN, DRAWN)

    def run(self, maps: PublicMaps, wishes: list[Wish], seconds: float = 0.05) -> list[Any]:
        self.log: list[str] = []

        async def all_of_them() -> list[Any]:
            turns = (self.draw(maps, wish, self.log, seconds) for wish in wishes)
            return await asyncio.gather(*turns, return_exceptions=True)

        return asyncio.run(all_of_them())

    def test_many_who_want_the_same_have_it_drawn_once(self) -> None:
        assert self.run(PublicMaps(), [WISH] * 50) == [None] * 50
        assert self.log == ["begin 100", "end 100"]

    def test_never_more_are_drawn_at_once_than_may_be(self) -> None:
        self.run(PublicMaps(at_once=2), [replace(WISH, cell=cell) for cell in CELLS])
        running, most = 0, 0
        for line in self.log:
            running += 1 if line.startswith("begin") else -1
            most = max(most, running)

        assert (len(self.log), most) == (12, 2)

    def test_who_waits_too_long_is_told_to_come_again(self) -> None:
        found = self.run(PublicMaps(wait_s=0.05), [WISH] * 3, seconds=0.3)

        assert [type(one) for one in found] == [type(None), TooBusy, TooBusy]

    def test_when_drawing_fails_the_next_one_draws(self) -> None:
        maps, drawn = PublicMaps(), []

        async def draw(number: int) -> None:
            async with maps.turn(WISH, free):
                if maps.get(WISH, SHOWN) is None:
                    await asyncio.sleep(0.01)
                    if number == 0:
                        raise ZeroDivisionError
                    drawn.append(number)
                    maps.keep(WISH, SHOWN, DRAWN)

        async def three() -> list[Any]:
            return await asyncio.gather(*(draw(n) for n in range(3)), return_exceptions=True)

        first, *rest = asyncio.run(three())
        assert (type(first), rest, drawn) == (ZeroDivisionError, [None, None], [1])

    def test_only_who_draws_pays_and_who_cannot_leaves_the_turn_to_the_next(self) -> None:
        maps, paid = PublicMaps(), []

        async def draw(number: int) -> None:
            def pay() -> None:
                if number == 0:
                    raise ZeroDivisionError
                paid.append(number)

            async with maps.turn(WISH, pay):
                await asyncio.sleep(0.01)
                maps.keep(WISH, SHOWN, DRAWN)

        async def four() -> list[Any]:
            return await asyncio.gather(*(draw(n) for n in range(4)), return_exceptions=True)

        asyncio.run(four())
        assert paid == [1]

    def test_the_map_of_an_older_publication_is_not_given_and_all_of_them_go(self) -> None:
        maps, other = PublicMaps(), replace(WISH, cell="100A")
        maps.keep(WISH, SHOWN, DRAWN)
        maps.keep(other, Shown(1, "100A"), DRAWN)

        assert maps.get(WISH, SHOWN) is DRAWN
        assert maps.get(WISH, Shown(2, "100")) is None
        assert maps.get(other, Shown(1, "100A")) is None


class Drawings:
    """Counts the maps that are drawn, and how many at a time; each ends once it may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, held: bool = False) -> None:
        self.count = self.now = self.most = 0
        self.may_end = threading.Event()
        if not held:
            self.may_end.set()
        self._lock, self._draw = threading.Lock(), map_pages.public_picture
        monkeypatch.setattr(map_pages, "public_picture", self)

    def __call__(self, *given: Any, **named: Any) -> Any:
        with self._lock:
            self.count, self.now = self.count + 1, self.now + 1
            self.most = max(self.most, self.now)
        assert self.may_end.wait(30)
        try:
            return self._draw(*given, **named)
        finally:
            with self._lock:
                self.now -= 1

    async def are(self, many: int) -> None:
        """Wait until so many are drawn at a time."""
        while self.now < many:
            await asyncio.sleep(0.01)


@pytest.mark.db
class TestStrangers:
    @pytest.fixture
    def app(self, town_runtime: Runtime) -> Iterator[FastAPI]:
        """The town, nothing drawn: 40 requests at once of an address; four turns at rows."""
        few = {"rate_factor": 0.1, "pool_size": 8}
        made = Runtime(town_runtime.settings.model_copy(update=few))
        yield create_app(made)
        made.close()

    @staticmethod
    def stranger(app: FastAPI, number: int = 1) -> Client:
        return Client(app, address=f"192.0.2.{number}", host="grid.example")

    async def got(self, app: FastAPI, number: int, path: str) -> httpx.Response:
        async with self.stranger(app, number)._client() as client:
            return await client.get(path)

    async def ask(self, app: FastAPI, number: int, path: str) -> int:
        return (await self.got(app, number, path)).status_code

    def test_a_crowd_at_one_map_has_it_drawn_once(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawings = Drawings(monkeypatch)
        answers = self.stranger(app).at_once(["/maps/public?cell=100"] * 15)

        assert {answer.status_code for answer in answers} == {200}
        assert drawings.count == 1

    def test_many_maps_are_drawn_two_at_a_time_and_others_are_served_meanwhile(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each map is asked for from an address of its own: nobody's rate is used up."""
        drawings = Drawings(monkeypatch, held=True)

        async def crowd() -> tuple[list[int], int]:
            asked = [
                asyncio.create_task(self.ask(app, n, f"/maps/public?cell={cell}"))
                for n, cell in enumerate(CELLS)
            ]
            await asyncio.wait_for(drawings.are(2), 20)
            other = await self.ask(app, 99, "/api/v1/cells/100")
            assert drawings.now == 2
            drawings.may_end.set()
            return [await one for one in asked], other

        answers, other = asyncio.run(crowd())
        assert (other, drawings.most) == (200, 2)
        assert set(answers) <= {200, 503}
        assert answers.count(200) == drawings.count >= 2

    def test_too_many_maps_at_once_are_refused_with_when_to_come_again(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app.state.public_maps = PublicMaps(wait_s=0.05)
        drawings = Drawings(monkeypatch, held=True)

        async def three() -> list[httpx.Response]:
            first = asyncio.create_task(self.got(app, 1, "/maps/public"))
            await asyncio.wait_for(drawings.are(1), 20)
            rest = [await self.got(app, 1, "/maps/public") for _ in range(2)]
            drawings.may_end.set()
            return [await first, *rest]

        drawn, *refused = asyncio.run(three())
        assert drawn.status_code == 200
        assert {(one.status_code, one.json()["code"]) for one in refused} == {(503, "too_busy")}
        assert all(int(one.headers["retry-after"]) > 0 for one in refused)

    def test_a_map_that_is_drawn_costs_twenty_requests_more_than_one_that_is_kept(
        self, app: FastAPI
    ) -> None:
        """Of 40 the first takes 21; the second would take 21 of 19, and takes one."""
        app.state.limits = Limits(0.1, lambda _: None, clock=lambda: 0.0)
        client = self.stranger(app)
        drawn = client.get("/maps/public?cell=100").status_code
        refused = client.get("/maps/public?cell=100A")
        kept = [client.get("/maps/public?cell=100").status_code for _ in range(10)]

        assert (drawn, refused.status_code, set(kept)) == (200, 429, {200})
        assert int(refused.headers["retry-after"]) > 0

    def test_where_the_rate_is_tiny_one_map_can_still_be_drawn(self, town_runtime: Runtime) -> None:
        made = Runtime(town_runtime.settings.model_copy(update={"rate_factor": 0.01}))
        answer = self.stranger(create_app(made)).get("/maps/public")
        made.close()

        assert answer.status_code == 200

    def test_the_own_map_of_somebody_waits_for_no_stranger(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawings = Drawings(monkeypatch)
        mine = Client.page(app, Role.COMMUNITY_ADMIN, "100A").get("/")

        assert (mine.status_code, drawings.count) == (200, 0)

    def test_home_and_public_map_are_two_pages_and_each_is_kept(
        self, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawings = Drawings(monkeypatch)
        for path in ("/", "/", "/maps/public", "/maps/public"):
            assert self.stranger(app, drawings.count).get(path).status_code == 200

        assert drawings.count == 2
