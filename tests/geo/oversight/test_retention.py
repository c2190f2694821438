"""What was kept long enough goes, from table, index and dump; what is young stays, always."""

import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.audit.actions import KEEP, Action, Keep
from geo.clock import now
from geo.db.cluster_programs import find_programs
from geo.oversight.jobs import run_retention
from geo.oversight.retention import TERMS, Term
from geo.oversight.service import expire
from geo.runtime import Runtime
from geo.tables import METADATA
from tests.databases import Databases
from tests.geo.audit.trail import ACTOR, as_owner, judged, rows, sealer

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "retention.md").read_text(encoding="utf-8")
SQL = (ROOT / "migrations" / "sql" / "0002_retention.sql").read_text(encoding="utf-8")
FLOORS = {
    name: int(days)
    for name, days in re.findall(
        r"FUNCTION (expire_\w+)\(.*?greatest\(days, (\d+)\)", SQL, re.DOTALL
    )
}

# One row a table: what it holds, and the column its age is counted from. ``{mark}`` finds it again.
SEEDS = {
    "audit_finding": "INSERT INTO audit_finding (week, account_id, rule, count, examples, remark,"
    " reviewed_by, reviewed_at)"
    " VALUES (CAST(:at AS date), 1, '{mark}', 1, '{{}}', '{mark}', 2, :at)",
    "sign_in": "INSERT INTO sign_in (account_id, kind, token_hash, token_until, expires_at,"
    " ended_at, device)"
    " VALUES (1, 'token', sha256('{mark}'), :at, now() + interval '9 days', :at, '{mark}')",
    "refresh_token": "INSERT INTO refresh_token (sign_in_id, token_hash, expires_at, used_key)"
    " VALUES (1, sha256('{mark}'), :at, '{mark}')",
    "sign_in_failure": "INSERT INTO sign_in_failure (login_hash, at, address)"
    " VALUES (sha256('x'), :at, '{mark}')",
    "idempotency_key": "INSERT INTO idempotency_key (actor, key, request_hash, status, at)"
    " VALUES ('x', '{mark}', sha256('x'), 201, :at)",
    "job": "INSERT INTO job (kind, actor, state, finished_at, error)"
    " VALUES ('import', 'x', 'failed', :at, '{mark}')",
    "data_request": "INSERT INTO data_request (kind, household_id, due_on, recorded_by, state,"
    " decided_by, decided_at, outcome)"
    " VALUES ('access', 1, CAST(:at AS date), 'x', 'done', 'x', :at, '{mark}')",
}
# What is still open, whatever its age: {mark} again.
OPEN = {
    "audit_finding": "INSERT INTO audit_finding (week, account_id, rule, count, examples, remark)"
    " VALUES ('2000-01-03', 1, 'night', 1, '{{}}', '{mark}')",
    "sign_in": "INSERT INTO sign_in (account_id, kind, token_hash, token_until, expires_at, device,"
    " created_at) VALUES (1, 'token', sha256('{mark}'), now(), now() + interval '1 day', '{mark}',"
    " '2000-01-01')",
    "job": "INSERT INTO job (kind, actor, state, created_at, run_at, error)"
    " VALUES ('import', 'x', 'queued', '2000-01-01', '2000-01-01', '{mark}')",
    "data_request": "INSERT INTO data_request (kind, household_id, received_at, due_on,"
    " recorded_by, outcome) VALUES ('access', 1, '2000-01-01', '2000-01-31', 'x', '{mark}')",
}
MARKED = {
    "audit_finding": "remark",
    "sign_in": "device",
    "refresh_token": "used_key",
    "sign_in_failure": "address",
    "idempotency_key": "key",
    "job": "error",
    "data_request": "outcome",
}
TERM_OF = {term.name: term for term in TERMS}
# A record that is no log has a floor of its own, by its action.
PROCESSING_FLOOR = 1096


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    """A town with two accounts and a sign-in that stands."""
    as_owner(
        small_town,
        "INSERT INTO account (kind, login, name, created_by)"
        " VALUES ('person', 'one', '一', 'x'), ('person', 'two', '二', 'x')",
        "INSERT INTO sign_in (account_id, kind, token_hash, token_until, expires_at)"
        " VALUES (1, 'token', sha256('stands'), now(), now() + interval '30 days')",
    )
    return small_town


def seed(town: Runtime, table: str, mark: str, days: float) -> None:
    as_owner(town, SEEDS[table].format(mark=mark), at=now() - timedelta(days=days))


