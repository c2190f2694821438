"""The ground of the demo town: its kinds, its ranks, and that it stays inside the district."""

import shapely

from geo.demo import outline
from geo.demo.town import Town
from geo.spatial.storage import snap

KINDS = {
    "street",
    "railway",
    "water",
    "park",
    "school",
    "block",
    "field",
    "village",
    "works",
    "other_building",
}


def test_every_kind_of_ground_occurs(town: Town) -> None:
    assert set(town.ground["kind"]) == KINDS


def test_only_streets_have_a_rank_and_only_lines_have_a_width(town: Town) -> None:
    streets = town.ground["kind"] == "street"
    lines = streets | (town.ground["kind"] == "railway")

    assert town.ground.loc[streets, "rank"].isin([1, 2, 3]).all()
    assert (town.ground.loc[~streets, "rank"] == 0).all()
    assert ((town.ground["width_m"] > 0) == lines).all()
    assert (town.ground.geom_type[lines] == "LineString").all()
    assert (town.ground.geom_type[~lines] == "Polygon").all()


def test_ground_is_valid_and_on_the_storage_grid(town: Town) -> None:
    points = shapely.get_coordinates(town.ground.geometry.to_numpy())

    assert shapely.is_valid(town.ground.geometry.to_numpy()).all()
    assert (snap(points) == points).all()


def test_ground_stays_inside_the_district(town: Town) -> None:
    near = shapely.buffer(shapely.polygons(outline.ring()), 1e-6)

    assert shapely.covered_by(town.ground.geometry.to_numpy(), near).all()


def test_main_streets_of_dong_street_have_names(town: Town) -> None:
    named = set(town.ground.loc[town.ground["kind"] == "street", "name"])

    assert {"供电路", "人民路", "新安大街", "淮海东路", "站前街"} <= named
