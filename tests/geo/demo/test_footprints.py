"""Footprints of the demo town: where they stand, how large they are, what they keep off."""

import numpy as np
import shapely

from geo.demo.town import Town
from geo.demo.warp import from_degrees


def metric(shapes: object) -> np.ndarray:
    return shapely.transform(np.asarray(shapes, dtype=object), from_degrees)


def sides(town: Town, kind: str) -> np.ndarray:
    """Return length and depth of each footprint of a kind, metres, longer side first."""
    own = town.buildings[town.buildings["kind"] == kind]
    corners = shapely.get_coordinates(metric(own["footprint"])).reshape(-1, 5, 2)
    return -np.sort(-np.hypot(*np.diff(corners[:, :3], axis=1).transpose(2, 1, 0)).T, axis=1)


def test_footprints_do_not_touch_each_other(town: Town) -> None:
    shapes = metric(town.buildings["footprint"])
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=2.0)

    assert (first == second).all()


def test_each_footprint_and_point_lies_inside_exactly_one_leaf_cell(town: Town) -> None:
    tree = shapely.STRtree(town.cells.geometry.dropna().to_numpy())
    footprint, cell = tree.query(town.buildings["footprint"].to_numpy(), predicate="within")
    point, own = tree.query(town.buildings.geometry.to_numpy(), predicate="within")

    assert np.array_equal(np.sort(footprint), np.arange(len(town.buildings)))
    assert np.array_equal(cell[footprint.argsort()], own[point.argsort()])


def test_footprints_keep_eight_metres_from_every_kerb(town: Town) -> None:
    streets = town.ground[town.ground["kind"] == "street"]
    lines, half = metric(streets.geometry), streets["width_m"].to_numpy() / 2.0
    shapes = metric(town.buildings["footprint"])
    building, street = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=25.0)
    to_kerb = shapely.distance(shapes[building], lines[street]) - half[street]

    assert len(to_kerb) > 0
    assert to_kerb.min() >= 8.0


def test_nothing_of_the_ground_lies_below_a_footprint_but_its_block(town: Town) -> None:
    solid = town.ground["kind"].isin(["water", "park", "school", "works", "other_building"])
    tree = shapely.STRtree(town.ground.geometry.to_numpy()[solid])

    assert tree.query(town.buildings["footprint"], predicate="intersects").size == 0


def test_slabs_and_towers_have_real_sizes(town: Town) -> None:
    slab, tower, house = (sides(town, kind) for kind in ("slab", "tower", "house"))

    assert slab[:, 0].max() < 140.0
    assert ((slab[:, 1] > 9.0) & (slab[:, 1] < 13.0)).all()
    assert ((tower > 21.9) & (tower < 30.0)).all()
    assert ((house[:, 0] < 14.0) & (house[:, 1] > 7.0)).all()


def test_footprints_face_south_within_fifteen_degrees(town: Town) -> None:
    own = town.buildings[town.buildings["kind"] == "slab"]
    corners = shapely.get_coordinates(metric(own["footprint"])).reshape(-1, 5, 2)
    along = corners[:, 1] - corners[:, 0]

    assert np.degrees(np.abs(np.arctan2(along[:, 1], along[:, 0]))).max() < 15.0
