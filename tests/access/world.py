"""A deployment for the proofs of access: every row knows its cell, every token is told apart.

One district, two towns, five leaves of three depths in a row from west to east. ``TARGET`` has two
children; the grid ``MOVED`` lay beside it until the second publication gave it to another
community. ::

    town          1A                                      1B
    community     1A1                       1A2           1B1      1B2
    grid          1A1G1 = TARGET    1A1G2   1A2G1  MOVED  1B1G1    1B2G1
    micro-grid    1A1G1a  1A1G1b
    households    3       4         9       7      6      11       3

No number of households of any cell is a multiple of five, so that a rounded count is never the
exact one. Every person has a surname, phone and ID number of its own, so that a masked form still
names exactly one row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.access.actors import Actor
from geo.db.session import make_engine
from geo.grid.service import publish_cells
from geo.people.service import add_households
from geo.places import service as places
from geo.places.addresses.service import NewName, add_name
from geo.runtime import Runtime
from geo.workforce import service as workforce
from tests.access.people import OFFICIAL, Person, person
from tests.world import box

ZONE = "Asia/Shanghai"

ROOT, TOWN, COMMUNITY, TARGET = "1", "1A", "1A1", "1A1G1"
CHILD, OTHER_CHILD, SIBLING, MOVED = "1A1G1a", "1A1G1b", "1A1G2", "1A1G3"
FOREIGN, HOME_OF_MOVED = "1B1G1", "1A2"
# What people on the spot call the building in ``OTHER_CHILD``.
NICKNAME = "鸽子楼后门那栋"

# Code, level, parent at first, parent now, place of a leaf in the row, households of a leaf.
CELLS: tuple[tuple[str, int, str | None, str | None, int | None, int], ...] = (
    ("1", 1, None, None, None, 0),
    ("1A", 2, "1", "1", None, 0),
    ("1B", 2, "1", "1", None, 0),
    ("1A1", 3, "1A", "1A", None, 0),
    ("1A2", 3, "1A", "1A", None, 0),
    ("1B1", 3, "1B", "1B", None, 0),
    ("1B2", 3, "1B", "1B", None, 0),
    ("1A1G1", 4, "1A1", "1A1", None, 0),
    ("1A1G2", 4, "1A1", "1A1", 2, 9),
    ("1A1G3", 4, "1A1", "1A2", 3, 6),
    ("1A2G1", 4, "1A2", "1A2", 4, 7),
    ("1B1G1", 4, "1B1", "1B1", 5, 11),
    ("1B2G1", 4, "1B2", "1B2", 6, 3),
    ("1A1G1a", 5, "1A1G1", "1A1G1", 0, 3),
    ("1A1G1b", 5, "1A1G1", "1A1G1", 1, 4),
)
PARENTS = {code: parent for code, _, _, parent, _, _ in CELLS}
LEAVES = {code: count for code, _, _, _, place, count in CELLS if place is not None}
PERSONS_EACH = 2

_HEADS = (
    "SELECT household.id, household.path, right(building.code, -2) || '/' || dwelling_unit.number"
    " FROM household JOIN dwelling_unit ON dwelling_unit.id = unit_id"
    " JOIN building ON building.id = household.building_id ORDER BY household.id"
)
_WORKERS = "SELECT id, path, right(code, -2) FROM worker ORDER BY id"

# In ``SIBLING``, by place: who has objected. Who wishes to be erased comes next.
OBJECTED = 1
_WISHES = """
UPDATE household SET objected_at = now() WHERE id = :objected;
INSERT INTO data_request (kind, household_id, due_on, recorded_by, wish_masked, path)
SELECT 'correction', id, current_date + 15, 'w',
    jsonb_build_object('head_id_number', head_id_number_masked), path
