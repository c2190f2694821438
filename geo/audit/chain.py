"""The chain over the audit: digests, hashes of links, and what is wrong with a link. Pure.

Each link seals one record by its digest and the link before by its hash, so whoever changes,
removes or moves a row breaks the chain there. A record may go when the day in its link has passed;
the link stays. What was cut off at the end shows only in a head kept elsewhere: ``heads``.

Source: the form of a field, its length before it, is that of the netstrings of D. J. Bernstein; no
two different rows have the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

GENESIS = bytes(32)
# Goes into every hash, so that the form below may change one day without an old hash fitting.
_FORM = "wangge-audit-1"


class FaultKind(StrEnum):
    """What was done to the audit."""

    CHANGED = "changed"  # a record is not what was sealed
    DELETED = "deleted"  # a record is gone before its day
    INSERTED = "inserted"  # a record or a link was put in afterwards
    REORDERED = "reordered"  # links changed places
    LINK_CHANGED = "link_changed"  # a link is not what it was, or the one before it is gone
    LINK_DELETED = "link_deleted"  # a number is missing
    TRUNCATED = "truncated"  # the chain ends before a head that was kept elsewhere
    REWRITTEN = "rewritten"  # the chain has another hash than a head that was kept elsewhere
    MISDATED = "misdated"  # a record's instant lies a day or more from its neighbours'
    SHORTENED = "shortened"  # a link lets its record go before the term of its action is over


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Parameters
    ----------
    seq : number of the link; None for a record that has none
    record_id : the record; None when only the link's number is known
    """

    kind: FaultKind
    seq: int | None
    record_id: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain, its values in the one text form that is hashed.

    Parameters
    ----------
    keep_until : day, ``YYYY-MM-DD``
    sealed_at : instant in UTC, ``YYYY-MM-DD HH:MM:SS.ffffff``
    """

    seq: int
    record_id: int
    digest: bytes
    keep_until: str
    floor: int
    sealed_at: str
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last link so far: its number and hash."""

    seq: int = 0
    hash: bytes = GENESIS


def canonical(fields: Iterable[str | None]) -> bytes:
    """Return the bytes of a row: each field behind its length in characters, ``-`` for none.

    Examples
    --------
    >>> canonical(["ab", None, ""])
    b'2:ab-0:'
    >>> canonical(["a", "b"]) == canonical(["ab"])
    False
    """
    return "".join(["-" if f is None else f"{len(f)}:{f}" for f in fields]).encode()


def digest(fields: Sequence[str | None]) -> bytes:
    """Return the SHA-256 of a record, given as the texts of its columns in their order."""
    return sha256(canonical([_FORM, str(len(fields)), *fields])).digest()


def link_hash(previous: bytes, link: Link) -> bytes:
    """Return the SHA-256 of the hash before and of all a link says; its own hash aside."""
    said = (
        _FORM,
        str(link.seq),
        str(link.record_id),
        link.digest.hex(),
        link.keep_until,
        str(link.floor),
        link.sealed_at,
    )
    return sha256(previous + canonical(said)).digest()


def joined(tip: Tip, link: Link) -> Link:
    """Return a link with its number and hash, put behind the last one."""
    numbered = replace(link, seq=tip.seq + 1)
    return replace(numbered, hash=link_hash(tip.hash, numbered))


def broken(tip: Tip, link: Link) -> FaultKind | None:
    """Return how a link fails to follow the one before; None when it follows."""
    if link.seq != tip.seq + 1:
        return FaultKind.LINK_DELETED
    if link_hash(tip.hash, link) != link.hash:
        return FaultKind.LINK_CHANGED
    return None


def wrong(link: Link, found: bytes | None, today: str) -> FaultKind | None:
    """Return what is wrong with the record of a link that follows; None when it is as sealed.

    Parameters
    ----------
    found : digest of the record as it is now; None when it is gone
    today : the local day; from the day after ``keep_until`` on a record may be gone
    """
    if found is None:
        return None if link.keep_until < today else FaultKind.DELETED
    return None if found == link.digest else FaultKind.CHANGED


def cause(tip: Tip, link: Link, later: Iterable[Link]) -> FaultKind:
    """Return why a link does not follow, after a look at those behind it.

    Parameters
    ----------
    tip : the last link that was right
    link : the one that has the next number and does not follow
    later : the links behind it

    Returns
    -------
    ``REORDERED`` when the link that belongs here stands further down, ``INSERTED`` when it stands
    next and this one belongs nowhere, else ``LINK_CHANGED``
    """
    for other in later:
        moved = replace(other, seq=link.seq)
        if link_hash(tip.hash, moved) != other.hash:
            continue
        after = replace(link, seq=link.seq + 1)
        swapped = other.seq > link.seq + 1 or link_hash(other.hash, after) == link.hash
        return FaultKind.REORDERED if swapped else FaultKind.INSERTED
    return FaultKind.LINK_CHANGED
