"""Seeded names, phones and ID numbers turn up nowhere in clear where nobody may see them.

The matrix looks at every answer by everybody; here are the ways around it: refusals provoked with
a value in them, lines of the log, counts, maps, files and words of the command line, every table as
its owner reads it, a dump of the database, and every file of its cluster. There are no tiles: a map
is one page with its data in it.
"""

import io
import logging
import os
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

import pytest
from sqlalchemy import make_url, text

from api.app import create_app
from api.cli import app as command_line
from api.logs import JsonLines
from geo.db.cluster_programs import find_programs
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.access import world
from tests.access.asking import Answer, Asker
from tests.access.conftest import Made, settings_of
from tests.access.matrix import Walk
from tests.access.people import MARKS, person
from tests.access.routes import REASON, asks
from tests.access.seats import Seat
from tests.access.seen import Ask
from tests.access.tokens import Tokens
from tests.access.world import Known
from tests.databases import Databases
from tests.geo.exchange import files

pytestmark = pytest.mark.db

# Beside those of the deployment: what comes in through a file, a request and a correction.
IMPORTED = [person(number) for number in (60, 61, 62)]
ASKED = person(63)
_OID = "SELECT oid FROM pg_database WHERE datname = current_database()"
_LOG_END = "SELECT * FROM pg_walfile_name_offset(pg_current_wal_lsn())"


def secrets(known: Known) -> list[str]:
    """Return every value that nobody may read without a reason."""
    people = [*IMPORTED, ASKED]
    seeded = [value for row in known.rows for value in row.clear]
    return seeded + [value for one in people for value in (one.name, one.phone, one.id_number)]


def seen(known: Known, content: str) -> list[str]:
    """Return the values that stand in a text, as they are or as bytes spelt out."""
    spelt = content.lower()
    return [v for v in secrets(known) if v in content or v.encode().hex() in spelt]


@dataclass
class Told:
    """A deployment in which everything has been said that can be said, and what was logged."""

    runtime: Runtime
    known: Known
    folder: Path
    lines: io.StringIO
    log_begin: tuple[str, int]
    printed: io.StringIO = field(default_factory=io.StringIO)
    refusals: list[tuple[str, Answer]] = field(default_factory=list)


