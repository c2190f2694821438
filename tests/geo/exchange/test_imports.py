"""Whole files through the one way in: all or nothing, layers, progress, time."""

from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import text

from geo.access.actors import Actor, ActorKind
from geo.exchange.imports import import_file
from geo.exchange.report import FileRefused, ImportRefused
from geo.exchange.run import Request
from geo.grid.store import latest_publication
from geo.runtime import Runtime
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import (
    KARHULA,
    TABLES,
    commit,
    counts,
    faults,
    notes,
    sizes,
    take_in,
    told,
)

pytestmark = pytest.mark.db


def test_a_workbook_of_several_sheets_is_a_town(work: Work, tmp_path: Path) -> None:
    wkt = world.box(0, 0, 1, 1).wkt
    middle = world.at(0.5, 0.5)
    path = files.xlsx(
        tmp_path / "town.xlsx",
        [["请按说明填写"]],
        sheet="填写说明",
        more={
            "住户": [["楼栋编号", "房号", "住房性质"], ["n1", "101", "自住"]],
            "网格员": [["工号", "姓名", "网格编码", "主责"], ["w1", "甲", "g1", "是"]],
            "楼栋": [["楼栋编号", "经度", "纬度"], ["n1", middle.x, middle.y]],
            "网格": [["网格编码", "网格名称", "wkt"], ["g1", "测试区", wkt]],
        },
    )

    outcome = take_in(work, path, "town", crs="wgs84")

    assert {thing: count[0] for thing, count in counts(outcome).items()} == {
        "cells": 1, "buildings": 1, "households": 1, "workers": 1, "assignments": 1,
    }  # fmt: skip
    assert notes(outcome) == {"layers_ignored": 1}


def test_one_fault_in_one_layer_keeps_everything_out(runtime: Runtime, tmp_path: Path) -> None:
    middle = world.at(0.5, 0.5)
    path = files.xlsx(
        tmp_path / "town.xlsx",
        [["网格编码", "网格名称", "wkt"], ["g1", "测试区", world.box(0, 0, 1, 1).wkt]],
        sheet="网格",
        more={
            "楼栋": [["楼栋编号", "经度", "纬度"], ["n1", middle.x, middle.y]],
            "住户": [["楼栋编号", "房号"], ["n1", "101"], ["n2", "101"]],
        },
    )
    request = Request(path, "town", crs="wgs84")

    with pytest.raises(ImportRefused) as refused, runtime.work(Actor.system("test")) as work:
        import_file(work, request, zone=files.ZONE)

    assert [(f.layer, f.row, f.key) for f in refused.value.report.faults] == [
        ("住户", 3, "unknown_building")
    ]
    assert sizes(runtime) == dict.fromkeys(TABLES, 0)


def test_layers_point_at_each_other_even_when_an_earlier_one_is_wrong(
    work: Work, tmp_path: Path
) -> None:
    path = files.xlsx(
        tmp_path / "town.xlsx",
        [["楼栋编号", "经度", "纬度", "层数"], ["n1", 116.81, 33.91, "x"]],
        sheet="楼栋",
        more={"住户": [["楼栋编号", "房号", "人数"], ["n1", "101", "-1"]]},
    )

    assert told(faults(work, path, "town", crs="wgs84")) == [
        (2, "人数", "-1", "out_of_range"),
        (2, "层数", "x", "not_a_number"),
    ]


def test_a_new_grid_moves_buildings_and_households_with_it(
    runtime: Runtime, tmp_path: Path
) -> None:
    world.store(runtime)
    halves = gpd.GeoDataFrame(
        {"code": ["100B1001", "100B1002"], "name": ["东", "西"], "parent_code": "100B1"},
        geometry=[world.box(1, 1, 1.25, 2), world.box(1.25, 1, 2, 2)],
        crs=4326,
    )

    commit(runtime, files.vector(tmp_path / "cells.gpkg", halves), "cells")

    with runtime.work(Actor.system("test")) as work:
        path = work.session.scalar(text("SELECT path FROM cell_version WHERE code = '100B1002'"))
        moved = work.session.scalars(
            text("SELECT path FROM building WHERE code = 'b3' UNION ALL SELECT household.path"
                 " FROM household JOIN building ON building.id = building_id WHERE code = 'b3'")
        ).all()  # fmt: skip
        assert latest_publication(work.session).note == "import cells.gpkg"
    assert set(moved) == {path}


def test_layers_are_chosen_by_name_or_asked_for(work: Work, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as unknown:
        take_in(work, KARHULA, "buildings", layer="houses")
    with pytest.raises(FileRefused) as unclear:
        take_in(work, KARHULA, "workers")
    with pytest.raises(FileRefused) as nothing:
        take_in(work, files.csv(tmp_path / "x.csv", [["a"], ["b"]]), "town")

    reasons = [refused.value.facts["reason"] for refused in (unknown, unclear, nothing)]
    assert reasons == ["layer_unknown", "layer_unclear", "nothing_recognised"]
    assert "area, buildings, streets" in unclear.value.message("zh")


def test_progress_names_each_step_and_reaches_its_end(work: Work) -> None:
    seen: list[tuple[str, int, int]] = []

    import_file(
        work, Request(KARHULA, "town"), zone=files.ZONE, progress=lambda *step: seen.append(step)
    )

    assert [step for step, done, total in seen if done == total] == ["read", "check", "write"]


def test_somebody_of_another_area_may_import_but_sees_no_more_than_before(runtime: Runtime) -> None:
    with runtime.work(Actor("importer", kind=ActorKind.SYSTEM), long=True) as work:
        import_file(work, Request(KARHULA, "town"), zone=files.ZONE)
        seen = work.session.scalar(text("SELECT count(*) FROM household"))

    assert seen == 0
    assert sizes(runtime)["household"] == 7898


@pytest.mark.long
def test_a_hundred_thousand_households_take_seconds(work: Work, tmp_path: Path) -> None:
    import time

    world.fill(work)
    flats = [["b1", 1 + i % 4, i // 400, f"{i}", "自住", 2, "甲"] for i in range(100_000)]
    rows = [["楼栋编号", "单元", "楼层", "房号", "住房性质", "人数", "户主"], *flats]
    for row in flats:
        row[2] = row[2] % 200
    path = files.csv(tmp_path / "h.csv", rows)
    start = time.process_time()

    outcome = take_in(work, path, "households")

    # The 101 and 102 of stairwells 1 and 2 stand already, and 101 of 1 and 2 fall on i = 100 …
    new, changed, unchanged, _ = counts(outcome)["households"]
    assert new + changed + unchanged == 100_000
    assert time.process_time() - start < 10.0
