from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.exchange.kinds.cells import slug
from geo.grid.frames import tree
from geo.grid.store import latest_publication
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import counts, faults, take_in, told

pytestmark = pytest.mark.db


def grid(work: Work) -> gpd.GeoDataFrame:
    latest = latest_publication(work.session)
    assert latest is not None
    return tree(work.session, latest.number)


def wkt_rows(frame: gpd.GeoDataFrame, header: list[str]) -> list[list[object]]:
    shapes = ["" if shape is None else shape.wkt for shape in frame.geometry]
    columns = [frame[name].fillna("") for name in ("code", "name", "level", "parent_code")]
    return [header, *map(list, zip(*columns, shapes, strict=True))]


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb"])
def test_a_whole_tree_comes_in_from_every_vector_format(
    work: Work, tmp_path: Path, suffix: str
) -> None:
    path = files.vector(tmp_path / f"cells.{suffix}", files.town_cells())

    first, again = (take_in(work, path, "cells") for _ in range(2))

    assert counts(first) == {"cells": (9, 0, 0, 0)}
    assert counts(again) == {"cells": (0, 0, 9, 0)}
    assert grid(work).loc["100A2", "derived"]
    assert latest_publication(work.session).number == 1


def test_levels_in_words_and_upper_cells_without_shapes(work: Work, tmp_path: Path) -> None:
    frame = world.cells()
    frame["level"] = frame["level"].map({1: "区", 2: "街道", 3: "社区", 4: "网格"})
    rows = wkt_rows(frame, ["网格编码", "网格名称", "级别", "上级编码", "wkt"])
    path = files.csv(tmp_path / "cells.csv", rows, encoding="gbk")

    take_in(work, path, "cells", crs="wgs84")

    assert grid(work)["level"].to_dict()["100A2001"] == 4


def test_levels_follow_from_parents_when_the_file_has_none(work: Work, tmp_path: Path) -> None:
    path = files.vector(tmp_path / "cells.gpkg", files.town_cells().drop(columns="level"))

    take_in(work, path, "cells")

    assert sorted(grid(work)["level"]) == [1, 2, 2, 3, 3, 3, 3, 4, 4]


def test_a_new_name_alone_is_a_change_of_that_cell(work: Work, tmp_path: Path) -> None:
    world.fill(work)
    path = files.csv(
        tmp_path / "cells.csv", [["code", "name"], ["100B1", "新北社区"], ["100B2", "南社区"]]
    )

    assert counts(take_in(work, path, "cells")) == {"cells": (0, 1, 1, 0)}
    assert grid(work).loc["100B1", "name"] == "新北社区"
    assert grid(work).loc["100B1", "parent_code"] == "100B"


def test_children_that_cover_their_parent_divide_it(work: Work, tmp_path: Path) -> None:
    world.fill(work)
    halves = gpd.GeoDataFrame(
        {"code": ["100B1001", "100B1002"], "name": ["东", "西"], "parent_code": "100B1"},
        geometry=[world.box(1, 1, 1.5, 2), world.box(1.5, 1, 2, 2)],
        crs=4326,
    )
    path = files.vector(tmp_path / "cells.gpkg", halves)

    assert counts(take_in(work, path, "cells")) == {"cells": (2, 0, 0, 0)}
    assert grid(work).loc["100B1", "derived"]


def test_children_that_cover_less_are_refused_with_the_area(work: Work, tmp_path: Path) -> None:
    world.fill(work)
    half = gpd.GeoDataFrame(
        {"code": ["100B1001"], "name": ["东"], "parent_code": ["100B1"]},
        geometry=[world.box(1, 1, 1.5, 2)],
        crs=4326,
    )
    path = files.vector(tmp_path / "cells.gpkg", half)

    (fault,) = faults(work, path, "cells")

    assert (fault.row, fault.value, fault.key) == (0, "100B1", "cell_land_changed")


def test_gaps_and_overlaps_are_told_with_place_size_and_row(work: Work, tmp_path: Path) -> None:
    cells = gpd.GeoDataFrame(
        {
            "code": ["1", "11", "12", "13"],
            "name": list("甲乙丙丁"),
            "parent_code": [None, "1", "1", "1"],
        },
        geometry=[
            world.box(0, 0, 3, 1),
            world.box(0, 0, 1.1, 1),
            world.box(1, 0, 2, 1),
            world.box(2, 0, 3, 1).difference(world.box(2.4, 0.4, 2.6, 0.6)),
        ],
        crs=4326,
    )
    path = files.vector(tmp_path / "cells.gpkg", cells)

    found = faults(work, path, "cells")

    assert told(found) == [(2, "geometry", "", "cell_overlap"), (4, "geometry", "", "cell_gap")]
    # A tenth of a cell and a square of a fifth by a fifth; a cell is about 866 m by 722 m here.
    assert found[0].facts["area_m2"] == pytest.approx(62_500, rel=0.01)
    assert found[1].facts["area_m2"] == pytest.approx(25_000, rel=0.01)
    assert found[0].facts["cells"] == "11, 12"


@pytest.mark.parametrize(
    ("column", "value", "key"),
    [
        ("parent_code", "999", "cell_parent_unknown"),
        ("level", 5, "cell_level_order"),
        ("geometry", None, "cell_leaf_without_shape"),
    ],
)
def test_breaks_of_the_tree_are_faults_of_their_rows(
    work: Work, tmp_path: Path, column: str, value: object, key: str
) -> None:
    frame = files.town_cells()
    frame.loc[8, column] = value
    path = files.vector(tmp_path / "cells.gpkg", frame)

    assert (9, key) in [(fault.row, fault.key) for fault in faults(work, path, "cells")]


def test_two_rows_of_one_code_and_a_bad_shape_are_told_together(work: Work, tmp_path: Path) -> None:
    frame = files.town_cells()
    frame.loc[8, "code"] = "100B1"
    frame.loc[3, "geometry"] = shapely.Point(116.8, 33.9)
    path = files.vector(tmp_path / "cells.gpkg", frame)

    assert told(faults(work, path, "cells")) == [
        (4, "geometry", "", "geometry_type_3"),
        (9, "code", "100B1", "code_twice"),
    ]


def test_parents_in_a_ring_are_a_fault_not_a_hang(work: Work, tmp_path: Path) -> None:
    rows = [["code", "name", "parent_code"], ["a", "甲", "b"], ["b", "乙", "a"]]
    path = files.csv(tmp_path / "cells.csv", rows)

    assert {fault.key for fault in faults(work, path, "cells")} == {"cell_level_order"}


def test_cells_without_codes_are_refused_outside_a_town(work: Work) -> None:
    found = faults(work, files.KARHULA, "cells", layer="area")

    assert [fault.key for fault in found] == ["missing_column"]


def test_a_name_becomes_a_code_that_can_be_typed() -> None:
    assert slug(" Karhula Etelä (2) ") == "karhula-etelä-2"
    assert slug("供电社区") == "供电社区"
