"""A connection of its own that hears notifications, for one thread that waits for them."""

import select
from socket import socket
from typing import Any

from sqlalchemy import Connection, TextClause, make_url, text

from geo.db.session import make_engine

# A connection whose other end is silent is given up after so long.
_PATIENCE_MS = "5000"


class Listener:
    """Hears a channel and asks single statements; connects at first use, and again when lost.

    Through a pgbouncer that lends connections by transaction nothing is heard: whoever waits must
    look now and then by itself.

    Parameters
    ----------
    url : of the application role
    channel : what to hear, a plain word
    """

    def __init__(self, url: str, channel: str) -> None:
        patient = make_url(url).update_query_dict({"tcp_user_timeout": _PATIENCE_MS})
        self._engine = make_engine(patient.render_as_string(hide_password=False), pool_size=1)
        self._channel = channel
        self._connection: Connection | None = None

    def ask(self, statement: TextClause) -> tuple[Any, ...]:
        """Return the one row of a statement.

        Raises
        ------
        SQLAlchemyError
            When the database does not answer; the next call connects anew.
        """
        try:
            connection = self._connected()
            row = tuple(connection.execute(statement).one())
            _driver(connection).notifies.clear()
        except BaseException:
            self.close()
            raise
        return row

    def wait(self, seconds: float, waker: socket) -> None:
        """Return when something was heard, when the waker can be read, or after some seconds."""
        heard = [] if self._connection is None else [_driver(self._connection)]
        ready, _, _ = select.select([waker, *heard], [], [], seconds)
        if waker in ready:
            waker.recv(4096)

    def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
        self._engine.dispose()

    def _connected(self) -> Connection:
        if self._connection is None:
            plain = self._engine.connect()
            self._connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            self._connection.execute(text(f'LISTEN "{self._channel}"'))
        return self._connection


def _driver(connection: Connection) -> Any:
    """Return the driver's connection: what is waited on, and holds what was heard."""
    return connection.connection.dbapi_connection
