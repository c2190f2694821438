"""When tries are over, against a plain reading; and how long pieces of a sign-in last."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo.accounts.rules import Failure, SignInRules, counted, locked_until, origin_of
from geo.settings import Settings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(*minutes: float) -> list[datetime]:
    return [NOON + timedelta(minutes=m) for m in minutes]


def test_four_wrong_passwords_lock_nothing() -> None:
    assert locked_until(at(0, 1, 2, 3)) is None
    assert locked_until([]) is None


def test_the_fifth_within_fifteen_minutes_locks_for_fifteen_minutes() -> None:
    assert locked_until(at(0, 1, 2, 3, 14)) == NOON + timedelta(minutes=29)


def test_five_within_longer_lock_nothing() -> None:
    assert locked_until(at(0, 1, 2, 3, 15)) is None


def test_the_last_lock_counts() -> None:
    assert locked_until(at(0, 1, 2, 3, 4, 10)) == NOON + timedelta(minutes=25)
    assert locked_until(at(0, 1, 2, 3, 4, 19)) == NOON + timedelta(minutes=19)


@given(st.lists(st.integers(0, 60), max_size=12).map(sorted))
def test_the_rule_is_any_five_within_fifteen_minutes(minutes: list[int]) -> None:
    # Who has seen five in the quarter of an hour that ends with this one.
    locking = [last for last in minutes if sum(last - 15 < m <= last for m in minutes) >= 5]
    expected = NOON + timedelta(minutes=max(locking) + 15) if locking else None

    assert locked_until(at(*minutes)) == expected


ORIGINS = st.sampled_from(["home", "office", "far", "further"])


@given(st.lists(ORIGINS, max_size=12), ORIGINS, st.sets(ORIGINS))
def test_every_wrong_password_counts_in_exactly_one_place(
    tried: list[str], origin: str, familiar: set[str]
) -> None:
    wrong = [Failure(NOON + timedelta(minutes=n), one) for n, one in enumerate(tried)]
    mine = [n for n, one in enumerate(tried) if one == origin]
    strange = [n for n, one in enumerate(tried) if one not in familiar]

    assert counted(wrong, origin, familiar) == at(*(mine if origin in familiar else strange))


def test_an_address_that_is_none_is_never_familiar() -> None:
    wrong = [Failure(NOON, "far")]

    assert counted(wrong, origin_of("testclient"), {origin_of("")}) == [NOON]


def test_the_rules_follow_the_settings() -> None:
    settings = Settings(
        database_url="postgresql://x@127.0.0.1:9/x", page_idle_min=5, page_most_h=2,
        access_token_min=1, refresh_days=7, demo=True,
    )  # fmt: skip

    assert SignInRules.of(settings) == SignInRules(
        page_idle=timedelta(minutes=5),
        page_most=timedelta(hours=2),
        access=timedelta(minutes=1),
        refresh=timedelta(days=7),
        demo=True,
    )
