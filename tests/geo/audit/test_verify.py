"""Whoever tampers with one row of the audit is named; what may have gone is not."""

from pathlib import Path

import pytest
from sqlalchemy import text

from geo.audit import verify as module
from geo.audit.chain import link_hash
from geo.audit.model import AuditLink, AuditRecord
from geo.db.session import open_log
from geo.runtime import Runtime
from tests.geo.audit.trail import ACTOR, as_owner, head_file, judged, leave, rows, sealer

pytestmark = pytest.mark.db

# Another value for each column, in SQL; the first id is taken by a record that has no link.
CHANGES = {
    "at": "at + interval '1 microsecond'",
    "xid": "xid + 1",
    "actor": "'somebody'",
    "account_id": "7",
    "action": "'people.list'",
    "outcome": "'denied'",
    "subject_kind": "'worker'",
    "subjects": "'{3}'",
    "count": "count + 1",
    "area": "'1.3.'",
    "reason": "''",
    "before": "NULL",
    "after": "jsonb_set(after, '{occupancy}', '\"rented\"')",
    "request_id": "'x'",
    "address": "'192.0.2.1'",
}
LINK_CHANGES = {
    "record_id": "999",
    "digest": "sha256('x')",
    "keep_until": "keep_until - 1",
    "hash": "sha256('x')",
    "floor": "floor + 1",
    "sealed_at": "sealed_at + interval '1 microsecond'",
}


