"""Taking households in: each of them is named in the audit, however many there are."""

import pandas as pd
import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.audit.store import readers_of
from geo.people.service import add_households, end_households
from geo.runtime import Runtime
from tests import world
from tests.geo.audit.trail import rows

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
MANY = 2_001


def doors(count: int) -> pd.DataFrame:
    """Return one household behind each of many doors of b1."""
    return pd.DataFrame(
        {
            "building_code": "b1", "stairwell": 9, "floor": 1, "occupancy": "rented", "persons": 1,
            "number": [str(number) for number in range(count)],
        }
    )  # fmt: skip


def taken_in(runtime: Runtime, frame: pd.DataFrame) -> None:
    with runtime.work(Actor.system("big")) as work:
        add_households(work, frame, zone=ZONE)


def notes(runtime: Runtime) -> list[tuple[int, int]]:
    query = "SELECT * FROM audit_record WHERE actor = 'system:big' ORDER BY id"
    return [(row["count"], len(set(row["subjects"]))) for row in rows(runtime, query)]


def who(runtime: Runtime, household: int) -> list[str]:
    with runtime.work(Actor.system("test")) as work:
        return [one.actor for one in readers_of(work.session, "household", household)]


def test_a_big_import_names_every_household_a_thousand_a_record(runtime: Runtime) -> None:
    world.store(runtime)
    taken_in(runtime, doors(MANY))

    assert notes(runtime) == [(1000, 1000), (1000, 1000), (1, 1)]
    query = "SELECT household.id FROM household JOIN dwelling_unit ON dwelling_unit.id = unit_id"
    ids = [row["id"] for row in rows(runtime, f"{query} WHERE stairwell = 9")]
    assert len(ids) == MANY
    for household in (min(ids), max(ids)):
        assert who(runtime, household) == ["system:big"]


def test_a_household_that_ends_because_a_file_names_it_no_more_is_named_too(
    runtime: Runtime,
) -> None:
    world.store(runtime)
    twice = pd.concat([doors(1), doors(1)], ignore_index=True)
    taken_in(runtime, twice)
    taken_in(runtime, doors(1))

    (gone,) = rows(runtime, "SELECT id FROM household WHERE ended_on IS NOT NULL")
    assert notes(runtime) == [(2, 2), (2, 2)]
    with runtime.work(Actor.system("test")) as work:
        (big,) = readers_of(work.session, "household", gone["id"])
    assert big.times == 2


def test_ending_many_names_them_all(runtime: Runtime) -> None:
    world.store(runtime)
    taken_in(runtime, doors(MANY))
    with runtime.work(Actor.system("end")) as work:
        ids = work.session.scalars(text("SELECT id FROM household ORDER BY id")).all()
        end_households(work, ids, zone=ZONE)
        parts = [len(note.subjects) for note in work.notes]

    assert parts == [1000, 1000, 8]  # seven of the town


def test_an_import_of_nothing_leaves_one_record(runtime: Runtime) -> None:
    world.store(runtime)
    taken_in(runtime, doors(0))

    assert notes(runtime) == [(0, 0)]
