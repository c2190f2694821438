from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import select

from geo.places.model import Building, Estate
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import counts, faults, notes, take_in, told

pytestmark = pytest.mark.db

HEADER = [
    "楼栋编号",
    "楼栋名称",
    "小区",
    "街路",
    "门牌号",
    "楼栋号",
    "层数",
    "单元数",
    "经度",
    "纬度",
]


def at(east: float, north: float) -> tuple[float, float]:
    point = world.at(east, north)
    return point.x, point.y


def row(code: str, east: float = 0.2, north: float = 0.2, **changed: Any) -> list[Any]:
    x, y = at(east, north)
    values = {
        "楼栋编号": code, "楼栋名称": "", "小区": "幸福小区", "街路": "人民路", "门牌号": "1号",
        "楼栋号": "9号楼", "层数": "6", "单元数": "2", "经度": repr(x), "纬度": repr(y),
    }  # fmt: skip
    return [(values | changed)[name] for name in HEADER]


def stored(work: Work, code: str) -> Building:
    return work.session.scalars(select(Building).where(Building.code == code)).one()


def footprints(*shapes: shapely.Geometry, **columns: list[Any]) -> gpd.GeoDataFrame:
    data = {"code": [f"n{i}" for i in range(1, len(shapes) + 1)]} | columns
    return gpd.GeoDataFrame(data, geometry=list(shapes), crs=4326)


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def test_a_new_building_stands_in_its_leaf_cell_with_its_address(
    town: Work, tmp_path: Path
) -> None:
    path = files.csv(tmp_path / "b.csv", [HEADER, row("n1")])

    outcome = take_in(town, path, "buildings", crs="wgs84")

    made = stored(town, "n1")
    assert counts(outcome) == {"buildings": (1, 0, 0, 0)}
    assert (made.name, made.road, made.door_no, made.floors, made.stairwells) == (
        "幸福小区9号楼", "人民路", "1号", 6, 2,
    )  # fmt: skip
    assert made.path.count(".") == 4  # district, town, community, grid 1
    assert made.source_crs == "wgs84"


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb"])
def test_footprints_come_in_from_every_vector_format(
    town: Work, tmp_path: Path, suffix: str
) -> None:
    shape = world.box(0.2, 0.2, 0.3, 0.25)
    path = files.vector(tmp_path / f"b.{suffix}", footprints(shape, name=["甲楼"]))

    assert counts(take_in(town, path, "buildings")) == {"buildings": (1, 0, 0, 0)}
    assert counts(take_in(town, path, "buildings")) == {"buildings": (0, 0, 1, 0)}
    assert stored(town, "n1").footprint is not None


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_the_same_file_twice_changes_nothing(town: Work, tmp_path: Path, encoding: str) -> None:
    path = files.csv(
        tmp_path / "b.csv", [HEADER, row("n1"), row("n2", 1.5, 0.5)], encoding=encoding
    )
    take_in(town, path, "buildings", crs="gcj02")

    again = take_in(town, path, "buildings", crs="gcj02")

    assert again.changes == 0
    assert counts(again) == {"buildings": (0, 0, 2, 0)}


def test_a_workbook_with_codes_stored_as_numbers_is_mended(town: Work, tmp_path: Path) -> None:
    x, y = at(0.2, 0.2)
    rows = [["楼栋编号", "经度", "纬度"], [340603002001.0, x, y], ["340603002002", x, y]]
    path = files.xlsx(tmp_path / "b.xlsx", [[], ["台账"], *rows])

    take_in(town, path, "buildings", crs="wgs84")

    assert stored(town, "340603002001").name == "340603002001"


def test_a_workbook_of_excel_97_with_instructions_beside_it(work: Work) -> None:
    outcome = take_in(work, files.DATA / "buildings.xls", "buildings", crs="cgcs2000")

    assert counts(outcome) == {"buildings": (2, 0, 0, 0)}
    assert stored(work, "340603002001").floors == 6


def test_only_what_differs_is_changed_and_absent_columns_stay(town: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "b.csv", [["code", "floors"], ["b1", "9"], ["b2", "6"]])

    outcome = take_in(town, path, "buildings")

    changed = stored(town, "b1")
    town.session.refresh(changed)
    assert counts(outcome) == {"buildings": (0, 1, 1, 0)}
    assert (changed.floors, changed.name, changed.estate_id is not None) == (9, "1号楼", True)
    assert changed.footprint is not None


def test_a_point_keeps_the_outline_it_lies_in_and_loses_another(town: Work, tmp_path: Path) -> None:
    within, away = world.at(0.1 + 1 / 256, 0.1 + 1 / 512), world.at(1.2, 0.4)
    rows = [["code", "lon", "lat"], ["b1", within.x, within.y], ["b2", away.x, away.y]]
    path = files.csv(tmp_path / "b.csv", rows)

    assert counts(take_in(town, path, "buildings", crs="wgs84")) == {"buildings": (0, 2, 0, 0)}

    outlines = [stored(town, code) for code in ("b1", "b2")]
    for building in outlines:
        town.session.refresh(building)
    assert [building.footprint is not None for building in outlines] == [True, False]


