"""Whole files through the one way in: dry, for real, twice, refused; and the real town."""

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.exchange.imports import Outcome, import_file
from geo.exchange.report import FileRefused, ImportRefused
from geo.exchange.run import Request
from geo.grid.store import latest_publication
from geo.runtime import Runtime
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import KARHULA, counts, faults, notes, take_in, told

pytestmark = pytest.mark.db

TABLES = ("publication", "cell", "building", "dwelling_unit", "household", "ground_feature")


def commit(runtime: Runtime, path: Path, kind: str, *, dry_run: bool = False) -> Outcome:
    with runtime.work(Actor.local(), dry_run=dry_run, long=True) as work:
        return import_file(work, Request(path, kind), zone=files.ZONE)


def sizes(runtime: Runtime) -> dict[str, int]:
    with runtime.work(Actor.system("test")) as work:
        return {
            table: work.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES
        }


def test_the_real_town_goes_in_with_one_command(runtime: Runtime) -> None:
    layers = {
        name: pyogrio.read_dataframe(KARHULA, layer=name)
        for name in ("area", "buildings", "streets")
    }
    in_file = (len(layers["area"]), len(layers["buildings"]), len(layers["streets"]))
    households = int(layers["buildings"]["households"].sum())
    assert (*in_file, households) == (1, 2151, 327, 7898)

    dry = commit(runtime, KARHULA, "town", dry_run=True)
    assert sizes(runtime) == dict.fromkeys(TABLES, 0)
    done = commit(runtime, KARHULA, "town")
    again = commit(runtime, KARHULA, "town")

    assert counts(dry) == counts(done)
    assert counts(done) == {
        "cells": (1, 0, 0, 0),
        "buildings": (2151, 0, 0, 0),
        "households": (7898, 0, 0, 0),
        "ground": (327, 0, 0, 0),
    }
    assert again.changes == 0
    assert sizes(runtime) == {
        "publication": 1, "cell": 1, "building": 2151, "dwelling_unit": 7898, "household": 7898,
        "ground_feature": 327,
    }  # fmt: skip


def test_what_the_real_town_holds_is_what_its_file_says(work: Work) -> None:
    take_in(work, KARHULA, "town")

    cell = work.session.execute(text("SELECT code, name, level, parent_id FROM cell_version")).one()
    unknown = work.session.execute(text("SELECT DISTINCT occupancy, persons FROM household")).one()
    ranks = dict(
        tuple(row)
        for row in work.session.execute(
            text("SELECT rank, count(*) FROM ground_feature WHERE width_m > 0 GROUP BY rank")
        )
    )
    assert tuple(cell) == ("karhula", "karhula", 1, None)
    assert tuple(unknown) == ("unknown", None)
    # From the column: motorway 6 + motorway_link 10; secondary 13 + tertiary 17; the rest of 327.
    assert ranks == {1: 16, 2: 30, 3: 281}
    outside = "SELECT count(*) FROM building WHERE cell_id IS NULL OR path = ''"
    assert work.session.scalar(text(outside)) == 0
    assert work.session.scalar(text("SELECT count(*) FROM building WHERE code = 'karhula-17'")) == 1


def test_a_town_may_stand_beside_a_grid_and_be_called_as_the_user_wants(work: Work) -> None:
    world.fill(work)

    outcome = take_in(work, KARHULA, "town", code="fi-05")

    assert counts(outcome)["cells"] == (1, 0, 0, 0)
    codes = work.session.scalars(
        text("SELECT code FROM cell_version WHERE parent_id IS NULL ORDER BY 1")
    )
    assert codes.all() == ["100", "fi-05"]
    assert work.session.scalar(text("SELECT count(*) FROM building WHERE code = 'fi-05-17'")) == 1


def test_counted_households_give_way_to_named_ones_and_are_not_counted_back(
    work: Work, tmp_path: Path
) -> None:
    shape = world.box(0.1, 0.1, 0.2, 0.2)
    frame = gpd.GeoDataFrame({"code": ["n1"], "households": [5]}, geometry=[shape], crs=4326)
    path = files.vector(tmp_path / "t.gpkg", frame, layer="buildings")
    named = files.csv(
        tmp_path / "h.csv", [["楼栋编号", "房号", "户主"], ["n1", "101", "甲"], ["n1", "102", "乙"]]
    )

    first = take_in(work, path, "town")
    after = take_in(work, named, "households")
    back = take_in(work, path, "town")

    assert counts(first)["households"] == (5, 0, 0, 0)
    assert counts(after)["households"] == (2, 0, 0, 5)
    assert counts(back)["households"] == (0, 0, 0, 0)
    assert notes(back)["households_named_already"] == 1


@pytest.mark.parametrize(
    ("count", "expected"), [(3, (0, 0, 3, 2)), (7, (2, 0, 5, 0)), (0, (0, 0, 0, 5))]
)
def test_another_count_of_households_adds_or_ends(
    work: Work, tmp_path: Path, count: int, expected: tuple[int, int, int, int]
) -> None:
    shape = world.box(0.1, 0.1, 0.2, 0.2)

    def town(households: int) -> Path:
        frame = gpd.GeoDataFrame(
            {"code": ["n1"], "households": [households]}, geometry=[shape], crs=4326
        )
        return files.vector(tmp_path / f"{households}.gpkg", frame, layer="buildings")

    take_in(work, town(5), "town")

    assert counts(take_in(work, town(count), "town"))["households"] == expected


def test_more_households_than_a_city_are_a_fault(work: Work, tmp_path: Path) -> None:
    shapes = [world.box(i / 300, 0, (i + 0.5) / 300, 0.1) for i in range(201)]
    frame = gpd.GeoDataFrame({"id": range(201), "households": 10_000}, geometry=shapes, crs=4326)
    path = files.vector(tmp_path / "t.gpkg", frame, layer="buildings")

    assert [fault.key for fault in faults(work, path, "town")] == ["too_many_households"]


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

    with pytest.raises(ImportRefused) as refused, runtime.work(Actor.local()) as work:
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
    with runtime.work(Actor("importer"), long=True) as work:
        import_file(work, Request(KARHULA, "town"), zone=files.ZONE)
        seen = work.session.scalar(text("SELECT count(*) FROM household"))

    assert seen == 0
    assert sizes(runtime)["household"] == 7898


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
