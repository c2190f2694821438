"""Which columns say where rows are: guessed from real headers, named, refused with a remedy."""

import pytest

from geo.errors import GeoError
from geo.exchange.located.columns import ColumnsHalf, ColumnsMissing, ColumnUnknown, choose


def places(*headers: str, has_geometry: bool = False, **named: str) -> dict[str, str]:
    found = choose(headers, named, has_geometry=has_geometry, file="f.csv")
    return {role: headers[place] for role, place in found.places.items()}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("序号", "经度", "纬度"), {"lon": "经度", "lat": "纬度"}),
        (("lng", "lat", "name"), {"lon": "lng", "lat": "lat"}),
        (("Longitude ", "LATITUDE"), {"lon": "Longitude ", "lat": "LATITUDE"}),
        (("X（米）", "Y（米）"), {"lon": "X（米）", "lat": "Y（米）"}),
        (("东坐标", "北坐标"), {"lon": "东坐标", "lat": "北坐标"}),
        (("姓名", "坐标"), {"point": "坐标"}),
        (("姓名", "详细地址"), {"address": "详细地址"}),
        (("建筑编码", "单元"), {"building": "建筑编码", "stairwell": "单元"}),
        (("经度*", "纬度 (高德)"), {"lon": "经度*", "lat": "纬度 (高德)"}),
        (("wkt",), {"wkt": "wkt"}),
    ],
)  # fmt: skip
def test_a_column_is_known_by_its_header(
    headers: tuple[str, ...], expected: dict[str, str]
) -> None:
    assert places(*headers) == expected


def test_a_column_that_is_named_wins_over_its_header() -> None:
    assert places("经度", "纬度", "甲", "乙", lon="甲", lat="乙") == {"lon": "甲", "lat": "乙"}


def test_a_dash_keeps_a_column_from_being_guessed() -> None:
    assert places("lon", "lat", "地址", address="-") == {"lon": "lon", "lat": "lat"}


def test_of_two_headers_that_differ_in_brackets_the_named_one_is_taken() -> None:
    found = places("位置（高德）", "位置（百度）", point="位置（百度）", address="-")

    assert found == {"point": "位置（百度）"}


def test_beside_a_geometry_no_coordinates_are_guessed() -> None:
    assert places("lon", "lat", "地址", has_geometry=True) == {"address": "地址"}


@pytest.mark.parametrize(
    ("headers", "named", "error", "told"),
    [
        (("姓名", "电话"), {}, ColumnsMissing, "姓名, 电话"),
        (("姓名", "经度"), {}, ColumnsHalf, "--lat-column"),
        (("姓名", "纬度"), {}, ColumnsHalf, "--lon-column"),
        (("姓名", "地址"), {"address": "住处"}, ColumnUnknown, "姓名, 地址"),
        (("甲", "甲", "lat"), {"lon": "甲"}, ColumnUnknown, "--lon-column"),
        (("13812345678", "李四"), {}, ColumnsMissing, "138****5678"),
    ],
)
def test_what_does_not_say_where_rows_are_is_refused_with_the_columns_and_a_remedy(
    headers: tuple[str, ...], named: dict[str, str], error: type[GeoError], told: str
) -> None:
    with pytest.raises(error) as refused:
        places(*headers, **named)

    assert told in refused.value.message("zh")
    assert told in refused.value.message("en")


def test_half_a_pair_does_not_count_beside_an_address() -> None:
    assert places("经度", "地址") == {"address": "地址"}
