"""Passwords: which are taken, how they are kept (argon2id) and how one is compared.

A comparison costs memory and time on purpose, so only a few run at once in a process; who compares
for a login that does not exist pays the same, with ``UNMATCHED``.

Source: OWASP Password Storage Cheat Sheet, argon2id with 19 MiB, 2 passes, 1 lane; GB/T 22239-2019
8.1.4.1 a), passwords have a certain complexity; NIST SP 800-63B 5.1.1.2, length before composition
and a list of common ones.
"""

import os
import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from geo.errors import Invalid

SHORTEST, LONGEST = 10, 128
_KINDS_LEAST = 2
_SALT_BYTES, _HASH_BYTES = 16, 32
_SLOTS_MOST = 4
# No 0 O 1 l I: a password made for somebody is read aloud and typed once.
_MADE_OF = "abcdefghjkmnpqrstuvwxyz23456789"
_MADE_LENGTH = 16


class PasswordRefused(Invalid):
    """A password that will not be taken; its kinds say why."""

    code = "password_refused"


class PasswordLength(PasswordRefused):
    """It is too short, or longer than anybody types."""

    code = "password_length"


class PasswordPlain(PasswordRefused):
    """All its characters are of one kind."""

    code = "password_plain"


class PasswordGuessable(PasswordRefused):
    """It is the login, holds it, or is one of those tried first."""

    code = "password_guessable"


class PasswordSame(PasswordRefused):
    """It is the old one, which whoever gave it out may know."""

    code = "password_same"


def check_password(password: str, login: str, *, old: str | None = None) -> None:
    """Refuse a new password that is too short, of one kind of characters, easily guessed, or old.

    Parameters
    ----------
    old : the password it takes the place of; None when that does not matter

    Raises
    ------
    PasswordLength, PasswordPlain, PasswordGuessable, PasswordSame
        The first that holds.
    """
    plain = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordLength(least=SHORTEST, most=LONGEST)
    if kinds_of_characters(plain) < _KINDS_LEAST:
        raise PasswordPlain(least=_KINDS_LEAST)
    folded = plain.lower()
    if folded in _common() or folded == login or folded == login[::-1]:
        raise PasswordGuessable()
    if re.fullmatch(rf"{re.escape(login)}[0-9\W_]{{0,4}}", folded):
        raise PasswordGuessable()
    if old is not None and plain == unicodedata.normalize("NFKC", old):
        raise PasswordSame()


def kinds_of_characters(password: str) -> int:
    """Return how many of these it holds: small letters, capitals, digits, anything else.

    Examples
    --------
    >>> kinds_of_characters("abc"), kinds_of_characters("Abc1"), kinds_of_characters("网格 9")
    (1, 3, 2)
    """
    found = {
        "small" if c.islower() else "capital" if c.isupper() else "digit" if c.isdigit() else "else"
        for c in password
    }
    return len(found)


def made_password() -> str:
    """Return a random password of 79 bits in groups of four, to be changed at the first sign-in."""
    while True:
        letters = "".join(secrets.choice(_MADE_OF) for _ in range(_MADE_LENGTH))
        if any(c.isdigit() for c in letters) and any(c.isalpha() for c in letters):
            return "-".join(letters[at : at + 4] for at in range(0, _MADE_LENGTH, 4))


@dataclass(frozen=True, slots=True)
class Cost:
    """What one argon2id costs."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1

    @property
    def prefix(self) -> str:
        """How a hash of this cost begins, in PHC form."""
        return f"$argon2id$v=19$m={self.memory_kib},t={self.passes},p={self.lanes}$"


class Hasher:
    """Makes and compares argon2id hashes, only ``slots`` at once.

    Parameters
    ----------
    cost : of new hashes; an old hash is compared at its own cost
    slots : how many may run at once; by default one a processor, at most 4
    """

    def __init__(self, cost: Cost | None = None, slots: int | None = None) -> None:
        self.cost = cost or Cost()
        self.slots = slots or min(_SLOTS_MOST, os.cpu_count() or 1)
        self._free = threading.BoundedSemaphore(self.slots)

    def hash(self, password: str) -> str:
        """Return the hash of a password in PHC form, with a salt of its own."""
        cost = self.cost
        with self._free:
            return Argon2id(
                salt=os.urandom(_SALT_BYTES),
                length=_HASH_BYTES,
                iterations=cost.passes,
                lanes=cost.lanes,
                memory_cost=cost.memory_kib,
            ).derive_phc_encoded(_bytes_of(password))

    def matches(self, password: str, phc: str | None) -> bool:
        """Return whether a password is the one of a hash; never, at the same cost, for None."""
        with self._free:
            try:
                Argon2id.verify_phc_encoded(_bytes_of(password), phc or self._unmatched)
            except InvalidKey:
                return False
        return phc is not None

    def is_outdated(self, phc: str) -> bool:
        """Return whether a hash was made at another cost than today's."""
        return not phc.startswith(self.cost.prefix)

    @cached_property
    def _unmatched(self) -> str:
        """A hash of nothing anybody could type, at today's cost."""
        cost = self.cost
        return Argon2id(
            salt=os.urandom(_SALT_BYTES),
            length=_HASH_BYTES,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive_phc_encoded(os.urandom(_HASH_BYTES))


@cache
def _common() -> frozenset[str]:
    """Return the passwords that are tried first, in small letters."""
    listed = resources.files("geo.accounts") / "common.txt"
    return frozenset(listed.read_text(encoding="utf-8").split())


def _bytes_of(password: str) -> bytes:
    """Return the bytes of a password, the same for every way of typing the same characters."""
    return unicodedata.normalize("NFKC", password).encode()
