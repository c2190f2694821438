"""Households within a scope: the right union, nothing beyond it, and by the index at any size."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select, text

from geo.access.scope import Scope
from geo.db.paging import Page
from geo.db.session import make_engine
from geo.people.model import Household
from geo.people.store import (
    HouseholdFilter,
    HouseholdUnknown,
    household_by_id,
    households,
    occupancy_counts,
    persons_in,
)
from geo.runtime import Runtime
from tests import world
from tests.databases import Databases
from tests.geo.audit.trail import as_owner
from tests.plans import found_by, plans_of, rows_read, scans_of
from tests.world import seer

pytestmark = pytest.mark.db

TODAY = date(2026, 11, 21)
ALL = HouseholdFilter(TODAY)


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    return small_town


def heads(runtime: Runtime, scope: Scope, limit: int = 100) -> list[str]:
    """Return the doors and masked heads of all households of a scope, by pages."""
    found: list[str] = []
    page = Page(limit)
    with runtime.work(seer(scope)) as work:
        while True:
            part = households(work.session, work.scope, 1, ALL, page)
            found += [
                f"{r.building_code}-{r.stairwell}-{r.number} {r.head_name}" for r in part.rows
            ]
            if part.after is None:
                return found
            page = Page(limit, part.after)


def area(runtime: Runtime, *codes: str) -> Scope:
    paths = world.paths(runtime)
    return Scope.of_areas(paths[code] for code in codes)


def test_without_a_scope_no_row_is_seen(town: Runtime) -> None:
    assert heads(town, Scope.nothing()) == []
    with town.engine.connect() as connection:
        for table in ("household", "worker", "assignment"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_one_area_gives_its_rows(town: Runtime) -> None:
    assert len(heads(town, area(town, "100A2001"))) == 5
    assert heads(town, area(town, "100A2002")) == []


@pytest.mark.parametrize("limit", range(1, 9))
def test_two_areas_give_their_union_once_and_in_order(town: Runtime, limit: int) -> None:
    found = heads(town, area(town, "100B1", "100A2001"), limit)

    assert found == [
        *("b1-1-101 甲**", "b1-1-102 甲**", "b1-2-101 甲**", "b1-2-102 ", "b2-1-201 乙**"),
        *("b3-1-101 丙**", "b3-1-102 "),
    ]


def test_an_area_asked_for_is_cut_to_the_scope(town: Runtime) -> None:
    path = world.paths(town)
    wanted = HouseholdFilter(TODAY, area=path["100"])
    with town.work(seer(area(town, "100B"))) as work:
        found = households(work.session, work.scope, 1, wanted, Page(9)).rows

    assert {row.building_code for row in found} == {"b3"}


def test_the_policy_alone_keeps_a_query_that_forgot_its_range_within_the_scope(
    town: Runtime,
) -> None:
    with town.work(seer(area(town, "100B"))) as work:
        assert work.session.scalar(select(func.count()).select_from(Household)) == 2


def test_a_household_beyond_the_scope_is_unknown(town: Runtime) -> None:
    with town.work(seer(Scope.everything())) as work:
        (row,) = households(
            work.session, work.scope, 1, HouseholdFilter(TODAY, occupancy="unknown"), Page(9)
        ).rows
    without, within = area(town, "100A", "100B2"), area(town, "100A", "100B1")
    with town.work(seer(without)) as work, pytest.raises(HouseholdUnknown):
        household_by_id(work.session, work.scope, row.id, 1)
    with town.work(seer(within)) as work:
        assert household_by_id(work.session, work.scope, row.id, 1) == row


def test_counts_stay_within_the_scope(town: Runtime) -> None:
    whole = world.paths(town)["100"]
    with town.work(seer(area(town, "100A2001", "100B2"))) as work:
        counts = occupancy_counts(work.session, work.scope, whole, TODAY)

    assert sum(kind.households for kind in counts) == 5
    assert counts[0].occupancy == "owner_occupied"


def test_persons_whom_nobody_counted_are_unknown_and_not_none(town: Runtime) -> None:
    before = counted_persons(town)
    as_owner(town, "UPDATE household SET persons = NULL WHERE occupancy = 'owner_occupied'")
    some = counted_persons(town)
    as_owner(town, "UPDATE household SET persons = NULL")

    assert before is not None
    assert some is not None
    assert 0 < some < before
    assert counted_persons(town) is None


def counted_persons(runtime: Runtime) -> int | None:
    with runtime.work(seer(Scope.everything())) as work:
        whole = world.paths(runtime)["100"]
        return persons_in(occupancy_counts(work.session, work.scope, whole, TODAY))


BUILDINGS, DOORS = 400, 60


@pytest.fixture(scope="module")
def city(databases: Databases, template: str) -> Iterator[Runtime]:
    """24,000 households in 400 leaves of 20 grids, four levels deep; only read."""
    name = databases.create(template=template)
    engine = make_engine(databases.owner_url(name), pool_size=1)
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO building (code, name, kind, point, path) SELECT 'b' || i, 'b', 'slab',"
            " ST_SetSRID(ST_MakePoint(116.8 + i / 8192.0, 33.9), 4326),"
            " '1.' || 2 + mod(i, 4) || '.' || 10 + mod(i, 20) || '.' || 100 + i || '.'"
            f" FROM generate_series(1, {BUILDINGS}) AS i",
            "INSERT INTO dwelling_unit (building_id, floor, number) SELECT building.id, 1, n"
            f" FROM building, generate_series(1, {DOORS}) AS n",
            "INSERT INTO household (unit_id, building_id, occupancy, persons, path)"
            " SELECT unit.id, building.id, 'rented', 2, building.path"
            " FROM dwelling_unit AS unit JOIN building ON building.id = unit.building_id",
            "ANALYZE",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    made = Runtime(databases.settings(name))
    yield made
    made.close()
    databases.drop(name)


@pytest.mark.parametrize(
    "scope",
    [
        Scope.of_areas(["1.2.10.120."]),
        Scope.of_areas(["1.2.10."]),
        Scope.of_areas(["1.2."]),
        Scope.of_areas(["1.3.11.121.", "1.4.12.", "1.5.13.123."]),
        Scope.everything(),
    ],
    ids=["leaf", "grid", "town", "mixed", "everything"],
)
@pytest.mark.parametrize("after", [None, ("1.2.10.120.", 0)], ids=["first", "later"])
def test_a_page_is_read_by_its_index_range_at_every_scope(
    city: Runtime, scope: Scope, after: tuple[str, int] | None
) -> None:
    with city.work(seer(scope)) as work:
        plans = plans_of(
            work.session,
            lambda: households(work.session, work.scope, 1, ALL, Page(50, after)),
        )
        scans = scans_of(plans, "household")

    assert found_by(plans, "household") == {"ix_household_path"}
    for scan in scans:
        # What the index gives is what the page takes: nothing read only to be thrown away. A leaf
        # of sixty may be fetched whole.
        assert rows_read(scan) <= (51 if scan["Node Type"] == "Index Scan" else 60)
    if scope != Scope.everything():
        conditions = [scan.get("Index Cond", scan.get("Recheck Cond", "")) for scan in scans]
        assert all("path >=" in condition for condition in conditions)


def test_counting_a_leaf_reads_only_the_leaf(city: Runtime) -> None:
    with city.work(seer(Scope.everything())) as work:
        plans = plans_of(
            work.session,
            lambda: occupancy_counts(work.session, work.scope, "1.2.10.120.", TODAY),
        )

    (scan,) = scans_of(plans, "household")
    assert "Seq Scan" not in scan["Node Type"]
    assert "path >=" in scan.get("Index Cond", scan.get("Recheck Cond", ""))
