"""Files of each format, located in the small town: there and back, wrong rows, what is refused."""

import csv
import os
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.access.actors import Actor
from geo.clock import now
from geo.crs.transform import from_storage
from geo.errors import GeoError
from geo.exchange.located.formats import FORMATS
from geo.exchange.located.outputs import OutputRefused
from geo.exchange.report import FileRefused
from geo.locate.service import Question
from geo.locate.service import locate as one_place
from geo.runtime import Runtime
from tests import residents, world
from tests.api.cli.conftest import full_disk
from tests.geo.exchange import files
from tests.geo.exchange.located.conftest import Locate

pytestmark = pytest.mark.db

# In grid 1, in the north of town B, on the border of grids 1 and 2, outside every cell.
PLACES = [world.at(0.1, 0.1), world.at(1.5, 1.5), world.at(0.5, 0.5), world.at(3.0, 3.0)]
CODES = ["100A2001", "100B1", "100A2001", ""]
HEAD = ["姓名", "经度", "纬度"]
LATER, EARLIER = now() + timedelta(days=400), datetime(1000, 1, 1, tzinfo=UTC)
ROWS = [[f"人{n}", repr(place.x), repr(place.y)] for n, place in enumerate(PLACES)]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file that was written, as texts; empty for nothing."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        head, *rows = book.active.iter_rows(values_only=True)
        return [dict(zip(head, ("" if v is None else v for v in row), strict=True)) for row in rows]
    frame = gpd.read_file(path) if path.suffix == ".gpkg" else gpd.read_parquet(path)
    plain = frame.astype(object)
    plain = plain.where(plain.notna(), "")
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def written(folder: Path, suffix: str) -> Path:
    """Return the places in a file of a format, coordinates in columns or as geometry."""
    path = folder / f"f{suffix}"
    if suffix == ".csv":
        return files.csv(path, [HEAD, *ROWS])
    if suffix == ".xlsx":
        return files.xlsx(path, [HEAD, *([n, float(x), float(y)] for n, x, y in ROWS)])
    frame = gpd.GeoDataFrame({"姓名": [row[0] for row in ROWS]}, geometry=PLACES, crs=4326)
    if suffix == ".gpkg":
        return files.vector(path, frame, layer="人")
    frame.to_parquet(path)
    return path


@pytest.mark.parametrize(
    ("suffix", "target"),
    [
        *((suffix, None) for suffix in (".csv", ".xlsx", ".gpkg", ".parquet")),
        *((".csv", target) for target in (".xlsx", ".gpkg", ".parquet")),
        *((".xlsx", ".csv"), (".gpkg", ".xlsx"), (".gpkg", ".parquet"), (".parquet", ".gpkg")),
    ],
)
def test_a_file_of_any_format_is_located_into_its_own_and_into_others(
    locate: Locate, tmp_path: Path, suffix: str, target: str | None
) -> None:
    path = written(tmp_path, suffix)
    out = tmp_path / f"out{target}" if target else None

    done = locate(path, crs="wgs84" if suffix in (".csv", ".xlsx") else None, out=out)

    rows = read(done.out)
    assert done.out.name == (f"out{target}" if target else f"f-located{suffix}")
    assert [row["姓名"] for row in rows] == ["人0", "人1", "人2", "人3"]
    assert [row["cell_code"] for row in rows] == CODES
    assert [row["worker"] for row in rows] == ["沈知夏", "", "沈知夏", ""]
    assert [str(row["nearest_code"]) for row in rows] == ["", "", "", "100B1"]
    assert float(rows[2]["border_m"]) == 0.0
    assert rows[2]["candidates"].startswith("100A2002 第 2 网格")
    assert (done.tally.rows, done.tally.matched, done.tally.ambiguous) == (4, 3, 1)
    assert (done.tally.outside, done.tally.errors) == (1, 0)


