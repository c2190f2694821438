"""Going on with what is being typed, on the district of the measured set."""

import pytest

from geo.places.addresses.completion import complete
from tests.geo.places.addresses.test_matching import known


def texts(typed: str, *, nicknames: bool = True, most: int = 10) -> list[str]:
    found = complete(known().aliases, typed, nicknames=nicknames, most=most)
    return [suggestion.text for suggestion in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("供", "供电小区"),
        ("供电", "供电小区"),
        ("供電", "供电小区"),
        ("gdx", "供电小区"),
        ("gongdianxiao", "供电小区"),
        ("绣华", "锦绣华庭一期"),
        ("供店小区", "供电小区"),
        ("人民路3", "人民路36号供电小区1号楼"),
        ("李庄1", "李庄1号"),
    ],
)
def test_the_likeliest_stands_first(typed: str, first: str) -> None:
    assert texts(typed)[0] == first


def test_numbers_go_on_in_their_order() -> None:
    found = texts("供电小区", most=20) + texts("文昌苑", most=20)

    assert [text for text in found if text.startswith("文昌街5号文昌苑")] == [
        f"文昌街5号文昌苑{n}号楼" for n in range(1, 8)
    ]


def test_a_number_that_is_begun_offers_all_that_begin_so() -> None:
    found = texts("矿机小区2", most=10)

    assert found[:7] == [f"矿机路7号矿机小区{n}号楼" for n in (2, 20, 21, 22, 23, 24, 25)]


def test_nicknames_are_offered_to_staff_alone() -> None:
    assert texts("铁路小学后")[0] == "铁路小学后门那栋"
    assert "铁路小学后门那栋" not in texts("铁路小学后", nicknames=False)


@pytest.mark.parametrize("typed", ["", " ", "3", "13800001234", "??"])
def test_what_names_nothing_offers_nothing(typed: str) -> None:
    assert texts(typed) == []


def test_no_more_are_given_than_are_wanted() -> None:
    assert len(texts("人民路", most=3)) == 3
