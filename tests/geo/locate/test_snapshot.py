"""The grid in memory gives the same answers as SQL, one point at a time and many."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.grid.model import Publication
from geo.grid.service import publish_cells
from geo.grid.store import versions_in
from geo.locate import loading, resolver
from geo.locate.answer import Boundary, Nearest, Point
from geo.locate.cells import Cells
from geo.locate.loading import followed, loaded
from geo.locate.snapshot import Snapshot
from geo.spatial.storage import snap
from geo.work import Work
from tests import world
from tests.geo.grid.test_service import divided

pytestmark = pytest.mark.db

Answer = tuple[list[str], Boundary | None, Nearest | None]

places = st.tuples(st.integers(-4, 36), st.integers(-4, 36))
near_borders = st.tuples(
    st.sampled_from([0.0, 0.5, 1.0, 2.0, 0.25]), st.sampled_from([0.0, 1.0, 2.0, 1.75])
).flatmap(
    lambda at: st.tuples(
        *(st.floats(value - 1e-5, value + 1e-5).map(lambda x: x * 16) for value in at)
    )
)
accuracies = st.sampled_from([0.0, 0.001, 30.0, 400.0, 10_000.0])


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def in_memory(snapshot: Snapshot, point: Point, accuracy_m: float) -> Answer:
    cell = snapshot.index.locate(point.lon, point.lat)
    if cell < 0:
        return [], None, snapshot.nearest(point.lon, point.lat)
    codes = [step.code for step in snapshot.steps(snapshot.chain(cell))]
    return codes, snapshot.boundary(cell, point.lon, point.lat, accuracy_m), None


def in_sql(work: Work, number: int, point: Point, accuracy_m: float) -> Answer:
    leaf = resolver.covering(work.session, point, number)
    if leaf is None:
        return [], None, resolver.nearest(work.session, point, number)
    ids = leaf.path.split(".")[:-1]
    chain = [code_of(work, number)[int(step)] for step in ids]
    return chain, resolver.boundary(work.session, point, number, leaf, accuracy_m), None


def code_of(work: Work, number: int) -> dict[int, str]:
    return {row.cell_id: row.code for row in work.session.scalars(versions_in(number))}


def same(one: Answer, other: Answer) -> None:
    assert one[0] == other[0]
    for mine, theirs in ((one[1], other[1]), (one[2], other[2])):
        assert (mine is None) == (theirs is None)
    if one[1] is not None and other[1] is not None:
        assert one[1].distance_m == pytest.approx(other[1].distance_m, rel=1e-6, abs=1e-6)
        assert (one[1].on_boundary, one[1].ambiguous) == (
            other[1].on_boundary,
            other[1].ambiguous,
        )
        assert [c.code for c in one[1].candidates] == [c.code for c in other[1].candidates]
        assert [c.name for c in one[1].candidates] == [c.name for c in other[1].candidates]
        assert [c.distance_m for c in one[1].candidates] == pytest.approx(
            [c.distance_m for c in other[1].candidates], rel=1e-6, abs=1e-6
        )
    if one[2] is not None and other[2] is not None:
        assert one[2].code == other[2].code
        assert one[2].distance_m == pytest.approx(other[2].distance_m, rel=1e-6, abs=1e-6)


def at(x: float, y: float) -> Point:
    place = world.at(x / 16, y / 16)
    lon, lat = snap([[place.x, place.y]])[0].tolist()
    return Point(lon, lat, "wgs84")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(places, near_borders), accuracies)
def test_memory_and_sql_agree_on_cells_borders_doubt_and_outside(
    town: Work, place: tuple[float, float], accuracy_m: float
) -> None:
    snapshot, point = loaded(town.session, 1), at(*place)

    same(in_memory(snapshot, point, accuracy_m), in_sql(town, 1, point, accuracy_m))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(places, near_borders), accuracies)
def test_a_snapshot_that_followed_a_publication_is_as_one_loaded_anew(
    town: Work, place: tuple[float, float], accuracy_m: float
) -> None:
    before = loaded(town.session, 1)
    if town.session.get(Publication, 2) is None:
        publish_cells(town, divided(), note="second")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_REBUILT_FROM", 0)  # most of so few cells are new
        after, point = followed(town.session, before, 2), at(*place)
    assert after is not None

    assert len(after.index) > len(before.index)
    same(in_memory(after, point, accuracy_m), in_sql(town, 2, point, accuracy_m))
    same(in_memory(before, point, accuracy_m), in_sql(town, 1, point, accuracy_m))


def test_many_points_are_answered_as_each_by_itself(town: Work) -> None:
    snapshot = loaded(town.session, 1)
    points = [at(x, y) for x in range(-4, 37, 2) for y in range(-4, 37, 2)]
    pairs = np.array([[point.lon, point.lat] for point in points])
    accuracy_m = np.resize([0.0, 30.0, 400.0], len(points))

    found = snapshot.find(pairs, accuracy_m)

    for row, point in enumerate(points):
        codes, boundary, nearest = in_memory(snapshot, point, float(accuracy_m[row]))
        near = [snapshot.cells.code(r) for r in found.near.cells[row].tolist() if r >= 0]
        leaf = int(found.leaves[row])
        assert [snapshot.cells.code(leaf)] * (leaf >= 0) == codes[-1:]
        if boundary is not None:
            assert found.border_m[row] == boundary.distance_m
            assert found.ambiguous[row] == boundary.ambiguous
            assert near == [candidate.code for candidate in boundary.candidates]
        if nearest is not None:
            assert found.border_m[row] == -nearest.distance_m
            assert (near, bool(found.ambiguous[row])) == ([nearest.code], False)


def test_a_grid_without_cells_answers_that_nothing_is_there(work: Work) -> None:
    empty = loaded(work.session, 0)

    found = empty.find([[116.8, 33.9]], 10.0)

    assert (empty.index.locate(116.8, 33.9), empty.nearest(116.8, 33.9)) == (-1, None)
    assert (found.leaves.tolist(), found.border_m.tolist()) == ([-1], [-np.inf])
    assert (found.ambiguous.tolist(), found.near.cells[0, 0]) == ([False], -1)


def test_cells_are_the_same_after_they_were_kept_in_files(town: Work, tmp_path: Path) -> None:
    cells = loaded(town.session, 1).cells
    cells.save(tmp_path)

    kept = Cells.load(tmp_path)

    assert [kept.step(row) for row in range(len(kept))] == [
        cells.step(row) for row in range(len(cells))
    ]
    assert {kept.name(row) for row in range(len(kept))} == set(world.cells()["name"])
    assert kept.path((0, 1)) == cells.path((0, 1))
