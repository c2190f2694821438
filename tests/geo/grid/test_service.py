"""Publishing cells: refused, tried, done; and what moves with it."""

from datetime import datetime, timedelta

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import func, select, text

from geo.access.actors import Actor
from geo.grid.frames import tree
from geo.grid.model import CellLineage, CellShape, CellVersion, Publication
from geo.grid.service import CoverageBroken, LandChanged, Published, TreeBroken, publish_cells
from geo.grid.store import NothingPublished, publication_at
from geo.runtime import Runtime
from geo.work import Work
from tests import world

pytestmark = pytest.mark.db


def cells(*given: tuple[str, str, int, str | None, object]) -> gpd.GeoDataFrame:
    columns = ["code", "name", "level", "parent_code", "geometry"]
    return gpd.GeoDataFrame([dict(zip(columns, row, strict=True)) for row in given], crs=4326)


def test_the_first_publication_stores_every_cell(work: Work) -> None:
    done = publish_cells(work, world.cells(), note="first")

    assert done == Published(number=1, cells=9, new=9, changed=0)
    stored = tree(work.session, 1)
    assert stored["path"]["100A2001"] == "".join(
        f"{stored['cell_id'][code]}." for code in ("100", "100A", "100A2", "100A2001")
    )
    assert shapely.equals(stored.geometry["100"], world.box(0, 0, 2, 2))


def test_what_is_stored_is_what_was_given_to_the_bit(work: Work) -> None:
    publish_cells(work, world.cells(), note="first")

    given = world.cells().set_index("code").geometry.dropna()
    stored = tree(work.session, 1).geometry[given.index]
    assert shapely.equals_exact(
        shapely.normalize(given.to_numpy()), shapely.normalize(stored.to_numpy()), tolerance=0.0
    ).all()


def test_the_same_cells_again_make_no_publication(work: Work) -> None:
    publish_cells(work, world.cells(), note="first")

    again = publish_cells(work, world.cells(), note="again")

    assert again == Published(number=1, cells=9, new=0, changed=0)
    assert work.session.scalar(select(func.count()).select_from(Publication)) == 1


def test_an_overlap_is_refused_with_its_place_and_size(work: Work) -> None:
    broken = world.cells()
    broken.loc[broken["code"] == "100B1", "geometry"] = world.box(1, 0.5, 2, 2)

    with pytest.raises(CoverageBroken) as refused:
        publish_cells(work, broken, note="broken")

    fault = refused.value.faults[0]
    assert (fault.kind, refused.value.facts["cells"]) == ("overlap", "100B1, 100B2")
    assert 1 < (fault.lon - world.WEST) / world.STEP < 2
    assert 0.5 < (fault.lat - world.SOUTH) / world.STEP < 1


def test_a_gap_is_refused_with_its_place(work: Work) -> None:
    ring = world.cells()
    # The inner quarter of 100A1 belongs to nobody.
    hole = world.box(0.25, 1.25, 0.75, 1.75)
    ring.loc[ring["code"] == "100A1", "geometry"] = world.box(0, 1, 1, 2).difference(hole)

    with pytest.raises(CoverageBroken) as refused:
        publish_cells(work, ring, note="broken")

    assert refused.value.faults[0].kind == "gap"
    assert shapely.contains_xy(hole, refused.value.faults[0].lon, refused.value.faults[0].lat)


def test_a_broken_tree_is_refused(work: Work) -> None:
    broken = world.cells()
    broken.loc[broken["code"] == "100B1", "parent_code"] = "nobody"

    with pytest.raises(TreeBroken):
        publish_cells(work, broken, note="broken")


def test_children_that_do_not_cover_their_parents_land_are_refused(work: Work) -> None:
    publish_cells(work, world.cells(), note="first")

    with pytest.raises(LandChanged) as refused:
        publish_cells(
            work, cells(("100B2001", "一", 4, "100B2", world.box(1, 0, 1.5, 1))), note="x"
        )

    assert refused.value.facts["cell"] == "100B2"


def test_a_refused_publication_leaves_no_trace(runtime: Runtime) -> None:
    world.store(runtime)
    broken = cells(("100B2001", "一", 4, "100B2", world.box(1, 0, 1.5, 1)))
    with pytest.raises(LandChanged), runtime.work(Actor.system("test")) as work:
        publish_cells(work, broken, note="x")

    with runtime.work(Actor.system("test")) as work:
        assert work.session.scalar(select(func.max(Publication.number))) == 1
        assert work.session.scalar(select(func.count()).select_from(CellVersion)) == 9


def divided() -> gpd.GeoDataFrame:
    return cells(
        ("100B2001", "一", 4, "100B2", world.box(1, 0, 1.5, 1)),
        ("100B2002", "二", 4, "100B2", world.box(1.5, 0, 2, 1)),
    )


