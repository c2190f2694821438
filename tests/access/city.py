"""A made-up city, large enough that a table read from end to end is seen in a plan."""

from pathlib import Path

from geo.access.roles import Role
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.access import seats
from tests.access.seats import Seat

_SQL = Path(__file__).parent / "city.sql"
# Cells of one branch, root first: the places of four roles.
GRID, COMMUNITY, TOWN, ROOT = "1030507", "10305", "103", "1"
LEAF, NEXT_COMMUNITY = "103050704", "10406"
BUILDINGS = 11_520
# Place of the leaf in the city; ids of what is there once a leaf are one more.
_LEAF_PLACE = 3 * 1440 + 5 * 144 + 7 * 12 + 4
REQUEST = _LEAF_PLACE + 1

PLACES = {
    Role.GRID_WORKER: GRID,
    Role.COMMUNITY_ADMIN: COMMUNITY,
    Role.STREET_DISPATCHER: TOWN,
    Role.DISTRICT_ADMIN: ROOT,
}


def building() -> str:
    """Return the code of the building in the leaf."""
    return f"h{_LEAF_PLACE}"


def household(doors: int) -> int:
    """Return the id of a household in the leaf."""
    return _LEAF_PLACE * doors + 1


def askers() -> list[Seat]:
    """Return the four who ask, who runs it, and nobody."""
    return [
        *(seats.placed_at(role, cell, place) for place, (role, cell) in enumerate(PLACES.items())),
        seats.placed_at(Role.SYSTEM_ADMIN, "", 10),
        seats.placed_at(Role.AUDIT_ADMIN, "", 11),
        Seat(Role.ANONYMOUS, "nowhere", None, "", TOWN),
    ]


def store(runtime: Runtime, *, doors: int) -> list[Seat]:
    """Fill an empty, migrated database; return who asks there.

    Parameters
    ----------
    doors : households in each of the 11,520 buildings
    """
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with owner.begin() as connection:
        # As it is written: no value of it is bound, and % is a remainder.
        cursor = connection.connection.cursor()
        cursor.execute(_SQL.read_text(encoding="utf-8").replace(":doors", str(doors)))
    who = askers()
    seats.store(runtime, who)
    with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")  # as the server has long done by itself
    owner.dispose()
    return who
