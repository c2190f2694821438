"""What a statement touches is read off its text, whatever it is dressed in."""

import pytest

from geo.db.policies import SCOPED, WORDS
from geo.db.watch import Touched, touched_by


@pytest.mark.parametrize("table", [*SCOPED, *WORDS])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM {table}",
        'SELECT * FROM public."{table}" WHERE id = 1',
        "SELECT * FROM building JOIN {table} ON true",
        "WITH found AS (SELECT id FROM {table}) SELECT 1 FROM found",
        "SELECT {table}.id\nFROM\n{table}",
    ],
)
def test_a_read_of_people_is_seen(table: str, statement: str) -> None:
    assert touched_by(statement.format(table=table)) == (True, False)
    assert touched_by(statement.format(table=table.upper())) == (True, False)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT household_id FROM building",
        "SELECT * FROM households_by_day",
        "SELECT set_config('wangge.scope', '*', true)",
        "SELECT id FROM cell_version FOR UPDATE SKIP LOCKED",
        "SELECT id FROM account FOR NO KEY UPDATE OF account NOWAIT",
        "INSERT INTO audit_record (actor) VALUES ('x')",
        "INSERT INTO idempotency_key (actor) VALUES ('x') ON CONFLICT DO UPDATE SET key = 'y'",
        "UPDATE job SET state = 'done'",
        'CREATE TEMPORARY TABLE "next_household" (id bigint) ON COMMIT DROP',
        'INSERT INTO pg_temp."next" VALUES (1)',
    ],
)
def test_what_is_neither_is_not(statement: str) -> None:
    assert touched_by(statement) == (False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO estate (code) VALUES ('x')",
        "insert into estate (code) values ('x')",
        'UPDATE "estate" SET code = 1',
        "UPDATE ONLY estate SET code = 1",
        "UPDATE public.estate SET code = 1",
        'INSERT INTO "public"."estate" (code) VALUES (1)',
        "UPDATE estate_2 SET code = 1",
        "DELETE FROM estate",
        "DELETE FROM ONLY estate",
        "MERGE INTO estate USING building ON true WHEN MATCHED THEN DO NOTHING",
        "WITH gone AS (DELETE FROM estate RETURNING id) SELECT count(*) FROM gone",
        "INSERT INTO account (login) VALUES ('x') ON CONFLICT (login) DO UPDATE SET name = 'x'",
    ],
)
def test_a_write_is_seen(statement: str) -> None:
    assert touched_by(statement) == (False, True)


def test_touches_add_up() -> None:
    touched = Touched()
    for statement in ("SELECT 1", "SELECT id FROM worker", "UPDATE estate SET code = 1"):
        touched.add(statement)

    assert (touched.personal, touched.wrote, touched.log) == (True, True, False)
