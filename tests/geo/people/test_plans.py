"""How the statements about one person, and about requests, find their rows: never by a scan."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from geo.access.scope import Scope
from geo.db.paging import Page
from geo.db.session import make_engine
from geo.people import store
from geo.people.public import public_counts_of
from geo.people.reading import reveal
from geo.people.rights import store as requests
from geo.people.rights.lifecycle import RequestState
from geo.people.rights.printing import person_file
from geo.people.rights.service import decide
from geo.people.rights.store import RequestFilter
from geo.people.store import BlindIndex
from geo.runtime import Runtime
from geo.work import Work
from tests.databases import Databases
from tests.plans import Node, found_by, plans_of, rows_read, scans_of
from tests.world import seer

pytestmark = pytest.mark.db

TODAY = date(2026, 11, 21)
REASON = "核对执行计划"
SCOPES = {
    "leaf": Scope.of_areas(["1.2.10.120."]),
    "grid": Scope.of_areas(["1.2.10."]),
    "town": Scope.of_areas(["1.2."]),
    "mixed": Scope.of_areas(["1.3.11.121.", "1.4.12.", "1.5.13.123."]),
    "everything": Scope.everything(),
}
# 24,000 households in 400 leaves; one phone each, one name to a hundred; every seventh has asked.
CITY = (
    "INSERT INTO building (code, name, kind, point, path) SELECT 'b' || i, 'b', 'slab',"
    " ST_SetSRID(ST_MakePoint(116.8 + i / 8192.0, 33.9), 4326),"
    " '1.' || 2 + mod(i, 4) || '.' || 10 + mod(i, 20) || '.' || 100 + i || '.'"
    " FROM generate_series(1, 400) AS i",
    "INSERT INTO dwelling_unit (building_id, floor, number) SELECT building.id, 1, n"
    " FROM building, generate_series(1, 60) AS n",
    "INSERT INTO household (unit_id, building_id, occupancy, persons, path)"
    " SELECT unit.id, building.id, 'rented', 2, building.path"
    " FROM dwelling_unit AS unit JOIN building ON building.id = unit.building_id",
    "UPDATE household SET head_phone_blind = substring(sha256(('p' || id)::bytea) FOR 16),"
    " head_name_blind = substring(sha256(('n' || id / 100)::bytea) FOR 16)",
    "INSERT INTO data_request (kind, household_id, due_on, recorded_by, path)"
    " SELECT 'access', id, '2026-12-21', 'w', path FROM household WHERE mod(id, 7) = 0",
    "UPDATE data_request SET state = 'done', decided_at = now() WHERE mod(id, 3) > 0",
    "INSERT INTO worker (code, name) VALUES ('w', 'w')",
    "INSERT INTO assignment (worker_id, post, household_id, valid_from, path)"
    " SELECT worker.id, 'building_head', household.id, now(), household.path"
    " FROM household, worker WHERE mod(household.id, 3) = 0",
    "VACUUM (ANALYZE)",
)


@pytest.fixture(scope="module")
def city(databases: Databases, template: str) -> Iterator[Runtime]:
    name = databases.create(template=template)
    engine = make_engine(databases.owner_url(name), pool_size=1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in CITY:
            connection.exec_driver_sql(statement)
    engine.dispose()
    made = Runtime(databases.settings(name))
    yield made
    made.close()
    databases.drop(name)


def plans(city: Runtime, scope: Scope, call: Callable[[Work], object]) -> list[Node]:
    with city.work(seer(scope), dry_run=True) as work:
        return plans_of(work.session, lambda: call(work))


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize("column", ["head_phone_blind", "head_name_blind", "head_id_number_blind"])
def test_a_search_reads_hardly_more_than_it_finds(city: Runtime, scope: Scope, column: str) -> None:
    with city.work(seer(scope)) as work:
        value = work.session.execute(
            store.select(getattr(store.Household, column)).limit(1)
        ).scalar_one()
    sought = BlindIndex(column, bytes(value or b"0" * 16))
    found = plans(
        city,
        scope,
        lambda work: store.households_with(work.session, work.scope, 1, sought, TODAY, 20),
    )

    # Of a leaf the few rows may as well be read by its range.
    assert found_by(found, "household") <= {f"ix_household_{column}", "ix_household_path"}
    assert max(rows_read(node) for node in scans_of(found, "household")) <= 200


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        (RequestFilter(), {"ix_data_request_open", "ix_data_request_path"}),
        (RequestFilter(state=RequestState.OPEN), {"ix_data_request_open"}),
        (RequestFilter(late_on=TODAY), {"ix_data_request_open", "ix_data_request_due_on"}),
    ],
    ids=["all", "open", "late"],
)
def test_requests_are_paged_by_an_index_range(
    city: Runtime, scope: Scope, wanted: RequestFilter, indexes: set[str]
) -> None:
    found = plans(
        city,
        scope,
        lambda work: requests.requests(work.session, work.scope, 1, wanted, Page(20)),
    )

    assert found_by(found, "data_request") <= indexes
    assert found_by(found, "household") == set()


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_what_is_about_one_household_is_found_by_its_id(city: Runtime, scope: Scope) -> None:
    with city.work(seer(scope)) as work:
        request, household = work.session.execute(
            store.select(requests.DataRequest.id, requests.DataRequest.household_id)
            .where(requests.DataRequest.state == "open")
            .limit(1)
        ).one()
    calls: list[Callable[[Work], object]] = [
        lambda work: store.household_by_id(work.session, work.scope, household, 1),
        lambda work: reveal(work, household, [], reason=REASON),
        lambda work: person_file(work, household, 1, reason=REASON, zone="Asia/Shanghai"),
        lambda work: requests.request_by_id(work.session, work.scope, request, 1),
        lambda work: decide(work, request, RequestState.DONE, ""),
    ]
    for call in calls:
        found = plans(city, scope, call)
        assert found_by(found, "household") <= {"pk_household"}
        assert found_by(found, "data_request") <= {
            "pk_data_request",
            "ix_data_request_household_id",
        }
        assert found_by(found, "assignment") <= {"ix_assignment_household_id"}
        assert "Seq Scan" not in found_by(found, "dwelling_unit") | found_by(found, "building")


def test_public_counts_of_a_grid_read_only_the_grid(city: Runtime) -> None:
    found = plans(
        city, Scope.everything(), lambda work: public_counts_of(work, "1.2.10.", 1, today=TODAY)
    )

    assert found_by(found, "household") == {"ix_household_path"}
