"""How long rows are kept that may go one day: the one table, pure.

Cells, buildings, households, workers and assignments end and stay: their history is what the grid
is for; a person's fields are emptied by erasure. Accounts, grants and keys stay: the audit names
them. ``docs/reference/retention.md`` is held to this table by a test.

Source: Cybersecurity Law as amended 2025 art. 23(3), logs at least six months; PIPL art. 19, no
longer than needed, and art. 56, records of processing at least three years; GB/T 35273-2020 6.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.audit.actions import KEEP, Keep


@dataclass(frozen=True, slots=True)
class Term:
    """How long the rows of a table are kept.

    Parameters
    ----------
    name : the table, and which of its rows when there are several terms
    days : kept so long after ``since``; the function has a floor of its own below it
    since : what the days count from, in words
    why : what they are kept for
    function : deletes them, as the owner of the table
    actions : of a record of the audit; None for all
    """

    name: str
    days: int
    since: str
    why: str
    function: str
    actions: tuple[str, ...] | None = None

    @property
    def table(self) -> str:
        """The table alone."""
        return self.name.partition(" ")[0]


_LOGS = tuple(action.value for action, keep in KEEP.items() if keep is Keep.LOG)

TERMS: Sequence[Term] = (
    Term(
        "audit_record (logs)",
        Keep.LOG.value,
        "it was written; its link says so",
        "six months of network logs",
        "expire_audit_record",
        _LOGS,
    ),
    Term(
        "audit_record (processing)",
        Keep.PROCESSING.value,
        "it was written; its link says so",
        "three years of records of processing",
        "expire_audit_record",
    ),
    Term(
        "audit_finding",
        Keep.PROCESSING.value,
        "it was reviewed; before that it stays",
        "goes with the records it names",
        "expire_audit_finding",
    ),
    Term("sign_in", 30, "it ended", "one's own list of sign-ins", "expire_sign_in"),
    Term("refresh_token", 30, "it ran out", "a second use is seen", "expire_refresh_token"),
    Term("sign_in_failure", 1, "it happened", "the lock-out", "expire_sign_in_failure"),
    Term("idempotency_key", 400, "the write", "a client's late retry", "expire_idempotency_key"),
    Term("job", 400, "it finished", "who asked for it, how it ended", "expire_job"),
    Term(
        "data_request",
        Keep.PROCESSING.value,
        "it was decided; before that it stays",
        "three years of records of processing",
        "expire_data_request",
    ),
)
