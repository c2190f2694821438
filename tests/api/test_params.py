"""Each query value: read whole, or refused with the reason that its sentence names."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from api import params
from geo.texts import catalogue

NOON = datetime.fromisoformat("2026-11-21T12:00:00+08:00")


def refusal(parse: Callable[[object], object], value: object) -> str:
    with pytest.raises(PydanticCustomError) as caught:
        parse(value)
    assert f"api.parameter.{caught.value.type}" in catalogue()
    return caught.value.type


@pytest.mark.parametrize(
    "value", ["", " 5", "5 ", "5.0", "1e3", "1_000", "٥", "0x10", "nan", "true", "9" * 20]
)
def test_only_plain_digits_are_a_whole_number(value: str) -> None:
    assert refusal(params.whole_number, value) == "whole_number"


@pytest.mark.parametrize("value", ["0", "-1", "-9999999999"])
def test_a_page_has_at_least_one_row(value: str) -> None:
    assert refusal(params.page_limit, value) == "limit_low"


def test_a_limit_above_the_most_is_cut_to_it() -> None:
    assert params.page_limit("10001") == 10_000


@pytest.mark.parametrize("value", ["0", "6", "-1"])
def test_levels_are_one_to_five(value: str) -> None:
    assert refusal(params.level, value) == "level"


@pytest.mark.parametrize("value", ["", "1", "yes", "True", "TRUE", "on"])
def test_a_flag_is_spelt_true_or_false(value: str) -> None:
    assert refusal(params.flag, value) == "flag"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "words_length"),
        ("x" * 101, "words_length"),
        ("a\x00b", "words_unprintable"),
        ("a\nb", "words_unprintable"),
        ("\ud800", "words_unprintable"),
        ("\u2028", "words_unprintable"),
        ("\u202e", "words_unprintable"),
    ],
)
def test_words_are_short_and_printable(value: str, kind: str) -> None:
    assert refusal(params.words, value) == kind


@pytest.mark.parametrize("value", ["0", "-1", str(2**63)])
def test_an_id_fits_the_database(value: str) -> None:
    assert refusal(params.row_id, value) == "row_id"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "moment"),
        ("yesterday", "moment"),
        ("2026-13-01", "moment"),
        ("2026-02-30T00:00:00Z", "moment"),
        ("20261121T080000Z", "moment"),
        ("2026-W47-6", "moment"),
        ("2026-11-21 08:00:00+08:00", "moment"),
        ("2026-11-21T08:00+08:00", "moment"),
        ("2026-11-21T24:30:00Z", "moment"),
        ("2026-11-21T08:00:00", "moment_zone"),
        ("2026-11-21T08:00:00.123", "moment_zone"),
    ],
)
def test_a_moment_is_rfc_3339_with_its_zone_or_a_day(value: str, kind: str) -> None:
    assert refusal(params.moment, value) == kind


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21T00:00:00Z",
        "2026-11-21t00:00:00z",
        "2026-11-21T08:00:00+08:00",
        "2026-11-21T08:00:00 08:00",  # an unescaped plus sign
        "2026-11-21T08:00:00.000000000+08:00",
    ],
)
def test_spellings_of_one_instant_are_one_instant(value: str) -> None:
    assert params.moment(value) == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_past_day_is_its_last_instant_in_local_time() -> None:
    found = params.instant(date(2026, 11, 20), "Asia/Shanghai", NOON)

    assert found + timedelta(microseconds=1) == datetime(2026, 11, 20, 16, tzinfo=UTC)


def test_today_is_now() -> None:
    assert params.instant(date(2026, 11, 21), "Asia/Shanghai", NOON) == NOON


def test_tomorrow_lies_in_the_future() -> None:
    assert params.instant(date(2026, 11, 22), "Asia/Shanghai", NOON) > NOON


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", "box_four"),
        ("1,2,3", "box_four"),
        ("1,2,3,4,5", "box_four"),
        ("a,b,c,d", "box_numbers"),
        ("1,2,3,", "box_numbers"),
        ("nan,2,3,4", "box_numbers"),
        ("1,2,inf,4", "box_numbers"),
        ("1,2,1e400,4", "box_numbers"),
        ("1_0,2,3,4", "box_numbers"),
        ("33.9,116.7,34,116.8", "box_swapped"),
        ("116,33,181,34", "box_range"),
        ("116,33,117,91", "box_range"),
        ("117,33,116,34", "box_order"),
        ("116,34,117,33", "box_order"),
    ],
)
def test_a_window_is_four_ordered_numbers_within_the_earth(value: str, kind: str) -> None:
    assert refusal(params.box, value) == kind


def test_a_window_may_be_a_point_and_may_touch_the_ends_of_the_earth() -> None:
    assert params.box("116.5,33.5,116.5,33.5") == params.Box(116.5, 33.5, 116.5, 33.5)
    assert params.box("-180,-90,180,90") == params.Box(-180, -90, 180, 90)


@given(st.text(max_size=50))
def test_no_text_breaks_a_parser(value: str) -> None:
    for parse in (params.whole_number, params.page_limit, params.level, params.flag, params.words,
                  params.row_id, params.moment, params.box):  # fmt: skip
        try:
            parse(value)
        except PydanticCustomError as error:
            assert f"api.parameter.{error.type}" in catalogue()
