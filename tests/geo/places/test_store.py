"""Buildings by page: in the order of the index, a window by the other one."""

from collections.abc import Iterator

import pytest

from geo.access.actors import Actor
from geo.db.paging import Page
from geo.db.session import make_engine
from geo.places.store import (
    BuildingFilter,
    BuildingUnknown,
    EstateUnknown,
    building_by_code,
    building_place,
    buildings,
    estate_id,
)
from geo.runtime import Runtime
from geo.work import Work
from tests.databases import Databases
from tests.plans import nodes, plans_of, scans_of

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def city(databases: Databases, template: str) -> Iterator[Work]:
    """20,000 buildings on a square of 0.5 degree; only read."""
    name = databases.create(template=template)
    engine = make_engine(databases.owner_url(name), pool_size=1)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO building (code, name, kind, point, path) SELECT 'b' || i, i || '号楼',"
            " 'slab', ST_Point(116.5 + mod(i, 141) / 282.0, 33.5 + i / 40000.0, 4326),"
            " '1.' || 2 + mod(i, 4) || '.' || i || '.' FROM generate_series(1, 20000) AS i"
        )
        connection.exec_driver_sql("ANALYZE building")
    engine.dispose()
    made = Runtime(databases.settings(name))
    with made.work(Actor.anonymous()) as work:
        yield work
    made.close()
    databases.drop(name)


def read(work: Work, **wanted: object) -> list[str]:
    rows = buildings(work.session, 1, BuildingFilter(**wanted), Page(50)).rows  # type: ignore[arg-type]  # by name
    return [row.code for row in rows]


def test_an_area_is_read_by_its_path_range(city: Work) -> None:
    plans = plans_of(city.session, lambda: read(city, area="1.2."))

    (scan,) = scans_of(plans, "building")
    assert scan["Index Name"] == "ix_building_path"
    assert "path >=" in scan["Index Cond"]
    assert scan["Actual Rows"] <= 51


def test_a_small_window_is_read_by_the_spatial_index(city: Work) -> None:
    plans = plans_of(city.session, lambda: read(city, window=(116.6, 33.6, 116.61, 33.61)))

    names = {node.get("Index Name") for plan in plans for node in nodes(plan)}
    assert "ix_building_point" in names


def test_the_whole_city_is_read_in_order_and_not_sorted(city: Work) -> None:
    plans = plans_of(city.session, lambda: read(city))

    (scan,) = scans_of(plans, "building")
    assert scan["Index Name"] == "ix_building_path"
    assert scan["Actual Rows"] <= 51


def test_percent_and_underscore_in_a_name_are_letters(city: Work) -> None:
    assert read(city, words="%") == []
    assert read(city, words="_") == []
    assert read(city, words="19999号") == ["b19999"]


def test_unknown_codes_are_refused(work: Work) -> None:
    with pytest.raises(BuildingUnknown):
        building_by_code(work.session, "x", 1)
    with pytest.raises(BuildingUnknown):
        building_place(work.session, "x")
    with pytest.raises(EstateUnknown):
        estate_id(work.session, "x")
