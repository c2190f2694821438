"""Counts of a cell: exact for who may count all of it, in fives for everybody else."""

from collections.abc import Iterator

import pandas as pd
import pytest

from api.app import create_app
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.grid.service import publish_cells
from geo.people.service import add_households
from geo.places import service as places
from geo.runtime import Runtime
from tests import residents, world
from tests.access.captured import captured
from tests.api.client import Client
from tests.databases import Databases

pytestmark = pytest.mark.db

# Households by building and occupancy; two persons each. b1 is in 100A2001, b3 in 100B1.
HOMES = {("b1", "owner_occupied"): 38, ("b1", "rented"): 3, ("b3", "owner_occupied"): 21}
CELLS = ("100", "100A", "100A1", "100A2", "100A2001", "100A2002", "100B", "100B1", "100B2")


@pytest.fixture(scope="module")
def town(databases: Databases, template: str) -> Iterator[Runtime]:
    name = databases.create(template=template)
    made = Runtime(databases.settings(name))
    homes = [
        {"building_code": building, "occupancy": kind, "number": f"{kind}{number}"}
        for (building, kind), count in HOMES.items()
        for number in range(count)
    ]
    with made.work(Actor.system("test")) as work:
        publish_cells(work, world.cells(), note="world")
        places.add_estates(work, world.estates())
        places.add_buildings(work, world.buildings())
        rows = pd.DataFrame(homes).assign(stairwell=1, floor=1, persons=2)
        add_households(work, rows, zone="Asia/Shanghai")
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def anybody(town: Runtime) -> Client:
    return Client(create_app(town), address="192.0.2.7", host="grid.example")


def of(town: Runtime, role: Role, cell: str | None) -> Client:
    return Client.of(create_app(town), role, cell)


def counts(client: Client, cell: str) -> dict[str, object]:
    found: dict[str, object] = client.json(f"/api/v1/cells/{cell}/counts")
    return found


@pytest.mark.parametrize(
    ("role", "cell"),
    [
        (Role.GRID_WORKER, "100A2001"),
        (Role.COMMUNITY_ADMIN, "100A2"),
        (Role.STREET_DISPATCHER, "100A"),
        (Role.DUTY_LEADER, "100A"),
        (Role.DEPARTMENT_OFFICER, "100"),
        (Role.SYSTEM_CLIENT, "100A2001"),
    ],
)
def test_who_may_count_all_of_a_cell_is_told_exactly(town: Runtime, role: Role, cell: str) -> None:
    found = counts(of(town, role, cell), "100A2001")

    assert found["exact"] is True
    assert (found["households"], found["persons"], found["buildings"]) == (41, 82, 2)


@pytest.mark.parametrize(
    ("role", "cell"),
    [
        (Role.GRID_WORKER, "100A2002"),  # the sibling
        (Role.COMMUNITY_ADMIN, "100B"),  # foreign
        (Role.VOLUNTEER, "100A2001"),  # may not count
        (Role.INTAKE_CLERK, "100"),
        (Role.SYSTEM_ADMIN, None),
        (Role.AUDIT_ADMIN, None),
    ],
)
def test_who_may_not_is_told_in_fives_like_anybody(
    town: Runtime, anybody: Client, role: Role, cell: str | None
) -> None:
    found = counts(of(town, role, cell), "100A2001")

    assert found == counts(anybody, "100A2001")
    assert found["exact"] is False
    assert (found["households"], found["persons"], found["buildings"]) == (35, 80, 2)
    told = [(kind["occupancy"], kind["households"]) for kind in found["occupancies"]]  # type: ignore[attr-defined]
    assert told == [
        ("owner_occupied", 35),
        ("rented", None),
        ("vacant", None),
        ("other", None),
        ("unknown", None),
    ]


def test_a_cell_only_part_of_which_is_the_askers_is_told_in_fives(town: Runtime) -> None:
    found = counts(of(town, Role.COMMUNITY_ADMIN, "100A"), "100")

    # 59 owner-occupied, as a part could still be 24 and the other 39: no more than 55 is told.
    assert (found["exact"], found["households"]) == (False, 55)


def test_no_cell_tells_anybody_a_count_below_five_or_between_fives(anybody: Client) -> None:
    for cell in CELLS:
        found = counts(anybody, cell)
        kinds = [kind["households"] for kind in found["occupancies"]]  # type: ignore[attr-defined]
        told = [found["households"], found["persons"], *kinds]
        assert all(number is None or (number >= 5 and number % 5 == 0) for number in told)
        assert sum(number or 0 for number in kinds) == (found["households"] or 0)


def test_there_is_no_filter_to_subtract_by(anybody: Client) -> None:
    for query in ("occupancy=rented", "as_of=2026-11-21", "building=b1", "level=4"):
        assert anybody.get(f"/api/v1/cells/100A2001/counts?{query}").status_code == 400


def test_an_exact_count_is_recorded_and_a_public_one_is_not(town: Runtime, anybody: Client) -> None:
    before = len(residents.records(town))
    counts(anybody, "100A2001")
    assert len(residents.records(town)) == before

    counts(of(town, Role.GRID_WORKER, "100A2001"), "100A2001")
    *_, record = residents.records(town, "people.count")
    assert (record["count"], record["subjects"]) == (41, [])


def test_a_cell_that_is_none_is_unknown(anybody: Client) -> None:
    assert anybody.get("/api/v1/cells/nowhere/counts").json()["code"] == "cell_unknown"


def test_what_everybody_may_know_is_counted_once_a_minute(town: Runtime) -> None:
    app = create_app(town)
    asked = [Client(app, address=address) for address in ("192.0.2.1", "192.0.2.2")]

    with captured(town.engine, planned=False) as listening:
        first, again = (counts(client, "100A") for client in asked)

    assert first == again
    assert sum("FROM household" in sent.statement for sent in listening.sent) == 1
