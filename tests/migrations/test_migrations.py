"""Up, down and up again, on an empty and on a seeded base; the models are what was migrated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import Engine, text

from geo.access.actors import Actor
from geo.db.policies import OF_AREAS, OF_PLANS, WORDS
from geo.db.session import make_engine
from geo.runtime import Runtime
from geo.tables import METADATA, SCOPED
from migrations import revision, runner
from tests import world
from tests.databases import Databases

pytestmark = pytest.mark.db


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    name = databases.create()
    yield name
    databases.drop(name)


def owner(databases: Databases, name: str) -> Engine:
    return make_engine(databases.owner_url(name))


def tables(engine: Engine) -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with engine.connect() as connection:
        return set(connection.scalars(text(query))) - {"spatial_ref_sys", "alembic_version"}


def test_up_down_up_on_an_empty_base(databases: Databases, empty: str) -> None:
    url, engine = databases.owner_url(empty), owner(databases, empty)
    seen = []
    for target in ("head", "base", "head"):
        move = runner.upgrade if target == "head" else runner.downgrade
        move(url, databases.app_role, revision=target)
        seen.append(tables(engine))
    engine.dispose()

    assert seen == [set(METADATA.tables), set(), set(METADATA.tables)]


def test_up_twice_is_a_no_op(databases: Databases, empty: str) -> None:
    url, engine = databases.owner_url(empty), owner(databases, empty)
    runner.upgrade(url, databases.app_role)
    runner.upgrade(url, databases.app_role)

    assert revision.current_revision(engine) == revision.head_revision()
    engine.dispose()


def test_down_and_up_on_a_seeded_base(databases: Databases, runtime: Runtime) -> None:
    world.store(runtime)
    url = str(runtime.settings.database_owner_url)
    runtime.engine.dispose()
    runner.downgrade(url, databases.app_role, revision="base", keyring=runtime.keyring)
    runner.upgrade(url, databases.app_role)

    world.store(runtime)
    with runtime.work(Actor.system("test")) as work:
        assert work.session.scalar(text("SELECT count(*) FROM household")) == 7


def test_workers_who_were_there_before_are_found(databases: Databases, runtime: Runtime) -> None:
    world.store(runtime)
    url = str(runtime.settings.database_owner_url)
    engine = make_engine(url)
    query = text("SELECT worker_id, word, path FROM worker_word ORDER BY worker_id, word")
    with engine.connect() as connection:
        kept = connection.execute(query).all()
    runtime.engine.dispose()
    runner.downgrade(url, databases.app_role, revision="0009")
    runner.upgrade(url, databases.app_role)
    with engine.connect() as connection:
        filled = connection.execute(query).all()
    engine.dispose()

    # Six parts of a name of three characters, two beginnings of a code of two.
    assert len(kept) == 3 * (6 + 2)
    assert filled == kept


def test_the_models_are_what_was_migrated(databases: Databases, template: str) -> None:
    engine = owner(databases, template)
    options = {"include_object": alembic_helpers.include_object}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, METADATA)
    engine.dispose()

    assert differences == []


def test_every_table_and_column_has_a_comment(databases: Databases, template: str) -> None:
    query = text(
        "SELECT class.relname, attribute.attname FROM pg_class AS class"
        " JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attnum >= 0"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT attisdropped"
        " AND relname NOT IN ('spatial_ref_sys', 'alembic_version')"
        " AND col_description(class.oid, attnum) IS NULL"
    )
    engine = owner(databases, template)
    with engine.connect() as connection:
        bare = connection.execute(query).all()
    engine.dispose()

    assert bare == []


def test_every_scoped_table_is_under_its_policy(databases: Databases, template: str) -> None:
    query = text(
        "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
        " WHERE relrowsecurity AND polname = 'in_scope' ORDER BY relname"
    )
    engine = owner(databases, template)
    with engine.connect() as connection:
        under = list(connection.scalars(query))
    engine.dispose()

    assert under == sorted([*SCOPED, *WORDS, *OF_AREAS])


def test_without_context_the_application_sees_no_scoped_row(
    databases: Databases, runtime: Runtime
) -> None:
    world.store(runtime)
    with runtime.engine.connect() as connection:
        guarded = [*SCOPED, *WORDS, *OF_AREAS, *OF_PLANS]
        counts = [connection.scalar(text(f"SELECT count(*) FROM {t}")) for t in guarded]

    assert counts == [0] * len(guarded)


def test_the_application_role_owns_nothing_and_deletes_nothing(
    databases: Databases, template: str
) -> None:
    query = text(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND (pg_has_role(:role, relowner, 'USAGE')"
        " OR has_table_privilege(:role, oid, 'DELETE')"
        " OR has_table_privilege(:role, oid, 'TRUNCATE'))"
    )
    engine = owner(databases, template)
    with engine.connect() as connection:
        assert connection.scalar(query, {"role": databases.app_role}) == 0
    engine.dispose()


def test_the_head_is_the_one_alembic_sees() -> None:
    assert (
        revision.head_revision()
        == ScriptDirectory(str(Path(runner.__file__).parent)).get_current_head()
    )


def test_a_database_without_tables_stands_at_no_revision(databases: Databases, empty: str) -> None:
    engine = owner(databases, empty)
    found = revision.current_revision(engine)
    engine.dispose()

    assert found is None