def marks(town: Runtime, table: str) -> set[str]:
    """Return the marks that stand in a table, as a scan and as each index has them."""
    found = []
    for setting in ("enable_seqscan", "enable_indexscan"):
        with town.work(ACTOR) as work:
            work.session.execute(text(f"SET LOCAL {setting} = off"))
            column = MARKED[table]
            query = f"SELECT {column} FROM {table} WHERE {column} LIKE 'mark%' ORDER BY {column}"
            found.append(set(work.session.scalars(text(query))))
    assert found[0] == found[1]
    return found[0]


def expired(town: Runtime) -> dict[str, int]:
    with town.work(ACTOR) as work:
        return expire(work)


def test_the_page_is_what_the_table_says() -> None:
    found = set(
        re.findall(r"^\| `([^`]+)` \| (\d+) \| (\d+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    )

    assert found == {
        (term.name, str(term.days), str(_floor(term)), term.since, term.why) for term in TERMS
    }


def _floor(term: Term) -> int:
    return PROCESSING_FLOOR if "processing" in term.name else FLOORS[term.function]


def test_no_term_is_below_its_floor_and_no_function_without_a_term() -> None:
    assert {term.function for term in TERMS} == FLOORS.keys()
    assert [term.name for term in TERMS if term.days < FLOORS[term.function]] == []


def test_every_term_names_a_table() -> None:
    assert {term.table for term in TERMS} <= METADATA.tables.keys()
    assert {term.table for term in TERMS} == {"audit_record", *SEEDS}


@pytest.mark.db
@pytest.mark.parametrize("table", SEEDS)
def test_an_old_row_goes_and_a_young_one_stays(town: Runtime, table: str) -> None:
    days = TERM_OF[table].days
    seed(town, table, "mark_old", days + 0.1)
    seed(town, table, "mark_young", days - 0.1)

    gone = expired(town)

    assert marks(town, table) == {"mark_young"}
    assert {name: count for name, count in gone.items() if count} == {table: 1}


@pytest.mark.db
@pytest.mark.parametrize("table", OPEN)
def test_what_is_still_open_stays_whatever_its_age(town: Runtime, table: str) -> None:
    as_owner(town, OPEN[table].format(mark="mark_open"))

    expired(town)

    assert marks(town, table) == {"mark_open"}


@pytest.mark.db
@pytest.mark.parametrize("table", SEEDS)
def test_no_caller_gets_below_the_floor(town: Runtime, table: str) -> None:
    function = TERM_OF[table].function
    seed(town, table, "mark_old", FLOORS[function] + 0.1)
    seed(town, table, "mark_young", FLOORS[function] - 0.1)
    with town.work(ACTOR) as work:
        gone = work.session.scalar(text(f"SELECT {function}(0, 100)"))

    assert gone == 1
    assert marks(town, table) == {"mark_young"}


@pytest.mark.db
@pytest.mark.parametrize("table", SEEDS)
def test_the_application_cannot_delete_by_itself(town: Runtime, table: str) -> None:
    with pytest.raises(Exception, match="permission denied"), town.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))


@pytest.mark.db
def test_nobody_but_the_application_may_call_what_deletes(town: Runtime) -> None:
    query = (
        "SELECT proname, array_agg(grantee::regrole::text ORDER BY grantee) AS who"
        " FROM pg_proc, aclexplode(proacl)"
        " WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'expire%' GROUP BY proname"
    )
    (one,) = {tuple(row["who"]) for row in rows(town, query)}

    assert sorted(one) == ["wangge_app", "wangge_owner"]


@pytest.mark.db
def test_a_sign_in_goes_with_its_tokens(town: Runtime) -> None:
    seed(town, "sign_in", "mark_old", 31)
    as_owner(
        town,
        "INSERT INTO refresh_token (sign_in_id, token_hash, expires_at, used_key)"
        " SELECT id, sha256('t'), now() + interval '1 day', 'mark_token'"
        " FROM sign_in WHERE device = 'mark_old'",
    )

    expired(town)

    assert (marks(town, "sign_in"), marks(town, "refresh_token")) == (set(), set())


