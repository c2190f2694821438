"""The head of the chain, kept outside the database: a file that is only ever appended to.

Whoever cuts the newest rows off, or makes the whole chain anew, cannot take back what stands here;
keep the file where the database's administrator may not write, or send its lines away. One line a
batch: number, hash, instant and record, by which ``verify`` compares.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_LINE = re.compile(rb"([0-9]{1,19}) ([0-9a-f]{64}) (\S+) ([0-9]{1,19})\n")
_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain at some moment.

    Parameters
    ----------
    sealed_at : ISO 8601, UTC
    record_id : the record it seals
    """

    seq: int
    hash: bytes
    sealed_at: str
    record_id: int


class HeadFile:
    """The file of heads.

    Parameters
    ----------
    path : made when the first head is kept, readable by its owner alone
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, head: Head) -> bool:
        """Append a head unless one as high stands there; True when it was appended.

        Several processes may keep theirs in one file: the lines go up. What is appended is on the
        disk when this returns.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab+", opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = _tail(file)
            last = _last(end)
            if last is not None and last.seq >= head.seq:
                return False
            # A line that a crash left half is ended first, so that it spoils no other.
            begun = b"" if not end or end.endswith(b"\n") else b"\n"
            file.write(begun + _line(head))
            file.flush()
            os.fsync(file.fileno())
        return True

    def heads(self) -> Iterator[Head]:
        """Give each head kept so far, oldest first; none when there is no file yet."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                if (head := _head(line)) is not None:
                    yield head


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _line(head: Head) -> bytes:
    when = head.sealed_at.replace(" ", "T")
    return f"{head.seq} {head.hash.hex()} {when} {head.record_id}\n".encode()


def _head(line: bytes) -> Head | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    seq, hashed, when, record = found.groups()
    return Head(int(seq), bytes.fromhex(hashed.decode()), when.decode(), int(record))


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    return file.read()


def _last(tail: bytes) -> Head | None:
    heads = (_head(line) for line in reversed(tail.splitlines(keepends=True)))
    return next((head for head in heads if head is not None), None)
