"""Every operation that can be posted is told in words, in both languages."""

import pytest

from geo.grid.plans.reading import _READ
from geo.grid.plans.wording import in_words

POLYGON = {"type": "Polygon", "coordinates": []}
TOLD = {
    "split": ({"cell": "1A"}, "split cell 1A"),
    "merge": ({"cells": ["1A", "1B"], "into": "1B"}, "merge cells 1A, 1B into 1B"),
    "move_border": ({"cells": ["1A", "1B"]}, "move the border of cells 1A, 1B"),
    "move_vertex": ({"at": [0, 0], "to": [1, 1]}, "move a node of the borders"),
    "transfer": ({"to": "1B", "area": POLYGON}, "give an area to cell 1B"),
    "add": ({"parent": "1", "name": "新村"}, "add cell 新村 below 1"),
    "replace": (
        {"cells": ["1A", "1B", "1C", "1D"], "parts": [{}, {}]},
        "draw cells 1A, 1B, 1C… anew as 2",
    ),
    "rename": ({"cell": "1A", "name": "东苑"}, "rename cell 1A to 东苑"),
    "reparent": ({"cell": "1A", "parent": "2"}, "hang cell 1A below 2"),
    "restore": ({"publication": 3}, "restore the cells of publication 3"),
}


def test_every_operation_has_words() -> None:
    assert TOLD.keys() == _READ.keys()


@pytest.mark.parametrize("name", TOLD)
def test_an_operation_is_told_in_words(name: str) -> None:
    fields, english = TOLD[name]

    assert in_words({"op": name, **fields}, "en") == english
    assert in_words({"op": name, **fields}, "zh") not in ("", english)


def test_buildings_are_counted() -> None:
    moved = {"op": "transfer", "to": "1B", "buildings": ["b1", "b2"]}

    assert in_words(moved, "zh") == "把 2 栋房屋划入网格 1B"
