"""Keeping households: taking them in by dwelling unit, moving them with their building.

Names, phones and ID numbers reach the database encrypted, masked and blind, never in clear. A value
is bound to its row, so the row's id is known before it is written.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from geo.access.scope import Scope
from geo.audit.actions import Action
from geo.audit.notes import Note, in_parts
from geo.crypto.fields import HEAD_ID_NUMBER, HEAD_NAME, HEAD_PHONE
from geo.crypto.frames import protected_frame, staged_columns
from geo.db.bulk import many_rows, stage
from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.events import Event
from geo.places.events import BuildingsMoved
from geo.work import Work

HEAD = (HEAD_NAME, HEAD_PHONE, HEAD_ID_NUMBER)

_HOUSEHOLD = {
    "row": "bigint",
    "building_code": 'text COLLATE "C"',
    "stairwell": "smallint",
    "floor": "smallint",
    "number": "text",
}
_PLACED = {
    "id": "bigint",
    "stands": "boolean",
    "unit_id": "bigint",
    "building_id": "bigint",
    "path": "text",
    "occupancy": "text",
    "persons": "integer",
    **staged_columns(*HEAD),
}


def add_households(work: Work, households: pd.DataFrame, *, zone: str) -> int:
    """Set the households of the dwelling units that a frame names, making units as needed.

    Units not named stay. In a named unit, rows take the place of the households there in order;
    what is left over ends today.

    Parameters
    ----------
    households : columns ``building_code, stairwell, floor, number, occupancy, persons``;
        buildings are known; ``persons`` may be missing. ``head_name``, ``head_phone`` and
        ``head_id_number`` in clear: without one, or without its column, what stands stays; an
        empty text empties it
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
        placed = _placed(work.session, rows)
        sealed = protected_frame(work.keyring, HEAD, placed["id"], placed)
        stage(work.session, "placed_household", _PLACED, placed.join(sealed))
        ended = list(work.session.scalars(statement("geo.people", "left_over")))
        work.session.execute(statement("geo.people", "insert_households"), {"today": today})
    _note(work, placed["id"].tolist() + ended, placed["path"].tolist())
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
    _note(work, ids, [])


def follow_buildings(work: Work, event: Event) -> None:
    """Give each household the path of its building, and each data request that of its household."""
    assert isinstance(event, BuildingsMoved)
    if event.building_ids == ():
        return
    name = "follow_all" if event.building_ids is None else "follow_buildings"
    values = {} if event.building_ids is None else {"building_ids": list(event.building_ids)}
    with many_rows(work.session, len(event.building_ids) if event.building_ids else None):
        work.session.execute(statement("geo.people", name), values)


def _placed(session: Session, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the household each of them is, in the order of their cells."""
    found = session.execute(statement("geo.people", "place_households"))
    columns = list(found.keys())
    placed = pd.DataFrame([tuple(row) for row in found], columns=columns)
    return placed.merge(rows, on="row", how="left", validate="one_to_one")


def _note(work: Work, ids: Sequence[int], paths: Sequence[str]) -> None:
    area = Scope.of_areas(path for path in paths if path).root
    note = Note(Action.PEOPLE_IMPORT, subject_kind="household", area=area)
    for part in in_parts(note, ids):
        work.note(part)
