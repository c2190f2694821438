"""Keeping households: taking them in by dwelling unit, moving them with their building."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd

from geo.db.bulk import many_rows, stage
from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.events import Event
from geo.work import Work

_HOUSEHOLD = {
    "row": "bigint",
    "building_code": 'text COLLATE "C"',
    "stairwell": "smallint",
    "floor": "smallint",
    "number": "text",
    "occupancy": "text",
    "persons": "integer",
    "head_name": "text",
}


def add_households(work: Work, households: pd.DataFrame, *, zone: str) -> int:
    """Set the households of the dwelling units that a frame names, making units as needed.

    Units not named stay. In a named unit, rows take the place of the households there in order;
    what is left over ends today.

    Parameters
    ----------
    households : columns ``building_code, stairwell, floor, number, occupancy, persons,
        head_name``; buildings are known; ``persons`` may be missing
    zone : in which today is a day

    Returns
    -------
    How many rows were given
    """
    take_turn(work.session)
    rows = households.assign(
        row=range(len(households)), persons=households["persons"].astype("Int64")
    )
    stage(work.session, "next_household", _HOUSEHOLD, rows)
    today = work.now.astimezone(ZoneInfo(zone)).date()
    with many_rows(work.session, len(rows)):
        work.session.execute(statement("geo.places", "upsert_units"))
        work.session.execute(statement("geo.people", "insert_households"), {"today": today})
    return len(rows)


def end_households(work: Work, ids: Sequence[int], *, zone: str) -> None:
    """End households today; their rows stay.

    Parameters
    ----------
    zone : in which today is a day
    """
    today = work.now.astimezone(ZoneInfo(zone)).date()
    values = {"ids": list(ids), "today": today}
    work.session.execute(statement("geo.people", "end_households"), values)


def follow_buildings(work: Work, event: Event) -> None:
    """Give each household the path of its building."""
    with many_rows(work.session):
        work.session.execute(statement("geo.people", "follow_buildings"))
