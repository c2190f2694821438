"""Asking the audit: who saw somebody, and each filter, by an index among 200,000 records."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from geo.audit.actions import Action, Outcome
from geo.audit.store import RecordFilter, chain, readers_of, reads_of, records
from geo.clock import now
from geo.db.paging import Page
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.databases import Databases
from tests.geo.audit.trail import ACTOR, as_owner, leave, sealer
from tests.plans import nodes, plans_of, scans_of

pytestmark = pytest.mark.db

MANY = 200_000


@pytest.fixture(scope="module")
def busy(databases: Databases, template: str) -> Iterator[Runtime]:
    """An audit of 200,000 records; household 7 was read by workers 3, 9 and 9 again."""
    name = databases.create(template=template)
    made = Runtime(databases.settings(name))
    as_owner(
        made,
        "INSERT INTO audit_record (at, actor, account_id, action, outcome, subject_kind, subjects,"
        " count, request_id)"
        " SELECT now() - n * interval '1 minute', 'worker' || n % 100, n % 100 + 1,"
        " CASE n % 50 WHEN 0 THEN 'people.reveal' ELSE 'people.read' END, 'done',"
        " CASE n % 2 WHEN 0 THEN 'household' ELSE 'worker' END, ARRAY[1000 + n, 2000 + n], 2,"
        " md5(n::text)"
        f" FROM generate_series(1, {MANY}) AS n",
        *(
            "INSERT INTO audit_record (actor, action, outcome, subject_kind, subjects, reason)"
            f" VALUES ('w{reader}', 'people.read', 'done', 'household', '{{7, 8}}', '{reason}')"
            for reader, reason in ((3, "visit"), (9, "call"), (9, ""))
        ),
        "INSERT INTO audit_record (actor, action, outcome, subject_kind, subjects)"
        " VALUES ('w4', 'lookup', 'missed', 'household', '{7}'),"
        " ('w5', 'people.read', 'done', 'worker', '{7}')",
        "ANALYZE audit_record",
    )
    yield made
    made.close()
    databases.drop(name)


def test_who_saw_somebody_is_told_once_a_reader(busy: Runtime) -> None:
    with busy.work(ACTOR) as work:
        found = readers_of(work.session, "household", 7)

    # Who asked and was refused has seen nothing; worker 7 is somebody else.
    assert {(row.actor, row.times, row.reason) for row in found} == {
        ("w3", 1, "visit"), ("w9", 2, "call"),
    }  # fmt: skip


def test_every_read_is_told_by_day_and_reason(busy: Runtime) -> None:
    made = "INSERT INTO audit_record (actor, action, outcome, subject_kind, subjects, reason, at)"
    # The first two are of one day in China, and of two in Greenwich.
    reads = [
        ("people.read", "call", "2026-01-01 23:00+08"),
        ("people.read", "call", "2026-01-01 01:00+08"),
        ("people.read", "call", "2026-01-02 09:00+08"),
        ("people.read", "visit", "2026-01-02 10:00+08"),
        ("audit.search", "", "2026-01-02 11:00+08"),
    ]
    as_owner(
        busy,
        *(
            f"{made} VALUES ('w9', '{action}', 'done', 'household', '{{77}}', '{reason}', '{at}')"
            for action, reason, at in reads
        ),
    )
    with busy.work(ACTOR) as work:
        found = reads_of(work.session, "household", 77, "Asia/Shanghai")

    assert [(row.reason, row.times) for row in found] == [("visit", 1), ("call", 1), ("call", 2)]
    assert {(row.actor, row.name) for row in found} == {("w9", None)}


def test_nobody_saw_who_was_never_read(busy: Runtime) -> None:
    with busy.work(ACTOR) as work:
        assert readers_of(work.session, "household", 999_999_999) == []


def test_who_saw_somebody_is_one_statement_that_scans_an_index(busy: Runtime) -> None:
    with busy.work(ACTOR) as work:
        plans = plans_of(work.session, lambda: readers_of(work.session, "household", 7))
    reading = [plan for plan in plans if scans_of([plan], "audit_record")]

    assert len(reading) == 1
    kinds = {node["Node Type"] for node in scans_of(reading, "audit_record")}
    assert kinds <= {"Index Scan", "Bitmap Heap Scan"}

    # The search itself stands in a function: its own plan, as its owner runs it.
    engine = make_engine(str(busy.settings.database_owner_url), pool_size=1)
    with engine.begin() as connection:
        body = connection.scalar(
            text("SELECT prosrc FROM pg_proc WHERE proname = 'audit_record_on'")
        )
        driver = connection.exec_driver_sql
        named = body.replace("subject_kind = kind", "subject_kind = $1")
        named = named.replace("kind IS NULL", "$1 IS NULL").replace("ARRAY[subject]", "ARRAY[$2]")
        driver(f"PREPARE on_one (text, bigint) AS {named}")
        driver("SET LOCAL plan_cache_mode = force_generic_plan")
        plan = driver("EXPLAIN (FORMAT JSON) EXECUTE on_one ('household', 7)").scalar()[0]["Plan"]
    engine.dispose()
    used = {node.get("Index Name") for node in nodes(plan)}
    assert "ix_audit_record_subjects" in used
    assert "Seq Scan" not in {node["Node Type"] for node in nodes(plan)}


@pytest.mark.parametrize(
    "wanted",
    [
        RecordFilter(),
        RecordFilter(account_id=17),
        RecordFilter(account_id=17, action=Action.PEOPLE_REVEAL),
        RecordFilter(action=Action.PEOPLE_REVEAL),
        RecordFilter(action=Action.AUDIT_EXPORT),
        RecordFilter(since=now() - timedelta(days=90), until=now() - timedelta(days=89)),
        RecordFilter(subject_kind="household", subject=7),
        RecordFilter(subject=7),
        RecordFilter(request_id="c4ca4238a0b923820dcc509a6f75849b"),
        RecordFilter(request_id="unheard of"),
        RecordFilter(outcome=Outcome.DONE),
    ],
    ids=range(11),  # an instant in a name would differ between test processes
)
def test_each_filter_is_found_by_an_index(busy: Runtime, wanted: RecordFilter) -> None:
    with busy.work(ACTOR) as work:
        plans = plans_of(work.session, lambda: records(work.session, wanted, Page(50)))

    read = scans_of(plans, "audit_record")
    assert read
    assert {node["Node Type"] for node in read} <= {"Index Scan", "Bitmap Heap Scan"}
    # Rows read and thrown away again: never more than a few of the pages asked for.
    assert max(node.get("Rows Removed by Filter", 0) for node in read) < 5_000


def test_a_subject_of_any_kind_is_found(busy: Runtime) -> None:
    with busy.work(ACTOR) as work:
        found = records(work.session, RecordFilter(subject=7), Page(50))

    assert {row.actor for row in found.rows} == {"w3", "w4", "w5", "w9"}


def test_the_chain_says_what_waits_and_who_looked_last(runtime: Runtime, tmp_path: object) -> None:
    with runtime.work(ACTOR) as work:
        empty = chain(work.session)
    leave(runtime, 3)
    sealer(runtime, tmp_path).turn()  # type: ignore[arg-type]
    leave(runtime, 2)
    with runtime.work(ACTOR) as work:
        found = chain(work.session)

    assert (empty.head, empty.unsealed, empty.verified) == (None, 0, None)
    assert found.head is not None
    assert (found.head.seq, found.head.record_id, found.unsealed) == (3, 3, 2)
