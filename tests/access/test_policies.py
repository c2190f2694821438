"""The second guard by itself: what the application's role can see and do below every query."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo.access.scope import Scope
from geo.db.policies import OF_AREAS, OF_PLANS, SCOPE_SETTING, SCOPED, WORDS
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.access import world
from tests.access.world import Known

pytestmark = pytest.mark.db

# Every table, and who keeps its rows apart. A new table belongs in one of these.
LOGS = {"audit_record", "audit_link"}
ACCOUNTS = {
    "account", "api_key", "audit_finding", "idempotency_key", "refresh_token", "role_grant",
    "sign_in", "sign_in_failure",
}  # fmt: skip
PUBLIC = {
    "alembic_version", "building", "cell", "cell_lineage", "cell_shape", "cell_version",
    "change_count", "data_key", "dwelling_unit", "estate", "ground_feature", "job", "occupancy",
    "place_name", "post", "publication", "spatial_ref_sys",
}  # fmt: skip
REFUSED = "permission denied|must be owner"


def ids(connection: Connection, table: str) -> set[int]:
    return set(connection.scalars(text(f"SELECT id FROM {table}")))


def see(connection: Connection, scope: Scope) -> None:
    values = {"setting": SCOPE_SETTING, "value": scope.setting}
    connection.execute(text("SELECT set_config(:setting, :value, true)"), values)


@pytest.fixture
def connection(deployment: Runtime) -> Iterator[Connection]:
    """The application's role in a transaction that nobody has told what it may see."""
    with deployment.engine.connect() as opened:
        yield opened


def test_every_table_is_known_to_these_tests(connection: Connection) -> None:
    tables = set(
        connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    )

    assert tables == {*SCOPED, *WORDS, *OF_AREAS, *OF_PLANS, *LOGS, *ACCOUNTS, *PUBLIC}


def test_exactly_the_tables_of_people_and_the_logs_are_under_a_policy(
    connection: Connection,
) -> None:
    guarded = connection.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity"))

    assert set(guarded) == {*SCOPED, *WORDS, *OF_AREAS, *OF_PLANS, *LOGS}


@pytest.mark.parametrize("table", [*SCOPED, *WORDS, *OF_AREAS, *sorted(LOGS)])
def test_without_a_context_no_row_is_seen(
    connection: Connection, table: str, deployment: Runtime
) -> None:
    owner = make_engine(str(deployment.settings.database_owner_url), pool_size=1)
    with owner.connect() as whole:
        stored = whole.scalar(text(f"SELECT count(*) FROM {table}"))
    owner.dispose()

    assert stored or table == "audit_link"  # sealed by a job that does not run here
    assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.parametrize("table", [*SCOPED, *OF_AREAS])
def test_nothing_of_a_context_outlives_its_transaction(connection: Connection, table: str) -> None:
    see(connection, Scope.everything())
    assert ids(connection, table)
    connection.commit()

    assert ids(connection, table) == set()


@pytest.mark.parametrize("table", [*SCOPED, *OF_AREAS])
@pytest.mark.parametrize("cell", sorted(world.PARENTS))
def test_an_area_shows_its_rows_alone(
    connection: Connection, known: Known, table: str, cell: str
) -> None:
    see(connection, Scope.of_areas([known.paths[cell]]))

    assert ids(connection, table) == known.ids(table, cell)


@pytest.mark.parametrize("table", OF_PLANS)
def test_what_is_of_a_plan_is_seen_with_it(
    connection: Connection, known: Known, table: str
) -> None:
    columns, values = {
        "plan_operation": ("place, operation, made_by, made_in", "1, '{}', 'w', 2"),
        "plan_excuse": ("code, reason, made_by", "'x', 'a hamlet', 'w'"),
        "plan_impact": ("figures", "'{}'"),
    }[table]
    mine, theirs = (
        min(known.ids("boundary_plan", cell)) for cell in (world.SIBLING, world.FOREIGN)
    )
    insert = f"INSERT INTO {table} (plan_id, {columns}) VALUES (:plan, {values})"
    see(connection, Scope.of_areas([known.paths[world.SIBLING]]))
    connection.execute(text(insert), {"plan": mine})

    assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1
    see(connection, Scope.of_areas([known.paths[world.FOREIGN]]))
    assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    see(connection, Scope.of_areas([known.paths[world.SIBLING]]))
    with pytest.raises(ProgrammingError, match="row-level security"):
        connection.execute(text(insert), {"plan": theirs})


