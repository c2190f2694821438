"""Frames of points to frames of cells, in any system, without a database."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs.transform import from_storage
from geo.errors import GeoError
from geo.locate.batch import CODES
from geo.locate.columns import ColumnMissing, ColumnsEqual, chosen, guessed, numbers
from geo.locate.frames import CellsOverlap, CellsRefused, CrsMissing, grid_of, locate
from geo.texts import catalogue

WEST = shapely.box(116.0, 33.0, 116.5, 34.0)
EAST = shapely.box(116.5, 33.0, 117.0, 34.0)


def cells() -> gpd.GeoDataFrame:
    """Two leaves of a district, which has no shape of its own; the western one comes later."""
    return gpd.GeoDataFrame(
        {"code": ["11", "1", "12"], "parent_code": ["1", None, "1"], "name": ["东", "区", "西"]},
        geometry=[EAST, None, WEST],
        crs=4326,
    )


def points(lon: list[object], lat: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"经度": lon, "纬度": lat})


def test_each_row_has_its_chain_and_keeps_its_index() -> None:
    frame = points([116.2, 116.7, 118.0], [33.5, 33.5, 33.5]).set_index(pd.Index([7, 5, 3]))

    found = locate(frame, cells())

    assert found.index.tolist() == [7, 5, 3]
    assert found["code"].tolist()[:2] == ["12", "11"] and pd.isna(found["code"][3])
    assert found["codes"].tolist()[:2] == ["1 > 12", "1 > 11"]
    assert found["nearest_code"].tolist()[2] == "11"
    # A degree is a2·cos(lat)·111.32 km long, to a part in two hundred.
    assert found["nearest_m"][3] == pytest.approx(np.cos(np.radians(33.5)) * 111_320, rel=5e-3)
    assert np.isnan(found["border_m"][3])


def test_what_is_not_there_is_missing_as_over_http(tmp_path: Path) -> None:
    # Over HTTP ``ambiguous`` is null outside every cell, and ``error`` where nothing is wrong.
    frame = points([116.2, 119.0, None], [33.5, 33.5, 33.5])

    found = locate(frame, cells())

    assert found["ambiguous"].astype(object).fillna("null").tolist() == [False, "null", "null"]
    assert found["error"].isna().tolist() == [True, True, False]
    kept = found[~found["ambiguous"]]
    assert kept.index.tolist() == [0], "a filter takes what is known alone"
    shaped = gpd.GeoDataFrame(found, geometry=[shapely.Point(1, 1)] * 3, crs=4326)
    shaped.to_file(tmp_path / "f.gpkg")
    back = gpd.read_file(tmp_path / "f.gpkg")
    assert (back["ambiguous"].isna().tolist(), back["error"].tolist()[2]) == (
        [False, True, True],
        "coordinate_missing",
    )


def test_a_point_on_a_shared_border_goes_to_the_lower_code_and_says_so() -> None:
    found = locate(points([116.5], [33.5]), cells())

    assert found.loc[0, ["code", "border_m", "ambiguous", "candidates"]].tolist() == [
        "11",
        0.0,
        True,
        "12",
    ]


def test_a_point_that_is_not_exact_names_whom_it_may_belong_to() -> None:
    frame = points([116.4999, 116.4999], [33.5, 33.5]).assign(精度=[5.0, 50.0])

    found = locate(frame, cells(), accuracy_m="精度")

    assert found["ambiguous"].tolist() == [False, True]
    assert found["candidates"].fillna("").tolist() == ["", "11"]


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "EPSG:4548", "EPSG:4490"])
def test_points_in_any_system_have_the_cells_of_the_same_places(crs: str) -> None:
    places = np.random.default_rng(4).uniform((116.1, 33.1), (116.9, 33.9), (200, 2))
    moved = pd.DataFrame(from_storage(places, crs), columns=["x", "y"])

    found = locate(moved, cells(), crs=crs)

    expected = np.where(places[:, 0] < 116.5, "12", "11")
    assert found["code"].astype(str).tolist() == expected.tolist()


def test_frames_bring_their_own_systems() -> None:
    there = gpd.GeoSeries(gpd.points_from_xy([116.2, 116.7], [33.5, 33.5]), crs=4326)
    frame = gpd.GeoDataFrame(geometry=there.to_crs(4548))

    found = locate(frame, cells().to_crs(4527))

    assert found["code"].tolist() == ["12", "11"]


def test_a_row_that_cannot_be_used_says_why_and_the_others_go_on() -> None:
    frame = points(
        [116.2, None, "北", 33.5, True, "inf", 181.0, " 116.7 ", 10**400],
        [33.5, 33.5, 33.5, 116.2, 1.0, 1.0, 3.0, "33.5", 1],
    )

    found = locate(frame, cells())

    assert found["error"].astype(object).fillna("none").tolist() == [
        "none",
        "coordinate_missing",
        "coordinate_not_number",
        "axes_swapped",
        "coordinate_not_number",
        "coordinate_not_finite",
        "coordinate_outside_globe",
        "none",
        "coordinate_not_finite",
    ]
    assert found["code"].astype(object).dropna().tolist() == ["12", "11"]


def test_shapes_that_are_no_points_and_accuracies_that_are_none_say_so() -> None:
    frame = gpd.GeoDataFrame(
        {"near": [-1.0, 10_001.0, np.nan, 0.0, 0.0]},
        geometry=[*[shapely.Point(116.2, 33.5)] * 3, WEST, None],
        crs=4326,
    )

    found = locate(frame, cells(), accuracy_m="near")

    refused = ["accuracy_refused", "accuracy_refused", None, "not_a_point", "coordinate_missing"]
    assert found["error"].astype(object).where(found["error"].notna(), None).tolist() == refused


@pytest.mark.parametrize("empty", [shapely.Point(), shapely.from_wkt("POINT Z EMPTY"), None])
def test_an_empty_point_is_an_error_of_its_row_alone(empty: shapely.Point | None) -> None:
    there = shapely.Point(116.2, 33.5)
    frame = gpd.GeoDataFrame(geometry=[there, empty, shapely.LineString(), there], crs=4326)

    found = locate(frame, cells())

    assert found["error"].isna().tolist() == [True, False, False, True]
    assert found["error"].dropna().tolist() == ["coordinate_missing"] * 2
    assert found["code"].tolist()[::3] == ["12", "12"]


def test_cells_that_are_none_are_refused() -> None:
    with pytest.raises(CellsRefused) as caught:
        grid_of(cells()[:0])
    assert caught.value.facts["reason"] == "none"


def test_cells_that_overlap_are_warned_of_and_the_lower_code_owns_what_is_common() -> None:
    wider = cells().assign(geometry=[EAST, None, shapely.box(116.0, 33.0, 116.6, 34.0)])

    with pytest.warns(CellsOverlap, match="1 places, most of all 12 and 11|most of all 11 and 12"):
        found = locate(points([116.55], [33.5]), wider)

    assert found["code"].tolist() == ["11"]


def test_borders_that_fit_but_for_rounding_or_vertices_are_not_warned_of() -> None:
    # A vertex more on one side, and a border that is 1 cm off: warnings are errors here.
    west = shapely.Polygon([(116.0, 33.0), (116.5000001, 33.0), (116.5, 33.7), (116.0, 34.0)])

    grid_of(cells().assign(geometry=[EAST, None, west]))


def test_a_grid_is_made_once_and_may_have_no_levels() -> None:
    grid = grid_of(cells().drop(columns="parent_code").dropna(subset="geometry"))

    assert locate(points([116.2], [33.5]), grid)["codes"].tolist() == ["12"]
    assert len(locate(points([], []), grid)) == 0


def twice() -> gpd.GeoDataFrame:
    return cells().assign(code=["1", "1", "2"])


def circle() -> gpd.GeoDataFrame:
    return cells().assign(parent_code=["12", "11", "1"])


@pytest.mark.parametrize("wrong", [twice(), circle(), cells().assign(code=["1", None, "2"])])
def test_cells_that_are_no_grid_are_refused(wrong: gpd.GeoDataFrame) -> None:
    with pytest.raises(CellsRefused) as caught:
        locate(points([116.2], [33.5]), wrong)

    assert caught.value.message("zh") and caught.value.message("en")


def test_what_a_frame_lacks_is_said() -> None:
    with pytest.raises(ColumnMissing, match="lat"):
        locate(pd.DataFrame({"lon": [1.0]}), cells())
    with pytest.raises(CrsMissing):
        locate(gpd.GeoDataFrame(geometry=[shapely.Point(1, 1)]), cells())
    with pytest.raises(CrsMissing):
        grid_of(cells().set_crs(None, allow_override=True))
    with pytest.raises(CellsRefused):
        grid_of(cells(), code="编码")
    with pytest.raises(GeoError):
        locate(points([1.0], [1.0]), cells(), crs="mars")


def test_columns_are_known_by_the_words_of_offices() -> None:
    assert guessed(["LNG", "Lat.", "ID"]).lon == "LNG"
    assert guessed(["经度（百度）", "纬度"]).lat == "纬度"
    with pytest.raises(ColumnsEqual):
        chosen(["lon", "lon", "lat"], named={}, needed=("lon", "lat"))
    with pytest.raises(ColumnMissing, match="东"):
        chosen(["lon", "lat"], named={"lon": "东"}, needed=("lon", "lat"))


def test_numbers_are_read_as_written_and_nothing_else_is() -> None:
    found, flaws = numbers(["１１６．８", "1e2", "1_0", "0x10", "116.8°", "#N/A", [1], "-inf"])

    assert found[:2].tolist() == [116.8, 100.0]
    assert [CODES.get(flaw, "") for flaw in flaws] == [
        "",
        "",
        *["coordinate_not_number"] * 3,
        "coordinate_missing",
        "coordinate_not_number",
        "coordinate_not_finite",
    ]


def test_every_flaw_has_its_sentence() -> None:
    assert {f"locate.flaw.{code}" for code in CODES.values()} <= catalogue().keys()
