"""The composition root: settings, engine, handlers; opens every unit of work.

One process has one runtime. The command line and the API make it, nothing else does.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from geo.access.actors import Actor
from geo.accounts.passwords import Hasher
from geo.crypto.aead import CipherName
from geo.crypto.keyring import Keyring
from geo.crypto.watched import WatchedKeyring, make_missing
from geo.db.session import Limits, make_engine, new_session
from geo.errors import GeoError, Unavailable
from geo.handlers import HANDLERS
from geo.settings import Settings
from geo.work import Work, open_work, record_refusal

Result = TypeVar("Result")

# Serialisation failure, deadlock, lock not available: another try may pass.
_RETRIED = {"40001", "40P01", "55P03"}
_TRIES = 3
_LONG_LOCK_S = 600.0


class DatabaseUnset(Unavailable):
    """No database was named and none was started."""

    code = "database_unset"


class Runtime:
    """What a process shares: its settings, its keyring and its pool of connections.

    Parameters
    ----------
    settings : with ``database_url`` set

    Raises
    ------
    KeysMissing, KeysOpen, KeysBroken, KeysWeak
        When the keyring is no good: a process that cannot read people's data does not start. Only
        a demo makes its own.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.database_url is None:
            raise DatabaseUnset()
        self.settings = settings
        if settings.is_demo:
            make_missing(settings.keys_path, CipherName(settings.cipher))
        self._keys = WatchedKeyring(settings.keys_path)
        self.engine: Engine = make_engine(settings.database_url, pool_size=settings.pool_size)
        self.hasher = Hasher()
        self.limits = Limits(
            settings.time_zone, settings.lock_timeout_s, settings.statement_timeout_s
        )

    @property
    def keyring(self) -> Keyring:
        """The keys of protected fields, as they are now."""
        return self._keys()

    @contextmanager
    def work(
        self, actor: Actor, *, dry_run: bool = False, long: bool = False, reading: bool = False
    ) -> Iterator[Work]:
        """Run the block as one transaction of an actor; commit on a clean exit.

        Parameters
        ----------
        dry_run : roll back at the end whatever happens
        long : no statement timeout, and minutes to wait for a turn: imports and publications
        reading : nothing but the audit may be written
        """
        limits = Limits(self.limits.zone, _LONG_LOCK_S, 0.0) if long else self.limits
        session = new_session(self.engine)
        with open_work(
            session, actor, limits, HANDLERS, keys=self._keys, dry_run=dry_run, reading=reading
        ) as work:
            yield work

    def attempt(self, actor: Actor, use_case: Callable[[Work], Result]) -> Result:
        """Run a use case in its own work, again when another transaction was in its way."""
        for turn in range(1, _TRIES + 1):
            try:
                with self.work(actor) as work:
                    return use_case(work)
            except OperationalError as error:
                if getattr(error.orig, "pgcode", None) not in _RETRIED or turn == _TRIES:
                    raise
                time.sleep(0.05 * turn)
        raise AssertionError("unreachable: the last turn returns or raises")

    def refused(self, actor: Actor, error: GeoError) -> None:
        """Record a refusal that came before any work was opened."""
        record_refusal(new_session(self.engine), actor, self.limits, error)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
