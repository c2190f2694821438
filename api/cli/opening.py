"""Opens what a command needs: the database, at the right revision, and the runtime on it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.crypto import register
from geo.crypto.key_file import KeysMissing
from geo.db.cluster import Cluster
from geo.db.roles import check_role
from geo.db.session import make_engine
from geo.runtime import Runtime
from geo.settings import Settings
from migrations.revision import NotMigrated, check_revision


@contextmanager
def opened(settings: Settings | None = None, *, migrate: bool = True) -> Iterator[Runtime]:
    """Give a runtime on the named database, or on the own cluster, started and stopped around it.

    Parameters
    ----------
    settings : read from the environment when None
    migrate : bring the schema up to date when the owner's URL is known

    Raises
    ------
    NotMigrated
        When the schema is not this program's and may not be changed here.
    UnsafeRole
        When the application role owns tables or passes by the row policies.
    KeysForeign
        When the data were written with other keys.
    KeysMissing
        When there is no keyring, and this is no demo or no longer a new one.
    """
    chosen = settings or Settings()
    cluster = None
    if chosen.database_url is None:
        cluster = Cluster(chosen.home)
        urls = cluster.start()
        chosen = chosen.with_urls(app=urls.app, owner=urls.owner)
    try:
        if chosen.is_demo:
            _mark_demo(chosen)
        runtime = Runtime(chosen)
        try:
            _ready(runtime, migrate=migrate)
            yield runtime
        finally:
            runtime.close()
    finally:
        if cluster is not None:
            cluster.stop()


def _mark_demo(settings: Settings) -> None:
    """Mark the data folder as a demo's; a keyring that was lost is not replaced by a new one.

    Raises
    ------
    KeysMissing
        When the database was written with a keyring, and there is none.
    """
    path, url = settings.keys_path, settings.database_url
    if url and not path.exists():
        engine = make_engine(url, pool_size=1)
        with engine.connect() as connection:
            is_lost = register.knows_keys(connection)
        engine.dispose()
        if is_lost:
            raise KeysMissing(path=str(path), reason=os.strerror(errno.ENOENT))
    settings.demo_mark.parent.mkdir(parents=True, exist_ok=True)
    settings.demo_mark.touch()


def check_keys(runtime: Runtime) -> None:
    """Refuse a keyring that the data were not written with; note keys that are new here."""
    with runtime.work(Actor.system("keys")) as work:
        fresh = register.check_keys(work.session, work.keyring)
        if fresh:
            work.note(Note(Action.KEYS_KNOWN, after={"known": fresh}))


def _ready(runtime: Runtime, *, migrate: bool) -> None:
    try:
        check_revision(runtime.engine)
    except NotMigrated:
        owner = runtime.settings.database_owner_url
        if not migrate or owner is None:
            raise
        from migrations import runner

        app_role = make_url(str(runtime.settings.database_url)).username or ""
        runner.upgrade(owner, app_role, keyring=runtime.keyring)
    check_role(runtime.engine)
    check_keys(runtime)
