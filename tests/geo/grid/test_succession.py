"""What a step of history changes: expectations worked out on paper from ``tests.world``."""

import geopandas as gpd
import pytest
import shapely

from geo.grid.succession import Changes, changes, merged, with_derived
from geo.grid.tree import leaves
from geo.spatial.coverage import noded
from geo.spatial.measure import area_m2
from tests import world


def tree(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    order = leaves(cells)
    shapes, faults = noded(order.geometry.to_numpy())
    assert not faults
    geometry = cells.geometry.to_numpy().copy()
    geometry[cells.index.get_indexer(order.index)] = shapes
    return with_derived(cells.assign(geometry=geometry))


def step(incoming: gpd.GeoDataFrame) -> Changes:
    before = tree(world.cells())
    return changes(before, tree(merged(before, incoming)))


def rows(*given: tuple[str, str, int, str, object]) -> gpd.GeoDataFrame:
    columns = ["code", "name", "level", "parent_code", "geometry"]
    return gpd.GeoDataFrame([dict(zip(columns, row, strict=True)) for row in given], crs=4326)


def test_an_upper_cell_is_the_union_of_its_children() -> None:
    cells = tree(world.cells())

    assert shapely.equals(cells.geometry["100"], world.box(0, 0, 2, 2))
    assert shapely.equals(cells.geometry["100A2"], world.box(0, 0, 1, 1))
    assert cells["derived"].tolist() == [c in {"100", "100A", "100B", "100A2"} for c in cells.index]


def test_the_first_cells_are_all_new_and_without_lineage() -> None:
    found = changes(tree(world.cells()).iloc[:0], tree(world.cells()))

    assert found.cells["is_new"].all()
    assert found.cells["new_version"].all()
    assert found.cells["new_shape"].all()
    assert found.lineage.empty


def test_the_same_cells_again_change_nothing() -> None:
    found = step(world.cells())

    assert not found.cells[["is_new", "new_version", "new_shape", "noded"]].to_numpy().any()


def test_a_new_name_is_a_new_version_and_no_new_shape() -> None:
    found = step(rows(("100B2", "南苑社区", 3, "100B", world.box(1, 0, 2, 1))))

    assert found.cells.index[found.cells["new_version"]].tolist() == ["100B2"]
    assert not found.cells["new_shape"].any()


def test_a_divided_leaf_hands_its_land_to_its_children() -> None:
    found = step(
        rows(
            ("100B2001", "一", 4, "100B2", world.box(1, 0, 1.5, 1)),
            ("100B2002", "二", 4, "100B2", world.box(1.5, 0, 2, 1)),
        )
    )

    lineage = found.lineage.sort_values("to_code")
    assert lineage[["from_code", "to_code", "kind"]].to_numpy().tolist() == [
        ["100B2", "100B2001", "split"],
        ["100B2", "100B2002", "split"],
    ]
    half = float(area_m2([world.box(1, 0, 1.5, 1)])[0])
    assert lineage["area_m2"].tolist() == pytest.approx([half, half], rel=1e-9)


def test_a_moved_border_is_told_from_a_neighbours_vertex() -> None:
    # The border between 100B1 and 100B2 moves north by a quarter step: 100B1 loses that strip.
    found = step(
        rows(
            ("100B1", "北社区", 3, "100B", world.box(1, 1.25, 2, 2)),
            ("100B2", "南社区", 3, "100B", world.box(1, 0, 2, 1.25)),
        )
    )

    assert found.lineage.to_numpy()[:, :3].tolist() == [["100B1", "100B2", "moved"]]
    strip = float(area_m2([world.box(1, 1, 2, 1.25)])[0])
    assert found.lineage["area_m2"].tolist() == pytest.approx([strip], rel=1e-9)


def test_a_shape_with_only_a_further_vertex_is_noded() -> None:
    with_vertex = shapely.segmentize(world.box(1, 0, 2, 1), world.STEP / 2)
    found = step(rows(("100B2", "南社区", 3, "100B", with_vertex)))

    assert found.cells.index[found.cells["noded"]].tolist()[-1] == "100B2"
    assert found.lineage.empty
    assert not found.cells["new_version"].any()


def test_land_that_moved_by_a_grid_step_never_went_to_a_parent() -> None:
    # Every child of 100A2 gets a further vertex: all are noded, and no land changed hands.
    found = step(
        rows(
            (
                "100A2001",
                "第 1 网格",
                4,
                "100A2",
                shapely.segmentize(world.box(0, 0, 0.5, 1), 0.001),
            ),
            (
                "100A2002",
                "第 2 网格",
                4,
                "100A2",
                shapely.segmentize(world.box(0.5, 0, 1, 1), 0.001),
            ),
        )
    )

    assert found.cells["noded"].sum() >= 2
    assert found.lineage.empty