FROM household WHERE id = :objected;
INSERT INTO data_request (kind, household_id, due_on, recorded_by, path)
SELECT 'erasure', id, current_date + 15, 'w', path FROM household WHERE id = :erased;
"""

# Where ids begin, so that a number in an answer says what it is.
FIRST_ID = {
    "data_request": 5_000_001,
    "assignment": 6_000_001,
    "household": 7_000_001,
    "worker": 8_000_001,
    "worker_leave": 9_000_001,
    "boundary_plan": 3_000_001,
}


def is_below(code: str, above: str) -> bool:
    """Return whether a cell is another or lies below it, as the grid is now."""
    step: str | None = code
    while step is not None and step != above:
        step = PARENTS[step]
    return step is not None


def leaves_of(*areas: str) -> list[str]:
    """Return the leaves of some cells."""
    return [leaf for leaf in LEAVES if any(is_below(leaf, area) for area in areas)]


def count_of(code: str) -> int:
    """Return how many households stand in a cell."""
    return sum(LEAVES[leaf] for leaf in leaves_of(code))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a scoped table and everything by which an answer could betray it.

    Parameters
    ----------
    kind : its table
    id : its key
    cell : code of the cell it lies in now
    clear : what only a stated reason may show
    shown : what those who may see the row are shown
    """

    kind: str
    id: int
    cell: str
    clear: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Everything stored, by kind."""

    rows: tuple[Row, ...]
    paths: dict[str, str]

    def of(self, kind: str, *areas: str) -> list[Row]:
        """Return the rows of a table in some cells."""
        return [
            row
            for row in self.rows
            if row.kind == kind and any(is_below(row.cell, area) for area in areas)
        ]

    def ids(self, kind: str, *areas: str) -> set[int]:
        """Return the ids of the rows of a table in some cells."""
        return {row.id for row in self.of(kind, *areas)}


@cache
def heads() -> dict[str, list[Person]]:
    """Return the head of each household by leaf, in the order in which they are stored."""
    numbers = iter(range(sum(LEAVES.values())))
    return {leaf: [person(next(numbers)) for _ in range(count)] for leaf, count in LEAVES.items()}


def cells(*, now: bool) -> gpd.GeoDataFrame:
    """Return the cells as first published, or as they are now."""
    rows = [
        (code, f"{code}格", level, latest if now else first, _shape(place))
        for code, level, first, latest, place, _ in CELLS
    ]
    frame = pd.DataFrame(rows, columns=["code", "name", "level", "parent_code", "geometry"])
    return gpd.GeoDataFrame(frame, crs=4326)


def buildings() -> gpd.GeoDataFrame:
    """Return one building in each leaf."""
    points = {leaf: middle(leaf) for leaf in LEAVES}
    return gpd.GeoDataFrame(
        {
            "code": [f"h-{leaf}" for leaf in points],
            "name": [f"{leaf}楼" for leaf in points],
            "kind": "slab",
            "estate_code": None,
            "road": "人民路",
            "door_no": "1号",
            "building_no": [f"{leaf}楼" for leaf in points],
            "floors": 6,
            "stairwells": 1,
            "footprint": [
                shapely.box(p.x, p.y, p.x + 2**-14, p.y + 2**-15) for p in points.values()
            ],
        },
        geometry=list(points.values()),
        crs=4326,
    )


def households() -> pd.DataFrame:
    """Return the households: owned and rented in turn."""
    rows = [
        {
            "building_code": f"h-{leaf}",
            "stairwell": 1,
            "floor": 1,
            "number": f"{100 + place}",
            "occupancy": ("owner_occupied", "rented")[place % 2],
            "persons": PERSONS_EACH,
            "head_name": head.name,
            "head_phone": head.phone,
            "head_id_number": head.id_number,
        }
        for leaf, people in heads().items()
        for place, head in enumerate(people)
    ]
    return pd.DataFrame(rows)


def workers() -> pd.DataFrame:
    """Return one worker employed in each cell."""
    rows = [
        {
            "code": f"w-{code}",
            "name": worker(place).name,
            "duty_phone": worker(place).duty_phone,
            "cell_code": code,
        }
        for place, code in enumerate(PARENTS)
    ]
    return pd.DataFrame(rows)


def worker(place: int) -> Person:
    """Return the worker of the n-th cell."""
    return person(100 + place, OFFICIAL)


def assignments() -> pd.DataFrame:
    """Return who answers: each worker for its cell, and two for a building of the other grid."""
    rows = [(f"w-{code}", "grid_worker", "cell", code, None, True) for code in PARENTS]
    rows.append((f"w-{SIBLING}", "building_head", "building", f"h-{OTHER_CHILD}", None, False))
    rows.append((f"w-{OTHER_CHILD}", "building_head", "building", f"h-{SIBLING}", None, False))
    columns = ["worker_code", "post", "target_kind", "target_code", "stairwell", "is_primary"]
    return pd.DataFrame(rows, columns=columns)


def store(runtime: Runtime) -> None:
    """Store everything in an empty, migrated database and commit."""
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with owner.begin() as connection:
        for table, first in FIRST_ID.items():
            connection.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {first}")
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, cells(now=False), note="first")
        places.add_buildings(work, buildings())
        add_name(work, NewName(NICKNAME, building=f"h-{OTHER_CHILD}"))
        add_households(work, households(), zone=ZONE)
        workforce.add_workers(work, workers())
        workforce.assign(work, assignments())
    with owner.begin() as connection:
        _add_requests(connection)
        _add_wishes(connection)
    # What lies in the moved grid moves with it, whatever table it is in.
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, cells(now=True), note="1A1G3 to 1A2")
    owner.dispose()


def known(runtime: Runtime) -> Known:
    """Return what is stored, as the owner of the tables sees it."""
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with owner.connect() as connection:
        found = connection.execute(
            text("SELECT code, path FROM cell_version WHERE upper_inf(during)")
        )
        paths = {code: path for code, path in found}
        codes = {path: code for code, path in paths.items()}
        rows = [row for kind in FIRST_ID for row in _rows(connection, kind, codes)]
    owner.dispose()
    return Known(tuple(rows), paths)


def _add_requests(connection: Connection) -> None:
    """Store a request and a contact of the first household of each leaf, a job, leaves, plans."""
    connection.exec_driver_sql(
        "INSERT INTO boundary_plan (base, cell_id, path, title, author)"
        " SELECT 1, cell_id, path, code, 'w' FROM cell_version WHERE upper_inf(during)"
        " ORDER BY path"
    )
    connection.exec_driver_sql(
        "INSERT INTO job (kind, state, actor, finished_at) VALUES ('check', 'done', 'test', now())"
    )
    connection.exec_driver_sql(
        "INSERT INTO data_request (kind, household_id, due_on, recorded_by, path)"
        " SELECT 'access', min(id), current_date + 15, 'w', path FROM household GROUP BY path"
        " ORDER BY path"
    )
    connection.exec_driver_sql(
        "INSERT INTO assignment (worker_id, post, is_primary, household_id, valid_from, path)"
        " SELECT worker.id, 'building_head', false, min(household.id), now(), household.path"
        " FROM household JOIN worker ON worker.path = household.path"
        " GROUP BY worker.id, household.path ORDER BY household.path"
    )
    # Everybody goes some day, and it is not told beyond the areas who stands in.
    connection.execute(
        text(
            "INSERT INTO worker_leave (worker_id, substitute_id, begins_at, added_by, path)"
            " SELECT worker.id, other.id, now() + interval '30 days', 'w', worker.path"
            " FROM worker LEFT JOIN worker AS other ON other.code = :code AND other.id <> worker.id"
            " ORDER BY worker.id"
        ),
        {"code": f"w-{SIBLING}"},
    )


def _add_wishes(connection: Connection) -> None:
    """Let one household of ``SIBLING`` object and correct a number, and another be erased."""
    ids = connection.scalars(
        text(
            "SELECT household.id FROM household JOIN building ON building.id = building_id"
            " WHERE building.code = :code ORDER BY household.id"
        ),
        {"code": f"h-{SIBLING}"},
    ).all()
    values = {"objected": ids[OBJECTED], "erased": ids[OBJECTED + 1]}
    connection.execute(text(_WISHES), values)


def objected(known: Known) -> Row:
    """Return the household whose head has objected."""
    return known.of("household", SIBLING)[OBJECTED]


def _rows(connection: Connection, kind: str, codes: dict[str, str]) -> Iterable[Row]:
    named = {"household": _HEADS, "worker": _WORKERS}.get(kind)
    query = named or f"SELECT id, path, '' FROM {kind} ORDER BY id"
    for row_id, path, name in connection.execute(text(query)):
        clear, shown = _told(kind, name)
        yield Row(kind, row_id, codes[path], clear, (str(row_id), *shown))


def _told(kind: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a row would tell in clear and masked."""
    if kind == "household":
        leaf, _, number = name.partition("/")
        head = heads()[leaf][int(number) - 100]
        masked = (head.masked_name, head.masked_phone, head.masked_id_number)
        return (head.name, head.phone, head.id_number), masked
    if kind == "worker":
        found = worker(list(PARENTS).index(name))
        masked = f"{found.duty_phone[:3]}****{found.duty_phone[-4:]}"
        return (), (found.name, f'"w-{name}"', found.duty_phone, masked)
    return (), ()


def _shape(place: int | None) -> shapely.Polygon | None:
    return None if place is None else box(place, 0, place + 1, 1)


def middle(leaf: str) -> shapely.Point:
    place = next(place for code, *_, place, _ in CELLS if code == leaf)
    return box(place or 0, 0, (place or 0) + 1, 1).centroid