@pytest.mark.db
def test_many_rows_go_in_turns(town: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.oversight.service._AT_ONCE", 2)
    for number in range(5):
        seed(town, "job", f"mark_{number}", 500)

    assert expired(town)["job"] == 5
    assert marks(town, "job") == set()


@pytest.mark.db
def test_each_run_is_recorded_with_its_counts(town: Runtime) -> None:
    seed(town, "job", "mark_old", 500)

    result = run_retention(town, None)  # type: ignore[arg-type]  # it needs nothing of its job

    (record,) = rows(town, "SELECT * FROM audit_record WHERE action = 'audit.expire'")
    assert record["count"] == 1
    assert record["after"] == result
    assert result["job"] == 1
    assert record["actor"] == "system:retention"


@pytest.mark.db
def test_what_is_gone_is_in_no_dump(town: Runtime, databases: Databases, tmp_path: Path) -> None:
    for table in SEEDS:
        seed(town, table, "mark_old", TERM_OF[table].days + 1)
        seed(town, table, "mark_young", TERM_OF[table].days - 1)
    expired(town)

    programs = find_programs(databases.cluster.folder.parent)
    dump = subprocess.run(
        [
            programs.bin / "pg_dump",
            "--data-only",
            f"--dbname={town.settings.database_owner_url}",
        ],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, **programs.environ},
    ).stdout

    assert "mark_old" not in dump
    assert dump.count("mark_young") == len(SEEDS) + 1  # a finding bears it twice


def old_record(town: Runtime, action: Action, days: float) -> None:
    as_owner(
        town,
        "INSERT INTO audit_record (at, actor, action, outcome) VALUES (:at, 'x', :action, 'done')",
        at=now() - timedelta(days=days),
        action=action.value,
    )


def actions(town: Runtime) -> list[str]:
    query = "SELECT action FROM audit_record WHERE actor = 'x' ORDER BY id"
    return [row["action"] for row in rows(town, query)]


@pytest.mark.db
def test_a_record_goes_when_its_link_says_so_and_the_chain_holds(
    runtime: Runtime, tmp_path: Path
) -> None:
    old_record(runtime, Action.PEOPLE_READ, 1102)
    old_record(runtime, Action.PEOPLE_READ, 1099)
    old_record(runtime, Action.SIGN_IN, 192)
    old_record(runtime, Action.PEOPLE_LIST, 192)
    old_record(runtime, Action.SIGN_IN, 189)
    sealer(runtime, tmp_path).turn()

    gone = expired(runtime)

    assert actions(runtime) == ["people.read", "people.list", "sign_in"]
    assert (gone["audit_record (logs)"], gone["audit_record (processing)"]) == (1, 1)
    verdict = judged(runtime, tmp_path)
    assert (verdict.ok, verdict.expired) == (True, 2)


@pytest.mark.db
def test_a_record_without_a_link_never_goes(town: Runtime) -> None:
    old_record(town, Action.PEOPLE_READ, 5000)

    expired(town)

    assert actions(town) == ["people.read"]


@pytest.mark.db
def test_a_link_that_lies_about_the_day_does_not_shorten_the_half_year(town: Runtime) -> None:
    old_record(town, Action.SIGN_IN, 183)
    old_record(town, Action.SIGN_IN, 185)

    assert _gone_with_links_that_lie(town) == 1
    query = "SELECT extract(day FROM now() - at)::int AS age FROM audit_record WHERE actor = 'x'"
    assert [row["age"] for row in rows(town, query)] == [183]


@pytest.mark.db
@pytest.mark.parametrize("days", [1095, 1097])
def test_nor_the_three_years_of_what_is_no_log(town: Runtime, days: int) -> None:
    for action in Action:
        old_record(town, action, days)
    kept = [action.value for action in Action if KEEP[action] is Keep.PROCESSING]

    _gone_with_links_that_lie(town)

    assert actions(town) == (kept if days < PROCESSING_FLOOR else [])


def _gone_with_links_that_lie(town: Runtime) -> int:
    """Let go what may go when every link says that its day was long ago; return how many."""
    # The application may write links: what it says is not enough.
    with town.engine.begin() as connection:
        connection.execute(text("SELECT set_config('wangge.log', 'read', true)"))
        connection.execute(
            text(
                "INSERT INTO audit_link (seq, record_id, digest, keep_until, hash, floor)"
                " SELECT row_number() OVER (ORDER BY id), id, sha256('x'), '2000-01-01',"
                " sha256('x'), 1 FROM audit_record WHERE actor = 'x'"
            )
        )
    with town.work(ACTOR) as work:
        return int(work.session.scalar(text("SELECT expire_audit_record(0, NULL, 100)")))
