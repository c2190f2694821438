"""Who looks beyond an asker's areas, and where: every such place stands in a table here.

A new place belongs into it after somebody has thought about what it shows and to whom.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.access.actors import Reason

ROOT = Path(__file__).parents[2]

# Use cases of a request that look beyond the asker's areas, and why.
ELEVATED = {
    ("geo/checks/service.py", "HEALTH_CHECK"),
    ("geo/exchange/imports.py", "IMPORT"),
    ("geo/locate/live.py", "DUTY_LOOKUP"),
    ("geo/locate/service.py", "DUTY_LOOKUP"),
    ("geo/people/public.py", "PUBLIC_COUNTS"),
    ("geo/people/rights/printing.py", "DUTY_LOOKUP"),
    ("geo/exchange/located/grids.py", "DUTY_LOOKUP"),
    ("api/granting.py", "DUTY_LOOKUP"),
}
# What the machine itself does, nobody's request: jobs, and finding out who bears a token.
OWN_WORK = {
    "geo/audit/sealer.py", "geo/checks/job.py", "geo/jobs/loop.py", "geo/jobs/service.py",
    "geo/locate/history.py", "geo/locate/live.py", "geo/oversight/jobs.py",
    "geo/rotation/service.py", "geo/grid/plans/job.py", "api/signin.py",
}  # fmt: skip
# Where a scope that sees everything is made, and where a transaction is told its scope.
WIDE = {"geo/access/actors.py", "geo/work.py"}
TOLD = {"geo/db/session.py", "geo/work.py"}
# Who reads the log: the chain, the search of it, the weekly look, the share of a day.
READERS_OF_THE_LOG = {
    "geo/accounts/shares.py", "geo/audit/sealer.py", "geo/audit/store.py", "geo/audit/verify.py",
    "geo/oversight/watch.py",
}  # fmt: skip
# Commands of the machine's operator act as the system.
COMMANDS = "api/cli/"


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a file: what is called and with what, as it is written."""

    name: str
    written: str
    given: tuple[str, ...]


@cache
def calls() -> tuple[Call, ...]:
    """Return all calls, once: writing them out takes seconds."""
    return tuple(
        Call(path.relative_to(ROOT).as_posix(), written, tuple(map(ast.unparse, given)))
        for package in ("geo", "maps", "api")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call)
        for written in (ast.unparse(node.func),)
        for given in ([*node.args, *node.keywords],)
    )


def users_of(written: str) -> set[str]:
    """Return the files that call something, as it is written."""
    return {call.name for call in calls() if call.written == written}


def test_each_look_beyond_ones_areas_is_known_with_its_reason() -> None:
    found = {
        (call.name, call.given[0].removeprefix("Reason."))
        for call in calls()
        if call.written.endswith(".elevated")
    }

    assert found == ELEVATED


def test_what_is_not_recorded_shows_nobody_but_who_is_on_duty() -> None:
    silent = {reason for reason in Reason if not reason.audited}

    assert silent == {Reason.DUTY_LOOKUP, Reason.PUBLIC_COUNTS}


def test_only_jobs_and_commands_act_as_the_system() -> None:
    users = users_of("Actor.system") | users_of("Actor.local")

    assert {name for name in users if not name.startswith(COMMANDS)} == OWN_WORK


def test_only_actors_and_works_make_a_scope_of_everything() -> None:
    assert users_of("Scope.everything") == WIDE


def test_only_the_session_tells_a_transaction_its_scope() -> None:
    settings = {
        call.name for call in calls() if any("SCOPE_SETTING" in given for given in call.given)
    }

    assert users_of("set_scope") | settings == TOLD


def test_only_the_watch_over_the_audit_reads_it() -> None:
    assert users_of("open_log") == READERS_OF_THE_LOG


def test_no_statement_text_tells_a_transaction_its_scope() -> None:
    named = {
        path.relative_to(ROOT).as_posix()
        for package in ("geo", "maps", "api")
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".sql"} and "wangge.scope" in path.read_text(encoding="utf-8")
    }

    assert named == {"geo/db/policies.py"}
