"""The leaf cells of the demo town tile its outline exactly; identities, not first runs."""

import numpy as np
import shapely

from geo.demo import outline
from geo.demo.town import Town
from geo.demo.warp import from_degrees, to_plan
from geo.spatial.coverage import is_valid, union_by
from geo.spatial.measure import area_m2
from geo.spatial.storage import snap

DISTRICT = shapely.polygons(outline.ring())


def leaves(town: Town) -> tuple[np.ndarray, np.ndarray]:
    cells = town.cells[town.cells.geometry.notna()]
    return cells["code"].to_numpy(), cells.geometry.to_numpy()


def test_leaf_cells_are_a_valid_coverage(town: Town) -> None:
    assert is_valid(leaves(town)[1])


def test_leaf_cells_unite_to_the_outline_exactly(town: Town) -> None:
    united = shapely.coverage_union_all(leaves(town)[1])

    assert shapely.equals_exact(shapely.normalize(united), shapely.normalize(DISTRICT), 0.0)


def test_areas_of_leaf_cells_add_up_to_the_district(town: Town) -> None:
    assert abs(area_m2(leaves(town)[1]).sum() - area_m2([DISTRICT])[0]) < 0.001


def test_every_leaf_cell_is_one_polygon_without_holes_on_the_grid(town: Town) -> None:
    _, shapes = leaves(town)
    points = shapely.get_coordinates(shapes)

    assert set(shapely.get_type_id(shapes)) == {shapely.GeometryType.POLYGON}
    assert shapely.get_num_interior_rings(shapes).sum() == 0
    assert (snap(points) == points).all()


def test_a_cell_has_geometry_exactly_when_nothing_is_below_it(town: Town) -> None:
    parents = town.cells["code"].isin(town.cells["parent_code"])

    assert (parents == town.cells.geometry.isna()).all()


def test_levels_count_up_from_parent_to_child_along_the_codes(town: Town) -> None:
    cells = town.cells.set_index("code")
    below = cells[cells["parent_code"].notna()]

    assert (below["level"] == cells["level"].loc[below["parent_code"]].to_numpy() + 1).all()
    assert all(code.startswith(parent) for code, parent in below["parent_code"].items())


def test_each_grid_and_community_is_one_polygon_that_its_cells_make_up(town: Town) -> None:
    codes, shapes = leaves(town)
    for digits in (15, 12, 9):
        united = union_by(shapes, [code[:digits] for code in codes])
        assert set(shapely.get_type_id(united)) == {shapely.GeometryType.POLYGON}


def test_grids_are_numbered_row_by_row_from_north_and_in_a_row_from_west(town: Town) -> None:
    # On the plan streets are straight, so that a grid's first corner is exact.
    codes, shapes = leaves(town)
    own = np.array([code.startswith("340603002001") for code in codes])
    corners = []
    for grid in union_by(shapes[own], [code[:15] for code in codes[own]]):
        u, v = to_plan(from_degrees(shapely.get_coordinates(grid))).round(-1).T
        corners.append((-v.max(), u[v == v.max()].min()))

    assert len(corners) == 13
    assert corners == sorted(corners)


def test_borders_of_grids_run_along_street_centre_lines(town: Town) -> None:
    codes, shapes = leaves(town)
    dong = np.array([code.startswith("340603002") for code in codes])
    grids = union_by(shapes[dong], [code[:15] for code in codes[dong]])
    borders = shapely.union_all(shapely.boundary(metric(grids)))
    streets = metric(town.ground.loc[town.ground["kind"] == "street", "geometry"])
    close = shapely.clip_by_rect(streets, *shapely.bounds(shapely.buffer(borders, 50.0)))
    near = shapely.union_all(shapely.buffer(close[~shapely.is_empty(close)], 0.5, quad_segs=1))

    # What is left over crosses the railway or the river, where no street runs.
    assert shapely.length(shapely.intersection(borders, near)) / shapely.length(borders) > 0.93


def metric(shapes: object) -> np.ndarray:
    return shapely.transform(np.asarray(shapes, dtype=object), from_degrees)
