"""Opens what a command needs: the database, at the right revision, and the runtime on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.crypto import register
from geo.db.cluster import Cluster
from geo.db.roles import check_role
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
    """
    chosen = settings or Settings()
    cluster = None
    if chosen.database_url is None:
        cluster = Cluster(chosen.home)
        urls = cluster.start()
        chosen = chosen.with_urls(app=urls.app, owner=urls.owner)
    try:
        runtime = Runtime(chosen)
        try:
            _ready(runtime, migrate=migrate)
            yield runtime
        finally:
            runtime.close()
    finally:
        if cluster is not None:
            cluster.stop()


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
