"""``wangge audit``: names what was tampered with, copies with a record, deletes only when told."""

import csv
import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from api.cli import audit
from api.cli.opening import check_keys
from geo.access.actors import Actor, ActorKind
from geo.audit.actions import Action
from geo.audit.heads import HeadFile
from geo.audit.notes import Note
from geo.audit.sealer import Sealer
from geo.clock import now
from geo.runtime import Runtime
from tests.api.cli.conftest import Command
from tests.geo.audit.trail import BROKEN, as_owner, leave, rows

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def known_keys(runtime: Runtime) -> None:
    """The first command on a database notes its keys; here that is over and forgotten."""
    check_keys(runtime)
    as_owner(runtime, "TRUNCATE audit_record RESTART IDENTITY")


@pytest.fixture
def heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "heads.log"
    monkeypatch.setenv("WANGGE_AUDIT_HEAD_FILE", str(path))
    return path


def read_by(runtime: Runtime, name: str, household: int, action: Action, reason: str = "") -> None:
    actor = Actor(name, kind=ActorKind.PERSON)
    note = Note(action, subject_kind="household", subjects=(household,), reason=reason)
    with runtime.work(actor) as work:
        work.note(note)


def test_a_whole_audit_is_said_to_be_whole(wangge: Command, runtime: Runtime, heads: Path) -> None:
    leave(runtime, 3)

    first, second = wangge("audit", "verify"), wangge("audit", "verify", "--json")

    assert (first.status, second.status) == (0, 0)
    assert "3 links" in first.out
    assert "the audit is whole" in first.out
    # The second one also walks the link of the first one's own record.
    verdict = json.loads(second.out)
    assert (verdict["ok"], verdict["links"], verdict["heads"]) == (True, 4, 2)
    assert verdict["faults"] == []


def test_a_changed_record_is_named_and_the_exit_status_is_one(
    wangge: Command, runtime: Runtime, heads: Path
) -> None:
    leave(runtime, 3)
    wangge("audit", "verify")
    as_owner(runtime, "UPDATE audit_record SET actor = 'x' WHERE id = 2")

    done, chinese = wangge("audit", "verify"), wangge("audit", "verify", lang="zh")

    assert (done.status, chinese.status) == (1, 1)
    assert "link 2, record 2: the record is not what was sealed" in done.out
    assert "第 2 节, 记录 2: 记录内容被改动" in chinese.out
    (record, *_) = rows(
        runtime, "SELECT * FROM audit_record WHERE action = 'audit.verify' ORDER BY id DESC"
    )
    assert record["after"]["faults"] == [{"kind": "changed", "seq": 2, "record_id": 2}]


def test_a_cut_at_the_end_is_named_by_the_file_of_heads(
    wangge: Command, runtime: Runtime, heads: Path
) -> None:
    leave(runtime, 3)
    Sealer(runtime, HeadFile(heads)).turn()
    as_owner(
        runtime, "DELETE FROM audit_link WHERE seq = 3", "DELETE FROM audit_record WHERE id = 3"
    )

    done = wangge("audit", "verify", "--json")

    assert done.status == 1
    assert json.loads(done.out)["faults"] == [{"kind": "truncated", "seq": 3, "record_id": 3}]


def test_without_heads_it_says_what_it_cannot_see(
    wangge: Command, runtime: Runtime, heads: Path
) -> None:
    # An empty audit has no head to keep.
    assert "no heads kept elsewhere" in wangge("audit", "verify").out


