"""Sealing: soon after the commit, in batches, by one at a time, whatever dies meanwhile."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geo.audit.actions import Action
from geo.audit.chain import Link, Tip, digest, joined
from geo.audit.notes import Note
from geo.audit.sealer import Sealed, Sealer, Seen, seal
from geo.clock import now
from geo.runtime import Runtime
from tests.geo.audit.trail import ACTOR, as_owner, head_file, judged, leave, rows, sealer

pytestmark = pytest.mark.db

KILLED = """
import sys
from pathlib import Path
from geo.audit.heads import HeadFile
from geo.audit.sealer import BATCH, Sealer
import geo.audit.sealer as module
from geo.runtime import Runtime
from geo.settings import Settings

module.seal.__kwdefaults__["most"] = 7
sealer = Sealer(Runtime(Settings()), HeadFile(Path(sys.argv[1])))
print("ready", flush=True)
while True:
    sealer.turn()
"""


def sealed(runtime: Runtime) -> list[int]:
    """Return the ids of sealed records in the order of their links."""
    return [row["record_id"] for row in rows(runtime, "SELECT * FROM audit_link ORDER BY seq")]


def turn(runtime: Runtime, seen: Seen | None = None, most: int = 5_000) -> Sealed:
    with runtime.work(ACTOR) as work:
        done = seal(work, seen or Seen(), most=most)
    assert done is not None
    return done


def until(condition: Callable[[], bool], within_s: float) -> float:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < within_s
        time.sleep(0.02)
    return time.monotonic() - begun


def test_a_record_is_sealed_within_two_seconds(runtime: Runtime, tmp_path: Path) -> None:
    running = sealer(runtime, tmp_path)
    running.start()
    try:
        leave(runtime, 1)
        until(lambda: sealed(runtime) == [1], 2.0)
        leave(runtime, 1)
        until(lambda: sealed(runtime) == [1, 2], 2.0)
    finally:
        running.stop()

    assert [head.seq for head in head_file(tmp_path).heads()] == [1, 2]


def test_a_second_turn_finds_nothing(runtime: Runtime, tmp_path: Path) -> None:
    leave(runtime, 3)
    one = sealer(runtime, tmp_path)

    first, second = one.turn(), one.turn()
    assert first is not None
    assert second is not None
    assert (first.count, second.count) == (3, 0)
    assert first.head == second.head


def test_sealing_leaves_no_record_of_its_own(runtime: Runtime, tmp_path: Path) -> None:
    leave(runtime, 1)
    for _ in range(3):
        sealer(runtime, tmp_path).turn()

    assert [row["action"] for row in rows(runtime, "SELECT action FROM audit_record")] == [
        "people.read"
    ]


def test_many_records_are_sealed_batch_by_batch(runtime: Runtime, tmp_path: Path) -> None:
    leave(runtime, 5)
    counts, seen = [], Seen()
    for _ in range(3):
        done = turn(runtime, seen, most=2)
        counts.append((done.count, done.full))
        seen = done.seen

    assert counts == [(2, True), (2, True), (1, False)]
    assert sealed(runtime) == [1, 2, 3, 4, 5]
    assert judged(runtime, tmp_path).ok


def test_what_commits_between_two_batches_is_not_passed_over(
    runtime: Runtime, tmp_path: Path
) -> None:
    counts, seen = [], Seen()
    with runtime.work(ACTOR) as slow:
        slow.session.execute(
            text(
                "INSERT INTO audit_record (actor, action, outcome)"
                " VALUES ('slow', 'people.import', 'done')"
            )
        )
        leave(runtime, 5)
        done = turn(runtime, seen, most=2)
        counts.append(done.count)
    # Now it is committed, behind the place where the next batch begins.
    while done.full or done.count:
        done = turn(runtime, done.seen, most=2)
        counts.append(done.count)

    assert counts == [2, 2, 1, 1, 0]
    assert sealed(runtime) == [2, 3, 4, 5, 6, 1]
    floors = [row["floor"] for row in rows(runtime, "SELECT floor FROM audit_link ORDER BY seq")]
    (slow_xid,) = rows(runtime, "SELECT xid FROM audit_record WHERE id = 1")
    assert max(floors[:5]) <= slow_xid["xid"]
    assert judged(runtime, tmp_path).ok


def test_a_transaction_of_many_records_is_sealed_batch_by_batch(
    runtime: Runtime, tmp_path: Path
) -> None:
    with runtime.work(ACTOR) as work:
        for _ in range(7):
            work.note(Note(Action.PEOPLE_READ))
    seen, counts = Seen(), []
    for _ in range(4):
        done = turn(runtime, seen, most=3)
        counts.append(done.count)
        seen = done.seen

    assert counts == [3, 3, 1, 0]
    assert sealed(runtime) == [1, 2, 3, 4, 5, 6, 7]
    assert judged(runtime, tmp_path).ok


def test_a_long_transaction_holds_nobody_up_and_is_sealed_after_its_commit(
    runtime: Runtime, tmp_path: Path
) -> None:
    one = sealer(runtime, tmp_path)
    with ExitStack() as stack:
        slow = stack.enter_context(runtime.work(ACTOR))
        # Its transaction and its record come first, its commit last.
        slow.session.execute(text("INSERT INTO job (kind, actor) VALUES ('import', 'x')"))
        slow.session.execute(
            text(
                "INSERT INTO audit_record (actor, action, outcome)"
                " VALUES ('slow', 'people.import', 'done')"
            )
        )
        leave(runtime, 2)
        one.turn()
        during = sealed(runtime)
        leave(runtime, 1)
        one.turn()
        later = sealed(runtime)
        slow.note(Note(Action.PEOPLE_IMPORT))
    one.turn()

    assert (during, later) == ([2, 3], [2, 3, 4])
    assert sealed(runtime) == [2, 3, 4, 1, 5]
    assert judged(runtime, tmp_path).ok


def test_a_fresh_sealer_finds_what_was_open_when_the_last_one_died(runtime: Runtime) -> None:
    with runtime.work(ACTOR) as slow:
        slow.session.execute(
            text(
                "INSERT INTO audit_record (actor, action, outcome)"
                " VALUES ('slow', 'people.import', 'done')"
            )
        )
        leave(runtime, 2)
        turn(runtime)
    turn(runtime)

    assert sealed(runtime) == [2, 3, 1]


def test_what_was_rolled_back_leaves_no_gap_in_the_chain(runtime: Runtime, tmp_path: Path) -> None:
    leave(runtime, 1)
    with pytest.raises(ZeroDivisionError), runtime.work(ACTOR) as work:
        work.session.execute(
            text("INSERT INTO audit_record (actor, action, outcome) VALUES ('x', 'x', 'done')")
        )
        _ = 1 // 0
    leave(runtime, 1)
    turn(runtime)

    assert sealed(runtime) == [1, 3]
    assert judged(runtime, tmp_path).ok


def test_while_one_seals_another_does_not(runtime: Runtime) -> None:
    leave(runtime, 1)
    with runtime.work(ACTOR) as first, runtime.work(ACTOR) as second:
        assert seal(first, Seen()) is not None
        assert seal(second, Seen()) is None

    assert sealed(runtime) == [1]


def test_two_sealers_make_one_chain(runtime: Runtime, tmp_path: Path) -> None:
    both = [Sealer(runtime, head_file(tmp_path), every_s=0.001) for _ in range(2)]
    for one in both:
        one.start()
    try:
        leave(runtime, 60)
        until(lambda: len(sealed(runtime)) == 60, 10.0)
    finally:
        for one in both:
            one.stop()

    verdict = judged(runtime, tmp_path)
    assert (verdict.ok, verdict.links) == (True, 60)
    seqs = [head.seq for head in head_file(tmp_path).heads()]
    assert seqs == sorted(set(seqs))
    assert seqs[-1] == 60


def test_a_sealer_killed_at_any_moment_leaves_a_whole_chain(
    runtime: Runtime, tmp_path: Path
) -> None:
    settings = runtime.settings
    environment = {**os.environ, "WANGGE_DATABASE_URL": str(settings.database_url)}
    file = head_file(tmp_path).path
    for wait_s in (0.0, 0.02, 0.05, 0.11):
        leave(runtime, 40)
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(file)], env=environment, stdout=subprocess.PIPE
        )
        with child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(wait_s)
            child.send_signal(signal.SIGKILL)
        assert judged(runtime, tmp_path).ok
    sealer(runtime, tmp_path).turn()

    verdict = judged(runtime, tmp_path)
    assert (verdict.ok, verdict.links, verdict.pending) == (True, 160, 0)
    assert list(head_file(tmp_path).heads())[-1].seq == 160


def test_a_head_that_was_not_written_is_written_by_the_next_turn(
    runtime: Runtime, tmp_path: Path
) -> None:
    leave(runtime, 2)
    turn(runtime)  # sealed, and dead before the file

    sealer(runtime, tmp_path).turn()

    assert [head.seq for head in head_file(tmp_path).heads()] == [2]


def test_it_stops_at_once(runtime: Runtime, tmp_path: Path) -> None:
    slow = Sealer(runtime, head_file(tmp_path), every_s=60.0)
    slow.start()
    time.sleep(0.2)
    begun = time.monotonic()
    slow.stop()

    assert time.monotonic() - begun < 10.0  # of the sixty that it would wait for its next turn


def test_it_outlives_a_database_that_was_away_and_says_so_once(
    runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "geo.audit.sealer")
    away = threading.Event()
    away.set()

    class Flaky:
        def work(self, actor: object) -> object:
            if away.is_set():
                raise OperationalError("select", {}, ConnectionError())
            return runtime.work(actor)  # type: ignore[arg-type]

    leave(runtime, 1)
    running = Sealer(Flaky(), head_file(tmp_path), every_s=0.01)  # type: ignore[arg-type]
    running.start()
    try:
        time.sleep(0.1)
        away.clear()
        until(lambda: sealed(runtime) == [1], 2.0)
        leave(runtime, 1)
        until(lambda: sealed(runtime) == [1, 2], 2.0)
    finally:
        running.stop()

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_it_outlives_what_nobody_foresaw_and_shows_it(
    runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "geo.audit.sealer")
    planted: list[Exception | None] = [KeyError("a"), KeyError("b"), ZeroDivisionError()]

    class Flawed:
        def work(self, actor: object) -> object:
            fault = planted.pop(0) if len(planted) > 1 else planted[0]
            if fault is not None:
                raise fault
            return runtime.work(actor)  # type: ignore[arg-type]

    begun = now().timestamp()
    leave(runtime, 1)
    running = Sealer(Flawed(), head_file(tmp_path), every_s=0.01)  # type: ignore[arg-type]
    assert (running.ailing, running.sealed_at) == (False, None)
    running.start()
    try:
        until(lambda: len(caplog.records) == 2, 2.0)
        assert (running.ailing, running.sealed_at) == (True, None)
        planted[:] = [None]
        until(lambda: sealed(runtime) == [1] and not running.ailing, 2.0)
    finally:
        running.stop()

    assert begun <= (running.sealed_at or 0.0) <= now().timestamp()
    assert not running.ailing  # stopped on purpose
    said = [(record.levelname, record.getMessage().rpartition(" ")[2]) for record in caplog.records]
    assert said == [("WARNING", "KeyError"), ("WARNING", "ZeroDivisionError"), ("INFO", "again")]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_sealer_whose_thread_has_died_ails(runtime: Runtime, tmp_path: Path) -> None:
    class Deadly:
        def work(self, actor: object) -> object:
            raise SystemExit

    running = Sealer(Deadly(), head_file(tmp_path))  # type: ignore[arg-type]
    running.start()

    until(lambda: running.ailing, 2.0)


def test_it_goes_on_when_its_connection_was_cut(runtime: Runtime, tmp_path: Path) -> None:
    running = sealer(runtime, tmp_path)
    running.start()
    try:
        with runtime.work(ACTOR) as work:
            work.session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND usename = current_user"
                    " AND pid <> pg_backend_pid()"
                )
            )
        leave(runtime, 1)
        until(lambda: sealed(runtime) == [1], 4.0)
    finally:
        running.stop()


def test_a_head_that_cannot_be_kept_stops_no_sealing(
    runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = head_file(tmp_path)
    file.path.mkdir()
    running = Sealer(runtime, file, every_s=0.01)
    running.start()
    try:
        leave(runtime, 2)
        until(lambda: len(sealed(runtime)) == 2, 2.0)
        file.path.rmdir()
        until(lambda: [head.seq for head in file.heads()] == [2], 2.0)
    finally:
        running.stop()

    assert "cannot be sealed" in caplog.text


def test_a_restored_dump_is_sealed_on_where_transactions_count_from_the_beginning(
    runtime: Runtime, tmp_path: Path
) -> None:
    old = 10**12
    insert = "INSERT INTO audit_record (id, xid, actor, action, outcome) VALUES"
    as_owner(
        runtime,
        *(f"{insert} ({i}, {old + i}, 'x', 'people.read', 'done')" for i in (1, 2, 3)),
        "SELECT setval(pg_get_serial_sequence('audit_record', 'id'), 3)",
    )
    # The first was sealed where it was written, by a sealer that knew of higher transactions.
    (record,) = rows(
        runtime,
        "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS at"
        " FROM audit_record WHERE id = 1",
    )
    fields = ["1", record["at"], str(old + 1), "x", None, "people.read", "done", "", "{}", "0"]
    link = joined(
        Tip(),
        Link(
            0, 1, digest([*fields, "", "", None, None, "", ""]), "2099-01-01", old,
            "2026-01-01 00:00:00.000000",
        ),
    )  # fmt: skip
    as_owner(
        runtime,
        "INSERT INTO audit_link (seq, record_id, digest, keep_until, hash, floor, sealed_at)"
        " VALUES (1, 1, :digest, '2099-01-01', :hash, :floor, '2026-01-01 00:00:00+00')",
        digest=link.digest,
        hash=link.hash,
        floor=old,
    )
    leave(runtime, 1)

    seen = Seen()
    for _ in range(4):
        seen = turn(runtime, seen, most=1).seen
    leave(runtime, 1)
    turn(runtime, seen)

    assert sealed(runtime) == [1, 2, 3, 4, 5]
    verdict = judged(runtime, tmp_path)
    assert (verdict.ok, verdict.pending) == (True, 0)
