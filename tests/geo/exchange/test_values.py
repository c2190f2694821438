import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange import words
from geo.exchange.table import as_text
from geo.exchange.values import (
    Flaw,
    code,
    door,
    floor,
    folded,
    integer,
    number,
    plain,
    word,
    yes_no,
)


def key(value: object) -> str:
    assert isinstance(value, Flaw), value
    return value.key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("340603002001", "340603002001"),
        (" ３４０６０３００２００１ ", "340603002001"),
        ("340603002001.0", "340603002001"),
        ("3.40603002001E+11", "340603002001"),
        ("'0340603", "0340603"),
        ("0012", "0012"),
        ("1E3", "1E3"),  # block 1, entrance E 3: a code, no number
        ("A-7", "A-7"),
        ("\\N", ""),
    ],
)
def test_a_code_stays_text_and_is_mended_where_nothing_is_lost(text: str, expected: str) -> None:
    assert code(text) == expected


@pytest.mark.parametrize("text", ["3.40603E+11", "3.40603198001011E+17", "3.4060300200155E+11"])
def test_a_code_whose_digits_are_lost_is_a_flaw(text: str) -> None:
    assert key(code(text)) == "digits_lost"


@pytest.mark.parametrize("text", ["2026-03-01", "2026-03-01T00:00:00"])
def test_a_code_that_became_a_date_is_a_flaw(text: str) -> None:
    assert key(code(text)) == "made_a_date"
    assert key(door(text)) == "made_a_date"


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_code_that_was_a_number_below_ten_to_the_fifteenth_comes_back_whole(value: int) -> None:
    assert code(as_text(float(value))) == str(value)
    assert code(f"{value}.0") == str(value)
    assert code(f"{value:.14E}") == str(value)


@given(st.integers(min_value=10**15, max_value=10**18))
def test_a_float_beyond_fifteen_digits_is_never_taken_for_a_code(value: int) -> None:
    assert key(code(as_text(float(value)))) == "digits_lost"


@given(st.text(max_size=40))
def test_a_code_is_text_on_one_line_or_a_flaw(text: str) -> None:
    found = code(text)

    assert isinstance(found, Flaw) or (found == found.strip() and "\n" not in found)


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_a_number_is_read_as_it_was_written(value: float) -> None:
    assert number(repr(value), low=-1e6, high=1e6) == value


@given(
    st.integers(min_value=-10, max_value=200),
    st.sampled_from(["{}", " {} ", "{}.0", "{}层", "{} 层"]),
)
def test_a_whole_number_is_read_with_its_unit(value: int, form: str) -> None:
    assert integer(form.format(value), low=-10, high=200, units="层") == value


@given(st.text(max_size=12))
def test_a_number_is_finite_or_a_flaw(text: str) -> None:
    found = number(text, low=-math.inf, high=math.inf)

    assert isinstance(found, Flaw) or math.isfinite(found)


@pytest.mark.parametrize(
    "text", ["nan", "NaN", "inf", "-Infinity", "1e400", "0x10", "1_000", "甲", "--1", "1,2"]
)
def test_what_only_resembles_a_number_is_none(text: str) -> None:
    assert key(number(text, low=-1e9, high=1e9)) == "not_a_number"


def test_thousands_and_full_width_digits_are_numbers() -> None:
    assert number("1,234.5", low=0, high=1e6) == 1234.5
    assert number("１２．５", low=0, high=100) == 12.5


def test_bounds_are_included_and_told() -> None:
    assert integer("200", low=0, high=200) == 200
    assert integer("201", low=0, high=200) == Flaw("out_of_range", {"low": 0, "high": 200})
    assert key(integer("-1", low=0, high=200)) == "out_of_range"
    assert key(integer("6.5", low=0, high=200)) == "not_whole"


@pytest.mark.parametrize(
    ("text", "expected"), [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("两", 2)]
)
def test_small_chinese_numerals_are_numbers(text: str, expected: int) -> None:
    assert integer(text + "单元", low=0, high=99, units="单元") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("6", 6), ("-1", -1), ("B2", -2), ("地下1层", -1), ("负一楼", -1), ("12F", 12)],
)
def test_floors_below_ground_are_negative(text: str, expected: int) -> None:
    assert floor(text) == expected


def test_a_flat_is_its_number_without_the_word() -> None:
    assert door("301室") == "301"
    assert door("3-1") == "3-1"


@pytest.mark.parametrize(
    ("text", "expected"), [("是", True), ("否", False), ("Y", True), ("0", False), ("√", True)]
)
def test_yes_and_no_have_many_words(text: str, expected: bool) -> None:
    assert yes_no(text) is expected


def test_a_word_that_is_neither_yes_nor_no_is_a_flaw() -> None:
    assert key(yes_no("maybe")) == "not_yes_no"


def test_words_of_occupancy_mean_codes() -> None:
    meant = [
        word(text, words=words.OCCUPANCY)
        for text in ("自住", "租住", "空", "Other", "owner-occupied")
    ]

    assert meant == ["owner_occupied", "rented", "vacant", "other", "owner_occupied"]
    assert word("别的", words=words.OCCUPANCY) == Flaw(
        "unknown_word",
        {"words": "自住/owner_occupied, 出租/rented, 空置/vacant, 其他/other, 未知/unknown"},
    )


def test_text_is_one_line_without_what_nobody_sees() -> None:
    assert plain(" 人民路\n 1号\u200b ") == "人民路 1号"
    assert key(plain("a\x00b")) == "control_character"
    assert key(plain("\ud800")) == "control_character"
    assert key(plain("长" * 201)) == "too_long"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x")']
)
def test_what_looks_like_a_formula_is_kept_as_text(text: str) -> None:
    assert plain(text) == text


def test_words_are_compared_without_case_width_and_blanks() -> None:
    assert folded(" Building_Code* ") == folded("ｂｕｉｌｄｉｎｇ　ｃｏｄｅ") == "buildingcode"