@pytest.mark.parametrize("cell", sorted(world.PARENTS))
def test_words_are_seen_with_the_worker_they_find(
    connection: Connection, known: Known, cell: str
) -> None:
    see(connection, Scope.of_areas([known.paths[cell]]))
    found = connection.scalars(text("SELECT DISTINCT worker_id FROM worker_word"))

    assert set(found) == known.ids("worker", cell)


@pytest.mark.parametrize(
    "order",
    [
        "INSERT INTO worker_word (worker_id, word, path) VALUES (1, 'x', '1.')",
        "UPDATE worker_word SET word = 'x'",
    ],
)
def test_words_are_written_by_triggers_alone(connection: Connection, order: str) -> None:
    see(connection, Scope.everything())

    with pytest.raises(DBAPIError, match=REFUSED):
        connection.execute(text(order))


@pytest.mark.parametrize(
    "setting", ["1", "1.2", "|", ".", "%", "1.2.4.8.|", "**", "null", "1.2.4.8/"]
)
def test_a_broken_context_shows_no_more_than_its_sound_areas(
    connection: Connection, known: Known, setting: str
) -> None:
    values = {"setting": SCOPE_SETTING, "value": setting}
    connection.execute(text("SELECT set_config(:setting, :value, true)"), values)
    sound = {row.id for row in known.rows if known.paths[row.cell].startswith("1.2.4.8.")}

    assert ids(connection, "household") <= sound


@pytest.mark.parametrize("table", [*SCOPED, *OF_AREAS])
def test_a_row_of_another_area_is_not_changed(
    connection: Connection, known: Known, table: str
) -> None:
    see(connection, Scope.of_areas([known.paths[world.SIBLING]]))
    theirs = list(known.ids(table, world.TARGET))
    changed = connection.execute(
        text(f"UPDATE {table} SET path = path WHERE id = ANY(:ids)"), {"ids": theirs}
    )

    assert theirs
    assert changed.rowcount == 0


@pytest.mark.parametrize("table", [*SCOPED, *OF_AREAS])
def test_a_row_is_not_moved_into_another_area(
    connection: Connection, known: Known, table: str
) -> None:
    see(connection, Scope.of_areas([known.paths[world.SIBLING]]))
    values = {"path": known.paths[world.FOREIGN], "ids": list(known.ids(table, world.SIBLING))}

    with pytest.raises(ProgrammingError, match="row-level security"):
        connection.execute(text(f"UPDATE {table} SET path = :path WHERE id = ANY(:ids)"), values)


@pytest.mark.parametrize("table", [*SCOPED, *WORDS, *sorted(LOGS), *sorted(ACCOUNTS)])
@pytest.mark.parametrize(
    "order",
    ["TRUNCATE {table}", "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", "DROP TABLE {table}"],
)
def test_the_application_unbinds_no_table(connection: Connection, table: str, order: str) -> None:
    with pytest.raises(DBAPIError, match=REFUSED):
        connection.execute(text(order.format(table=table)))


@pytest.mark.parametrize("table", [*SCOPED, *WORDS, *sorted(LOGS)])
def test_the_application_deletes_nobody_and_no_record(connection: Connection, table: str) -> None:
    see(connection, Scope.everything())

    with pytest.raises(DBAPIError, match=REFUSED):
        connection.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize(("table", "column"), [("audit_record", "reason"), ("audit_link", "hash")])
def test_what_is_written_in_the_log_stays_as_it_is(
    connection: Connection, table: str, column: str
) -> None:
    with pytest.raises(DBAPIError, match=REFUSED):
        connection.execute(text(f"UPDATE {table} SET {column} = {column}"))


def test_nothing_of_ours_steps_around_the_policies(connection: Connection) -> None:
    views = connection.scalars(text("SELECT viewname FROM pg_views WHERE schemaname = 'public'"))
    definers = connection.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
    )

    assert set(views) <= {"geography_columns", "geometry_columns"}
    ours = {name for name in definers if name != "st_estimatedextent"}  # PostGIS: a table's box
    # They give a number of rows deleted, or ids of records of the audit; never a scoped row. The
    # triggers that count changes and keep words give nothing at all.
    others = {name for name in ours if not name.startswith("expire_")}
    assert others == {"audit_record_on", "count_change", "keep_worker_words"}
