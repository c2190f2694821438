"""One note of the audit, as a use case takes it: who, what, on whom, how it ended. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from geo.audit.actions import Action, Outcome

# A record of a million ids would be slow to show and to hash; the next one goes on.
MOST_NAMED = 1_000


class Subject(Protocol):
    """A row about somebody, as it is given out."""

    @property
    def id(self) -> int:
        """Its own key."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a use case has to say about itself; actor and time come from its work.

    Parameters
    ----------
    action : what was done
    subject_kind : of what: ``household``, ``worker``, ``account`` …
    subjects : ids of the rows given out or changed
    count : how many rows, when that is more than the ids named
    area : path of the cell it was about
    reason : in the words of who did it; never a person's data
    before, after : changed values, without clear personal data
    """

    action: Action
    outcome: Outcome = Outcome.DONE
    subject_kind: str = ""
    subjects: tuple[int, ...] = ()
    count: int | None = None
    area: str = ""
    reason: str = ""
    before: dict[str, Any] | None = field(default=None)
    after: dict[str, Any] | None = field(default=None)


def given(
    action: Action, kind: str, rows: Sequence[Subject], *, area: str = "", reason: str = ""
) -> Note:
    """Return the note of rows that are given out: whose they are is read from the rows themselves.

    Parameters
    ----------
    kind : of the rows, for instance ``household``
    area : path of the cell that was asked about
    """
    ids = tuple(row.id for row in rows)
    return Note(action, subject_kind=kind, subjects=ids, area=area, reason=reason)


def in_parts(note: Note, ids: Sequence[int]) -> list[Note]:
    """Return a note as one for each thousand rows, so that every row of an import is named.

    Examples
    --------
    >>> parts = in_parts(Note(Action.PEOPLE_IMPORT), range(1, 2_002))
    >>> [len(part.subjects) for part in parts], parts[2].subjects
    ([1000, 1000, 1], (2001,))
    """
    starts = range(0, len(ids), MOST_NAMED) or [0]
    return [replace(note, subjects=tuple(ids[at : at + MOST_NAMED])) for at in starts]
