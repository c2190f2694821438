"""``wangge divide`` as a user runs it: files in, a valid coverage out, without a database."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from api.cli import app, words
from geo.crs.transform import from_storage
from tests.api.cli.conftest import Done, full_disk
from tests.geo.grid.division.cases import rows_of_houses

CRS = "EPSG:4548"
ORIGIN = (480_000.0, 3_758_000.0)


@pytest.fixture
def wangge(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The command line without a database."""
    monkeypatch.delenv("WANGGE_DATABASE_URL", raising=False)

    def run(*arguments: object, lang: str = "en") -> Done:
        monkeypatch.setattr(words, "_lang", lang)
        status = app.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


def frames() -> dict[str, gpd.GeoDataFrame]:
    """Twenty-four houses of ten households in three rows, near Huaibei."""
    case = rows_of_houses(8, 3)
    there = lambda shapes: shapely.transform(shapes, lambda xy: xy + ORIGIN)  # noqa: E731
    return {
        "area": gpd.GeoDataFrame({"name": ["a"]}, geometry=there(case.areas), crs=CRS),
        "buildings": gpd.GeoDataFrame(
            {"code": [f"B{n}" for n in range(24)], "户数": np.full(24, 10)},
            geometry=there(case.footprints),
            crs=CRS,
        ),
        "streets": gpd.GeoDataFrame(
            {"highway": ["residential"] * 2}, geometry=there(case.barriers), crs=CRS
        ),
    }


def written(path: Path, **changed: gpd.GeoDataFrame | None) -> Path:
    path.unlink(missing_ok=True)
    for layer, frame in (frames() | changed).items():
        if frame is not None:
            frame.to_file(path, layer=layer, driver="GPKG")
    return path


def test_a_file_becomes_a_valid_coverage_of_balanced_cells(wangge, tmp_path):
    out = tmp_path / "cells.gpkg"

    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg"), "-o", out, "--json", lang="zh"
    )

    body = json.loads(done.out)
    cells = gpd.read_file(out)
    assert done.status == 0, done.err
    assert (body["crs"], cells.crs.to_epsg()) == (CRS, 4548)
    assert body["ok"] == body["cells"] == len(cells)
    assert cells["weight"].between(30, 50).all()
    assert cells["weight"].sum() == 240
    assert cells["code"].is_unique
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())
    area = frames()["area"].geometry.iloc[0]
    assert shapely.area(shapely.symmetric_difference(cells.union_all(), area)) < 1e-3


def test_layers_may_lie_in_files_of_their_own_and_in_another_system(wangge, tmp_path):
    given = frames()
    case = written(tmp_path / "case.gpkg", buildings=None)
    given["buildings"].to_crs(4326).to_file(tmp_path / "houses.geojson")
    out = tmp_path / "cells.geojson"

    done = wangge(
        "divide", "--area", f"{case}::area", "--buildings", tmp_path / "houses.geojson",
        "--streets", f"{case}::streets", "--count", "6", "-o", out, "--json",
    )  # fmt: skip

    assert done.status == 0, done.err
    cells = gpd.read_file(out)
    assert (len(cells), cells.crs.to_epsg()) == (6, 4548)
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())


def test_parents_give_their_codes_and_are_written_beside(wangge, tmp_path):
    area = frames()["area"].geometry.iloc[0]
    west, south, east, north = area.bounds
    halves = [
        shapely.box(west, south, west + 80, north),
        shapely.box(west + 80, south, east, north),
    ]
    parents = gpd.GeoDataFrame({"code": ["340602001", "340602002"]}, geometry=halves, crs=CRS)
    out = tmp_path / "cells.gpkg"

    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg", parents=parents), "-o", out, "--json"
    )

    assert done.status == 0, done.err
    cells, above = gpd.read_file(out, layer="cells"), gpd.read_file(out, layer="parents")
    assert set(cells["code"].str[:9]) == {"340602001", "340602002"}
    by_code = dict(zip(above["code"], above.geometry, strict=True))
    assert all(
        shapely.covers(by_code[parent], shape)
        for parent, shape in zip(cells["parent"], cells.geometry, strict=True)
    )


