"""Tokens: 256 random bits with a prefix that says what they open; only their SHA-256 is stored.

A token is random enough that a plain hash of it cannot be turned back; whoever reads the tables can
open nothing with what stands there.
"""

import hashlib
import re
import secrets
from enum import StrEnum

_FORM = re.compile(r"(wg[ptrk]_)[A-Za-z0-9_-]{43}", re.ASCII)
_SHOWN = 8


class TokenKind(StrEnum):
    """What a token opens; the value is its prefix."""

    PAGE = "wgp_"  # pages, in a cookie
    ACCESS = "wgt_"  # the API, for minutes
    REFRESH = "wgr_"  # the next pair, once
    KEY = "wgk_"  # the API, for another system


def new_token(kind: TokenKind) -> str:
    """Return a fresh token."""
    return kind.value + secrets.token_urlsafe(32)


def kind_of(token: str) -> TokenKind | None:
    """Return what a token is for; None for what cannot be one, which costs no look-up.

    Examples
    --------
    >>> kind_of("wgt_" + "x" * 43).name, kind_of("wgt_short"), kind_of("")
    ('ACCESS', None, None)
    """
    found = _FORM.fullmatch(token)
    return TokenKind(found[1]) if found else None


def digest(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


def csrf_of(token: str) -> str:
    """Return what a page must send along with a change, so that no other site can make it."""
    return hashlib.sha256(b"csrf:" + token.encode()).hexdigest()


def masked(csrf: str) -> str:
    """Return what a page sends along as it is written into one answer: under a pad of its own.

    An answer is compressed, and repeats some of what it was asked. Whoever sees how long it gets
    could find a token that stands there the same each time, a character at a time (BREACH, 2013);
    no two answers hold the same characters here.

    Examples
    --------
    >>> once, again = masked("00ff"), masked("00ff")
    >>> len(once), unmasked(once), unmasked(again)
    (8, '00ff', '00ff')
    """
    token = bytes.fromhex(csrf)
    pad = secrets.token_bytes(len(token))
    return (pad + _crossed(pad, token)).hex()


def unmasked(given: str) -> str:
    """Return what was masked; empty for what cannot have been."""
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return ""
    half = len(both) // 2
    return _crossed(both[:half], both[half : 2 * half]).hex()


def _crossed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def shown_of(token: str) -> str:
    """Return the first characters, by which people tell keys apart."""
    return token[: len(TokenKind.KEY.value) + _SHOWN]
