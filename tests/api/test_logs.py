"""Log lines: one JSON object a line, whatever stands in the values."""

import json
import logging
import sys

from api.logs import JsonLines


def line(message: str, **facts: object) -> str:
    record = logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": message, **facts})
    return JsonLines().format(record)


def test_a_newline_in_a_value_does_not_make_a_line() -> None:
    forged = 'x\n{"level":"info","message":"forged"}\r\n\x1b[31m\u2028'
    written = line(forged, path=forged)

    assert "\n" not in written
    assert "\r" not in written
    assert "\x1b" not in written
    assert json.loads(written)["path"] == forged


def test_facts_stand_beside_the_message() -> None:
    found = json.loads(line("request", status=200, client=None))

    assert (found["message"], found["status"], found["client"]) == ("request", 200, None)
    assert found["level"] == "info"


def test_an_error_is_in_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        written = line("unhandled", exc_info=sys.exc_info())

    assert "\n" not in written
    assert "ValueError: two\nlines" in json.loads(written)["error"]


def test_a_value_of_any_type_can_be_written() -> None:
    assert json.loads(line("x", thing=ValueError("y")))["thing"] == "y"
