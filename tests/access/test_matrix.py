"""Every route, asked by every role at every position: what comes back is what may."""

from collections.abc import Callable, Iterator

import pytest

from api.access import ACCESS
from geo.runtime import Runtime
from tests.access import trail
from tests.access.asking import served
from tests.access.matrix import Asked, Walk
from tests.access.routes import asks
from tests.access.seats import Seat
from tests.access.world import Known

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def walk(deployment: Runtime, known: Known) -> Iterator[Walk]:
    with served(deployment) as app:
        made = Walk(app, known)
        yield made
        made.close()


@pytest.fixture(scope="module")
def asked(walk: Walk, known: Known, everybody: tuple[Seat, ...]) -> list[Asked]:
    """All requests, once; what hardly differs is left to the long run."""
    return list(walk.go(everybody, asks(known), thin=True))


def test_every_route_is_asked_and_no_other(known: Known) -> None:
    routes = set(ACCESS) - {"GET /static"}  # files of the release, the same for everybody

    assert {ask.route for ask in asks(known)} == routes


def test_each_answer_holds_what_its_asker_may_see_and_no_more(asked: list[Asked]) -> None:
    assert [one.story for one in asked if one.faults] == []
    assert len(asked) > 2_000


def test_each_refusal_and_each_row_given_out_is_recorded(
    deployment: Runtime, asked: list[Asked]
) -> None:
    assert trail.faults(asked, trail.records(deployment)) == []


@pytest.mark.long
def test_each_answer_holds_what_its_asker_may_see_at_every_position(
    alone: Runtime,
    known: Known,
    everybody: tuple[Seat, ...],
    record_property: Callable[[str, object], None],
) -> None:
    with served(alone) as app:
        walk = Walk(app, known)
        whole = list(walk.go(everybody, asks(known)))
        walk.close()
    record_property("figure", f"matrix: {len(whole)} requests by {len(everybody)} askers")

    assert [one.story for one in whole if one.faults] == []
    assert trail.faults(whole, trail.records(alone)) == []
