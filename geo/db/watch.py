"""What the statements of a transaction touched: people's tables, writes, and the audit itself.

The audit asks for a record of every write, of every read of people and of every search in the
audit. Whether a use case has forgotten one is not left to memory: each statement that leaves for
the database is looked at here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from geo.db.policies import SCOPED, WORDS

_PERSONAL = re.compile(rf"\b({'|'.join((*SCOPED, *WORDS))})\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+(?:ONLY\s+)?"
    r"(?:\"?public\"?\s*\.\s*)?\"?([a-z_][a-z0-9_]*\b(?!\.))",
    re.IGNORECASE,
)
# Words that follow UPDATE in other clauses: DO UPDATE SET, FOR UPDATE SKIP LOCKED, OF, NOWAIT.
_NO_TABLE = {"set", "skip", "of", "nowait"}
# The audit itself, and the machinery that has no meaning of its own.
_MACHINERY = {
    "audit_record",
    "audit_link",
    "idempotency_key",
    "job",
    "pg_temp",
    "refresh_token",
    "sign_in",
    "sign_in_failure",
}
_KEY = "wangge.touched"


@dataclass(slots=True)
class Touched:
    """What a transaction has done so far.

    Parameters
    ----------
    personal : read or wrote a table of people
    wrote : wrote anything but machinery
    log : opened the audit to read it
    """

    personal: bool = False
    wrote: bool = False
    log: bool = False

    def add(self, statement: str) -> None:
        """Take one more statement into account."""
        personal, wrote = touched_by(statement)
        self.personal |= personal
        self.wrote |= wrote


@lru_cache(maxsize=4096)
def touched_by(statement: str) -> tuple[bool, bool]:
    """Return whether a statement reads or writes people's tables, and whether it writes at all.

    Examples
    --------
    >>> touched_by("SELECT id FROM household WHERE path >= '1.'")
    (True, False)
    >>> touched_by('INSERT INTO estate (code) VALUES (1) ON CONFLICT DO UPDATE SET code = 2')
    (False, True)
    >>> touched_by("SELECT id FROM job FOR UPDATE SKIP LOCKED")
    (False, False)
    """
    written = {name.lower() for name in _WRITTEN.findall(statement)}
    return bool(_PERSONAL.search(statement)), bool(written - _NO_TABLE - _MACHINERY)


def watch(engine: Engine) -> None:
    """Look at every statement of an engine from now on."""
    event.listen(engine, "before_cursor_execute", _look)


def begin_watch(session: Session, touched: Touched | None = None) -> Touched:
    """Count what the session's transaction touches from now on, or go on with an older count."""
    counted = touched or Touched()
    session.connection().info[_KEY] = counted
    return counted


def saw_log(session: Session) -> None:
    """Count that the session's transaction reads the audit."""
    seen: Touched | None = session.connection().info.get(_KEY)
    if seen is not None:
        seen.log = True


def _look(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    seen: Touched | None = connection.info.get(_KEY)
    if seen is not None:
        seen.add(statement)
