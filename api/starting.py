"""What a server is refused to start with, looked at before anything else is opened."""

import os

from sqlalchemy import make_url

from api.access import is_loopback
from api.serving import tls_context
from geo.errors import Refused
from geo.settings import Settings

# What examples and images come with, and what is tried first.
_KNOWN = frozenset(
    """
    postgres postgresql password passwd pass secret changeme change_me admin root test example
    wangge wangge_app wangge_owner docker 123456 12345678 123456789 qwerty letmein
    """.split()  # noqa: SIM905 - a list of quoted words is longer and says no more
)


class DemoBeyondLoopback(Refused):
    """A demo, whose passwords are public, was to listen to other machines."""

    code = "demo_beyond_loopback"


class WeakDatabasePassword(Refused):
    """The database is reached over the network with a password that anybody may guess."""

    code = "weak_database_password"


def check_start(settings: Settings) -> None:
    """Refuse settings that no server may run with.

    Raises
    ------
    TlsRefused
        When the certificate or its key cannot be used.
    DemoBeyondLoopback
        When a demo would listen to other machines.
    WeakDatabasePassword
        When a database on another machine is reached without a password or with a common one.
    """
    tls_context(settings)
    for name in ("database_url", "database_owner_url"):
        _check_password(name, getattr(settings, name))
    if settings.is_demo and not (settings.host == "localhost" or is_loopback(settings.host)):
        raise DemoBeyondLoopback(host=settings.host)


def _check_password(name: str, url: str | None) -> None:
    if url is None:
        return
    parts = make_url(url)
    host = parts.host or str(parts.query.get("host", ""))
    # A socket and this machine let in whom its operator lets in.
    if not host or host.startswith("/") or host == "localhost" or is_loopback(host):
        return
    password = str(parts.password or os.environ.get("PGPASSWORD", ""))
    by_other_means = {"passfile", "sslcert"} & set(parts.query) or "PGPASSFILE" in os.environ
    if password.lower() in _KNOWN or password == parts.username or not (password or by_other_means):
        variable = f"WANGGE_{name.upper()}"
        raise WeakDatabasePassword(name=variable, host=host, role=parts.username or "")
