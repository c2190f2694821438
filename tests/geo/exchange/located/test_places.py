"""What a row goes by, and what is wrong with how it is written."""

from typing import Any

import pytest
import shapely

from geo.exchange.located.chunks import Records
from geo.exchange.located.columns import Choice, choose
from geo.exchange.located.places import asked
from geo.exchange.located.points import pair
from geo.exchange.located.questions import Asked, By


def read(headers: list[str], *rows: list[Any], formats: bool = True) -> Asked:
    choice: Choice = choose(headers, {}, has_geometry=False, file="f")
    return asked(
        Records(2, [list(row) for row in rows], [{}] * len(rows) if formats else None), choice
    )


POINT = ["经度", "纬度", "地址"]


@pytest.mark.parametrize(
    ("row", "by", "key"),
    [
        ([116.8, 33.9, "甲"], By.POINT, None),
        (["116.8", "33.9", ""], By.POINT, None),
        (["１１６．８", " 33.9 "], By.POINT, None),
        (["", None, "甲"], By.ADDRESS, None),
        (["116.8", "", "甲"], By.POINT, "missing_value"),
        (["abc", "33.9", "甲"], By.POINT, "not_a_number"),
        ([True, 33.9, "甲"], By.POINT, "not_a_number"),
        (["TRUE", "33.9"], By.POINT, "not_a_number"),
        (["nan", "33.9"], By.POINT, "coordinate_not_finite"),
        (["116.8", "inf"], By.POINT, "coordinate_not_finite"),
        ([116.8, float("-inf")], By.POINT, "coordinate_not_finite"),
        (["1_16.8", "33.9"], By.POINT, "not_a_number"),
        (["0x74", "33.9"], By.POINT, "not_a_number"),
    ],
)
def test_a_row_goes_by_its_coordinates_and_by_nothing_else_when_they_are_wrong(
    row: list[Any], by: By, key: str | None
) -> None:
    found = read(POINT, row)

    assert found.by == [by]
    assert [one.key.rpartition(".")[2] for one in found.wrong.values()] == [key] * (key is not None)


def test_the_sentence_names_the_column_and_the_value() -> None:
    found = read(POINT, ["116.8", "三十三", ""])

    told = found.wrong[0].message("zh")
    assert told.startswith("纬度 “三十三”：不是数；") and told.endswith("不带单位和度分秒")
    assert found.wrong[0].message("en").startswith("纬度 “三十三”: ")


def test_a_row_without_anything_to_go_by_is_wrong_and_a_blank_one_is_not() -> None:
    found = read([*POINT, "姓名"], ["", "", "", "李四"], ["", " ", None, ""])

    assert [(row, one.key) for row, one in found.wrong.items()] == [(0, "located.nothing")]


def test_a_text_row_longer_than_its_header_is_wrong_and_a_sheet_row_is_not() -> None:
    long = ["116.8", "33.9", "甲", "乙"]

    assert read(POINT, long, formats=False).wrong[0].key == "exchange.value_without_header"
    assert not read(POINT, long).wrong


def test_a_building_comes_before_an_address() -> None:
    found = read(
        ["楼栋编号", "单元", "地址"], ["b1", "2单元", "甲"], ["", "", "甲"], [3.40603e11, "", ""]
    )

    assert (found.by, found.texts[0], found.stairwells) == (
        [By.BUILDING, By.ADDRESS, By.BUILDING],
        "b1",
        {0: 2},
    )
    assert found.texts[2] == "340603000000"


@pytest.mark.parametrize(
    "text", ["116.8,33.9", "116.8，33.9", "(116.8, 33.9)", "116.8;33.9", "【116.8、33.9】"]
)  # fmt: skip
def test_a_pair_in_one_cell_is_read_however_it_is_parted(text: str) -> None:
    assert pair(text) == ("116.8", "33.9")


@pytest.mark.parametrize("text", ["116.8", "116.8,33.9,5", "人民路1号"])
def test_what_is_no_pair_is_told_so(text: str) -> None:
    assert read(["坐标"], [text]).wrong[0].key == "located.no_pair"


def test_of_an_area_a_point_inside_is_asked() -> None:
    bent = "POLYGON ((0 0, 3 0, 3 1, 1 1, 1 2, 3 2, 3 3, 0 3, 0 0))"
    found = read(["wkt"], [bent], ["POINT (1 2)"], ["POINT (1"])

    assert shapely.covers(shapely.from_wkt(bent), shapely.Point(found.lon[0], found.lat[0]))
    assert (found.lon[1], found.lat[1]) == (1.0, 2.0)
    assert found.wrong[2].key == "exchange.geometry_unreadable"