def test_while_another_process_seals_it_waits_and_then_says_so(
    wangge: Command, runtime: Runtime, heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_TURNS", 2)
    monkeypatch.setattr(audit, "_TURN_S", 0.01)
    monkeypatch.setattr(Sealer, "turn", lambda self: None)

    refused = wangge("audit", "verify")

    assert refused.status == 2
    assert "another process is sealing" in refused.err


def test_many_batches_are_sealed_before_it_verifies(
    wangge: Command, runtime: Runtime, heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.audit import sealer

    monkeypatch.setitem(sealer.seal.__kwdefaults__, "most", 2)
    leave(runtime, 5)

    assert json.loads(wangge("audit", "verify", "--json").out)["links"] == 5


def test_who_saw_a_household_is_one_line_each(wangge: Command, runtime: Runtime) -> None:
    for _ in range(3):
        read_by(runtime, "zhao", 123, Action.PEOPLE_READ)
    read_by(runtime, "qian", 123, Action.PEOPLE_REVEAL, "return a call")
    read_by(runtime, "sun", 124, Action.PEOPLE_READ)

    done = wangge("audit", "who", "household:123")
    as_json = json.loads(wangge("audit", "who", "--household", "123", "--json").out)

    assert done.status == 0
    assert "3 ×  zhao  Read a household" in done.out
    assert "qian  Revealed fields in clear  return a call" in done.out
    assert "sun" not in done.out
    # A question to the audit shows nothing of the household: it is no look at it.
    assert [(row["actor"], row["times"]) for row in as_json] == [("qian", 1), ("zhao", 3)]
    assert "lines: 2" in done.err


@pytest.mark.parametrize(
    "arguments",
    [[], ["123"], ["household:"], ["household:x"], ["a b:1"], ["household:1", "--household", "1"]],
)
def test_who_takes_a_kind_and_an_id(wangge: Command, arguments: list[str]) -> None:
    assert wangge("audit", "who", *arguments).status == 2


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_is_a_private_file_and_leaves_a_record(
    wangge: Command, runtime: Runtime, tmp_path: Path, form: str
) -> None:
    leave(runtime, 3)
    output = tmp_path / f"audit.{form}"

    done = wangge("audit", "export", "--format", form, "-o", output)

    assert done.status == 0
    assert "3 records" in done.out
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    text = output.read_text(encoding="utf-8")
    if form == "csv":
        found = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
        assert [row["subjects"] for row in found] == ["1 1001", "2 1002", "3 1003"]
    else:
        found = [json.loads(line) for line in text.splitlines()]
        assert [row["subjects"] for row in found] == [[1, 1001], [2, 1002], [3, 1003]]
    (record,) = rows(runtime, "SELECT * FROM audit_record WHERE action = 'audit.export'")
    assert (record["count"], record["after"]["form"]) == (3, form)


def test_an_export_gives_the_days_asked_for(
    wangge: Command, runtime: Runtime, tmp_path: Path
) -> None:
    leave(runtime, 3)
    as_owner(
        runtime,
        # In Shanghai: the last moment of the 19th, the first of the 20th, the first of the 21st.
        "UPDATE audit_record SET at = '2026-11-19T15:59:59.999999Z' WHERE id = 1",
        "UPDATE audit_record SET at = '2026-11-19T16:00:00Z' WHERE id = 2",
        "UPDATE audit_record SET at = '2026-11-20T16:00:00Z' WHERE id = 3",
    )
    output = tmp_path / "day.jsonl"
    wangge(
        "audit", "export", "--from", "2026-11-20", "--to", "2026-11-20", "--format", "jsonl",
        "-o", output,
    )  # fmt: skip

    assert [json.loads(line)["id"] for line in output.read_text().splitlines()] == [2]


def test_many_records_are_exported_in_their_order(
    wangge: Command, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.audit.store._STEP", 2)
    leave(runtime, 5)
    output = tmp_path / "all.jsonl"
    wangge("audit", "export", "--format", "jsonl", "-o", output)

    assert [json.loads(line)["id"] for line in output.read_text().splitlines()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "9999-12-31"])
def test_a_day_that_is_none_is_refused(wangge: Command, tmp_path: Path, day: str) -> None:
    done = wangge("audit", "export", "--to", day, "-o", tmp_path / "x.csv")

    assert done.status == 2


def test_no_record_no_copy(wangge: Command, runtime: Runtime, tmp_path: Path) -> None:
    leave(runtime, 1)
    as_owner(runtime, *BROKEN)
    output = tmp_path / "audit.csv"

    refused = wangge("audit", "export", "-o", output)

    assert refused.status == 2
    assert "takes no record" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_due_is_only_counted_until_it_is_meant(wangge: Command, runtime: Runtime) -> None:
    as_owner(
        runtime,
        "INSERT INTO job (kind, actor, state, finished_at) VALUES ('import', 'x', 'done', :at)",
        at=now() - timedelta(days=500),
    )

    def jobs() -> int:
        return int(rows(runtime, "SELECT count(*) AS n FROM job")[0]["n"])

    counted, before = json.loads(wangge("audit", "expire", "--json").out), jobs()
    done = wangge("audit", "expire", "--commit")

    assert (counted["committed"], counted["rows"]["job"], before) == (False, 1, 1)
    assert done.status == 0
    assert jobs() == 0


def test_findings_are_listed(wangge: Command, runtime: Runtime) -> None:
    as_owner(
        runtime,
        "INSERT INTO account (kind, login, name, created_by)"
        " VALUES ('person', 'one', '一', 'x'), ('person', 'two', '二', 'x')",
        "INSERT INTO audit_finding (week, account_id, rule, count, examples)"
        " VALUES ('2026-11-16', 1, 'night', 3, '{1}')",
        "INSERT INTO audit_finding (week, account_id, rule, count, examples, reviewed_by,"
        " reviewed_at, remark) VALUES ('2026-11-09', 1, 'bulk', 9, '{1}', 2, now(), 'on duty')",
    )

    waiting, every = wangge("audit", "findings"), wangge("audit", "findings", "--all")
    as_json = json.loads(wangge("audit", "findings", "--all", "--json").out)

    assert "2026-11-16      3 ×  one  at night  –" in waiting.out
    assert "2026-11-09" not in waiting.out
    assert "two: on duty" in every.out
    assert [row["rule"] for row in as_json] == ["bulk", "night"]
