"""An imported coverage is examined first; it is cleaned on request, and then it is whole."""

import numpy as np
import pytest
import shapely
import shapely.affinity

from geo.spatial.coverage import is_valid
from geo.spatial.edits import refusals
from geo.spatial.edits.repair import cleaned, examined
from geo.spatial.measure import METRES_PER_DEGREE, area_m2
from geo.spatial.storage import snap
from tests.world import STEP, at, box

METRE = 1 / METRES_PER_DEGREE / STEP  # in steps of the town, of latitude


def test_a_sound_coverage_has_no_findings_and_no_changes() -> None:
    found = examined(["a", "b"], [box(0, 0, 1, 1), box(1, 0, 2, 1)])

    assert (found.findings, found.changes, found.left, found.vanishing) == ((), (), (), ())


def test_an_overlap_is_told_with_its_place_and_cells() -> None:
    found = examined(["b", "a"], [box(0, 0, 1, 1), box(0.75, 0, 2, 1)])

    (overlap,) = found.findings
    assert (overlap.kind, overlap.cells, overlap.is_sliver) == ("overlap", ("a", "b"), False)
    assert overlap.area_m2 == pytest.approx(float(area_m2([box(0.75, 0, 1, 1)])[0]), rel=1e-6)
    assert box(0.75, 0, 1, 1).contains(shapely.Point(overlap.lon, overlap.lat))


def test_a_slit_that_is_open_to_the_outside_is_a_gap_and_is_closed() -> None:
    cells = [box(0, 0, 2, 1), box(0, 1 + 0.5 * METRE, 2, 2)]

    clean, found = cleaned(["a", "b"], cells)

    (gap,) = found.findings
    assert (gap.kind, gap.cells, gap.is_sliver) == ("gap", ("a", "b"), True)
    assert is_valid(clean)
    assert shapely.union_all(clean).equals(box(0, 0, 2, 2))


def test_a_bay_is_no_gap() -> None:
    bay = [box(0, 0, 4, 1), box(0, 1, 1, 2), box(3, 1, 4, 2)]

    assert examined(["a", "b", "c"], bay).findings == ()


def test_a_narrow_gap_is_a_sliver_and_is_closed() -> None:
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    island = box(1, 1, 2, 2 - 0.5 * METRE)

    found = examined(["i", "r"], [island, ring])
    clean, _ = cleaned(["i", "r"], [island, ring])

    (gap,) = found.findings
    assert (gap.kind, gap.cells, gap.is_sliver) == ("gap", ("i", "r"), True)
    assert gap.width_m == pytest.approx(0.5, rel=0.05)
    assert [change.gained_m2 > 0 for change in found.changes] == [True]
    assert is_valid(clean)
    assert shapely.union_all(clean).equals(box(0, 0, 3, 3))


def test_a_wide_gap_stays_and_is_told_as_left() -> None:
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))

    clean, found = cleaned(["r"], [ring])

    assert [finding.kind for finding in found.left] == ["gap"]
    assert clean[0].equals(ring)


def test_a_broken_cell_is_named_with_its_place() -> None:
    bow = shapely.Polygon([at(0, 0), at(1, 1), at(1, 0), at(0, 1)])

    found = examined(["bow", "b"], [bow, box(1, 0, 2, 1)])

    first = found.findings[0]
    assert (first.kind, first.cells) == ("broken", ("bow",))
    assert (first.lon, first.lat) == pytest.approx(at(0.5, 0.5).coords[0])


def test_examining_changes_nothing() -> None:
    cells = np.array([box(0, 0, 1, 1), box(0.75, 0, 2, 1)])
    before = shapely.to_wkb(cells)

    examined(["a", "b"], cells)

    assert (shapely.to_wkb(cells) == before).all()


def test_a_cell_that_another_covers_wholly_would_vanish() -> None:
    cells = [box(0, 0, 2, 2), box(0, 0, 2, 2)]

    assert examined(["a", "b"], cells).vanishing == ("b",)
    with pytest.raises(refusals.CellVanishes, match="cell b "):
        cleaned(["a", "b"], cells)


@pytest.mark.parametrize(
    ("codes", "shapes", "refusal"),
    [
        (["a"], [None], refusals.DrawingKindRefused),
        (["a"], [at(0, 0)], refusals.DrawingKindRefused),
        (["a"], [shapely.Polygon()], refusals.DrawingKindRefused),
        (["a", "a"], [box(0, 0, 1, 1), box(1, 0, 2, 1)], refusals.CodeTaken),
    ],
)
def test_what_are_no_cells_is_refused(
    codes: list[str], shapes: list[shapely.Geometry], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        examined(codes, shapes)


@pytest.mark.parametrize("seed", range(6))
def test_cells_shaken_by_decimetres_are_whole_again(seed: int) -> None:
    random = np.random.default_rng(seed)
    spot = snap([[(0.0, 0.0), (116.8, 33.9), (27.0, 60.5)][seed % 3]])[0]
    seeds = shapely.multipoints(random.uniform(0, 6, size=(40, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 6, 6)))
    cells = shapely.intersection(cells, shapely.box(0, 0, 6, 6))
    shaken = [
        shapely.affinity.translate(cell, *random.normal(scale=2e-6, size=2))
        for cell in shapely.transform(cells, lambda points: points * 2**-9 + spot)
    ]
    codes = [f"c{place:02}" for place in range(len(shaken))]

    clean, found = cleaned(codes, shaken, gap_m=3.0)

    assert found.findings
    assert all(finding.is_sliver for finding in found.findings)
    assert is_valid(clean)
    points = shapely.get_coordinates(clean)
    assert (points == snap(points)).all()
    moved = {change.cell: change.gained_m2 + change.lost_m2 for change in found.changes}
    assert max(moved.values()) < 0.05 * area_m2(clean).mean()
