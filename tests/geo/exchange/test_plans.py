"""A dry run leaves statistics that say 0 rows; the import after it must not be planned for that."""

import time

import pytest
from sqlalchemy import create_engine, text

from geo.access.actors import Actor
from geo.exchange.imports import import_file
from geo.exchange.run import Request
from geo.runtime import Runtime
from tests.geo.exchange import files

pytestmark = pytest.mark.db


def test_the_import_after_a_dry_run_that_was_analysed_takes_no_longer(runtime: Runtime) -> None:
    request = Request(files.KARHULA, "town")
    with runtime.work(Actor.system("test"), dry_run=True, long=True) as work:
        import_file(work, request, zone=files.ZONE)
    owner = create_engine(
        str(runtime.settings.database_owner_url).replace("postgresql:", "postgresql+psycopg2:")
    )
    with owner.begin() as connection:
        connection.execute(text("ANALYZE household, dwelling_unit, building"))
    owner.dispose()
    start = time.monotonic()

    with runtime.work(Actor.system("test"), long=True) as work:
        work.session.execute(text("SET LOCAL statement_timeout = '8s'"))  # nested loops: 12 s
        import_file(work, request, zone=files.ZONE)

    assert time.monotonic() - start < 20.0
