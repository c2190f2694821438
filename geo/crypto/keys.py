"""Single keys: what encrypts, and what blind indexes are made with; secrets never show."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from geo.crypto.aead import Aead, CipherName, aead
from geo.crypto.weakness import weakness

BLIND_BYTES = 32
LAYOUT = 1  # of sealed values, see geo.crypto.cipher
_CHECK_TEXT = b"wangge keyring check"
_CHECK_BYTES = 16


class HashName(StrEnum):
    """How blind indexes are hashed; SM3 goes with SM4."""

    SHA256 = "sha256"
    SM3 = "sm3"


_HASHES: Mapping[HashName, type[HashAlgorithm]] = {HashName.SHA256: SHA256, HashName.SM3: SM3}


@dataclass(frozen=True)
class Key:
    """A key with its number; its secret never shows in a text of it."""

    number: int
    cipher: CipherName
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Its name in the file: ``k1``, ``k2`` and so on."""
        return f"k{self.number}"

    @cached_property
    def head(self) -> bytes:
        """The bytes with which every value it seals begins: layout 1, and its number."""
        return bytes((LAYOUT,)) + self.number.to_bytes(2, "big")

    @cached_property
    def aead(self) -> Aead:
        """Its cipher, ready for use from several threads."""
        return aead(self.cipher, self.secret)

    @property
    def check(self) -> bytes:
        """A value by which the database knows this key without having it."""
        return _mac(SHA256(), self.secret, _CHECK_TEXT)[:_CHECK_BYTES]


@dataclass(frozen=True)
class BlindKey:
    """The key of all blind indexes."""

    hash: HashName
    secret: bytes = field(repr=False)
    bases: dict[str, HMAC] = field(default_factory=dict, repr=False, compare=False)

    @property
    def check(self) -> bytes:
        """A value by which the database knows this key without having it."""
        return _mac(SHA256(), self.secret, _CHECK_TEXT)[:_CHECK_BYTES]

    def base(self, column: str) -> HMAC:
        """Return the keyed hash of one column (``table.column``), to be copied for each value.

        The column's own key is derived from the secret, so that equal values in two columns do
        not look alike.
        """
        if column not in self.bases:
            algorithm = _HASHES[self.hash]()
            derived = _mac(algorithm, self.secret, f"blind index\0{column}".encode())
            self.bases[column] = HMAC(derived, algorithm)
        return self.bases[column]


def random_secret(length: int) -> bytes:
    """Return random bytes that are fit for a secret."""
    secret = b""
    while weakness(secret, length):
        secret = os.urandom(length)
    return secret


def _mac(algorithm: HashAlgorithm, secret: bytes, text: bytes) -> bytes:
    keyed = HMAC(secret, algorithm)
    keyed.update(text)
    return keyed.finalize()
