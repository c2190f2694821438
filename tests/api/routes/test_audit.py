"""The audit over HTTP: found by every filter, page by page, recorded, reviewed by a second one."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI

from api import exports
from geo.access.roles import Role
from geo.audit.heads import HeadFile
from geo.audit.sealer import Sealer
from geo.clock import now
from geo.oversight import service
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.moving import Moved
from tests.geo.audit.trail import ACTOR, BROKEN, as_owner, rows

pytestmark = pytest.mark.db

RECORDS, FINDINGS = "/api/v1/audit/records", "/api/v1/audit/findings"
EXPORT = "/api/v1/audit/export"


@pytest.fixture
def runtime(small_town: Runtime) -> Runtime:
    return small_town


@pytest.fixture
def app(runtime: Runtime, moved: Moved) -> FastAPI:
    """An application on it: each test counts its records."""
    return moved.on(runtime)


@pytest.fixture
def auditor(app: FastAPI) -> Client:
    return Client.of(app, Role.AUDIT_ADMIN, None)


@pytest.fixture
def worker(app: FastAPI) -> Client:
    return Client.of(app, Role.GRID_WORKER, "100A2001")


def items(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.json(f"{RECORDS}{query}")["items"]
    return found


def login_of(client: Client) -> str:
    return str(client.json("/api/v1/me")["login"])


def test_a_read_is_found_with_whom_it_gave_and_where(auditor: Client, worker: Client) -> None:
    given = worker.json("/api/v1/households?cell=100A2001")["items"]

    (record,) = items(auditor, "?action=people.list")
    assert sorted(record["subjects"]) == sorted(row["id"] for row in given)
    assert record["actor"] == login_of(worker)
    assert record["area"] == {"code": "100A2001", "name": "第 1 网格"}
    assert (record["outcome"], record["subject_kind"], record["count"]) == ("done", "household", 5)
    assert (record["action_zh"], record["action_en"]) == ("查看住户列表", "Listed households")
    assert record["name"]
    assert record["request_id"]
    assert record["seq"] is None


def test_what_is_about_an_account_names_its_login(
    app: FastAPI, auditor: Client, worker: Client
) -> None:
    login = login_of(worker)
    admin = Client.of(app, Role.SYSTEM_ADMIN, None)
    assert admin.post(f"/api/v1/accounts/{login}/lock").status_code == 200

    (record,) = items(auditor, "?action=account.change")
    assert (record["actor"], record["subject_login"]) == (login_of(admin), login)
    read = items(auditor, "?action=audit.search")[0]
    assert read["subject_login"] is None


def test_a_search_is_itself_recorded_with_its_filters(auditor: Client) -> None:
    items(auditor, "?action=people.list&outcome=done")

    newest = items(auditor, "?action=audit.search")[0]
    assert newest["actor"] == login_of(auditor)
    assert newest["after"] == {
        "asked": {"action": "people.list", "outcome": "done"}, "going_on": False,
    }  # fmt: skip


def test_a_number_typed_as_a_login_is_not_kept_for_years(auditor: Client) -> None:
    items(auditor, "?account=13812345678&request_id=11010519491231002X")

    asked = items(auditor, "?action=audit.search")[0]["after"]["asked"]
    assert asked == {"actor": "138****5678", "request_id": "110***********002X"}


@pytest.mark.parametrize(
    "query",
    [
        "action=people.read",
        "outcome=missed",
        "subject_kind=worker",
        "subject_kind=household&subject=1",
        "request_id=the-third-one",
        "account={login}",
        "account={LOGIN}&outcome=done&action=workforce.read",
        "account=system:test",
    ],
)
def test_every_filter_gives_exactly_what_fits(
    auditor: Client, worker: Client, runtime: Runtime, query: str
) -> None:
    worker.json("/api/v1/households")
    worker.json("/api/v1/households/1")
    worker.get("/api/v1/households/7", X_Request_ID="the-third-one")
    worker.json("/api/v1/workers/w1")
    login = login_of(worker)
    asked = query.format(login=login, LOGIN=login.upper())
    wanted = dict(part.split("=") for part in asked.lower().split("&"))
    stored = rows(runtime, "SELECT * FROM audit_record ORDER BY id DESC")
    fitting = [
        str(row["id"])
        for row in stored
        if all(_fits(row, name, value) for name, value in wanted.items())
    ]

    assert [row["id"] for row in items(auditor, f"?{asked}")] == fitting
    assert fitting


def _fits(row: Any, name: str, value: str) -> bool:
    if name == "subject":
        return int(value) in row["subjects"]
    return bool(row["actor" if name == "account" else name] == value)


def test_days_are_whole_and_local(auditor: Client, worker: Client, runtime: Runtime) -> None:
    worker.json("/api/v1/households/1")
    # 23:59:59 and midnight in Shanghai, which is eight hours ahead.
    as_owner(
        runtime,
        "UPDATE audit_record SET at = '2026-11-20T15:59:59.999999Z' WHERE action = 'people.read'",
    )

    def found(query: str) -> int:
        return len(items(auditor, f"?action=people.read&{query}"))

    assert found("from=2026-11-20&to=2026-11-20") == 1
    assert found("from=2026-11-21") == 0
    assert found("to=2026-11-19") == 0
    assert found("from=2026-11-20T15:59:59.999999Z") == 1
    assert found("to=2026-11-20T15:59:59.999999Z") == 0
    assert found("from=0001-01-01&to=9999-12-31") == 1


def test_a_walk_gives_each_record_once_while_others_are_added(
    auditor: Client, worker: Client, runtime: Runtime
) -> None:
    login = login_of(worker)
    for _ in range(7):
        worker.json("/api/v1/households/1")

    # Each page of the walk adds a record of its own, of the auditor.
    found = [int(row["id"]) for row in auditor.items(f"{RECORDS}?limit=3&account={login}")]

    query = "SELECT id FROM audit_record WHERE actor = :login ORDER BY at DESC, id DESC"
    assert found == [row["id"] for row in rows(runtime, query, login=login)]
    assert len(found) >= 7


def test_a_cursor_of_any_number_is_taken(auditor: Client) -> None:
    from api.cursors import cursor_text

    for micros in (0, 10**15, 2**63 - 1):
        after = cursor_text("records", (micros, 2**63 - 1))
        assert auditor.get(f"{RECORDS}?after={after}").status_code == 200


def test_what_is_sealed_has_its_number(auditor: Client, runtime: Runtime) -> None:
    Sealer(runtime, HeadFile(runtime.settings.heads_path)).turn()

    numbers = [int(row["seq"]) for row in items(auditor, "?account=system:test")]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers


def test_an_action_of_an_older_program_keeps_its_own_word(
    auditor: Client, runtime: Runtime
) -> None:
    as_owner(
        runtime,
        "INSERT INTO audit_record (actor, action, outcome) VALUES ('x', 'of.old', 'done')",
    )

    assert items(auditor, "?account=x")[0]["action_zh"] == "of.old"


def test_the_chain_tells_its_head_what_waits_and_who_looked(
    auditor: Client, runtime: Runtime
) -> None:
    file = HeadFile(runtime.settings.heads_path)
    empty = auditor.json("/api/v1/audit/chain")
    sealer = Sealer(runtime, file)
    sealer.turn()
    with runtime.work(ACTOR) as work:
        service.verify(work, file, work.now.date(), lambda *_: None)

    chain = auditor.json("/api/v1/audit/chain")

    assert (empty["head"], empty["verified"]) == (None, None)
    (head,) = file.heads()
    assert (chain["head"]["seq"], chain["head"]["hash"]) == (str(head.seq), head.hash.hex())
    assert chain["unsealed"] >= 1
    verified = chain["verified"]
    assert (verified["ok"], verified["links"], verified["faults"]) == (True, head.seq, 0)
    assert verified["actor"] == "system:test"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDIT_ADMIN])
def test_nobody_else_reads_the_audit(app: FastAPI, role: Role) -> None:
    client = Client(app) if role is Role.ANONYMOUS else Client.of(app, role, "100")
    wanted = 401 if role is Role.ANONYMOUS else 403

    for path in (RECORDS, "/api/v1/audit/chain", FINDINGS):
        assert client.get(path).status_code == wanted


@pytest.fixture
def finding(runtime: Runtime, worker: Client, auditor: Client) -> str:
    """A finding about the grid worker, and one about the auditor."""
    for client in (worker, auditor):
        as_owner(
            runtime,
            "INSERT INTO audit_finding (week, account_id, rule, count, examples)"
            " SELECT '2026-11-16', id, 'night', 3, '{1,2}' FROM account WHERE login = :login",
            login=login_of(client),
        )
    (row,) = rows(
        runtime,
        "SELECT audit_finding.id FROM audit_finding JOIN account ON account.id = account_id"
        " WHERE login = :login",
        login=login_of(worker),
    )
    return str(row["id"])


def test_a_finding_is_shown_to_others_alone(auditor: Client, worker: Client, finding: str) -> None:
    (row,) = auditor.json(FINDINGS)["items"]

    assert (row["id"], row["login"], row["rule"]) == (finding, login_of(worker), "night")
    assert (row["week"], row["count"], row["examples"]) == ("2026-11-16", 3, ["1", "2"])
    assert row["reviewed_by"] is None


def test_powerful_access_is_shown_with_who_gave_it_to_whom_but_not_to_who_got_it(
    auditor: Client, worker: Client, runtime: Runtime
) -> None:
    for client in (worker, auditor):
        as_owner(
            runtime,
            "INSERT INTO audit_finding (week, account_id, rule, count, examples, given_by)"
            " SELECT '2026-11-16', id, 'powers', 1, '{1}', '{root}' FROM account"
            " WHERE login = :login",
            login=login_of(client),
        )
    (row,) = auditor.json(FINDINGS)["items"]

    assert (row["rule"], row["login"], row["given_by"]) == ("powers", login_of(worker), ["root"])


def test_a_second_person_reviews_once(auditor: Client, finding: str, runtime: Runtime) -> None:
    path = f"{FINDINGS}/{finding}/review"
    body = auditor.post(path, {"remark": " on duty that night "}).json()
    again = auditor.post(path, {"remark": "again"})

    assert body["remark"] == "on duty that night"
    assert body["reviewed_by"] == login_of(auditor)
    assert again.status_code == 409
    assert auditor.json(f"{FINDINGS}?open=true")["items"] == []
    (record,) = rows(runtime, "SELECT * FROM audit_record WHERE action = 'audit.review'")
    assert (record["subjects"], record["reason"]) == ([int(finding)], "on duty that night")


def test_a_review_sent_again_under_its_key_is_the_same_review(
    auditor: Client, finding: str
) -> None:
    path, key = f"{FINDINGS}/{finding}/review", "review-key-0001"
    first = auditor.post(path, {"remark": "on duty"}, key=key)
    second = auditor.post(path, {"remark": "on duty"}, key=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


def test_a_remark_with_somebodys_number_is_refused(
    auditor: Client, finding: str, runtime: Runtime
) -> None:
    answer = auditor.post(f"{FINDINGS}/{finding}/review", {"remark": "他说是13812345678"})

    assert (answer.status_code, answer.json()["code"]) == (400, "reason_personal")
    assert not rows(runtime, "SELECT * FROM audit_record WHERE action = 'audit.review'")


def test_nobody_reviews_their_own_reads(auditor: Client, finding: str, runtime: Runtime) -> None:
    own = int(finding) + 1
    refused = auditor.post(f"{FINDINGS}/{own}/review", {"remark": "nothing wrong"})

    assert refused.status_code == 404
    (record,) = rows(runtime, "SELECT * FROM audit_record WHERE outcome = 'missed'")
    assert (record["subject_kind"], record["subjects"]) == ("finding", [own])
    with pytest.raises(Exception, match="second_person"):
        as_owner(
            runtime,
            f"UPDATE audit_finding SET reviewed_by = account_id, reviewed_at = now()"
            f" WHERE id = {own}",
        )


def exported(client: Client, query: str = "") -> httpx.Response:
    answer = client.get(f"{EXPORT}{query}")
    assert answer.status_code == 200, answer.text
    return answer


def test_a_table_opens_in_a_spreadsheet_and_computes_nothing(
    auditor: Client, runtime: Runtime
) -> None:
    as_owner(
        runtime,
        "INSERT INTO audit_record (actor, action, outcome, reason)"
        " VALUES ('=cmd|''/C calc''!A0', 'of.old', 'done', '核实\n第二行')",
    )
    answer = exported(auditor, "?action=people.import")
    assert answer.content.startswith(b"\xef\xbb\xbf")  # how Excel knows UTF-8
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    day = now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert answer.headers["content-disposition"] == f'attachment; filename="audit-{day}.csv"'

    found = list(csv.DictReader(io.StringIO(exported(auditor).text.removeprefix("\ufeff"))))
    (odd,) = [row for row in found if row["action"] == "of.old"]
    assert (odd["actor"], odd["reason"]) == ("'=cmd|'/C calc'!A0", "核实\n第二行")


def test_the_file_holds_what_the_list_shows_oldest_first(auditor: Client, worker: Client) -> None:
    worker.json("/api/v1/households")
    worker.json("/api/v1/households/1")
    asked = f"?account={login_of(worker)}"
    shown = [row["id"] for row in items(auditor, asked)]
    answer = exported(auditor, f"{asked}&f=jsonl")

    assert [str(json.loads(line)["id"]) for line in answer.text.splitlines()] == shown[::-1]
    assert answer.headers["wangge-records"] == str(len(shown))
    assert "wangge-cut-at" not in answer.headers


def test_an_export_is_itself_recorded_with_its_filters(auditor: Client) -> None:
    exported(auditor, "?outcome=done&account=13812345678")

    (record,) = items(auditor, "?action=audit.export")
    assert (record["actor"], record["count"]) == (login_of(auditor), 0)
    asked = {"actor": "138****5678", "outcome": "done"}
    assert record["after"] == {"asked": asked, "form": "csv"}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_that_was_cut_says_where_and_goes_on_from_there(
    auditor: Client, worker: Client, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    for _ in range(4):
        worker.json("/api/v1/workers/w1")
    monkeypatch.setattr(exports, "MOST", 3)
    asked = f"?account={login_of(worker)}&action=workforce.read&f={form}"
    answer = exported(auditor, asked)
    shown = items(auditor, f"?account={login_of(worker)}&action=workforce.read")[::-1]

    cut_at = datetime.fromisoformat(answer.headers["wangge-cut-at"])
    assert answer.headers["wangge-records"] == "3"
    assert cut_at == datetime.fromisoformat(shown[2]["at"])
    assert f"-cut.{form}" in answer.headers["content-disposition"]
    last = answer.text.splitlines()[-1]
    assert "3 records at most" in last
    assert cut_at.isoformat() in last
    (record,) = items(auditor, "?action=audit.export")
    assert record["after"]["cut_at"] == cut_at.isoformat()

    rest = exported(auditor, f"{asked}&from={quote(cut_at.isoformat())}").text
    assert str(shown[3]["id"]) in rest


def test_without_a_record_there_is_no_file(auditor: Client, runtime: Runtime) -> None:
    as_owner(runtime, *BROKEN)
    refused = auditor.get(EXPORT)

    assert (refused.status_code, refused.json()["code"]) == (503, "audit_unavailable")


def test_an_export_is_taken_as_what_it_is(auditor: Client) -> None:
    assert auditor.get(EXPORT, accept="text/csv").status_code == 200
    assert auditor.get(RECORDS, accept="text/csv").status_code == 406
    assert auditor.get(f"{EXPORT}?f=xlsx").status_code == 400
    assert auditor.get(f"{EXPORT}?limit=5").status_code == 400


@pytest.mark.parametrize("remark", ["", "   ", "x" * 201, "two\nlines", None, 5])
def test_a_remark_is_one_line_of_words(auditor: Client, finding: str, remark: Any) -> None:
    answer = auditor.post(f"{FINDINGS}/{finding}/review", {"remark": remark})

    assert answer.status_code == 400


def test_findings_come_page_by_page_newest_first(
    auditor: Client, worker: Client, finding: str, runtime: Runtime
) -> None:
    for weeks in range(1, 4):
        as_owner(
            runtime,
            "INSERT INTO audit_finding (week, account_id, rule, count, examples)"
            " SELECT CAST(:day AS date), id, 'night', 1, '{}' FROM account WHERE login = :login",
            day=(now() - timedelta(weeks=weeks + 100)).date(),
            login=login_of(worker),
        )

    found = [int(row["id"]) for row in auditor.items(f"{FINDINGS}?limit=2")]
    assert found == sorted(found, reverse=True)
    assert len(found) == 4
