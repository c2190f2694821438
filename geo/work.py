"""The unit of work: one use case, one transaction, one actor; the only place that commits.

``Work`` records events; on a clean exit it flushes, runs the before-commit handlers in the same
transaction, writes the audit, commits, then runs the after-commit handlers, which may be repeated
and whose failure is logged. Any error rolls everything back; a refusal that says who may see what
is then recorded in a transaction of its own. No record, no data: a use case that wrote something
or read people and left no note is refused.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from geo.access.actors import Actor, ActorKind, Reason
from geo.access.scope import Scope
from geo.audit import service as audit
from geo.audit.actions import Action
from geo.audit.notes import Note, Subject, given
from geo.crypto.key_file import KeysMissing
from geo.crypto.keyring import Keyring
from geo.db.session import Limits, begin, set_scope, takes_statements
from geo.db.watch import begin_watch
from geo.errors import GeoError
from geo.events import Event

_log = logging.getLogger(__name__)

Handler = Callable[["Work", Event], None]
Keys = Callable[[], Keyring]


class AuditMissing(GeoError):
    """A use case touched people or the audit, or wrote, and left no note: a fault of ours."""

    code = "audit_missing"


class ReadingWrote(GeoError):
    """A use case that was opened to read wrote something: a fault of ours."""

    code = "reading_wrote"


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
    keys : gives the deployment's keyring
    """

    def __init__(self, session: Session, actor: Actor, now: datetime, keys: Keys) -> None:
        self.session = session
        self.actor = actor
        self.scope = actor.scope
        self.now = now
        self.events: list[Event] = []
        self.notes: list[Note] = []
        self.touched = begin_watch(session)
        self._keys = keys

    @property
    def keyring(self) -> Keyring:
        """The keys of protected fields, as they are now: another process may rotate them."""
        return self._keys()

    def record(self, event: Event) -> None:
        """Remember that something happened; its handlers run when the work ends."""
        self.events.append(event)

    def note(self, note: Note) -> None:
        """Remember a note for the audit; it is written before the commit."""
        self.notes.append(note)

    def gave(
        self,
        action: Action,
        kind: str,
        rows: Sequence[Subject],
        *,
        area: str | None = None,
        reason: str = "",
    ) -> None:
        """Note the rows about somebody that this use case gives out.

        Parameters
        ----------
        kind : of the rows, for instance ``household``
        area : path of the cell asked about; None for all that the actor sees
        """
        where = self.scope.root if area is None else area
        self.note(given(action, kind, rows, area=where, reason=reason))

    @contextmanager
    def elevated(self, reason: Reason) -> Iterator[None]:
        """See every row for a stated reason, until the block ends; recorded unless public."""
        # What waits to be written was allowed by the narrow scope, or not at all.
        self.session.flush()
        narrow, before = self.scope, self.touched
        if reason.audited:
            self.note(Note(Action.ELEVATED, reason=reason.value))
        else:
            self.touched = begin_watch(self.session)
        self._see(Scope.everything())
        try:
            yield
            self.session.flush()
        finally:
            # After a failed statement the transaction takes no other: there is nothing to narrow.
            if takes_statements(self.session):
                self._see(narrow)
                if not reason.audited:
                    before.wrote |= self.touched.wrote
                    self.touched = begin_watch(self.session, before)

    def _see(self, scope: Scope) -> None:
        set_scope(self.session, scope)
        self.scope = scope


def no_keys() -> Keyring:
    """Refuse: this work was opened without a keyring."""
    raise KeysMissing(path="-", reason="no keyring was given")


@contextmanager
def open_work(
    session: Session,
    actor: Actor,
    limits: Limits,
    handlers: Handlers,
    *,
    keys: Keys = no_keys,
    dry_run: bool = False,
    reading: bool = False,
) -> Iterator[Work]:
    """Run the block as one transaction: committed on a clean exit, rolled back on any error.

    Parameters
    ----------
    keys : gives the keyring, for what touches protected fields
    dry_run : do everything, handlers before the commit included, then roll back
    reading : it may write nothing but the audit. A READ ONLY transaction would refuse that too

    Raises
    ------
    AuditMissing
        When it touched people or wrote something and noted nothing.
    ReadingWrote
        When it was to read, and wrote.
    """
    try:
        with session:
            work = Work(session, actor, begin(session, actor.scope, limits), keys)
            yield work
            session.flush()
            _run_before_commit(work, handlers)
            if reading and work.touched.wrote:
                raise ReadingWrote()
            audit.write(session, actor, _trail(work))
            if dry_run:
                session.rollback()
                return
            session.commit()
    except GeoError as error:
        record_refusal(session, actor, limits, error)
        raise
    _run_after_commit(work.events, handlers)


def record_refusal(session: Session, actor: Actor, limits: Limits, error: GeoError) -> None:
    """Record a refusal that says who may see what, in a transaction of its own."""
    note = audit.refusal(error)
    if note is None or actor.kind is ActorKind.SYSTEM:
        return
    with session:
        begin(session, Scope.nothing(), limits)
        audit.write(session, actor, [note])
        session.commit()


def _trail(work: Work) -> list[Note]:
    """Return what is recorded: the notes, or for the system's own works that there was one.

    The system may read the audit without a word, or sealing it would never come to an end.
    """
    did, is_system = work.touched, work.actor.kind is ActorKind.SYSTEM
    if work.notes or not (did.personal or did.wrote or (did.log and not is_system)):
        return work.notes
    if is_system:
        return [Note(Action.SYSTEM_WORK)]
    raise AuditMissing()


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
