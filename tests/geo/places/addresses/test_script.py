"""Writing and sound: by hand, and that nothing people type brings it down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.places.addresses.numerals import arabic
from geo.places.addresses.script import LONGEST, fold
from geo.places.addresses.sounds import divided, initials, mistyped, near, number_of, spelt


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("二十三号", "23号"),
        ("一百零二号", "102号"),
        ("一百二十号", "120号"),
        ("二〇一室", "201室"),
        ("拾捌号楼", "18号楼"),
        ("廿一号", "21号"),
        ("幺零二室", "102室"),
        ("两栋", "2栋"),
        ("两江新区", "两江新区"),
        ("百货大楼", "百货大楼"),
        ("千禧花园", "千禧花园"),
        ("五一路十号", "51路10号"),
        ("一二九路", "129路"),
    ],
)
def test_numerals_become_digits_and_names_stay_names(text: str, digits: str) -> None:
    assert arabic(text) == digits


def test_width_script_case_and_signs_are_one() -> None:
    written = ["幸福小區３號樓Ａ座", "幸福小区 3号楼，A座", "「幸福小区」三号楼（a座）"]

    assert {fold(text) for text in written} == {"幸福小区3号楼a座"}


def test_rare_characters_of_place_names_stay() -> None:
    assert fold("𬒈石路3号、𣲗水街") == "𬒈石路3号𣲗水街"


def test_every_reading_is_heard() -> None:
    assert spelt("长乐") in ("changle", "zhangle")
    assert initials("三里桥小区") == initials("3里桥小区") == "slqxq"


def test_syllables_are_cut_as_few_as_possible() -> None:
    assert divided("xianlu") == ("xian", "lu")
    assert divided("gdxq") == tuple("gdxq")


def test_slips_of_tongue_and_finger_are_near() -> None:
    assert number_of("zi") in near()[number_of("zhi")]
    assert number_of("liu") in near()[number_of("niu")]
    assert number_of("dan") in mistyped(number_of("dian"))
    assert number_of("hao") not in mistyped(number_of("lou"))


@given(st.text(max_size=400))
def test_folding_takes_any_text_and_is_done_at_once(text: str) -> None:
    once = fold(text)

    assert fold(once) == once
    assert len(once) <= 4 * LONGEST
