"""When a connection has been slow for too long: what the client owes, and since when. Pure.

A server that waits politely for slow clients is taken down by five hundred of them (slowloris), so
each phase of a connection has its time. Time during which *we* do not read or do not answer counts
for nobody.
"""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """What a connection is waiting for."""

    HEAD = "head"  # the request line and the header fields
    BODY = "body"  # the rest of the body
    WORK = "work"  # our answer
    IDLE = "idle"  # the next request
    CLOSING = "closing"  # the client to take what is left and go


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each phase may take, in seconds.

    Parameters
    ----------
    head_s : from the connection, or the first byte of a later request, to the end of its header
    body_s : from there to the end of the body
    stall_s : without a byte of a body that is still due
    long_rate_bytes_s : the slowest rate of a body whose route takes a long one, after ``body_s``
    take_s : without the client taking a byte of the answer that waits for it
    rate_bytes_s : the slowest rate at which it may take a long answer on the whole
    idle_s : between two requests
    linger_s : to take the last answer of a connection that we end
    """

    head_s: float = 10.0
    body_s: float = 30.0
    stall_s: float = 10.0
    long_rate_bytes_s: float = 16_384.0
    take_s: float = 30.0
    rate_bytes_s: float = 4096.0
    idle_s: float = 15.0
    linger_s: float = 3.0


@dataclass(slots=True)
class Progress:
    """How far a connection has come.

    Parameters
    ----------
    phase : what it waits for
    since : when the phase began
    heard : when the last byte came
    due_s : how much longer a long body may take, for what has come of it; None for a short one
    """

    phase: Phase
    since: float
    heard: float
    due_s: float | None = None
    # What is written and not yet taken: since when, how much at most, how much at the last look.
    unsent_since: float | None = None
    unsent_most: int = 0
    unsent: int = 0
    taken: float = 0.0

    def enter(self, phase: Phase, now: float) -> None:
        """Begin another phase."""
        self.phase, self.since, self.heard = phase, now, now

    def look_at_unsent(self, unsent: int, now: float) -> None:
        """Take note of how many bytes the client has still to take."""
        if unsent == 0:
            self.unsent_since, self.unsent_most, self.unsent = None, 0, 0
            return
        if self.unsent_since is None:
            self.unsent_since = self.taken = now
        elif unsent < self.unsent:
            self.taken = now
        if self.phase in (Phase.IDLE, Phase.CLOSING):
            self.since = now  # an answer is on its way still: it owes nothing else yet
        self.unsent, self.unsent_most = unsent, max(self.unsent_most, unsent)


class Overdue(Enum):
    """Why a connection ends before its time."""

    SILENT = "silent"  # nothing is owed to anybody: close without a word
    SLOW = "slow"  # half a request: say so (408), then close
    STUCK = "stuck"  # it takes no answer: drop it


def overdue(progress: Progress, deadlines: Deadlines, now: float) -> Overdue | None:
    """Return why a connection has to end now; None while it is in time.

    Examples
    --------
    >>> overdue(Progress(Phase.HEAD, since=0.0, heard=9.0), Deadlines(), now=10.5)
    <Overdue.SLOW: 'slow'>
    """
    waited = now - progress.since
    if _takes_nothing(progress, deadlines, now):
        return Overdue.STUCK
    if progress.phase is Phase.CLOSING and waited > deadlines.linger_s:
        return Overdue.STUCK
    if progress.phase is Phase.IDLE and waited > deadlines.idle_s:
        return Overdue.SILENT
    if progress.phase is Phase.HEAD and waited > deadlines.head_s:
        return Overdue.SLOW
    stalled = now - progress.heard > deadlines.stall_s
    body_s = deadlines.body_s + (progress.due_s or 0.0)
    if progress.phase is Phase.BODY and (stalled or waited > body_s):
        return Overdue.SLOW
    return None


def _takes_nothing(progress: Progress, deadlines: Deadlines, now: float) -> bool:
    if progress.unsent_since is None:
        return False
    most_s = deadlines.take_s + progress.unsent_most / deadlines.rate_bytes_s
    return now - progress.taken > deadlines.take_s or now - progress.unsent_since > most_s
