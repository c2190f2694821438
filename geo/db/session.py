"""Engines and sessions: psycopg2, one pool a process, nothing set outside a transaction.

Works through a transaction-mode pgbouncer: every setting is ``set_config(…, true)``, made in one
statement when a transaction begins (``begin``).
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from geo.access.scope import Scope
from geo.db.policies import LOG_SETTING, SCOPE_SETTING
from geo.db.watch import saw_log, watch

_BEGIN = text(
    "SELECT set_config(:setting, :scope, true), set_config('TimeZone', :zone, true),"
    " set_config('lock_timeout', :lock_timeout, true),"
    " set_config('statement_timeout', :statement_timeout, true), now()"
)
_SCOPE = text("SELECT set_config(:setting, :scope, true)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What each transaction is told: its zone and how long it may wait and work."""

    zone: str
    lock_timeout_s: float
    statement_timeout_s: float


def make_engine(url: str, *, pool_size: int = 5) -> Engine:
    """Return an engine on psycopg2 for a ``postgresql://`` URL; nothing connects yet."""
    driver_url = make_url(url).set(drivername="postgresql+psycopg2")
    engine = create_engine(
        driver_url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2.0,
        pool_pre_ping=True,
        # The values of a statement may be somebody's name: they stay out of errors and logs.
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "wangge"},
    )
    watch(engine)
    return engine


def new_session(engine: Engine) -> Session:
    """Return a session whose objects stay readable after the commit."""
    return Session(engine, expire_on_commit=False, autoflush=True)


def begin(session: Session, scope: Scope, limits: Limits) -> datetime:
    """Open the transaction with its scope and limits; return its timestamp, aware."""
    row = session.execute(
        _BEGIN,
        {
            "setting": SCOPE_SETTING,
            "scope": scope.setting,
            "zone": limits.zone,
            "lock_timeout": f"{round(limits.lock_timeout_s * 1000)}ms",
            "statement_timeout": f"{round(limits.statement_timeout_s * 1000)}ms",
        },
    ).one()
    moment: datetime = row[-1]
    return moment


def set_scope(session: Session, scope: Scope) -> None:
    """Change what the rest of the transaction sees."""
    session.execute(_SCOPE, {"setting": SCOPE_SETTING, "scope": scope.setting})


def open_log(session: Session) -> None:
    """Let the rest of the transaction read the audit, which is itself to be recorded."""
    saw_log(session)
    session.execute(_SCOPE, {"setting": LOG_SETTING, "scope": "read"})


def takes_statements(session: Session) -> bool:
    """Return whether the transaction still takes statements: none of its own has failed."""
    if not session.is_active:
        return False
    connection = session.connection().connection.dbapi_connection
    status = connection.info.transaction_status  # type: ignore[union-attr]  # psycopg2 has it
    return bool(status != TRANSACTION_STATUS_INERROR)