def test_the_point_of_a_footprint_lies_inside_it(town: Work, tmp_path: Path) -> None:
    # The middle of this U lies in its notch.
    u = world.box(0.1, 0.1, 0.4, 0.4).difference(world.box(0.2, 0.2, 0.3, 0.4))
    path = files.vector(tmp_path / "b.gpkg", footprints(u))

    take_in(town, path, "buildings")

    query = select(Building.footprint.ST_Covers(Building.point)).where(Building.code == "n1")
    assert town.session.scalar(query) is True


def test_an_estate_nobody_knows_is_made_once(town: Work, tmp_path: Path) -> None:
    rows = [HEADER, row("n1", 小区="和平小区"), row("n2", 小区="和平小区"), row("n3")]
    path = files.csv(tmp_path / "b.csv", rows)

    first, again = (take_in(town, path, "buildings", crs="wgs84") for _ in range(2))

    assert counts(first) == {"buildings": (3, 0, 0, 0), "estates": (1, 0, 0, 0)}
    assert again.changes == 0
    estates = town.session.execute(select(Estate.code, Estate.name).order_by(Estate.code)).all()
    assert [tuple(estate) for estate in estates] == [("e1", "幸福小区"), ("和平小区", "和平小区")]


def test_an_estate_code_that_names_nothing_is_a_fault(town: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "b.csv", [["code", "estate_code"], ["b1", "e1"], ["b2", "e9"]])

    assert told(faults(town, path, "buildings")) == [(3, "estate_code", "e9", "unknown_estate")]


def test_every_fault_is_told_with_row_column_and_value_and_nothing_is_written(
    town: Work, tmp_path: Path
) -> None:
    rows = [
        HEADER,
        row("n1"),
        row("n1"),
        row("", 层数="x"),
        row("3.40603E+11", 层数="-1", 单元数="1e400"),
        row("n5", 经度="33.9", 纬度="116.8"),
        row("n6", 经度="", 纬度=""),
        row("n7", 经度="nan"),
    ]
    path = files.csv(tmp_path / "b.csv", rows)

    found = faults(town, path, "buildings", crs="wgs84")

    assert told(found) == [
        (3, "楼栋编号", "n1", "code_twice"),
        (4, "层数", "x", "not_a_number"),
        (4, "楼栋编号", "", "missing_value"),
        (5, "单元数", "1e400", "not_a_number"),
        (5, "层数", "-1", "out_of_range"),
        (5, "楼栋编号", "3.40603E+11", "digits_lost"),
        (6, "经度", "33.9", "axes_swapped"),
        (7, "经度", "", "geometry_missing"),
        (8, "经度", "nan", "not_a_number"),
    ]
    assert "第 2 行" in found[0].message("zh")
    assert town.session.scalars(select(Building.code).where(Building.code == "n1")).all() == []


def test_a_new_building_without_a_place_is_a_fault(town: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "b.csv", [["code", "floors"], ["b1", "6"], ["n1", "6"]])

    assert told(faults(town, path, "buildings")) == [(3, "geometry", "", "building_without_place")]


def test_numbers_of_rows_get_the_name_of_the_file_before_them(work: Work, tmp_path: Path) -> None:
    shapes = [world.box(0.2, 0.2, 0.3, 0.25), world.box(0.4, 0.4, 0.5, 0.45)]
    path = files.vector(
        tmp_path / "East Side.gpkg", footprints(*shapes).rename(columns={"code": "osm_id"})
    )

    take_in(work, path, "buildings")

    assert stored(work, "east-side-n1")


def test_a_file_of_buildings_says_that_it_leaves_households_out(work: Work) -> None:
    outcome = take_in(work, files.KARHULA, "buildings")

    assert counts(outcome) == {"buildings": (2151, 0, 0, 0)}
    assert notes(outcome)["households_not_taken"] == 2151


def test_a_kind_of_building_nobody_knows_is_other_and_noted(town: Work, tmp_path: Path) -> None:
    rows = [["code", "建筑类型"], ["b1", "塔楼"], ["b2", "宇宙飞船"]]
    path = files.csv(tmp_path / "b.csv", rows)

    outcome = take_in(town, path, "buildings")

    query = select(Building.code, Building.kind).order_by(Building.code)
    assert dict(tuple(pair) for pair in town.session.execute(query))["b1"] == "tower"
    assert notes(outcome) == {"building_kind_other": 1}


def test_hostile_texts_are_stored_as_they_are(town: Work, tmp_path: Path) -> None:
    evil = '=HYPERLINK("x")\'; DROP TABLE building; --${1}`<script>'
    path = files.csv(tmp_path / "b.csv", [["code", "name"], ["b1", evil]])

    take_in(town, path, "buildings")

    assert town.session.scalar(select(Building.name).where(Building.code == "b1")) == evil
