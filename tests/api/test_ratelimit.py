"""Token buckets: what is allowed in any stretch of time is arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ratelimit import Buckets, Rate, Taken


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_is_allowed_then_one_each_time_a_token_has_come(clock: Clock) -> None:
    buckets = Buckets(Rate(per_s=2.0, burst=3), clock)

    assert [buckets.take("a") for _ in range(4)] == [
        Taken(True, 2, 0), Taken(True, 1, 0), Taken(True, 0, 0), Taken(False, 0, 1),
    ]  # fmt: skip
    clock.now += 0.5
    assert buckets.take("a").allowed
    assert not buckets.take("a").allowed


def test_after_a_pause_there_is_a_full_burst_and_no_more(clock: Clock) -> None:
    buckets = Buckets(Rate(per_s=2.0, burst=3), clock)
    for _ in range(3):
        buckets.take("a")
    clock.now += 3600

    assert [buckets.take("a").allowed for _ in range(4)] == [True, True, True, False]


def test_a_refusal_takes_nothing(clock: Clock) -> None:
    buckets = Buckets(Rate(per_s=1.0, burst=2), clock)
    buckets.take("a")
    refused = buckets.take("a", cost=2)

    assert (refused.allowed, refused.left, refused.wait_s) == (False, 1, 1)
    assert buckets.take("a").allowed


def test_everybody_has_a_bucket_of_their_own(clock: Clock) -> None:
    buckets = Buckets(Rate(per_s=1.0, burst=1), clock)

    assert [buckets.take(who).allowed for who in ("a", "b", "a")] == [True, True, False]


def test_what_costs_more_than_a_bucket_takes_all_of_a_full_one(clock: Clock) -> None:
    buckets = Buckets(Rate(per_s=1.0, burst=5), clock)

    assert buckets.take("a", cost=1000) == Taken(True, 0, 0)
    assert buckets.take("a", cost=1000) == Taken(False, 0, 5)


def test_memory_is_bounded_and_who_asked_last_is_kept(clock: Clock) -> None:
    buckets = Buckets(Rate(per_s=0.001, burst=1), clock, most=100)
    buckets.take("often")
    for number in range(5000):
        buckets.take(number)
        assert not buckets.take("often").allowed

    assert len(buckets) == 100


def test_a_factor_scales_a_rate() -> None:
    assert Rate(2.0, 30).times(1.5) == Rate(3.0, 45)
    assert Rate(2.0, 30).times(0.001) == Rate(0.002, 1)


@given(
    st.lists(st.tuples(st.floats(0, 5), st.integers(1, 3)), min_size=1, max_size=60),
    st.floats(0.1, 10),
    st.integers(1, 20),
)
def test_no_stretch_of_time_gives_more_than_its_burst_and_its_rate(
    asked: list[tuple[float, int]], per_s: float, burst: int
) -> None:
    clock = Clock()
    buckets = Buckets(Rate(per_s, burst), clock)
    begun, given_out = clock.now, 0
    for pause, cost in asked:
        clock.now += pause
        if buckets.take("a", cost).allowed:
            given_out += min(cost, burst)

        assert given_out <= burst + (clock.now - begun) * per_s + 1e-6


@given(st.floats(0.1, 10), st.integers(1, 20), st.integers(1, 40))
def test_who_waits_as_long_as_told_is_allowed(per_s: float, burst: int, before: int) -> None:
    clock = Clock()
    buckets = Buckets(Rate(per_s, burst), clock)
    for _ in range(before):
        taken = buckets.take("a")
    clock.now += taken.wait_s

    assert taken.allowed or buckets.take("a").allowed
