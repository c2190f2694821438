"""Writes by a client's key: a repeat finds what the first run made and does nothing.

The row joins the transaction of what it stands for: both are there, or neither. Of two runs at
once under one key the second waits on the row of the first, then finds it, or takes its place when
the first was rolled back. Kept are digests of the key and of the request, the status and the id of
what was made; never what was sent or answered, nor the key: a client may have made it of somebody's
phone.
"""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from geo.accounts.model import IdempotencyKey
from geo.errors import Refused
from geo.work import Work

# A row in an open transaction whose outcome is not known yet; it is never committed so.
_RUNNING = 0


class IdempotencyKeyReused(Refused):
    """A key was used before, for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Earlier:
    """How the first run under a key ended.

    Parameters
    ----------
    status : of its answer
    made : id or address of what it made
    """

    status: int
    made: str


def kept(key: str) -> str:
    """Return what is stored of a client's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def claim(work: Work, key: str, request_hash: bytes) -> Earlier | None:
    """Take a key for the running work, before it does anything else.

    Parameters
    ----------
    key : as the client chose it; each actor has its own
    request_hash : digest of everything that makes two requests the same

    Returns
    -------
    Earlier | None
        What the first run made; None when this is the first, which must then ``settle``.

    Raises
    ------
    IdempotencyKeyReused
        When the first run was another request.
    """
    key = kept(key)
    fresh = insert(IdempotencyKey).values(
        actor=work.actor.name, key=key, request_hash=request_hash, status=_RUNNING
    )
    # Waits here while another transaction holds the same key.
    taken = work.session.execute(fresh.on_conflict_do_nothing().returning(IdempotencyKey.key))
    if taken.first() is not None:
        return None
    first = work.session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.made).where(
            IdempotencyKey.actor == work.actor.name, IdempotencyKey.key == key
        )
    ).one()
    if not hmac.compare_digest(first.request_hash, request_hash):
        raise IdempotencyKeyReused()
    return Earlier(first.status, first.made)


def settle(work: Work, key: str, status: int, made: str) -> None:
    """Write down what the running work made under the key that it took."""
    mine = (IdempotencyKey.actor == work.actor.name, IdempotencyKey.key == kept(key))
    work.session.execute(update(IdempotencyKey).where(*mine).values(status=status, made=made))