@pytest.mark.parametrize(
    ("suffix", "driver"),
    [(".shp", "ESRI Shapefile"), (".geojson", "GeoJSON"), (".fgb", "FlatGeobuf")],
)
def test_other_files_of_features_come_in_and_go_out_as_a_geopackage(
    locate: Locate, tmp_path: Path, suffix: str, driver: str
) -> None:
    path = tmp_path / f"f{suffix}"
    frame = gpd.GeoDataFrame({"姓名": [row[0] for row in ROWS]}, geometry=PLACES, crs=4326)
    # An office's Shapefile is in GBK and says so nowhere.
    options = {"encoding": "GBK"} if suffix == ".shp" else {"SPATIAL_INDEX": "NO"}
    options = {} if suffix == ".geojson" else options
    pyogrio.write_dataframe(frame, path, driver=driver, **options)
    path.with_suffix(".cpg").unlink(missing_ok=True)

    done = locate(path)

    rows = read(done.out)
    assert done.out.name == "f-located.gpkg"
    assert {row["姓名"]: row["cell_code"] for row in rows} == {
        f"人{n}": code for n, code in enumerate(CODES)
    }
    assert [read(locate(path, out=tmp_path / "o.xlsx").out)[0]["cell_code"]] == CODES[:1]


def test_a_geojson_states_no_system_so_that_another_one_may_be_named(
    locate: Locate, tmp_path: Path
) -> None:
    shifted = from_storage(shapely.get_coordinates(PLACES), "gcj02")
    frame = gpd.GeoDataFrame({"n": range(4)}, geometry=shapely.points(shifted), crs=4326)
    path = tmp_path / "f.geojson"
    frame.to_file(path)

    assert [row["cell_code"] for row in read(locate(path, crs="gcj02").out)][:2] == CODES[:2]


def test_a_shapefile_without_its_index_says_what_is_missing(locate: Locate, tmp_path: Path) -> None:
    path = tmp_path / "f.shp"
    gpd.GeoDataFrame({"n": [1]}, geometry=PLACES[:1], crs=4326).to_file(path)
    path.with_suffix(".shx").unlink()

    with pytest.raises(FileRefused, match=r"f\.shx"):
        locate(path)


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
def test_types_geometry_system_and_numbers_of_features_are_kept(
    locate: Locate, tmp_path: Path, suffix: str
) -> None:
    areas = [shapely.box(p.x, p.y, p.x + 1e-4, p.y + 1e-4) for p in (PLACES[0], PLACES[1])]
    frame = gpd.GeoDataFrame(
        {"n": [1, 2], "share": [0.5, None], "day": pd.to_datetime(["2026-03-01", None])},
        geometry=areas,
        crs=4326,
    ).to_crs(4548)
    frame["day"] = frame["day"].astype("datetime64[ms]")
    path = tmp_path / f"f{suffix}"
    if suffix == ".gpkg":
        pyogrio.write_dataframe(
            frame.set_index(pd.Index([7, 9], name="fid")).reset_index(), path, GEOMETRY_NAME="shape"
        )
    else:
        frame.to_parquet(path)

    done = locate(path)

    back = gpd.read_file(done.out) if suffix == ".gpkg" else gpd.read_parquet(done.out)
    assert back.crs == frame.crs
    assert back.geometry.geom_equals(frame.geometry).all()
    assert (back["n"].tolist(), back["share"].tolist()[0]) == ([1, 2], 0.5)
    assert pd.to_datetime(back["day"]).dt.strftime("%F").tolist()[0] == "2026-03-01"
    assert back["cell_code"].tolist() == ["100A2001", "100B1"]
    assert back["ambiguous"].tolist() == [False, False]
    if suffix == ".gpkg":
        assert gpd.read_file(done.out, fid_as_index=True).index.tolist() == [7, 9]
        assert pyogrio.read_info(done.out)["geometry_name"] == "shape"


def test_a_file_in_gbk_is_read_and_written_for_excel(locate: Locate, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "人员.csv", [HEAD, *ROWS], encoding="gbk")

    done = locate(path, crs="wgs84", lang="zh")

    raw = done.out.read_bytes()
    assert raw.startswith("\ufeff姓名,经度,纬度,错误,定位依据,所属网格编码".encode())
    assert read(done.out)[0]["所属网格"] == "第 1 网格"


