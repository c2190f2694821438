from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import select

from geo.places.model import GroundFeature
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import counts, faults, take_in, told

pytestmark = pytest.mark.db


def line(south: float) -> shapely.LineString:
    return shapely.LineString([world.at(0, south), world.at(2, south)])


def ground(**columns: list[Any]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = columns.pop("geometry", [line(0.1 * (i + 1)) for i in range(count)])
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def stored(work: Work) -> list[tuple[Any, ...]]:
    columns = (GroundFeature.kind, GroundFeature.rank, GroundFeature.name, GroundFeature.width_m)
    return [tuple(row) for row in work.session.execute(select(*columns).order_by(GroundFeature.id))]


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb"])
def test_streets_take_rank_and_width_from_the_class_of_openstreetmap(
    work: Work, tmp_path: Path, suffix: str
) -> None:
    frame = ground(
        highway=["primary", "tertiary", "residential", "footway"], name=["a", "b", "c", None]
    )
    path = files.vector(tmp_path / f"s.{suffix}", frame)

    first, again = (take_in(work, path, "streets") for _ in range(2))

    assert counts(first) == {"ground": (4, 0, 0, 0)}
    assert counts(again) == {"ground": (0, 0, 4, 0)}
    assert sorted(stored(work)) == [
        ("street", 1, "a", 14.0), ("street", 2, "b", 8.0),
        ("street", 3, "", 3.0), ("street", 3, "c", 6.0),
    ]  # fmt: skip


def test_rank_and_width_of_the_file_win(work: Work, tmp_path: Path) -> None:
    rows = [
        ["道路名称", "等级", "宽度", "wkt"],
        ["人民路", "主干道", "24米", line(0.1).wkt],
        ["和平巷", "巷", "", line(0.2).wkt],
    ]
    path = files.csv(tmp_path / "s.csv", rows)

    take_in(work, path, "streets", crs="cgcs2000")

    assert stored(work) == [("street", 1, "人民路", 24.0), ("street", 3, "和平巷", 5.0)]


def test_another_name_of_the_same_shape_is_a_change(work: Work, tmp_path: Path) -> None:
    take_in(work, files.vector(tmp_path / "a.gpkg", ground(name=["旧路", "路"])), "streets")

    outcome = take_in(
        work, files.vector(tmp_path / "b.gpkg", ground(name=["新路", "路"])), "streets"
    )

    assert counts(outcome) == {"ground": (0, 1, 1, 0)}
    assert [row[2] for row in stored(work)] == ["新路", "路"]


def test_other_ground_needs_a_kind_that_fits_its_shape(work: Work, tmp_path: Path) -> None:
    frame = ground(
        kind=["公园", "水面", None, "park", "宫殿"],
        geometry=[
            world.box(0, 0, 1, 1), world.box(1, 0, 2, 1), world.box(0, 1, 1, 2),
            line(0.5), line(0.6),
        ],
    )  # fmt: skip
    path = files.vector(tmp_path / "g.gpkg", frame)

    assert told(faults(work, path, "streets")) == [
        (3, "kind", "", "ground_without_kind"),
        (4, "kind", "park", "ground_kind_not_its_shape"),
        (5, "kind", "宫殿", "unknown_word"),
    ]


def test_a_kind_of_its_own_comes_in(work: Work, tmp_path: Path) -> None:
    frame = ground(kind=["park", "railway"], geometry=[world.box(0, 0, 1, 1), line(0.5)])

    take_in(work, files.vector(tmp_path / "g.gpkg", frame), "streets")

    assert stored(work) == [("park", 0, "", 0.0), ("railway", 0, "", 0.0)]


def test_ground_without_any_place_is_a_fault(work: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "s.csv", [["highway"], ["primary"]])

    assert told(faults(work, path, "streets")) == [(2, "wkt", "", "geometry_missing")]
