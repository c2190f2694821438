"""The small town of ``tests.world`` with a phone and an ID number for each head of household."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import text

from geo.access.actors import Actor
from geo.db.session import make_engine
from geo.grid.service import publish_cells
from geo.people.service import add_households
from geo.places import service as places
from geo.runtime import Runtime
from geo.workforce import service as workforce
from tests import world

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Head:
    """Somebody invented."""

    name: str
    phone: str
    id_number: str


# By building and door, in the order of ``world.households``; check characters by GB 11643-1999.
YI = Head("乙一", "13877001004", "11010119800101007X")
HEADS = {
    ("b1", 1, "101"): Head("甲一", "13877001001", "110101198001010010"),
    ("b1", 1, "102"): Head("甲二", "13877001002", "110101198001010029"),
    ("b1", 2, "101"): Head("甲三", "13877001003", "110101198001010037"),
    ("b1", 2, "102"): Head("", "", ""),
    ("b2", 1, "201"): YI,
    ("b3", 1, "101"): Head("丙一", "13877001005", "110101198001010061"),
    ("b3", 1, "102"): Head("", "", ""),
}


def households() -> pd.DataFrame:
    """Return the seven households of the town with what is stored of their heads."""
    heads = list(HEADS.values())
    return world.households().assign(
        head_name=[head.name for head in heads],
        head_phone=[head.phone for head in heads],
        head_id_number=[head.id_number for head in heads],
    )


def store(runtime: Runtime) -> None:
    """Store the town and commit."""
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, world.cells(), note="world")
        places.add_estates(work, world.estates())
        places.add_buildings(work, world.buildings())
        add_households(work, households(), zone=ZONE)
        workforce.add_workers(work, world.workers())
        workforce.assign(work, world.assignments())


def household_ids(runtime: Runtime) -> dict[tuple[str, int, str], int]:
    """Return the id of each household by its door."""
    query = (
        "SELECT building.code, unit.stairwell, unit.number, household.id FROM household"
        " JOIN dwelling_unit AS unit ON unit.id = household.unit_id"
        " JOIN building ON building.id = household.building_id WHERE household.ended_on IS NULL"
    )
    return {(code, stairwell, number): row for code, stairwell, number, row in ask(runtime, query)}


def records(runtime: Runtime, action: str = "") -> list[dict[str, Any]]:
    """Return the records of the audit, or those of one action, oldest first."""
    query = "SELECT * FROM audit_record ORDER BY id"
    rows = [dict(row._mapping) for row in ask(runtime, query)]
    return [row for row in rows if not action or row["action"] == action]


def ask(runtime: Runtime, query: str, **values: object) -> list[Any]:
    """Return the rows of a query as the owner of the tables, who sees all of them."""
    engine = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with engine.begin() as connection:
        result = connection.execute(text(query), values)
        rows = list(result) if result.returns_rows else []
    engine.dispose()
    return rows


def dump(runtime: Runtime) -> str:
    """Return everything that stands in every table, as text; bytes in hexadecimal."""
    tables = ask(runtime, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [
        str(row[0])
        for (table,) in tables
        if table != "spatial_ref_sys"
        for row in ask(runtime, f'SELECT CAST("{table}".* AS text) FROM "{table}"')
    ]
    return "\n".join(rows)