def test_columns_and_rows_stay_where_they_were(locate: Locate, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    lines = [
        "走访登记表,,",
        "姓名,经度,纬度",
        *(",".join(row) for row in ROWS[:1]),
        ",,",
        "短",
        f"长,{ROWS[0][1]},{ROWS[0][2]},多,余",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    done = locate(path, crs="wgs84")

    with done.out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["走访登记表", "", ""]
    assert rows[1][:6] == ["姓名", "经度", "纬度", "", "", "error"]
    assert rows[2][7] == "100A2001"
    assert set(rows[3]) == {""}
    assert rows[4][0], rows[4][5].startswith("it has neither coordinates") == ("短", True)
    assert rows[5][:5] == ["长", ROWS[0][1], ROWS[0][2], "多", "余"]
    assert "多, 余" in rows[5][5]
    assert [row for row, _ in done.tally.faults] == [5, 6]
    assert (done.tally.rows, done.tally.errors) == (3, 2)


def test_wrong_values_are_told_in_their_row_and_the_others_go_on(
    locate: Locate, tmp_path: Path
) -> None:
    good = ROWS[0][1:]
    bad = [["nan", good[1]], ["inf", good[1]], ["", good[1]], ["甲", good[1]], ["TRUE", good[1]]]
    far = [["116.8", "91"], good[::-1], ["", ""]]
    path = files.csv(
        tmp_path / "f.csv", [["经度", "纬度", "注"], *([*p, "x"] for p in [good, *bad, *far])]
    )

    done = locate(path, crs="wgs84", lang="zh")

    rows = read(done.out)
    assert [row["所属网格编码"] for row in rows] == ["100A2001", *[""] * 8]
    assert [row["错误"].partition("：")[2][:6] for row in rows[:4]] == [
        "", "坐标是 Na", "坐标是 Na", "这一格不能为",
    ]  # fmt: skip
    assert rows[4]["错误"].startswith("经度 “甲”：不是数；请只填阿拉伯数字")
    assert "±90" in rows[6]["错误"]
    assert "写反了" in rows[7]["错误"]
    assert "没有坐标" in rows[8]["错误"]
    assert (done.tally.errors, done.tally.rows) == (8, 9)


def test_rows_that_are_too_short_or_too_long_say_so(locate: Locate, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    inside = f"{PLACES[0].x!r},{PLACES[0].y!r}"
    path.write_text(f"lon,lat\n{inside}\n{PLACES[0].x!r}\n{inside},9\n", encoding="utf-8")

    done = locate(path, crs="wgs84")

    assert [row for row, _ in done.tally.faults] == [3, 4]
    assert "must not be empty" in done.tally.faults[0][1]
    assert "more values than there are headers" in done.tally.faults[1][1]
    assert read(done.out)[0]["cell_code"] == "100A2001"


def test_a_workbook_keeps_dates_formats_titles_and_texts(locate: Locate, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "走访"
    book.active.append(["登记表"])
    book.active.append([*HEAD, "日期", "编号", "备注"])
    book.active.append(["人", PLACES[0].x, PLACES[0].y, date(2026, 3, 1), 7, None])
    book.active["E3"].number_format = "000"
    book.active["F3"] = "=1+1"
    book.active["F3"].data_type = "s"
    book.save(tmp_path / "f.xlsx")

    done = locate(tmp_path / "f.xlsx", crs="wgs84", lang="zh")

    sheet = openpyxl.load_workbook(done.out).active
    assert (sheet.title, sheet.freeze_panes, sheet["A1"].value) == ("走访", "A3", "登记表")
    assert (str(sheet["D3"].value), sheet["D3"].is_date) == ("2026-03-01 00:00:00", True)
    assert (sheet["E3"].value, sheet["E3"].number_format) == (7, "000")
    assert (sheet["F3"].value, sheet["F3"].data_type) == ("=1+1", "s")
    assert sheet["I3"].value == "100A2001"
    assert sheet.column_dimensions["G"].width > 30


def test_formulas_without_a_saved_value_are_remarked(locate: Locate, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in range(2, 7):
        book.active.append(["人", f"=116+0.{row}", PLACES[0].y])
    book.active.append(["=1+1 是文本", PLACES[0].x, PLACES[0].y])
    book.active["A7"].data_type = "s"
    book.save(tmp_path / "f.xlsx")
    # As Excel saves them: a number, and a text that is empty.
    saved = tmp_path / "saved.xlsx"
    with zipfile.ZipFile(tmp_path / "f.xlsx") as before, zipfile.ZipFile(saved, "w") as after:
        for name in before.namelist():
            xml = before.read(name)
            xml = xml.replace(b"116+0.2</f><v />", b"116+0.2</f><v>116.2</v>")
            after.writestr(
                name, xml.replace(b'"B3"><f>116+0.3</f><v />', b'"B3" t="str"><f>A</f><v></v>')
            )

    plain = locate(tmp_path / "f.xlsx", crs="wgs84")
    half = locate(saved, crs="wgs84")

    said = [remark.message("en") for remark in plain.remarks]
    assert "5 cells hold a formula without its saved value" in said[-1]
    assert "(B2, B3, B4 …)" in said[-1]
    assert "3 cells hold a formula" in half.remarks[-1].message("en")
    assert plain.tally.errors == 5


def test_no_cell_of_a_text_becomes_a_formula(locate: Locate, tmp_path: Path) -> None:
    head, row = (
        ["x", "y", "=cmd()", "注", "数"],
        [*ROWS[0][1:], '=HYPERLINK("http://a")', "@SUM(A1)", "-5"],
    )
    done = locate(files.csv(tmp_path / "f.csv", [head, row]), crs="wgs84")

    found = read(done.out)[0]
    assert found["'=cmd()"] == '\'=HYPERLINK("http://a")'
    assert (found["注"], found["数"]) == ("'@SUM(A1)", "-5")


def test_a_column_of_the_file_that_is_called_like_ours_is_kept_beside_it(
    locate: Locate, tmp_path: Path
) -> None:
    path = files.csv(tmp_path / "f.csv", [["lon", "lat", "cell_code"], [*ROWS[0][1:], "old"]])

    again = locate(locate(path, crs="wgs84").out, crs="wgs84")

    found = read(again.out)[0]
    assert found["cell_code"] == "old"
    assert found["cell_code (located)"] == found["cell_code (located) 2"] == "100A2001"


def test_the_answers_are_those_of_one_place_at_a_time(
    town: Runtime, locate: Locate, tmp_path: Path
) -> None:
    drawn = np.random.default_rng(4).uniform(-0.2, 2.2, (60, 2))
    points = [world.at(*pair) for pair in drawn.tolist()]
    rows = [[repr(p.x), repr(p.y), ""] for p in points] + [
        ["", "", code] for code in ("b1", "b2", "b3", "b4")
    ]
    path = files.csv(tmp_path / "f.csv", [["lon", "lat", "building_code"], *rows])

    done = locate(path, crs="wgs84", accuracy_m=30.0)

    with town.work(Actor.system("test")) as work:
        for row, point in zip(read(done.out), [*points, "b1", "b2", "b3", "b4"], strict=True):
            asked = (
                Question(building=point, accuracy_m=30.0)
                if isinstance(point, str)
                else Question(lon=point.x, lat=point.y, accuracy_m=30.0)
            )
            found = one_place(work, asked)
            codes = [row[f"{level}_code"] for level in ("district", "town", "community", "grid")]
            assert [code for code in codes if code] == [cell.code for cell in found.cells]
            assert row["worker"] == (found.team.members[0].name if found.team.members else "")
            assert row["nearest_code"] == (found.nearest.code if found.nearest else "")
            if found.boundary is not None:
                assert float(row["border_m"]) == pytest.approx(found.boundary.distance_m, abs=0.006)
                assert row["ambiguous"] == ("yes" if found.boundary.ambiguous else "no")
                told = [one.split()[0] for one in row["candidates"].split("; ") if one]
                assert told == [one.code for one in found.boundary.candidates]


def test_rows_without_coordinates_go_by_building_and_address(
    locate: Locate, tmp_path: Path
) -> None:
    rows = [
        ["", "", "b1", ""],
        ["", "", "nope", ""],
        ["", "", "", "幸福小区2号楼"],
        ["", "", "", "哪儿呢"],
    ]
    path = files.csv(tmp_path / "f.csv", [["lon", "lat", "楼栋编号", "地址"], *rows])

    done = locate(path)

    found = read(done.out)
    assert [row["located_by"] for row in found] == ["building", "building", "address", "address"]
    assert [row["cell_code"] for row in found[:3]] == ["100A2001", "", "100A2001"]
    assert (found[0]["worker"], found[0]["team_others"]) == ("沈知夏", "骆平川 (Building head)")
    assert (found[2]["address_precision"], found[2]["needs_person"]) == ("building", "")
    assert "'nope'" in found[1]["error"]
    assert found[3]["error"] or found[3]["needs_person"]
    assert done.known is None


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_rows_that_ask_the_database_come_back_in_their_order(
    locate: Locate, tmp_path: Path, suffix: str
) -> None:
    codes = [f"b{1 + row % 3}" if row != 1_040 else "nope" for row in range(1_100)]
    frame = pd.DataFrame({"n": range(1_100), "building_code": codes})
    path = tmp_path / f"f{suffix}"
    if suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)

    done = locate(path)

    back = pd.read_csv(done.out) if suffix == ".csv" else pd.read_parquet(done.out)
    leaves = {"b1": "100A2001", "b2": "100A2001", "b3": "100B1", "nope": ""}
    assert back["n"].tolist() == list(range(1_100))
    assert back["cell_code"].fillna("").tolist() == [leaves[code] for code in codes]
    assert [row for row, _ in done.tally.faults] == [1_042 if suffix == ".csv" else 1_041]


def spread(system: str, *, swapped: bool = False) -> list[list[str]]:
    """Return places all over the town in a system, close to its outline too."""
    steps = np.linspace(0.004, 1.996, 45)
    grid = np.array([[world.at(x, y).x, world.at(x, y).y] for x in steps for y in steps])
    given = from_storage(grid, system)
    return [[repr(x), repr(y)] for x, y in (given[:, ::-1] if swapped else given).tolist()]


@pytest.mark.parametrize(
    ("system", "swapped", "told"),
    [
        ("gcj02", False, "--crs gcj02"),
        ("bd09", False, "--crs bd09"),
        ("EPSG:4548", False, "--crs EPSG:4548"),
        ("wgs84", True, "写反了"),
    ],
)
def test_a_file_that_names_no_system_is_told_what_it_looks_like(
    locate: Locate, tmp_path: Path, system: str, swapped: bool, told: str
) -> None:
    path = files.csv(tmp_path / "f.csv", [["x", "y"], *spread(system, swapped=swapped)])

    with pytest.raises(FileRefused) as refused:
        locate(path)

    assert told in refused.value.message("zh")
    assert os.listdir(tmp_path) == ["f.csv"]


def test_places_that_fit_every_datum_are_not_guessed(locate: Locate, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        locate(files.csv(tmp_path / "f.csv", [["x", "y"], ROWS[1][1:]]))

    assert "wgs84 1, gcj02 1" in refused.value.message("en")


@pytest.mark.parametrize(
    ("system", "crs", "key"),
    [
        ("gcj02", "wgs84", "exchange.looks_shifted"),
        ("wgs84", "gcj02", "exchange.looks_shifted"),
    ],
)
def test_a_system_that_is_named_wrongly_is_remarked(
    locate: Locate, tmp_path: Path, system: str, crs: str, key: str
) -> None:
    path = files.csv(tmp_path / "f.csv", [["x", "y"], *spread(system)])

    done = locate(path, crs=crs)

    assert [remark.key for remark in done.remarks] == [key]


@pytest.mark.parametrize(
    ("name", "content", "options", "told"),
    [
        ("f.csv", "", {}, "the file is empty"),
        ("f.csv", "lon,lat\n", {"crs": "wgs84"}, "there are no rows"),
        ("f.csv", 'lon,lat\n1,"33\n1,2\n', {"crs": "wgs84"}, "the quotes near line 3"),
        ("f.csv", "lon,lat\n1,\ufffd\n", {"crs": "wgs84", "encoding": "ascii"}, "not in ascii"),
        ("f.csv", "lon,lat\n116.8,33.9\n", {"crs": "EPSG:4548"}, "the numbers look like degrees"),
        ("f.csv", "lon,lat\n116.8,33.9\n", {"crs": "wgs48"}, "wgs48"),
        ("f.csv", "lon,lat\n116.8,33.9\n", {"crs": "EPSG:2433"}, "Beijing 1954"),
        ("f.csv", "lon,lat\n1,2\n", {"crs": "wgs84", "as_of": LATER}, "lies in the future"),
        ("f.csv", "lon,lat\n1,2\n", {"crs": "wgs84", "as_of": EARLIER}, "there was no grid yet"),
        ("f.csv", "lon,lat\n1,2\n", {"crs": "wgs84", "accuracy_m": -1.0}, "-1.0"),
        ("f.csv", "lon,lat\n1,2\n", {"crs": "wgs84", "out": Path("x.doc")}, ".gpkg"),
        ("f.csv", "lon,lat\n1,2\n", {"crs": "wgs84", "out": Path("x.xlsm")}, ".xlsx"),
        ("f.xlsx", "PK\3\4 and no more", {}, "damaged"),
        ("f.xlsx", "lon,lat\n1,2\n", {}, "it looks like text"),
        ("f.parquet", "PAR1 and no more", {}, "damaged"),
        ("f.gpkg", "SQLite format 3\0 and no more", {}, "damaged"),
        ("f.doc", "lon,lat\n1,2\n", {}, ".parquet"),
    ],
)
def test_what_cannot_be_located_is_refused_and_leaves_nothing(
    locate: Locate, tmp_path: Path, name: str, content: str, options: dict[str, Any], told: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")

    with pytest.raises(GeoError) as refused:
        locate(path, **options)

    assert told in refused.value.message("en")
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_keeps_its_delimiter_whatever_its_encoding(
    locate: Locate, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "f.txt"
    path.write_text("\n".join(delimiter.join(row) for row in [HEAD, *ROWS]), encoding=encoding)

    done = locate(path, crs="wgs84")

    lines = done.out.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(delimiter)[5] for line in lines] == ["cell_code", *CODES]


def test_one_sheet_of_several_is_named(locate: Locate, tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "f.xlsx", [["x"]], more={"人": [HEAD, *ROWS]})

    with pytest.raises(FileRefused) as unclear:
        locate(path, crs="wgs84")
    done = locate(path, crs="wgs84", layer="人")

    assert "Sheet1, 人" in unclear.value.message("en")
    assert openpyxl.load_workbook(done.out).sheetnames == ["人"]
    assert [row["cell_code"] for row in read(done.out)] == CODES


def test_a_sheet_that_claims_to_be_full_is_as_long_as_its_rows(
    locate: Locate, tmp_path: Path
) -> None:
    path = files.xlsx(tmp_path / "f.xlsx", [[*HEAD, "号"], [*ROWS[0], 340603002001000017]])
    book = openpyxl.load_workbook(path)
    book.active["XFD3"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF0000")
    book.active.row_dimensions[60_000].height = 30
    book.active["A60000"].number_format = "0.00"
    book.save(path)

    done = locate(path, crs="wgs84")

    sheet = openpyxl.load_workbook(done.out).active
    assert sheet.max_row == 2
    assert sheet.max_column < 40
    # Excel keeps 15 digits of a number, and openpyxl read them as it would.
    assert sheet["D2"].value == "3.40603002001000e+17"


def test_what_only_a_table_with_types_can_hold_becomes_text_elsewhere(
    locate: Locate, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame(
        {"tags": [["a", "乙"]], "about": [{"k": 1}], "kind": pd.Categorical(["x"]), "big": [2**60]},
        geometry=PLACES[:1],
        crs="OGC:CRS84",
    )
    frame.to_parquet(tmp_path / "f.parquet")

    for suffix in (".csv", ".xlsx", ".gpkg"):
        found = read(locate(tmp_path / "f.parquet", out=tmp_path / f"o{suffix}").out)[0]

        assert found["cell_code"] == "100A2001"
        assert (found["tags"], found["about"]) == ('["a", "乙"]', '{"k": 1}')
        assert (found["kind"], int(found["big"])) == ("x", 2**60)
    back = gpd.read_parquet(locate(tmp_path / "f.parquet").out)
    assert (back["tags"][0].tolist(), back["about"][0]) == (["a", "乙"], {"k": 1})
    assert str(back["kind"].dtype) == "category"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".gpkg", ".parquet"])
def test_on_a_full_disk_nothing_is_left_and_the_file_that_was_asked_for_is_named(
    locate: Locate, tmp_path: Path, suffix: str
) -> None:
    path = written(tmp_path, ".csv")

    with pytest.raises(OutputRefused) as refused, full_disk(free=16):
        locate(path, crs="wgs84", out=tmp_path / f"o{suffix}")

    assert refused.value.facts["file"] == str(tmp_path / f"o{suffix}")
    assert not any(word in refused.value.message("en") for word in (".part", "CREATE", "INSERT"))
    assert [*tmp_path.iterdir()] == [path]


def test_a_parquet_without_geometry_goes_by_its_columns(locate: Locate, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pd.DataFrame({"lon": [p.x for p in PLACES], "lat": [p.y for p in PLACES]}).to_parquet(path)

    plain, places = locate(path, crs="wgs84"), locate(path, crs="wgs84", out=tmp_path / "o.gpkg")

    assert pd.read_parquet(plain.out)["cell_code"].fillna("").tolist() == CODES
    found = gpd.read_file(places.out).geometry
    assert shapely.equals_exact(found.to_numpy(), PLACES, tolerance=1e-6).all()


def test_the_team_of_a_past_moment_is_told_and_recorded(
    town: Runtime, locate: Locate, tmp_path: Path
) -> None:
    with town.work(Actor.system("test")) as work:
        moment = work.now
    path = files.csv(
        tmp_path / "f.csv", [["lon", "lat", "楼栋编号"], [*ROWS[0][1:], ""], ["", "", "b1"]]
    )

    done = locate(path, crs="wgs84", as_of=moment)

    assert [row["worker"] for row in read(done.out)] == ["沈知夏", "沈知夏"]
    told = [one for one in residents.records(town, "workforce.read") if one["reason"]]
    assert [(one["reason"], one["count"]) for one in told] == [("locate f.csv", 2)]


def test_a_result_is_never_written_over_a_file_unless_that_is_said(
    locate: Locate, tmp_path: Path
) -> None:
    path = written(tmp_path, ".csv")
    kept = tmp_path / "kept.csv"
    kept.write_text("mine")

    for out in (kept, path, tmp_path / "none" / "x.csv", tmp_path):
        with pytest.raises((OutputRefused, FileRefused)):
            locate(path, crs="wgs84", out=out)
    assert kept.read_text() == "mine"

    locate(path, crs="wgs84", out=kept, force=True)
    assert read(kept)[0]["cell_code"] == "100A2001"


def test_the_result_is_open_to_whom_the_file_is(locate: Locate, tmp_path: Path) -> None:
    for suffix in (".csv", ".gpkg"):
        path = written(tmp_path, suffix)
        path.chmod(0o640)

        assert locate(path, crs="wgs84").out.stat().st_mode & 0o777 == 0o640


def test_what_a_killed_process_left_aside_goes_with_the_next_run(
    locate: Locate, tmp_path: Path
) -> None:
    path = written(tmp_path, ".csv")
    dead, mine = (
        tmp_path / ".f-located.4194399.part.csv",
        tmp_path / f".f-located.{os.getppid()}.part.csv",
    )
    dead.write_text("half")
    mine.write_text("half")

    locate(path, crs="wgs84")

    assert sorted(one.name for one in tmp_path.iterdir()) == [mine.name, "f-located.csv", "f.csv"]


def test_every_format_says_what_it_holds() -> None:
    assert {suffix for suffix, one in FORMATS.items() if one.most_rows} == {".xlsx", ".xlsm"}
