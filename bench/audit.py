"""What the audit costs: ``WANGGE_DATABASE_URL=… …_OWNER_URL=… python -m bench.audit``.

Fills the audit of a migrated database with a million records (or as many as named), as
the owner, seals and verifies them, asks who saw somebody, and times a read with and without its
note. Prints one line of JSON. The database is for this alone.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import text

from geo.access.actors import Actor, ActorKind
from geo.access.scope import Scope
from geo.audit.actions import Action
from geo.audit.heads import HeadFile
from geo.audit.notes import Note
from geo.audit.sealer import Sealer
from geo.audit.store import RecordFilter, readers_of, records
from geo.audit.verify import verify
from geo.db.paging import Page
from geo.db.session import make_engine
from geo.runtime import Runtime
from geo.settings import Settings

ROWS = 1_000_000
PEOPLE = 500_000
TURNS = 500

# As in a working day: 60 % single reads, 35 % pages of 50, 5 % without subjects.
FILL = """
INSERT INTO audit_record (at, actor, account_id, action, outcome, subject_kind, subjects, count,
    area, request_id, address)
SELECT now() - (:rows - n) * interval '60 seconds', 'worker' || n % 200, n % 200 + 1,
    CASE WHEN n % 20 < 12 THEN 'people.read' WHEN n % 20 < 19 THEN 'people.list' ELSE 'sign_in' END,
    'done', CASE WHEN n % 20 < 19 THEN 'household' ELSE '' END,
    CASE WHEN n % 20 < 12 THEN ARRAY[(n * 7919) % :people]
        WHEN n % 20 < 19
            THEN ARRAY(SELECT (n * 7919 + k) % :people FROM generate_series(1, 50) AS k)
        ELSE '{}' END,
    CASE WHEN n % 20 < 12 THEN 1 WHEN n % 20 < 19 THEN 50 ELSE 0 END,
    '1.12.340.', md5(n::text), '192.0.2.' || n % 250
FROM generate_series(1, CAST(:rows AS bigint)) AS n
"""


def fill(settings: Settings, rows: int) -> float:
    """Add records as the owner; return the seconds it took."""
    engine = make_engine(str(settings.database_owner_url), pool_size=1)
    begun = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(text(FILL), {"rows": rows, "people": PEOPLE})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE audit_record"))
    engine.dispose()
    return time.perf_counter() - begun


def timed_ms(runtime: Runtime, actor: Actor, notes: int) -> float:
    """Return the median time of a work that leaves some notes of 50 households each."""
    note = Note(Action.PEOPLE_LIST, subject_kind="household", subjects=tuple(range(50)))
    spent = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        with runtime.work(actor, reading=True) as work:
            work.session.execute(text("SELECT 1"))
            for _ in range(notes):
                work.note(note)
        spent.append((time.perf_counter() - begun) * 1000)
    return round(float(np.median(spent)), 2)


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    runtime = Runtime(Settings())
    figures: dict[str, object] = {"rows": rows, "fill_s": round(fill(runtime.settings, rows), 1)}
    with tempfile.TemporaryDirectory() as folder:
        file = HeadFile(Path(folder) / "heads.log")
        sealer, begun = Sealer(runtime, file), time.perf_counter()
        while (done := sealer.turn()) and done.full:
            pass
        figures["seal_s"] = round(time.perf_counter() - begun, 1)
        figures["peak_mb"] = peak_mb()
        begun = time.perf_counter()
        with runtime.work(Actor.system("bench")) as work:
            verdict = verify(work.session, file, work.now.date(), lambda *_: None)
        figures["verify_s"] = round(time.perf_counter() - begun, 1)
        figures["links"], figures["ok"] = verdict.links, verdict.ok
    with runtime.work(Actor.system("bench")) as work:
        begun = time.perf_counter()
        figures["readers"] = len(readers_of(work.session, "household", 4711))
        figures["who_ms"] = round((time.perf_counter() - begun) * 1000, 1)
        begun = time.perf_counter()
        wanted = RecordFilter(account_id=17, action=Action.PEOPLE_LIST)
        records(work.session, wanted, Page(100))
        figures["search_ms"] = round((time.perf_counter() - begun) * 1000, 1)
    actor = Actor("bench", Scope.everything(), ActorKind.PERSON)
    figures["work_ms"] = timed_ms(runtime, actor, 0)
    figures["work_with_note_ms"] = timed_ms(runtime, actor, 1)
    figures["peak_mb"] = peak_mb()
    runtime.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
