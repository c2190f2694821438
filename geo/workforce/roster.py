"""Reads the duties that bear on a place; the rule that makes a team of them is beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.crypto.fields import DUTY_PHONE, HasKeyring, unprotect
from geo.db.sql import statement
from geo.workforce.leave import stood_in
from geo.workforce.responsibility import Duty, Person, Team, Via


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a place, for asking who answers there.

    Parameters
    ----------
    cells : cell id → (code, level) of the leaf cell and its ancestors
    building_id, stairwell, estate_id, unit_id, household_id : as far as known
    """

    cells: Mapping[int, tuple[str, int]]
    building_id: int | None = None
    stairwell: int | None = None
    estate_id: int | None = None
    unit_id: int | None = None
    household_id: int | None = None

    @property
    def leaf(self) -> tuple[str, int]:
        """Code and level of the deepest cell; empty outside every cell."""
        return max(self.cells.values(), key=lambda cell: cell[1], default=("", 0))


def duties(session: Session, place: Place, moment: datetime) -> list[Duty]:
    """Return the duties that bear on a place at a moment, in no order.

    The session must see all workers: who answers is public duty information, so callers open
    ``work.elevated(Reason.DUTY_LOOKUP)``.
    """
    values = {
        "moment": moment,
        "cell_ids": list(place.cells),
        "building_id": place.building_id,
        "stairwell": place.stairwell,
        "estate_id": place.estate_id,
        "unit_id": place.unit_id,
        "household_id": place.household_id,
    }
    rows = session.execute(statement("geo.workforce", "duties"), values)
    assigned = [duty_of(row, place) for row in rows]
    return stood_in(assigned, _away(session, assigned, moment)) if assigned else []


def _away(session: Session, assigned: Sequence[Duty], moment: datetime) -> dict[str, Person | None]:
    """Return who of those assigned, and of those who stand in for them, is away at a moment."""
    values = {"moment": moment, "worker_ids": sorted({int(duty.worker_id) for duty in assigned})}
    rows = session.execute(statement("geo.workforce", "away"), values)
    return {str(row.worker_id): substitute_of(row) for row in rows}


def with_phones(work: HasKeyring, found: Team) -> Team:
    """Return a team with the phones of its members in clear; nobody else's is decrypted."""
    members = tuple(_with_phone(work, duty) for duty in found.members)
    return replace(
        found,
        members=members,
        overlays=tuple(_with_phone(work, duty) for duty in found.overlays),
    )


def _with_phone(work: HasKeyring, duty: Duty) -> Duty:
    phone = unprotect(work, DUTY_PHONE, int(duty.worker_id), duty.sealed_phone)
    return replace(duty, duty_phone=phone)


def substitute_of(row: Row[Any]) -> Person | None:
    """Return who stands in by a leave; None for nobody.

    Parameters
    ----------
    row : of ``sql/away.sql``, or of ``sql/standing_leaves.sql``
    """
    if row.substitute_id is None:
        return None
    return Person(str(row.substitute_id), row.name, row.duty_phone_cipher, row.code)


def duty_of(row: Row[Any], place: Place) -> Duty:
    """Return an assignment that bears on a place as a duty there.

    Parameters
    ----------
    row : of ``sql/duties.sql``, or of ``sql/standing.sql``
    """
    code, level = place.cells.get(row.cell_id, place.leaf)
    return Duty(
        worker_id=str(row.worker_id),
        name=row.name,
        duty_phone="",
        post=row.post,
        post_rank=row.post_rank,
        primary=row.is_primary and not row.overlay,
        via=_via(row, level < place.leaf[1]),
        cell_code=code,
        cell_level=level,
        sealed_phone=row.duty_phone_cipher,
        overlay=row.overlay,
        worker_code=row.code,
    )


def _via(row: Row[Any], above_leaf: bool) -> Via:
    named = {
        Via.HOUSEHOLD: row.household_id,
        Via.UNIT: row.unit_id,
        Via.STAIRWELL: row.stairwell,
        Via.BUILDING: row.building_id,
        Via.ESTATE: row.estate_id,
    }
    below_cell = next((via for via, value in named.items() if value is not None), None)
    return below_cell or (Via.PARENT_CELL if above_leaf else Via.CELL)
