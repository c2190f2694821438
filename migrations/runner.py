"""Brings a database to a revision: one transaction, one lock, as the owner role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from geo.crypto.keyring import Keyring
from geo.db.session import make_engine

_FOLDER = Path(__file__).parent
_LOCK = 0x57414E47  # one migration of a database at a time


def upgrade(
    owner_url: str, app_role: str, *, revision: str = "head", keyring: Keyring | None = None
) -> None:
    """Bring the database up to a revision; already there is a no-op.

    Parameters
    ----------
    owner_url : URL of the owner role
    app_role : role of the application, which gets its rights on each table
    revision : where to, ``head`` by default
    keyring : for a step that encrypts or decrypts what stands
    """
    _run(owner_url, app_role, keyring, lambda config: command.upgrade(config, revision))


def downgrade(
    owner_url: str, app_role: str, *, revision: str, keyring: Keyring | None = None
) -> None:
    """Take the database down to a revision, ``base`` for nothing at all."""
    _run(owner_url, app_role, keyring, lambda config: command.downgrade(config, revision))


def _run(
    owner_url: str, app_role: str, keyring: Keyring | None, step: Callable[[Config], Any]
) -> None:
    engine = make_engine(owner_url, pool_size=1)
    try:
        with engine.begin() as connection, _locked(connection):
            given = {"connection": connection, "app_role": app_role, "keyring": keyring}
            config = Config(attributes=given)
            config.set_main_option("script_location", str(_FOLDER))
            step(config)
    finally:
        engine.dispose()


@contextmanager
def _locked(connection: Connection) -> Iterator[None]:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    yield
