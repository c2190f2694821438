"""Cells are numbered like a page is read, whatever their order in the file."""

import numpy as np
import shapely

from geo.spatial.order import reading_order


def test_cells_that_are_not_quite_level_stand_in_one_row() -> None:
    #  northern row: b a c (a a little lower), southern row: d e
    cells = [
        shapely.box(2, 9.7, 3, 10.7),
        shapely.box(0, 10, 1, 11),
        shapely.box(4, 9.9, 5, 10.9),
        shapely.box(0, 9, 1, 10),
        shapely.box(2, 8.7, 3, 9.7),
    ]

    assert reading_order(cells).tolist() == [1, 0, 2, 3, 4]


def test_the_order_given_does_not_count() -> None:
    random = np.random.default_rng(4)
    cells = shapely.buffer(shapely.points(random.uniform(0, 9, size=(40, 2))), 0.5)
    first = cells[reading_order(cells)]

    mixed = random.permutation(cells)

    assert (mixed[reading_order(mixed)] == first).all()


def test_no_cells_have_no_order() -> None:
    assert reading_order([]).tolist() == []