@pytest.fixture(scope="module")
def told(
    databases: Databases, made: Made, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    name = databases.create(template=made.name)
    runtime = Runtime(settings_of(databases, name))
    lines, folder = io.StringIO(), tmp_path_factory.mktemp("canary")
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    with runtime.engine.connect() as connection:
        begin = tuple(connection.execute(text(_LOG_END)).one())
    said = Told(runtime, made.known, folder, lines, begin)
    _say_everything(said, made)
    yield said
    logger.removeHandler(handler)
    logger.setLevel(before)
    runtime.close()
    databases.drop(name)


def _say_everything(told: Told, made: Made) -> None:
    _import(told)
    walk = Walk(create_app(told.runtime), told.known, prefix="canary")
    asker = Asker(walk.app)
    who = {seat.name: seat for seat in made.seats}
    _say(asker, who["community_admin.parent"], told.known)
    for name in ("anonymous.nowhere", "community_admin.parent", "system_admin.everywhere"):
        told.refusals += _provoke(asker, who[name], told.known)
    # Whoever reads and searches most, the own sign-in's end included.
    list(walk.go([who["district_admin.parent"]], asks(told.known)))
    walk.close()
    asker.close()


def _import(told: Told) -> None:
    """Bring people in by a file, and one file that is refused for its values."""
    header = [
        "楼栋编号",
        "单元",
        "房号",
        "楼层",
        "住房性质",
        "人数",
        "户主",
        "户主电话",
        "身份证号",
    ]
    building = f"h-{world.SIBLING}"
    rows = [
        [building, 1, f"{300 + place}", 3, "rented", 2, one.name, one.phone, one.id_number]
        for place, one in enumerate(IMPORTED)
    ]
    good = files.csv(told.folder / "good.csv", [header, *rows])
    bad = files.csv(told.folder / "bad.csv", [header, [*rows[0][:5], "x", *rows[0][6:]]])
    assert _run(told, "import", "households", str(good), "--commit") == 0
    assert _run(told, "import", "households", str(bad), "--commit") == 1


def _run(told: Told, *words: str) -> int:
    """Run a command on the deployment; what it says is kept."""
    settings = told.runtime.settings
    urls = {
        "WANGGE_DATABASE_URL": str(settings.database_url),
        "WANGGE_DATABASE_OWNER_URL": str(settings.database_owner_url),
    }
    with (
        mock.patch.dict(os.environ, urls),
        redirect_stdout(told.printed),
        redirect_stderr(told.printed),
    ):
        return command_line.run(list(words))


def _say(asker: Asker, seat: Seat, known: Known) -> None:
    """Say the values where they belong: in searches, wishes, corrections and answers."""
    row = known.of("household", world.SIBLING)[0]
    new = {
        "household": str(row.id),
        "kind": "correction",
        "wish": f"{ASKED.name} {ASKED.phone} {ASKED.id_number}",
        "corrections": {
            "head_name": ASKED.name,
            "head_phone": ASKED.phone,
            "head_id_number": ASKED.id_number,
        },
    }
    said: list[tuple[str, Any]] = [
        ("/households/search", {"phone": ASKED.phone}),
        ("/households/search", {"head_name": row.clear[0]}),
        ("/households/search", {"id_number": row.clear[2]}),
        ("/data-requests", new),
        (f"/households/{row.id}/reveal", {"fields": ["head_name"], "reason": REASON}),
    ]
    for place, (target, body) in enumerate(said):
        headers = {**seat.headers, "idempotency-key": f"canary-said-{place:04d}"}
        answer = asker.ask("POST", f"/api/v1{target}", body=body, headers=headers)
        assert answer.status in (200, 201), answer.text


def _provoke(asker: Asker, seat: Seat, known: Known) -> Iterator[tuple[str, Answer]]:
    """Put values where they do not belong in each route: path, body, headers; each in its turn."""
    name, phone, number = known.of("household", world.FOREIGN)[0].clear
    wrong = {"reason": number, "phone": [phone], "name": name}
    secrets, numbers = cycle((name, phone, number)), count()
    for ask in asks(known):
        body = wrong if ask.method == "POST" else None
        for target in _misspelt(ask, next(secrets)):
            key = {"idempotency-key": f"canary-{seat.name}-{next(numbers):06d}"}
            answer = asker.ask(ask.method, target, body=body, headers=seat.headers | key)
            yield f"{seat.name} {ask.method} {target}", answer
        said = {"idempotency-key": phone, "x-request-id": phone}
        answer = asker.ask(ask.method, ask.target, body=ask.body, headers=seat.headers | said)
        yield f"{seat.name} {ask.method} {ask.target} with its phone as a key", answer


def _misspelt(ask: Ask, secret: str) -> Iterator[str]:
    """Return a request's target, and the same with a value in place of each part of its path."""
    yield ask.target
    template = ask.route.partition(" ")[2].split("/")
    path, _, query = ask.target.partition("?")
    pieces = path.split("/")
    for place, name in enumerate(template):
        if name.startswith("{"):
            yield "/".join([*pieces[:place], quote(secret), *pieces[place + 1 :]])
    if query:
        yield f"{path}?{query.partition('=')[0]}={quote(secret)}"


@pytest.mark.long
def test_no_refusal_repeats_a_value_of_a_body(told: Told) -> None:
    repeated = {
        name: values
        for name, answer in told.refusals
        if (values := [v for v in seen(told.known, answer.text) if quote(v) not in name])
    }

    assert len(told.refusals) > 500
    assert repeated == {}
    assert {answer.status for _, answer in told.refusals} & {500, 503} == set()


def test_no_line_of_the_log_names_anybody(told: Told) -> None:
    lines = told.lines.getvalue()

    assert lines.count("\n") > 500
    assert seen(told.known, lines) == []


def test_no_metric_names_anybody(told: Told) -> None:
    asker = Asker(create_app(told.runtime))
    answer = asker.ask("GET", "/metrics")
    asker.close()

    assert answer.status == 200
    assert seen(told.known, answer.text) == []


def test_no_table_holds_a_value_in_clear(told: Told) -> None:
    owner = make_engine(str(told.runtime.settings.database_owner_url), pool_size=1)
    with owner.connect() as connection:
        query = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        held = {
            table: values
            for table in connection.scalars(query)
            if (values := seen(told.known, _copied(connection, table)))
        }
        masked = connection.scalar(
            text("SELECT count(*) FROM household WHERE head_id_number_masked <> ''")
        )
    owner.dispose()

    assert held == {}
    # The values are there: this looks where they are.
    # One of them was erased.
    assert masked == sum(world.LEAVES.values()) + len(IMPORTED) - 1


def test_no_file_of_the_cluster_holds_a_value_in_clear(told: Told, databases: Databases) -> None:
    owner = make_engine(str(told.runtime.settings.database_owner_url), pool_size=1)
    with owner.connect() as connection:
        oid = connection.scalar(text(_OID))
        last = tuple(connection.execute(text(_LOG_END)).one())
    owner.dispose()
    written = [*_tables(databases.cluster.folder, oid), *_log(databases, told.log_begin, last)]
    marks = [mark.encode() for mark in MARKS]

    assert sum(map(len, written)) > 1_000_000
    assert [mark.decode() for mark in marks if any(mark in content for content in written)] == []


def _tables(folder: Path, oid: int) -> list[bytes]:
    """Return every file of a database and every temporary one."""
    found = [*folder.glob(f"data/base/{oid}/*"), *folder.glob("data/base/pgsql_tmp/*")]
    return [path.read_bytes() for path in found if path.is_file()]


def _log(databases: Databases, begin: tuple[str, int], end: tuple[str, int]) -> list[bytes]:
    """Return what was written ahead between two places; what lies behind is of older runs."""
    folder = databases.cluster.folder / "data" / "pg_wal"
    names = [path.name for path in sorted(folder.glob("0*")) if begin[0] <= path.name <= end[0]]
    contents = {name: (folder / name).read_bytes() for name in names}
    return [
        contents[name][begin[1] if name == begin[0] else 0 : end[1] if name == end[0] else None]
        for name in names
    ]


def test_no_dump_of_the_database_holds_a_value_in_clear(told: Told, databases: Databases) -> None:
    programs = find_programs(databases.cluster.folder)
    url = make_url(str(told.runtime.settings.database_owner_url)).set(drivername="postgresql")
    command = [str(programs.bin / "pg_dump"), url.render_as_string(hide_password=False)]
    environment = {**os.environ, **programs.environ}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert "COPY public.household " in done.stdout
    assert done.stdout.count(told.known.of("household", world.TARGET)[0].shown[2]) > 0
    assert seen(told.known, done.stdout) == []


def test_a_map_in_a_file_names_nobody(told: Told) -> None:
    output = told.folder / "town.html"

    assert _run(told, "map", "--output", str(output)) == 0
    assert seen(told.known, output.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_of_the_audit_names_nobody(told: Told, form: str) -> None:
    output = told.folder / f"audit.{form}"

    assert _run(told, "audit", "export", "--output", str(output), "--format", form) == 0
    written = output.read_text(encoding="utf-8")
    assert written.count("people.reveal") > 1
    assert seen(told.known, written) == []


def test_no_command_says_a_name_but_a_print(told: Told) -> None:
    row = told.known.of("household", world.SIBLING)[0]

    assert _run(told, "audit", "who", "--household", str(row.id)) == 0
    assert _run(told, "person", "requests", "--all") == 0
    assert len(told.printed.getvalue()) > 500
    assert seen(told.known, told.printed.getvalue()) == []


def test_whoever_has_not_signed_in_is_told_of_nobody(told: Told) -> None:
    asker, tokens = Asker(create_app(told.runtime)), Tokens(told.known)
    reads = [ask.target for ask in asks(told.known) if ask.method == "GET"]
    answers = {target: asker.ask("GET", target) for target in reads}
    asker.close()
    shown = {
        target: found
        for target, answer in answers.items()
        if (found := tokens.found(answer.text, told=target))
    }

    assert shown == {}
    assert sum(answer.status == 200 for answer in answers.values()) > 20


def test_the_values_are_found_where_they_stand(told: Told, known: Known) -> None:
    """The search of these tests by itself: it would see a value in clear."""
    name, phone, number = known.of("household", world.TARGET)[0].clear

    assert seen(known, f'{{"x": "{name}"}}') == [name]
    assert seen(known, f"\\\\x{phone.encode().hex()}") == [phone]
    assert seen(known, number) == [number]


def _copied(connection: Any, table: str) -> str:
    buffer = io.StringIO()
    cursor = connection.connection.cursor()
    cursor.copy_expert(f'COPY "{table}" TO STDOUT', buffer)
    return buffer.getvalue()
