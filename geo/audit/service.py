"""Writing the audit: the notes of a use case, and refusals, in a transaction that commits."""

import re
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from geo.access.actors import Actor, PermissionMissing
from geo.audit.actions import Action, Outcome
from geo.audit.model import AuditRecord
from geo.audit.notes import Note
from geo.crypto.id_numbers import id_number_flaw
from geo.db.base import Base
from geo.errors import GeoError, Limited, NotFound, Unavailable

_REASON_MAX = 500
# More rows than any deployment has; a mobile number has a digit more.
_ID_DIGITS = 10
_CODE = re.compile(r"[0-9A-Za-z._-]{1,64}")
_PHONE = re.compile(r"(86)?1[0-9]{10}")
_ADD = insert(Base.metadata.tables[AuditRecord.__tablename__]).inline()


class AuditUnavailable(Unavailable):
    """The audit takes no record, so nothing is given out and nothing done."""

    code = "audit_unavailable"


def write(session: Session, actor: Actor, notes: Sequence[Note]) -> None:
    """Add the records of some notes to the running transaction.

    Raises
    ------
    AuditUnavailable
        When the table refuses them; a lost connection or a lock stays what it is.
    """
    if not notes:
        return
    try:
        # Without RETURNING, which would need the right to read the log.
        session.execute(_ADD, [_row(actor, note) for note in notes])
    except OperationalError:
        raise
    except DBAPIError as error:
        raise AuditUnavailable() from error


def refusal(error: GeoError) -> Note | None:
    """Return the note that a refusal leaves; None when it says nothing about who may see what."""
    if isinstance(error, NotFound) and error.scoped:
        row_id, code = _sought(str(error.facts.get("value", "")))
        subjects = () if row_id is None else (row_id,)
        return Note(
            Action.LOOKUP,
            Outcome.MISSED,
            subject_kind=error.scoped,
            subjects=subjects,
            reason=code,
        )
    if isinstance(error, Limited) and error.recorded:
        return Note(Action(error.recorded), Outcome.DENIED)
    if isinstance(error, PermissionMissing):
        return Note(Action.REQUEST, Outcome.DENIED, reason=str(error.facts["permission"]))
    return None


def _sought(value: str) -> tuple[int | None, str]:
    """Return what was asked for as a record may hold it: an id, or a code; else neither.

    Whoever types a name, a phone or an ID number where an id belongs leaves none of it here.
    """
    if value.isascii() and value.isdecimal() and len(value) <= _ID_DIGITS:
        return int(value), ""
    is_number = _PHONE.fullmatch(value) is not None or id_number_flaw(value) is None
    return None, value if _CODE.fullmatch(value) and not is_number else ""


def _row(actor: Actor, note: Note) -> dict[str, object]:
    return {
        "actor": actor.name,
        "account_id": actor.account_id,
        "action": note.action.value,
        "outcome": note.outcome.value,
        "subject_kind": note.subject_kind,
        "subjects": list(note.subjects),
        "count": len(note.subjects) if note.count is None else note.count,
        "area": note.area,
        "reason": note.reason[:_REASON_MAX],
        "before": note.before,
        "after": note.after,
        "request_id": actor.request_id,
        "address": actor.address,
    }
