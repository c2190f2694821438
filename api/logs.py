"""Log lines as one JSON object each, so that no input can forge a line or break one.

A line holds no token, no query and nobody's number: what it quotes of a request is cut down to what
an operator needs, and the request's id leads to the audit. ``configure`` is for the process that
serves; tests and libraries only get loggers.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# uvicorn gives its sentences a second time, with escapes for a terminal.
_LEFT_OUT = _STANDARD | {"color_message"}

# The request on whose behalf a line is written; threads of a request inherit it.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

_PATH_MAX = 200
# Ends of lines, escapes and marks of direction that JSON leaves as they are.
_INVISIBLE = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_DELETE = "\x7f"
_PLAIN = re.compile(r"[^A-Za-z0-9._~/-]+")
# Phones, ID numbers, and whatever else is as long.
_NUMBER = re.compile(r"[0-9]{7,}[Xx]?")
# PostgreSQL repeats the row that broke a rule; pydantic the value.
_QUOTED = re.compile(
    r"^(DETAIL|CONTEXT|LINE [0-9]+):.*$|input_value=.*(?=, input_type)", re.MULTILINE
)


class ReadyLines(logging.LogRecord):
    """Several lines that are written already, given on as one record."""

    def __init__(self, logger: str, lines: Sequence[str]) -> None:
        super().__init__(logger, logging.INFO, "", 0, "\n".join(lines), None, None)


class JsonLines(logging.Formatter):
    """Formats a record, its extra facts and its error as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; newlines and control characters in any value are escaped by JSON."""
        if isinstance(record, ReadyLines):
            return record.getMessage()
        line: dict[str, Any] = {
            "at": second_of(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := REQUEST_ID.get():
            line["request_id"] = request_id
        line.update({k: v for k, v in vars(record).items() if k not in _LEFT_OUT})
        if record.exc_info:
            line["error"] = without_values(self.formatException(record.exc_info))
        return written(line)


class RequestLines:
    """Lines of requests that are answered faster than lines are given on: several at a time.

    Parameters
    ----------
    logger : whose lines they are
    wait_s : how long a line may wait for others
    """

    def __init__(self, logger: logging.Logger, *, wait_s: float = 0.05) -> None:
        self._logger, self._wait_s = logger, wait_s
        self._lines: list[str] = []

    @property
    def wanted(self) -> bool:
        """Whether anybody reads them."""
        return self._logger.isEnabledFor(logging.INFO)

    def add(self, line: str) -> None:
        """Give a line on soon; called in the event loop."""
        self._lines.append(line)
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(self._wait_s, self.flush)

    def flush(self) -> None:
        """Give on what waits."""
        lines, self._lines = self._lines, []
        if lines:
            self._logger.handle(ReadyLines(self._logger.name, lines))


def second_of(created: float) -> str:
    """Return an instant to the second, in this machine's zone."""
    return _second_text(int(created))


@lru_cache(maxsize=4)
def _second_text(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(second))


def written(line: Mapping[str, object]) -> str:
    """Return a line as JSON in which nothing ends it or steers a terminal."""
    spelt = _spelt(line)
    # Nearly every line is plain, and looking at each character takes as long as all the rest.
    if spelt.isascii() and _DELETE not in spelt:
        return spelt
    return _INVISIBLE.sub(_escaped, spelt)


def shown_path(path: str) -> str:
    """Return a path as it may stand in a line: plain characters, no long number, not too long.

    Examples
    --------
    >>> shown_path("/api/v1/households/17/reveal"), shown_path("/13800138000/王")
    ('/api/v1/households/17/reveal', '/#/?')
    """
    return _NUMBER.sub("#", _PLAIN.sub("?", path))[:_PATH_MAX]


def without_values(error: str) -> str:
    """Return the text of an error without the values that it quotes."""
    return _NUMBER.sub("#", _QUOTED.sub("…", error))


def _spelt(line: Mapping[str, object]) -> str:
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:
        # Half a surrogate pair, which is no text: spelt out.
        return json.dumps(line, default=str)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def configure(level: int = logging.INFO, handler: logging.Handler | None = None) -> None:
    """Send every logger's lines as JSON to a handler, standard error by default."""
    handler = handler or logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # No line shows these, so nobody gathers them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
