"""A trail to seal and to tamper with: records by works, tampering by the owner of the tables."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.audit.heads import HeadFile
from geo.audit.notes import Note
from geo.audit.sealer import Sealer
from geo.audit.verify import Verdict, verify
from geo.clock import local_day, now
from geo.db.session import make_engine, open_log
from geo.runtime import Runtime

ACTOR = Actor.system("test")

# Breaks the audit as its owner could: no right to add, neither to the table nor to any column.
BROKEN = (
    "REVOKE INSERT ON audit_record FROM wangge_app",
    """DO $$ DECLARE one text; BEGIN
        FOR one IN SELECT quote_ident(attname) FROM pg_attribute
            WHERE attrelid = 'audit_record'::regclass AND attnum > 0 LOOP
            EXECUTE 'REVOKE INSERT (' || one || ') ON audit_record FROM wangge_app';
        END LOOP;
    END $$""",
)


def leave(runtime: Runtime, count: int, action: Action = Action.PEOPLE_READ) -> None:
    """Leave some records, each in a transaction of its own."""
    for number in range(1, count + 1):
        note = Note(
            action,
            subject_kind="household",
            subjects=(number, 1000 + number),
            area="1.2.",
            reason="visit",
            before={"occupancy": "rented", "rooms": 1.50},
            after={"occupancy": "vacant"},
        )
        with runtime.work(ACTOR) as work:
            work.note(note)


def sealer(runtime: Runtime, home: Path) -> Sealer:
    return Sealer(runtime, head_file(home))


def head_file(home: Path) -> HeadFile:
    return HeadFile(home / "audit-head.log")


def judged(runtime: Runtime, home: Path, *, days: int = 0) -> Verdict:
    """Verify as if it were some days later."""
    today = local_day(now(), runtime.settings.time_zone) + timedelta(days=days)
    with runtime.work(ACTOR) as work:
        return verify(work.session, head_file(home), today, lambda *_: None)


def as_owner(runtime: Runtime, *statements: str, **values: Any) -> None:
    """Run statements as the owner of the tables, which no right holds back."""
    engine = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)
    engine.dispose()


def rows(runtime: Runtime, query: str, **values: Any) -> list[Mapping[str, Any]]:
    """Read the audit."""
    with runtime.work(ACTOR) as work:
        open_log(work.session)
        return [row._mapping for row in work.session.execute(text(query), values)]
