"""Writing the audit: the notes of a use case, and refusals, in a transaction that commits."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from geo.access.actors import Actor, PermissionMissing
from geo.audit.actions import Action, Outcome
from geo.audit.model import AuditRecord
from geo.audit.notes import Note
from geo.db.base import Base
from geo.errors import GeoError, Limited, NotFound, Unavailable

_REASON_MAX = 500
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
        value = str(error.facts.get("value", ""))
        known = value.isdecimal() and len(value) < 19
        return Note(
            Action.LOOKUP,
            Outcome.MISSED,
            subject_kind=error.scoped,
            subjects=(int(value),) if known else (),
            reason="" if known else value[:_REASON_MAX],
        )
    if isinstance(error, Limited) and error.recorded:
        return Note(Action(error.recorded), Outcome.DENIED)
    if isinstance(error, PermissionMissing):
        return Note(Action.REQUEST, Outcome.DENIED, reason=str(error.facts["permission"]))
    return None


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
