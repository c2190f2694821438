"""Rotating keys: the new key goes into the file, then row after row is encrypted with it.

Every process reads the file again as soon as it changes, so from that moment all write with the new
key and all can read both. The rows follow in batches, each a work of its own with its record in
the audit: killed at any moment, the next run goes on where rows of another key are left. Old keys
stay in the file, for backups still hold what they encrypted.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import func, select, text

from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.crypto.aead import CipherName
from geo.crypto.cipher import Place
from geo.crypto.keyring import Keyring
from geo.crypto.model import DataKey
from geo.crypto.register import check_keys, sealed_columns
from geo.crypto.reseal import Batch, Part, count, parts, reseal, rewrite
from geo.jobs.service import RunningJob
from geo.work import Work

ROTATION, RENEWAL = "keys.rotation", "keys.renewal"
BATCH = 1_000
_RUNNER = Actor.system("keys")
_LOCK = 0x4B455953  # one rotation begins at a time
_WAIT_S = 0.5
_NAMED = 20


Result = TypeVar("Result")
Step = Callable[..., Batch]
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Take progress and show nothing."""


class Attempts(Protocol):
    """What a rotation needs of a runtime: works of its own, tried again when in another's way."""

    def attempt(self, actor: Actor, use_case: Callable[[Work], Result]) -> Result:
        """Run a use case in its own work."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key, and how many values are encrypted with it.

    Parameters
    ----------
    spare : it was added and waits to become active
    at_hand : whether the keyring has it
    """

    id: str
    cipher: str
    active: bool
    spare: bool
    at_hand: bool
    values: int


@dataclass(frozen=True, slots=True)
class Begun:
    """How a rotation began.

    Parameters
    ----------
    fresh : whether a key became active; False where an earlier rotation goes on
    """

    active: str
    fresh: bool


def begin(work: Work, path: Path, cipher: CipherName, *, anyway: bool = False) -> Begun:
    """Make a new key active, unless values still wait for the present one.

    Parameters
    ----------
    path : of the keyring file
    cipher : of a key that is made now
    anyway : a new key even so
    """
    work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    keyring = Keyring.load(path)
    if left(work, keyring) and not anyway:
        return Begun(keyring.active.id, fresh=False)
    rotated = keyring.rotated(cipher)
    rotated.save(path)
    check_keys(work.session, rotated)
    before, after = {"active": keyring.active.id}, {"active": rotated.active.id}
    work.note(Note(Action.KEYS_ROTATE, before=before, after=after))
    return Begun(rotated.active.id, fresh=True)


def left(work: Work, keyring: Keyring) -> int:
    """Return how many rows have a value of another key than the active one."""
    return sum(count(work.session, part, part.waiting(keyring.active)) for part in parts())


def uses(work: Work) -> list[KeyUse]:
    """Return every key that the keyring or the data know, in order."""
    keyring = work.keyring
    ciphers = {key.number: key.cipher.value for key in keyring.keys.values()}
    for known in work.session.scalars(select(DataKey).where(DataKey.id.like("k%"))):
        ciphers.setdefault(int(known.id[1:]), known.cipher)
    counted: dict[int, int] = dict.fromkeys(ciphers, 0)
    for table, name in sealed_columns():
        head = func.substring(table.c[f"{name}_cipher"], 2, 2)
        for number, values in work.session.execute(
            select(head, func.count()).where(head.is_not(None)).group_by(head)
        ):
            found = int.from_bytes(number, "big")
            counted[found] = counted.get(found, 0) + values
    return [
        KeyUse(
            f"k{number}",
            ciphers.get(number, "?"),
            number == keyring.active.number,
            keyring.spare is not None and number == keyring.spare.number,
            number in keyring.keys,
            values,
        )
        for number, values in sorted(counted.items())
    ]


def run_rotation(works: Attempts, job: RunningJob, shown: Progress = silent) -> dict[str, Any]:
    """Encrypt every value that waits with the active key; return counts.

    Parameters
    ----------
    shown : called with the progress that the job's row has too
    """
    total = works.attempt(_RUNNER, _left)
    done, unreadable = 0, set[Place]()
    while True:
        for part in parts():
            for batch in _batches(works, part, reseal):
                done += batch.seen
                unreadable.update(batch.unreadable)
                _tell("reseal", min(done, total), total, job.progress, shown)
        if works.attempt(_RUNNER, _left) <= _rows(unreadable):
            return _result(done, unreadable)
        time.sleep(_WAIT_S)  # somebody held a row: let them finish


def run_renewal(works: Attempts, job: RunningJob, shown: Progress = silent) -> dict[str, Any]:
    """Make every mask and index anew, after their rules changed; return counts."""
    total = works.attempt(_RUNNER, _filled)
    done, unreadable = 0, set[Place]()
    for part in parts():
        for batch in _batches(works, part, rewrite):
            done += batch.seen
            unreadable.update(batch.unreadable)
            _tell("renew", min(done, total), total, job.progress, shown)
    return _result(done, unreadable)


def _tell(step: str, done: int, total: int, *listeners: Progress) -> None:
    for listener in listeners:
        listener(step, done, total)


def _batches(works: Attempts, part: Part, step: Step) -> Iterator[Batch]:
    after = 0
    while (batch := works.attempt(_RUNNER, partial(_one, part, step, after))).seen:
        yield batch
        after = batch.last


def _one(part: Part, step: Step, after: int, work: Work) -> Batch:
    batch = step(work.session, work.keyring, part, after=after, limit=BATCH)
    if batch.seen:
        named = {"active": work.keyring.active.id}
        kind = part.table.name
        work.note(Note(Action.KEYS_ROTATE, subject_kind=kind, count=batch.seen, after=named))
    return batch


def _left(work: Work) -> int:
    return left(work, work.keyring)


def _filled(work: Work) -> int:
    return sum(count(work.session, part, part.filled()) for part in parts())


def _rows(places: set[Place]) -> int:
    return len({(place.table, place.row) for place in places})


def _result(done: int, unreadable: set[Place]) -> dict[str, Any]:
    named = [f"{p.table}.{p.column}:{p.row}" for p in sorted(unreadable)[:_NAMED]]
    return {"rows": done, "unreadable": len(unreadable), "places": named}
