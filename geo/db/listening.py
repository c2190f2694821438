"""A connection of its own that hears notifications, for one thread that waits for them."""

import select
from socket import socket
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import make_url

# A connection whose other end is silent is given up after so long.
_PATIENCE_S = 5


class Listener:
    """Hears a channel and asks single statements; connects at first use, and again when lost.

    Through a pgbouncer that lends connections by transaction nothing is heard: whoever waits must
    look now and then by itself.

    Parameters
    ----------
    url : of the application role
    channel : what to hear
    """

    def __init__(self, url: str, channel: str) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._channel = channel
        self._connection: Any = None

    def ask(self, statement: str) -> tuple[Any, ...]:
        """Return the one row of a statement.

        Raises
        ------
        psycopg2.Error
            When the database does not answer; the next call connects anew.
        """
        try:
            with self._connected().cursor() as cursor:
                cursor.execute(statement)
                row: tuple[Any, ...] = cursor.fetchone()
        except psycopg2.Error:
            self.close()
            raise
        return row

    def wait(self, seconds: float, waker: socket) -> None:
        """Return when something was heard, when the waker can be read, or after some seconds."""
        heard = [waker] if self._connection is None else [waker, self._connection]
        ready, _, _ = select.select(heard, [], [], seconds)
        if waker in ready:
            waker.recv(4096)
        if self._connection is not None and self._connection in ready:
            self._take_in()

    def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _take_in(self) -> None:
        try:
            self._connection.poll()
            self._connection.notifies.clear()
        except psycopg2.Error:
            self.close()

    def _connected(self) -> Any:
        if self._connection is None:
            connection = psycopg2.connect(
                self._url,
                connect_timeout=_PATIENCE_S,
                tcp_user_timeout=_PATIENCE_S * 1000,
                application_name="wangge",
            )
            connection.autocommit = True
            self._connection = connection
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
        return self._connection
