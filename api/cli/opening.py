"""Opens what a command needs: the database, at the right revision, and the runtime on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

from geo.db.cluster import Cluster
from geo.db.roles import check_role
from geo.errors import Unavailable
from geo.runtime import Runtime
from geo.settings import Settings
from migrations import runner


class SchemaBehind(Unavailable):
    """The database stands at another revision than this program."""

    code = "schema_behind"


@contextmanager
def opened(settings: Settings | None = None, *, migrate: bool = True) -> Iterator[Runtime]:
    """Give a runtime on the named database, or on the own cluster, started and stopped around it.

    Parameters
    ----------
    settings : read from the environment when None
    migrate : bring the schema up to date when the owner's URL is known

    Raises
    ------
    SchemaBehind
        When the schema is not this program's and may not be changed here.
    UnsafeRole
        When the application role owns tables or passes by the row policies.
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


def _ready(runtime: Runtime, *, migrate: bool) -> None:
    head = runner.head_revision()
    if runner.current_revision(runtime.engine) != head:
        owner = runtime.settings.database_owner_url
        if not migrate or owner is None:
            raise SchemaBehind(revision=head)
        app_role = make_url(str(runtime.settings.database_url)).username or ""
        runner.upgrade(owner, app_role)
    check_role(runtime.engine)
