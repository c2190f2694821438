"""At which revision a database stands, and which one this program needs.

Knows nothing of Alembic, whose import takes longer than all the rest of a start.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, text

from geo.errors import Unavailable

_VERSIONS = Path(__file__).parent / "versions"


class NotMigrated(Unavailable):
    """The database stands at another revision than this program."""

    code = "not_migrated"


@cache
def head_revision() -> str:
    """Return the newest revision of the migrations on disk, ``NNNN_verb_noun.py``."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def current_revision(engine: Engine) -> str | None:
    """Return the revision a database stands at; None when it was never migrated."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def check_revision(engine: Engine) -> str:
    """Return the revision when the database stands at this program's.

    Raises
    ------
    NotMigrated
        When it stands at another one, or at none.
    """
    found, wanted = current_revision(engine), head_revision()
    if found != wanted:
        raise NotMigrated(found=found or "-", wanted=wanted)
    return wanted