def test_the_former_state_stays_readable(work: Work) -> None:
    publish_cells(work, world.cells(), note="first")
    first = tree(work.session, 1)

    publish_cells(work, divided(), note="second")

    assert tree(work.session, 1).equals(first)
    assert len(tree(work.session, 2)) == 11
    assert bool(tree(work.session, 2)["derived"]["100B2"])


def test_a_divided_cell_keeps_its_id_and_its_lineage_is_stored(work: Work) -> None:
    publish_cells(work, world.cells(), note="first")
    publish_cells(work, divided(), note="second")

    before, after = tree(work.session, 1), tree(work.session, 2)
    lineage = work.session.execute(
        select(CellLineage.from_cell_id, CellLineage.kind).distinct()
    ).all()
    assert before["cell_id"]["100B2"] == after["cell_id"]["100B2"]
    assert [tuple(row) for row in lineage] == [(before["cell_id"]["100B2"], "split")]


def test_buildings_households_and_assignments_move_with_the_cells(runtime: Runtime) -> None:
    world.store(runtime)
    north = cells(
        ("100B1001", "一", 4, "100B1", world.box(1, 1, 1.75, 2)),
        ("100B1002", "二", 4, "100B1", world.box(1.75, 1, 2, 2)),
    )
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, north, note="second")

    path = world.paths(runtime)["100B1001"]
    with runtime.work(Actor.system("test")) as work:
        moved = text(
            "SELECT building.path, household.path FROM building"
            " JOIN household ON household.building_id = building.id WHERE building.code = 'b3'"
        )
        assert {tuple(row) for row in work.session.execute(moved)} == {(path, path)}


def test_nothing_is_in_effect_before_the_first_publication(work: Work) -> None:
    with pytest.raises(NothingPublished, match="import cells"):
        publication_at(work.session, work.now)


def test_who_asks_too_early_is_told_from_when_there_is_a_grid(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.work(Actor.system("test")) as work:
        with pytest.raises(NothingPublished) as refused:
            publication_at(work.session, work.now - timedelta(days=9))
        told = datetime.fromisoformat(refused.value.facts["first"])

        assert publication_at(work.session, told).number == 1
        assert refused.value.facts["first"] in refused.value.message("zh")


def test_a_code_is_never_given_to_another_cell(runtime: Runtime) -> None:
    world.store(runtime)
    with (
        pytest.raises(Exception, match="code_never_reused"),
        runtime.work(Actor.system("test")) as work,
    ):
        work.session.execute(text("UPDATE cell_version SET code = '100B1' WHERE code = '100B2'"))


def test_two_shapes_of_a_cell_never_hold_at_once(runtime: Runtime) -> None:
    world.store(runtime)
    with (
        pytest.raises(Exception, match="shape_one_at_a_time"),
        runtime.work(Actor.system("test")) as work,
    ):
        shape = work.session.scalars(select(CellShape).limit(1)).one()
        work.session.execute(
            text(
                "INSERT INTO cell_shape (cell_id, geom, area_m2, derived, during)"
                " SELECT cell_id, geom, 1, derived, int4range(5, NULL) FROM cell_shape"
                " WHERE id = :id"
            ),
            {"id": shape.id},
        )


def test_borders_that_meet_in_a_t_are_noded_once(work: Work) -> None:
    # The west cell has no vertex where the two east cells meet: valid only after noding.
    t = cells(
        ("1", "区", 1, None, None),
        ("1w", "西", 2, "1", world.box(0, 0, 1, 2)),
        ("1n", "东北", 2, "1", world.box(1, 1, 2, 2)),
        ("1s", "东南", 2, "1", world.box(1, 0, 2, 1)),
    )

    publish_cells(work, t, note="t")

    stored = tree(work.session, 1)
    assert shapely.coverage_is_valid(stored.geometry[["1w", "1n", "1s"]].to_numpy())
    assert shapely.get_num_coordinates(stored.geometry["1w"]) == 6


def test_publications_never_share_an_instant_or_go_back_in_time(runtime: Runtime) -> None:
    with runtime.work(Actor.system("late")) as late:  # began first, publishes last
        world.store(runtime)
        publish_cells(late, divided(), note="second")

    with runtime.work(Actor.system("test")) as work:
        first, second = work.session.scalars(
            select(Publication.effective_at).order_by(Publication.number)
        )
        assert first < second


def test_a_publication_takes_effect_at_the_end_of_its_work(runtime: Runtime) -> None:
    with runtime.work(Actor.system("test")) as work:
        begun = work.now
        publish_cells(work, world.cells(), note="first")

    with runtime.work(Actor.system("test")) as work:
        effective_at = work.session.scalars(select(Publication.effective_at)).one()
        assert begun < effective_at < work.now


def test_nothing_published_on_nothing_stays_nothing(work: Work) -> None:
    assert publish_cells(work, world.cells().iloc[:0], note="none").number == 0
