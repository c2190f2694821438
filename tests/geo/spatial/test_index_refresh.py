"""A refreshed index gives the answers of one built anew, and leaves the old one as it was."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.covers import first_covering
from geo.spatial.index import borders, build, encoded, refreshed
from geo.spatial.storage import snap
from geo.spatial.tiles import point_index, refresh
from geo.spatial.tiles.build import COMPACT, FAST
from geo.spatial.tiles.parts import Preset
from geo.spatial.tiles.point_index import PointIndex
from tests.geo.spatial.index_cases import CROWDED, SPOTS, hard_points, random_cells
from tests.world import at, box

A, B, C = box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 2, 2)


def codes_at(index: PointIndex, points: np.ndarray) -> list[bytes]:
    """Return the codes that own points, b"-" for none."""
    return [index.codes[cell] if cell >= 0 else b"-" for cell in index.find(points)]


def truth(shapes: dict[str, shapely.Geometry], points: np.ndarray) -> list[bytes]:
    ordered = sorted(shapes, key=str.encode)
    cells = np.array([shapes[code] for code in ordered], dtype=object)
    owners = first_covering(shapely.points(snap(points)), cells)
    return [ordered[owner].encode() if owner >= 0 else b"-" for owner in owners]


def spots(*places: tuple[float, float]) -> np.ndarray:
    return np.array([at(*place).coords[0] for place in places])


def test_a_moved_border_moves_its_points() -> None:
    before = build([A, B], ["a", "b"])

    after = refreshed(before, [box(0, 0, 0.5, 1), box(0.5, 0, 2, 1)], ["a", "b"])

    assert after.find(spots((0.25, 0.5), (0.75, 0.5), (0.5, 0.5))).tolist() == [0, 1, 0]
    assert before.find(spots((0.25, 0.5), (0.75, 0.5), (0.5, 0.5))).tolist() == [0, 0, 0]


def test_a_new_cell_gets_the_next_number_and_its_place_by_code() -> None:
    after = refreshed(build([A, B], ["a", "c"]), [C], ["b"])

    assert after.codes.tolist() == [b"a", b"c", b"b"]
    # On the border of a and b, of b and c, in the corner of all three.
    assert after.find(spots((0.5, 1), (1.5, 1), (1, 1))).tolist() == [0, 2, 0]


def test_a_cell_that_is_gone_leaves_a_gap_and_its_number_empty() -> None:
    after = refreshed(build([A, B], ["a", "b"]), [], [], gone=["a", "unknown"])

    assert after.find(spots((0.5, 0.5), (1, 0.5))).tolist() == [-1, 1]
    assert after.codes.tolist() == [b"", b"b"]
    assert after.nearest(spots((0.5, 0.5)))[0].tolist() == [1]


def test_a_code_that_comes_back_gets_another_number() -> None:
    gone = refreshed(build([A, B], ["a", "b"]), [], [], gone=["a"])

    assert refreshed(gone, [A], ["a"]).find(spots((0.5, 0.5), (1, 0.5))).tolist() == [2, 2]


def test_longer_codes_and_ancestors_come_in() -> None:
    before = build([A, B], ["a", "b"], ancestors=[[7, 0], [7, 1]])

    after = refreshed(before, [C, A], ["aa-longer-than-before", "a"], ancestors=[[7, 2], [6, 0]])

    assert after.codes.tolist() == [b"a", b"b", b"aa-longer-than-before"]
    assert [after.chain(*at(*p).coords[0]) for p in ((0.5, 0.5), (1.5, 0.5), (1.5, 1.5))] == [
        (6, 0),
        (7, 1),
        (7, 2),
    ]


def test_a_cell_beyond_the_raster_makes_everything_anew() -> None:
    far = box(-900, -900, -899, -899)

    after = refreshed(build([A, B], ["a", "b"]), [far], ["c"], gone=["a"])

    assert after.find(spots((-899.5, -899.5), (0.5, 0.5), (1.5, 0.5))).tolist() == [2, -1, 1]
    assert after.codes.tolist() == [b"", b"b", b"c"]


def test_a_grid_without_cells_may_get_some_and_lose_them() -> None:
    some = refreshed(build([]), [A, B], ["b", "a"])
    none = refreshed(some, [], [], gone=["a", "b"])

    assert some.find(spots((0.5, 0.5), (1, 0.5))).tolist() == [0, 1]
    assert none.find(spots((0.5, 0.5), (1, 0.5))).tolist() == [-1, -1]
    assert none.nearest(spots((0.5, 0.5)))[0].tolist() == [-1]


def test_two_indexes_may_come_from_one() -> None:
    before = build([A, B], ["a", "b"])

    left = refreshed(before, [box(0, 0, 0.5, 1), box(0.5, 0, 2, 1)], ["a", "b"])
    right = refreshed(before, [box(0, 0, 1.5, 1), box(1.5, 0, 2, 1)], ["a", "b"])

    places = spots((0.25, 0.5), (0.75, 0.5), (1.25, 0.5), (1.75, 0.5))
    assert before.find(places).tolist() == [0, 0, 1, 1]
    assert left.find(places).tolist() == [0, 1, 1, 1]
    assert right.find(places).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("resident", [False, True])
def test_a_loaded_index_is_refreshed_and_its_file_stays(tmp_path: Path, resident: bool) -> None:
    build([A, B], ["a", "b"]).save(tmp_path / "index")
    bytes_before = (tmp_path / "index").read_bytes()

    after = refreshed(point_index.load(tmp_path / "index", resident=resident), [C], ["c"])
    after.save(tmp_path / "after")

    assert point_index.load(tmp_path / "after").find(spots((0.5, 1.5))).tolist() == [2]
    assert (tmp_path / "index").read_bytes() == bytes_before


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 100, 2**16]),
    st.sampled_from(SPOTS),
    st.sampled_from([FAST, COMPACT, CROWDED]),
)
def test_after_any_changes_the_answers_are_those_of_an_index_built_anew(
    seed: int, step: int, spot: tuple[float, float], preset: Preset
) -> None:
    random = np.random.default_rng(seed)
    first, *later = (random_cells(seed + k, steps=step, spot=spot) for k in range(4))
    shapes = {f"c{number}": cell for number, cell in enumerate(first)}
    index = point_index.build(borders(first), encoded([*shapes], len(shapes)), preset=preset)
    history = [(index, dict(shapes))]
    for cells in later:
        changed = {f"c{random.integers(0, 30)}": cell for cell in cells[:6]}
        gone = [code for code in shapes if random.random() < 0.1 and code not in changed]
        index = refreshed(index, [*changed.values()], [*changed], gone=gone)
        shapes = {k: v for k, v in {**shapes, **changed}.items() if k not in gone}
        history.append((index, dict(shapes)))
    points = np.concatenate([hard_points(cells, seed, 30) for cells in (first, *later)])

    for then, drawn in history:
        assert codes_at(then, points) == truth(drawn, points)
    again = refresh.rebuilt(index)
    assert (again.find(points) == index.find(points)).all()
    assert again.nbytes <= index.nbytes
    assert np.array_equal(again.border_m(points), index.border_m(points))
