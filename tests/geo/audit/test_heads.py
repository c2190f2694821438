"""Heads outside the database: one line each, going up, readable by their owner alone."""

import stat
from pathlib import Path

import pytest

from geo.audit.heads import Head, HeadFile

WHEN = "2026-11-22 08:00:00.000001"


def head(seq: int) -> Head:
    return Head(seq, bytes([seq]) * 32, WHEN, 100 + seq)


@pytest.fixture
def file(tmp_path: Path) -> HeadFile:
    return HeadFile(tmp_path / "below" / "audit-head.log")


def test_what_was_kept_is_read_again(file: HeadFile) -> None:
    file.keep(head(3))
    file.keep(head(5))

    assert [(h.seq, h.hash, h.record_id) for h in file.heads()] == [
        (3, bytes([3]) * 32, 103),
        (5, bytes([5]) * 32, 105),
    ]
    assert file.path.read_text().splitlines()[0] == (
        f"3 {'03' * 32} 2026-11-22T08:00:00.000001 103"
    )


def test_no_file_holds_no_head(file: HeadFile) -> None:
    assert list(file.heads()) == []


def test_lines_only_go_up(file: HeadFile) -> None:
    assert [file.keep(head(seq)) for seq in (5, 5, 3, 6)] == [True, False, False, True]
    assert [h.seq for h in file.heads()] == [5, 6]


def test_a_line_that_a_crash_left_half_spoils_no_other(file: HeadFile) -> None:
    file.keep(head(3))
    with file.path.open("ab") as torn:
        torn.write(b"4 0404")

    assert [h.seq for h in file.heads()] == [3]
    assert file.keep(head(5))
    assert [h.seq for h in file.heads()] == [3, 5]


def test_a_line_of_another_form_is_passed_over(file: HeadFile) -> None:
    file.keep(head(3))
    with file.path.open("ab") as other:
        other.write(b"rotated\n")
    file.keep(head(4))

    assert [h.seq for h in file.heads()] == [3, 4]


def test_nobody_else_may_read_it(file: HeadFile) -> None:
    file.keep(head(1))

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_long_file_is_continued_from_its_end(file: HeadFile) -> None:
    for seq in range(1, 101):
        file.keep(head(seq))

    assert file.path.stat().st_size > 4096
    assert not file.keep(head(100))
    assert [h.seq for h in file.heads()] == list(range(1, 101))
