"""The rules of the cell tree, on the town of ``tests.world`` with one thing broken at a time."""

import pandas as pd
import pytest

from geo.grid.tree import leaves, paths, tree_faults
from tests import world


def faults_of(**change: object) -> list[tuple[str, str]]:
    cells = world.cells()
    row = change.pop("row")
    for column, value in change.items():
        cells.loc[cells["code"] == row, column] = value
    return [(fault.code, fault.key) for fault in tree_faults(cells)]


def test_the_sound_tree_has_no_fault() -> None:
    assert tree_faults(world.cells()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"row": "100B2", "code": "100B1"}, [("100B1", "code_twice"), ("100B1", "code_twice")]),
        ({"row": "100A1", "parent_code": "9"}, [("100A1", "parent_unknown")]),
        ({"row": "100A1", "level": 4}, [("100A1", "level_order")]),
        ({"row": "100A1", "geometry": None}, [("100A1", "leaf_without_shape")]),
        ({"row": "100A1", "geometry": world.at(0, 0)}, [("100A1", "leaf_without_shape")]),
        ({"row": "100A1", "parent_code": None}, [("100A1", "root_level")]),
        (
            {"row": "100A2001", "level": 6},
            [("100A2001", "level_order"), ("100A2001", "too_deep")],
        ),
    ],
)
def test_a_broken_rule_names_its_cell(
    change: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert faults_of(**change) == expected


def test_leaves_come_in_bytewise_order_of_code() -> None:
    cells = world.cells().sample(frac=1.0, random_state=1)

    assert leaves(cells)["code"].tolist() == ["100A1", "100A2001", "100A2002", "100B1", "100B2"]


def test_a_path_is_the_ids_from_the_root_down() -> None:
    cells = pd.DataFrame(
        {
            "code": ["b", "a", "c"],
            "level": [2, 1, 3],
            "parent_code": ["a", None, "b"],
            "cell_id": [20, 10, 30],
        }
    )

    assert paths(cells).tolist() == ["10.20.", "10.", "10.20.30."]
