"""Coverages to edit and what must hold of them afterwards, for the tests of the edits."""

import shapely

from geo.spatial.edits.patch import Patch
from geo.spatial.edits.working import Working
from tests.world import box


def town() -> Working:
    """Return the six leaves of the town of ``tests.world``, here with plain names. ::

    2 ┌───────┬───────┐
      │   n   │  ne   │
    1 ├───┬───┼───────┤
      │ w │ e │  se   │
    0 └───┴───┴───────┘
      0  0.5  1       2
    """
    shapes = {
        "e": box(0.5, 0, 1, 1),
        "n": box(0, 1, 1, 2, south=[0.5]),
        "ne": box(1, 1, 2, 2),
        "se": box(1, 0, 2, 1),
        "w": box(0, 0, 0.5, 1),
    }
    return Working.of(list(shapes), list(shapes.values()))


def union(working: Working) -> shapely.Geometry:
    """Return the land of all cells, by another way than the edits."""
    return shapely.union_all(working.shapes(working.codes()))


def check_whole(before: Working, patch: Patch) -> Working:
    """Return the next coverage, which is valid and covers exactly the land before."""
    after = before.after(patch)
    assert shapely.coverage_is_valid(after.shapes(after.codes()))
    assert shapely.is_valid(after.shapes(after.codes())).all()
    assert not shapely.is_empty(after.shapes(after.codes())).any()
    if not patch.outline_moved_m2:
        assert shapely.equals(union(before), union(after))
    return after
