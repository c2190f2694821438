"""Log lines as one JSON object each, so that no input can forge a line or break one.

``configure`` is for the process that serves; tests and libraries only get loggers.
"""

import logging
from typing import Any

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# uvicorn gives its sentences a second time, with escapes for a terminal.
_LEFT_OUT = _STANDARD | {"color_message"}


class JsonLines(logging.Formatter):
    """Formats a record, its extra facts and its error as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; newlines and control characters in any value are escaped by JSON."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({k: v for k, v in vars(record).items() if k not in _LEFT_OUT})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure(level: int = logging.INFO, handler: logging.Handler | None = None) -> None:
    """Send every logger's lines as JSON to a handler, standard error by default."""
    handler = handler or logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
