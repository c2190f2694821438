"""Records as lines: nothing in a cell computes, everything comes back as it was."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from geo.audit.export import (
    COLUMNS,
    csv_closing,
    csv_lines,
    json_closing,
    json_lines,
    safe_cell,
)
from geo.audit.store import Record

RECORD = Record(
    id=7,
    at=datetime(2026, 11, 22, 8, 0, 0, 5, tzinfo=UTC),
    actor="w1",
    account_id=None,
    action="people.read",
    outcome="done",
    subject_kind="household",
    subjects=[1, 22],
    count=2,
    area="1.2.",
    reason='说"是", twice\nand again',
    before=None,
    after={"字段": ["a", 1]},
    request_id="r",
    address="192.0.2.1",
    seq=3,
)


def cells(record: Record) -> dict[str, str]:
    text = "".join(csv_lines([record]))
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return row


def test_a_record_comes_back_from_csv() -> None:
    row = cells(RECORD)

    assert tuple(row) == COLUMNS
    assert row["reason"] == RECORD.reason
    assert (row["subjects"], row["account_id"], row["seq"]) == ("1 22", "", "3")
    assert row["at"] == "2026-11-22T08:00:00.000005+00:00"
    assert json.loads(row["after"]) == RECORD.after


def test_a_record_comes_back_from_json() -> None:
    (line,) = json_lines([RECORD])
    row = json.loads(line)

    assert (row["subjects"], row["after"], row["before"]) == ([1, 22], RECORD.after, None)
    assert row["at"] == "2026-11-22T08:00:00.000005+00:00"


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", " =1", "\u3000=1", "＝1", "＋1",
    "－1", "＠A1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "   @x", "\u00a0-1",
]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("name", ["actor", "reason", "request_id", "address", "subject_kind"])
def test_no_text_begins_a_formula(formula: str, name: str) -> None:
    row = cells(replace(RECORD, **{name: formula}))  # type: ignore[arg-type]

    assert row[name] == f"'{formula}"


@pytest.mark.parametrize("text", ["", "a=b", "王", "1.2.", "'", "{}"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_what_is_said_at_the_end_is_no_record() -> None:
    (row,) = csv.reader(io.StringIO(csv_closing("=cut, at 9"), newline=""))

    assert row == ["'=cut, at 9", *[""] * (len(COLUMNS) - 1)]
    assert json.loads(json_closing("到此截断")) == {"cut": "到此截断"}