def test_previous_cells_stay_and_say_what_moves(wangge, tmp_path):
    case, first, second = (tmp_path / name for name in ("case.gpkg", "one.gpkg", "two.gpkg"))
    wangge("divide", "--data", written(case), "-o", first, "--json")
    codes = gpd.read_file(first)["code"].tolist()

    done = wangge(
        "divide", "--data", case, "--previous", first, "--locked", codes[0], "-o", second, "--json"
    )

    body = json.loads(done.out)
    assert (body["moved"]["buildings"], body["locked"]) == (0, 1)
    assert gpd.read_file(second)["code"].tolist() == codes


def test_a_miss_is_told_with_its_cause_and_buildings(wangge, tmp_path):
    houses = frames()["buildings"]
    houses["户数"] = 1

    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg", buildings=houses),
        "-o", tmp_path / "cells.gpkg", lang="zh",
    )  # fmt: skip

    assert done.status == 0
    assert "无论分几格都不在范围内" in done.err


def without_counts(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.drop(columns="户数")


def negative(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(户数=[-3, *[10] * 23])


def in_words(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(户数=["十户左右", *["10"] * 23])


def far_away(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(frame.translate(1e5, 0))


def nowhere(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.iloc[:0]


@pytest.mark.parametrize(
    ("spoil", "zh", "en"),
    [
        (without_counts, "没有户数一列", "no column of households"),
        (negative, "不是可用的数", "no usable number"),
        (in_words, "第 1 行", "row 1"),
        (far_away, "所有楼栋都在范围之外", "outside the area"),
        (nowhere, "没有一行有楼栋轮廓", "no row has a footprint"),
    ],
)
def test_buildings_that_cannot_be_right_are_refused(wangge, tmp_path, spoil, zh, en):
    case = written(tmp_path / "case.gpkg", buildings=spoil(frames()["buildings"]))
    out = tmp_path / "cells.gpkg"

    told = [wangge("divide", "--data", case, "-o", out, lang=lang) for lang in ("zh", "en")]

    assert [done.status for done in told] == [2, 2]
    assert zh in told[0].err
    assert en in told[1].err.replace("\n", " ")
    assert not out.exists()


def test_an_area_that_crosses_itself_is_refused_with_the_place(wangge, tmp_path):
    x, y = ORIGIN
    tie = shapely.Polygon([(x, y), (x + 160, y + 60), (x + 160, y), (x, y + 60)])
    area = gpd.GeoDataFrame({"name": ["a"]}, geometry=[tie], crs=CRS)

    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg", area=area),
        "-o", tmp_path / "cells.gpkg", "--json",
    )  # fmt: skip

    problem = json.loads(done.out)
    assert (done.status, problem["reason"], problem["row"]) == (2, "division_area_invalid", 1)
    assert "mend it first" in problem["detail"]


@pytest.mark.parametrize("layer", ["area", "buildings"])
def test_a_layer_that_is_missing_is_named(wangge, tmp_path, layer):
    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg", **{layer: None}),
        "-o", tmp_path / "cells.gpkg", "--json",
    )  # fmt: skip

    assert json.loads(done.out)["reason"] == f"division_no_{layer}"


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
def test_a_file_that_names_no_system_needs_one(wangge, tmp_path):
    area, houses = (
        frames()[name].set_crs(None, allow_override=True) for name in ("area", "buildings")
    )
    case = written(tmp_path / "case.gpkg", area=area, buildings=houses, streets=None)
    out = tmp_path / "cells.gpkg"

    bare = wangge("divide", "--data", case, "-o", out, "--json")
    named = wangge("divide", "--data", case, "-o", out, "--crs", CRS, "--json")

    assert json.loads(bare.out)["reason"] == "division_no_crs"
    assert named.status == 0, named.err
    assert gpd.read_file(out).crs.to_epsg() == 4548
    assert "no streets" in json.loads(named.out)["remarks"][0]


def far(cells: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> float:
    """Return how far apart the cells of two files lie, metres."""
    one, two = (frame.sort_values("code").geometry.to_numpy() for frame in (cells, others))
    return float(shapely.hausdorff_distance(one, two).max())


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
@pytest.mark.parametrize("named", ["EPSG:4326", "gcj02"])
def test_a_system_asked_for_is_that_of_files_that_name_none_alone(wangge, tmp_path, named):
    given = frames()
    houses = given["buildings"].to_crs(4326)
    moved = shapely.transform(houses.geometry.to_numpy(), lambda xy: from_storage(xy, "gcj02"))
    bare = houses if named == "EPSG:4326" else houses.set_geometry(moved, crs=4326)
    case = written(
        tmp_path / "case.gpkg", buildings=bare.set_crs(None, allow_override=True), streets=None
    )
    out = tmp_path / "cells.gpkg"

    done = wangge("divide", "--data", case, "--crs", named, "-o", out, "--json")

    assert done.status == 0, done.out + done.err
    cells = gpd.read_file(out)
    assert (cells.crs.to_epsg(), cells["weight"].sum()) == (4548, 240)
    plain = tmp_path / "plain.gpkg"
    wangge("divide", "--data", written(case, streets=None), "-o", plain)
    assert far(cells, gpd.read_file(plain)) < 0.01


@pytest.mark.filterwarnings("ignore:.crs. was not provided")
def test_files_that_name_their_system_are_shifted_to_an_area_in_gcj02(wangge, tmp_path):
    area = frames()["area"].to_crs(4326)
    moved = shapely.transform(area.geometry.to_numpy(), lambda xy: from_storage(xy, "gcj02"))
    bare = gpd.GeoDataFrame({"name": ["a"]}, geometry=moved)
    out = tmp_path / "cells.gpkg"

    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg", area=bare), "--crs", "gcj02",
        "-o", out, "--json",
    )  # fmt: skip

    assert done.status == 0, done.out + done.err
    assert gpd.read_file(out)["weight"].sum() == 240


def test_a_system_that_no_file_needs_is_refused_without_an_option_that_is_none(wangge, tmp_path):
    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg"), "--crs", "EPSG:4547",
        "-o", tmp_path / "cells.gpkg", "--json",
    )  # fmt: skip

    body = json.loads(done.out)
    assert (done.status, body["reason"]) == (2, "division_crs_unused")
    assert "--force-crs" not in body["detail"]


@pytest.mark.parametrize("headers", [("经度", "纬度", "户数"), ("id", "name", "households")])
def test_a_table_of_points_needs_columns_of_them(wangge, tmp_path, headers):
    middles = frames()["buildings"].geometry.centroid.to_crs(4326)
    rows = [headers, *((f"{m.x:.7f}", f"{m.y:.7f}", "10") for m in middles)]
    table = tmp_path / "houses.csv"
    table.write_bytes("\n".join(",".join(row) for row in rows).encode("gbk"))
    case, out = written(tmp_path / "case.gpkg", buildings=None), tmp_path / "cells.gpkg"

    done = wangge(
        "divide", "--area", f"{case}::area", "--buildings", table, "--crs", "wgs84", "-o", out,
        "--json",
    )  # fmt: skip

    if headers[0] == "id":
        assert "columns lon and lat" in json.loads(done.out)["detail"]
        return
    assert done.status == 0, done.out + done.err
    assert gpd.read_file(out)["weight"].sum() == 240


def test_extents_that_do_not_meet_are_written_out(wangge, tmp_path):
    case = written(tmp_path / "case.gpkg", buildings=far_away(frames()["buildings"]))

    done = wangge("divide", "--data", case, "-o", tmp_path / "cells.gpkg", "--json")

    west, south, east, north = frames()["area"].total_bounds
    assert f"Area: {west:.1f} {south:.1f} {east:.1f} {north:.1f};" in json.loads(done.out)["detail"]


def test_a_locked_cell_misses_its_bounds_because_it_is_locked(wangge, tmp_path):
    case, first, second = (tmp_path / name for name in ("case.gpkg", "one.gpkg", "two.gpkg"))
    wangge("divide", "--data", written(case), "--count", "6", "-o", first)
    cells = gpd.read_file(first)
    least = cells["code"][cells["weight"].idxmin()]  # at most 40 of 240 in six

    done = wangge(
        "divide", "--data", case, "--previous", first, "--locked", least,
        "--min", "50", "--max", "90", "-o", second, "--json",
    )  # fmt: skip

    misses = {miss["cell"]: miss for miss in json.loads(done.out)["misses"]}
    assert misses[least]["cause"] == "locked"
    assert "--locked" in misses[least]["message"]
    kept = gpd.read_file(second).set_index("code")
    assert kept.loc[least, "cause"] == "locked"


def test_moves_are_counted_of_the_buildings_that_hold_somebody(wangge, tmp_path):
    case, first, second = (tmp_path / name for name in ("case.gpkg", "one.gpkg", "two.gpkg"))
    houses = frames()["buildings"]
    houses["户数"] = [0, 0, 0, 0, *[10] * 20]
    wangge("divide", "--data", written(case, buildings=houses), "-o", first)

    again = ("divide", "--data", case, "--previous", first, "--min", "50", "--max", "90")
    moved = json.loads(wangge(*again, "-o", second, "--json").out)["moved"]
    said = wangge(*again, "-o", second, "--force")

    assert moved["of"] == 20
    assert moved["buildings_pct"] == round(100 * moved["buildings"] / 20, 2) > 0
    assert f"{moved['buildings']} of 20 buildings with 户数" in said.out


def test_no_number_of_cells_below_one_is_taken_and_none_is_promised(wangge, tmp_path):
    done = wangge("divide", "--data", tmp_path / "none.gpkg", "--count", "0", lang="zh")

    assert done.status == 2
    assert "--count" in done.err
    assert "none.gpkg" not in done.err


def test_what_is_mended_or_left_out_is_said(wangge, tmp_path):
    houses = frames()["buildings"]
    houses["户数"] = [None, *[10.0] * 23]
    x, y = ORIGIN
    houses.loc[1, "geometry"] = shapely.Polygon(
        [(x + 25, y + 5), (x + 35, y + 15), (x + 35, y + 5), (x + 25, y + 15)]
    )
    houses.loc[2, "geometry"] = shapely.box(x - 500, y, x - 490, y + 10)

    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg", buildings=houses),
        "-o", tmp_path / "cells.gpkg", "--json",
    )  # fmt: skip

    said = " ".join(json.loads(done.out)["remarks"])
    assert done.status == 0, done.err
    assert all(part in said for part in ("1 footprints", "1 buildings lie outside", "taken as 0"))


def test_a_number_of_cells_that_the_bounds_forbid_is_refused(wangge, tmp_path):
    done = wangge(
        "divide", "--data", written(tmp_path / "case.gpkg"), "--count", "20", "--min", "30",
        "--max", "50", "-o", tmp_path / "cells.gpkg", lang="zh",
    )  # fmt: skip

    assert done.status == 2
    assert "装不进" in done.err


def test_a_file_is_not_overwritten_unless_forced(wangge, tmp_path):
    case, out = written(tmp_path / "case.gpkg"), tmp_path / "cells.gpkg"
    out.write_bytes(b"kept")

    refused = wangge("divide", "--data", case, "-o", out)
    kept = out.read_bytes()
    forced = wangge("divide", "--data", case, "-o", out, "--force")

    assert (refused.status, kept, forced.status) == (2, b"kept", 0)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb"])
def test_on_a_full_disk_nothing_is_left_and_the_file_that_was_asked_for_is_named(
    wangge, tmp_path, suffix
):
    case, out = written(tmp_path / "case.gpkg"), tmp_path / f"cells{suffix}"

    with full_disk(free=1024):
        done = wangge("divide", "--data", case, "-o", out)

    assert done.status == 2, done.out
    assert f"cannot write {out}: " in done.err
    assert not any(word in done.err for word in (".part", "CREATE TABLE", "INSERT"))
    assert [*tmp_path.iterdir()] == [case]