@pytest.fixture
def trail(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Five records, sealed one by one."""
    for _ in range(5):
        leave(runtime, 1)
        sealer(runtime, tmp_path).turn()
    return runtime


def faults(
    trail: Runtime, home: Path, *, days: int = 0
) -> list[tuple[str, int | None, int | None]]:
    found = judged(trail, home, days=days).faults
    return [(fault.kind.value, fault.seq, fault.record_id) for fault in found]


def test_what_nobody_touched_is_whole(trail: Runtime, tmp_path: Path) -> None:
    verdict = judged(trail, tmp_path)

    assert verdict.ok
    assert (verdict.links, verdict.expired, verdict.pending, verdict.heads) == (5, 0, 0, 5)


def test_an_empty_audit_is_whole(runtime: Runtime, tmp_path: Path) -> None:
    verdict = judged(runtime, tmp_path)

    assert (verdict.ok, verdict.links, verdict.heads) == (True, 0, 0)


def test_every_column_of_a_record_and_of_a_link_is_tried() -> None:
    columns = {column.name for column in AuditRecord.__table__.columns}
    of_link = {column.name for column in AuditLink.__table__.columns}

    assert set(CHANGES) == columns - {"id"}
    assert set(LINK_CHANGES) == of_link - {"seq"}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_record_is_named(trail: Runtime, tmp_path: Path, column: str) -> None:
    as_owner(trail, f"UPDATE audit_record SET {column} = {CHANGES[column]} WHERE id = 3")

    assert faults(trail, tmp_path) == [("changed", 3, 3)]


@pytest.mark.parametrize("column", LINK_CHANGES)
def test_a_changed_link_is_named(trail: Runtime, tmp_path: Path, column: str) -> None:
    as_owner(trail, f"UPDATE audit_link SET {column} = {LINK_CHANGES[column]} WHERE seq = 3")

    (kind, seq, _), *others = faults(trail, tmp_path)
    assert (kind, seq, others) == ("link_changed", 3, [])


def test_changing_an_endless_value_is_no_way_to_stop_a_verification(
    trail: Runtime, tmp_path: Path
) -> None:
    as_owner(
        trail,
        "UPDATE audit_record SET at = 'infinity' WHERE id = 2",
        "UPDATE audit_record SET at = '294276-01-01' WHERE id = 3",
        "UPDATE audit_link SET keep_until = '-infinity', sealed_at = 'infinity' WHERE seq = 4",
    )

    assert faults(trail, tmp_path) == [
        ("changed", 2, 2),
        ("changed", 3, 3),
        ("link_changed", 4, 4),
    ]


def test_a_deleted_record_is_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(trail, "DELETE FROM audit_record WHERE id = 2")

    assert faults(trail, tmp_path) == [("deleted", 2, 2)]


def test_a_record_deleted_with_its_link_is_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(trail, "DELETE FROM audit_link WHERE seq = 2", "DELETE FROM audit_record WHERE id = 2")

    assert faults(trail, tmp_path) == [("link_deleted", 2, None)]


def test_two_records_that_changed_places_are_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(
        trail,
        "UPDATE audit_record SET id = 900 WHERE id = 2",
        "UPDATE audit_record SET id = 2 WHERE id = 4",
        "UPDATE audit_record SET id = 4 WHERE id = 900",
    )

    assert faults(trail, tmp_path) == [("changed", 2, 2), ("changed", 4, 4)]


def test_two_links_that_changed_places_are_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(
        trail,
        "UPDATE audit_link SET seq = 900 WHERE seq = 2",
        "UPDATE audit_link SET seq = 2 WHERE seq = 4",
        "UPDATE audit_link SET seq = 4 WHERE seq = 900",
    )

    assert faults(trail, tmp_path) == [("reordered", 2, 4)]


def test_the_newest_rows_cut_off_are_missed(trail: Runtime, tmp_path: Path) -> None:
    as_owner(trail, "DELETE FROM audit_link WHERE seq > 3", "DELETE FROM audit_record WHERE id > 3")

    assert faults(trail, tmp_path) == [("truncated", 4, 4)]


def test_the_newest_rows_cut_off_and_written_anew_are_missed(
    trail: Runtime, tmp_path: Path
) -> None:
    as_owner(trail, "DELETE FROM audit_link WHERE seq > 3", "DELETE FROM audit_record WHERE id > 3")
    leave(trail, 3)
    sealer(trail, tmp_path).turn()

    assert faults(trail, tmp_path) == [("rewritten", 4, 4)]


def test_without_the_file_of_heads_a_cut_at_the_end_cannot_be_seen(
    trail: Runtime, tmp_path: Path
) -> None:
    as_owner(trail, "DELETE FROM audit_link WHERE seq > 3", "DELETE FROM audit_record WHERE id > 3")
    head_file(tmp_path).path.unlink()

    verdict = judged(trail, tmp_path)
    assert (verdict.ok, verdict.heads) == (True, 0)


def test_a_link_put_in_is_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(
        trail,
        "UPDATE audit_link SET seq = -seq WHERE seq >= 3",
        "UPDATE audit_link SET seq = 1 - seq WHERE seq < 0",
        "INSERT INTO audit_link (seq, record_id, digest, keep_until, hash, floor)"
        " VALUES (3, 77, sha256('x'), current_date, sha256('y'), 1)",
    )

    assert faults(trail, tmp_path) == [("inserted", 3, 77)]


def test_a_record_put_among_sealed_ones_is_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(
        trail,
        # The first transaction of all: whatever runs elsewhere, that one ended long ago.
        "INSERT INTO audit_record (id, xid, actor, action, outcome)"
        " VALUES (77, 3, 'x', 'people.read', 'done')",
    )
    sealer(trail, tmp_path).turn()

    assert faults(trail, tmp_path) == [("inserted", None, 77)]


def test_a_record_dated_back_is_named(trail: Runtime, tmp_path: Path) -> None:
    as_owner(
        trail,
        "INSERT INTO audit_record (id, at, actor, action, outcome)"
        " VALUES (77, now() - interval '25 hours', 'x', 'people.read', 'done')",
    )
    sealer(trail, tmp_path).turn()

    assert faults(trail, tmp_path) == [("misdated", 6, 77)]


@pytest.mark.parametrize(
    ("action", "days", "found"),
    [
        ("people.read", 1100, []),
        ("people.read", 1098, [("shortened", 6, 77)]),
        ("sign_in", 190, []),
        ("sign_in", 188, [("shortened", 6, 77)]),
        ("of.old", 190, [("shortened", 6, 77)]),
    ],
)
def test_a_link_that_lets_its_record_go_too_early_is_named(
    trail: Runtime, tmp_path: Path, action: str, days: int, found: list[object]
) -> None:
    as_owner(
        trail,
        "INSERT INTO audit_record (id, actor, action, outcome) VALUES (77, 'x', :action, 'done')",
        action=action,
    )
    sound = sealer(trail, tmp_path).turn()
    assert sound is not None
    # What the application may do, before its sealer comes: the same link with a day of its own.
    as_owner(
        trail,
        "UPDATE audit_link SET keep_until = (now() AT TIME ZONE 'UTC')::date + :days WHERE seq = 6",
        days=days,
    )
    _rehash_last(trail)
    head_file(tmp_path).path.unlink()

    assert faults(trail, tmp_path) == found


def test_a_record_without_an_instant_has_no_term_to_be_held_to(
    trail: Runtime, tmp_path: Path
) -> None:
    as_owner(
        trail,
        "INSERT INTO audit_record (id, at, actor, action, outcome)"
        " VALUES (77, 'infinity', 'x', 'people.read', 'done')",
    )
    sealer(trail, tmp_path).turn()

    assert faults(trail, tmp_path) == []


def _rehash_last(trail: Runtime) -> None:
    with trail.work(ACTOR) as work:
        open_log(work.session)
        (before, _), (last, _) = list(module.links_after(work.session, 4))
    hashed = link_hash(before.hash, last)
    as_owner(trail, "UPDATE audit_link SET hash = :hash WHERE seq = 6", hash=hashed)


def test_the_application_cannot_choose_instant_id_or_transaction(trail: Runtime) -> None:
    for column, value in (("id", "77"), ("at", "now()"), ("xid", "1")):
        query = (
            f"INSERT INTO audit_record ({column}, actor, action, outcome)"
            f" VALUES ({value}, 'x', 'people.read', 'done')"
        )
        with pytest.raises(Exception, match="permission denied"), trail.engine.begin() as c:
            c.execute(text(query))


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE audit_record SET reason = ''",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "UPDATE audit_link SET floor = 0",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link",
    ],
)
def test_the_application_cannot_change_the_audit(trail: Runtime, query: str) -> None:
    with pytest.raises(Exception, match="permission denied"), trail.engine.begin() as connection:
        connection.execute(text(query))


def test_a_record_may_be_gone_after_its_day_and_not_before(trail: Runtime, tmp_path: Path) -> None:
    as_owner(trail, "DELETE FROM audit_record WHERE id = 2")

    assert faults(trail, tmp_path, days=1100) == [("deleted", 2, 2)]
    verdict = judged(trail, tmp_path, days=1101)
    assert (verdict.faults, verdict.expired) == ((), 1)


def test_a_walk_goes_on_over_many_batches(
    trail: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    steps: list[tuple[str, int, int]] = []
    as_owner(trail, "UPDATE audit_record SET reason = '' WHERE id IN (1, 5)")
    with trail.work(ACTOR) as work:
        found = module.verify(
            work.session, head_file(tmp_path), work.now.date(), lambda *s: steps.append(s)
        )

    assert [fault.seq for fault in found.faults] == [1, 5]
    assert found.heads == 5
    assert steps == [("verify", 2, 5), ("verify", 4, 5), ("verify", 5, 5)]


def test_faults_without_end_are_not_all_named(
    trail: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NAMED", 2)
    as_owner(trail, "UPDATE audit_record SET reason = ''")

    assert faults(trail, tmp_path) == [("changed", 1, 1), ("changed", 2, 2)]


def test_links_stand_without_a_gap(trail: Runtime) -> None:
    assert [row["seq"] for row in rows(trail, "SELECT seq FROM audit_link ORDER BY seq")] == [
        1, 2, 3, 4, 5,
    ]  # fmt: skip
