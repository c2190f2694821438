"""The unit of work: one use case, one transaction, one actor; the only place that commits.

``Work`` records events; on a clean exit it flushes, runs the before-commit handlers in the same
transaction, commits, then runs the after-commit handlers, which may be repeated and whose failure
is logged. Any error rolls everything back.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from geo.access.actors import Actor, Reason
from geo.access.scope import Scope
from geo.db.session import Limits, begin, set_scope, takes_statements
from geo.events import Event

_log = logging.getLogger(__name__)

Handler = Callable[["Work", Event], None]


@dataclass(frozen=True)
class Handlers:
    """Who acts on which event: before the commit in its transaction, or after it."""

    before_commit: Mapping[type[Event], Sequence[Handler]] = field(default_factory=dict)
    after_commit: Mapping[type[Event], Sequence[Callable[[Event], None]]] = field(
        default_factory=dict
    )


class Work:
    """A running use case: its session, its actor, what it may see, what has happened.

    Parameters
    ----------
    session : opened by the runtime, inside its transaction
    actor : who acts; its scope is what the session sees
    now : the transaction's timestamp, aware
    """

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.scope = actor.scope
        self.now = now
        self.events: list[Event] = []

    def record(self, event: Event) -> None:
        """Note that something happened; its handlers run when the work ends."""
        self.events.append(event)

    @contextmanager
    def elevated(self, reason: Reason) -> Iterator[None]:
        """See every row for a stated reason, until the block ends."""
        narrow = self.scope
        _log.info("elevated", extra={"actor": self.actor.name, "reason": reason.value})
        self._see(Scope.everything())
        try:
            yield
            self.session.flush()
        finally:
            # After a failed statement the transaction takes no other: there is nothing to narrow.
            if takes_statements(self.session):
                self._see(narrow)

    def _see(self, scope: Scope) -> None:
        set_scope(self.session, scope)
        self.scope = scope


@contextmanager
def open_work(
    session: Session, actor: Actor, limits: Limits, handlers: Handlers, *, dry_run: bool = False
) -> Iterator[Work]:
    """Run the block as one transaction: committed on a clean exit, rolled back on any error.

    Parameters
    ----------
    dry_run : do everything, handlers before the commit included, then roll back
    """
    with session:
        work = Work(session, actor, begin(session, actor.scope, limits))
        yield work
        session.flush()
        _run_before_commit(work, handlers)
        if dry_run:
            session.rollback()
            return
        session.commit()
    _run_after_commit(work.events, handlers)


def _run_before_commit(work: Work, handlers: Handlers) -> None:
    done = 0
    while done < len(work.events):  # a handler may record further events
        event = work.events[done]
        for handler in handlers.before_commit.get(type(event), ()):
            handler(work, event)
        done += 1
    work.session.flush()


def _run_after_commit(events: Sequence[Event], handlers: Handlers) -> None:
    for event in events:
        for handler in handlers.after_commit.get(type(event), ()):
            try:
                handler(event)
            except Exception:  # noqa: BLE001 - the work is committed; what follows may be repeated
                _log.exception("after-commit handler failed for %s", type(event).__name__)
