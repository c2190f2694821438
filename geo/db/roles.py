"""Whether the database role the application runs as is safe: row policies must bind it.

A superuser, a role with BYPASSRLS and the owner of a table see every row whatever the policies
say, so the application refuses to run as one (``docs/reference/settings.md`` names the two URLs).
"""

from sqlalchemy import Engine

from geo.db.sql import statement
from geo.errors import Refused


class UnsafeRole(Refused):
    """The application's database role owns tables or steps around row policies."""

    code = "unsafe_role"


def check_role(engine: Engine) -> None:
    """Refuse a database role that row policies do not bind.

    Parameters
    ----------
    engine : as the application connects

    Raises
    ------
    UnsafeRole
        When the login is, or may become, a superuser, a role with BYPASSRLS or a table's owner;
        names the role and the first reason.
    """
    with engine.connect() as connection:
        found = connection.execute(statement("geo.db", "role_faults")).first()
    if found is not None:
        role, fault, subject = found
        raise UnsafeRole(role=role, fault=fault, subject=subject)
