"""A check finds what is broken, by breaking one thing at a time behind the services' back."""

import pytest
from sqlalchemy import text

from geo.checks.report import Report
from geo.checks.service import check
from geo.grid.store import CellUnknown
from geo.work import Work
from tests import world

pytestmark = pytest.mark.db


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def run(work: Work, code: str | None = None) -> Report:
    return check(work, code, lambda step, done, total: None)


def kinds(report: Report) -> list[str]:
    return [place.kind for place in report.places]


def test_the_counts_are_those_of_the_town(town: Work) -> None:
    counts = run(town, "100A2").counts

    assert (counts.cells, counts.buildings, counts.households) == ({3: 1, 4: 2}, 2, 5)
    assert (counts.residents, counts.households_uncounted) == (10, 0)


def test_a_sound_area_is_ok(town: Work) -> None:
    report = run(town, "100A2")

    assert report.ok
    assert (report.coverage_valid, report.gap_m2, report.overlap_m2) == (True, 0, 0)


def test_a_building_outside_every_cell_is_named_for_the_whole(town: Work) -> None:
    report = run(town)

    assert [(p.kind, p.codes) for p in report.places] == [("building_outside", ("b4",))]
    assert (report.ok, report.buildings_outside) == (False, 1)


def shape(work: Work, code: str, wkt: str) -> None:
    work.session.execute(
        text(
            "UPDATE cell_shape SET geom = ST_Multi(ST_GeomFromText(:wkt, 4326)) FROM cell_version"
            " WHERE cell_version.cell_id = cell_shape.cell_id AND code = :code"
        ),
        {"wkt": wkt, "code": code},
    )


def test_an_overlap_is_found_with_its_size(town: Work) -> None:
    shape(town, "100A2001", world.box(0, 0, 0.75, 1).wkt)

    report = run(town, "100A2")

    assert not report.coverage_valid
    assert "overlap" in kinds(report)
    assert report.overlap_m2 > 100_000  # a quarter step wide: about 145 m × 867 m


def test_a_hole_is_a_gap(town: Work) -> None:
    ring = world.box(0, 1, 1, 2, south=[0.5]).difference(world.box(0.25, 1.25, 0.5, 1.5))
    shape(town, "100A1", ring.wkt)

    assert "gap" in kinds(run(town, "100A1"))


def test_an_upper_cell_that_is_not_its_children_is_found(town: Work) -> None:
    shape(town, "100A2", world.box(0, 0, 1, 0.5).wkt)

    assert kinds(run(town, "100A2")) == ["nesting"]


def test_a_building_in_the_wrong_cell_is_found(town: Work) -> None:
    town.session.execute(
        text("UPDATE building SET point = ST_Translate(point, 0.004, 0) WHERE code = 'b1'")
    )

    assert [(p.kind, p.codes) for p in run(town, "100A2").places] == [("building_astray", ("b1",))]


def test_a_household_with_a_stray_path_is_found(town: Work) -> None:
    town.session.execute(
        text(
            "UPDATE household SET path = other.path FROM household AS other"
            " WHERE household.head_name_blind = :third AND other.head_name_blind = :first"
        ),
        {"third": world.head_blind(town, "丙一"), "first": world.head_blind(town, "甲一")},
    )

    assert kinds(run(town, "100A2")) == ["strayed_household"]


def test_an_unknown_cell_is_not_found(town: Work) -> None:
    with pytest.raises(CellUnknown):
        run(town, "nowhere")


def test_rows_outside_every_cell_are_counted_and_seen(town: Work) -> None:
    stray = text("UPDATE household SET path = '' WHERE head_name_blind = :blind")
    town.session.execute(stray, {"blind": world.head_blind(town, "甲一")})

    report = run(town)

    assert report.counts.households == 7
    assert "strayed_household" in kinds(report)
