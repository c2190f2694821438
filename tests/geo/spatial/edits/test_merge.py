"""Neighbours become one cell, and nothing around them changes."""

import pytest

from geo.spatial.edits import refusals
from geo.spatial.edits.merge import merge
from tests.geo.spatial.edits.edit_cases import check_whole, town
from tests.world import box


def test_neighbours_become_one_and_nobody_is_noded() -> None:
    patch = merge(town(), ["w", "e"], "e")

    check_whole(town(), patch)
    assert (patch.removed, patch.noded) == (("w",), ())
    assert patch.shapes["e"].equals(box(0, 0, 1, 1))


def test_cells_may_hang_together_through_each_other() -> None:
    patch = merge(town(), ["w", "se", "e"], "whole")

    check_whole(town(), patch)
    assert (list(patch.shapes), patch.removed) == (["whole"], ("e", "se", "w"))


@pytest.mark.parametrize(
    ("cells", "into", "refusal"),
    [
        (["w", "se"], "w", refusals.NotNeighbours),
        (["e", "ne"], "e", refusals.NotNeighbours),
        (["e"], "e", refusals.TooFewCells),
        (["e", "e"], "e", refusals.TooFewCells),
        ([], "e", refusals.TooFewCells),
        (["e", "w"], "n", refusals.CodeTaken),
        (["e", "x"], "e", refusals.CellMissing),
    ],
)
def test_what_cannot_be_merged_is_refused(
    cells: list[str], into: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        merge(town(), cells, into)
