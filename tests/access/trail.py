"""What the walk of the matrix left in the audit: a record for each refusal, all that was given."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.access.matrix import Asked

_REFUSED = {"denied", "missed"}


def records(runtime: Runtime) -> dict[str, list[Any]]:
    """Return every record of the audit by the id of its request."""
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with owner.connect() as connection:
        found = defaultdict(list)
        for row in connection.execute(text("SELECT * FROM audit_record ORDER BY id")):
            found[row.request_id].append(row)
    owner.dispose()
    return found


def faults(asked: Iterable[Asked], left: dict[str, list[Any]]) -> list[str]:
    """Return what is missing from the audit, or stands there and should not."""
    return [
        f"{one.seat.name} {one.ask.name} ({one.answer.status}): {fault}"
        for one in asked
        for fault in _of_one(one, left.get(one.request_id, []))
    ]


def _of_one(one: Asked, rows: list[Any]) -> list[str]:
    outcomes = [row.outcome for row in rows]
    wrong = []
    if one.seen.outcome in _REFUSED and outcomes != [one.seen.outcome]:
        wrong.append(f"recorded as {outcomes}, not as one {one.seen.outcome}")
    if one.seen.outcome == "" and outcomes:
        wrong.append(f"recorded as {outcomes}, where there is nothing to record")
    if one.seen.outcome == "done" and set(outcomes) != {"done"}:
        wrong.append(f"recorded as {outcomes}, not as done")
    if one.seen.outcome == "done" and (unnamed := _given(one) - _subjects(rows)):
        wrong.append(f"the record does not name {sorted(unnamed)}")
    # At the door nobody is known yet, whatever token comes along.
    wanted = {_who(one)} | ({("anonymous", None)} if one.ask.few else set())
    if any((row.actor, row.account_id) not in wanted for row in rows):
        wrong.append(f"recorded as done by {[row.actor for row in rows]}")
    return wrong


def _given(one: Asked) -> set[tuple[str, int]]:
    """Return the rows given out that the record must name."""
    return {key for key in one.given if key in one.seen.named}


def _subjects(rows: list[Any]) -> set[tuple[str, int]]:
    return {(row.subject_kind, subject) for row in rows for subject in row.subjects}


def _who(one: Asked) -> tuple[str, int | None]:
    return (one.seat.name if one.seat.account_id else "anonymous", one.seat.account_id)
