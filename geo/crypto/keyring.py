"""The keyring: the keys of one deployment, one of them active, in one file only its owner reads.

The file is JSON::

    {"active": "k2",
     "keys": {"k1": {"cipher": "aes-256-gcm", "secret": "<base64>"}, "k2": …},
     "blind": {"hash": "sha256", "secret": "<base64>"}}

New values are encrypted with the active key; the others stay, because rows and backups still name
them. The blind key is for all time: equal values must have equal blind indexes. A keyring is a
value: nothing here changes one, ``rotated`` returns another.
"""

import base64
import binascii
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from geo.crypto.aead import SECRET_BYTES, Aead, CipherName, aead
from geo.crypto.weakness import weakness
from geo.errors import Refused, Unavailable

BLIND_BYTES = 32
LAYOUT = 1  # of sealed values, see geo.crypto.cipher
_MOST_KEYS = 0xFFFF
_ID = re.compile(r"k([1-9]\d{0,4})")
_OTHERS_BITS = 0o077
_CHECK_TEXT = b"wangge keyring check"
_CHECK_BYTES = 16


class KeysMissing(Unavailable):
    """There is no keyring file where one must be."""

    code = "keys_missing"


class KeysOpen(Refused):
    """Others than its owner may read or write the keyring file."""

    code = "keys_open"


class KeysWeak(Refused):
    """A secret of the keyring could be guessed, or has the wrong length."""

    code = "keys_weak"


class KeysBroken(Refused):
    """The file is no keyring."""

    code = "keys_broken"


class KeysStand(Refused):
    """There is a keyring already; it is never overwritten by a new one."""

    code = "keys_stand"


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


@dataclass(frozen=True)
class Keyring:
    """All keys of a deployment.

    Parameters
    ----------
    keys : number → key
    active_number : of the key that encrypts
    """

    keys: Mapping[int, Key]
    active_number: int
    blind: BlindKey

    @classmethod
    def new(cls, cipher: CipherName = CipherName.AES) -> Self:
        """Return a keyring with one random key, and SM3 beside SM4."""
        hashed = HashName.SM3 if cipher is CipherName.SM4 else HashName.SHA256
        key = Key(1, cipher, _random(SECRET_BYTES[cipher]))
        return cls({1: key}, 1, BlindKey(hashed, _random(BLIND_BYTES)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the keyring of a file.

        Raises
        ------
        KeysMissing
            When there is no such file.
        KeysOpen
            When others than its owner may read or write it.
        KeysBroken
            When it is no keyring.
        KeysWeak
            When a secret could be guessed.
        """
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if mode & _OTHERS_BITS:
                    raise KeysOpen(path=str(path), mode=f"{mode & 0o777:03o}")
                text = file.read()
        except OSError as error:
            raise KeysMissing(path=str(path), reason=error.strerror or "") from error
        made = cls._parsed(text, path)
        made._refuse_weak(path)
        return made

    @cached_property
    def active(self) -> Key:
        """The key that encrypts."""
        return self.keys[self.active_number]

    @property
    def spare(self) -> Key | None:
        """A key that was added and never active yet: the newest, when it is not the active one."""
        newest = max(self.keys)
        return self.keys[newest] if newest > self.active_number else None

    def added(self, cipher: CipherName) -> Self:
        """Return the keyring with one more random key, which is not active yet."""
        number = max(self.keys) + 1
        if number > _MOST_KEYS:
            raise KeysBroken(path="", reason="too many keys")
        key = Key(number, cipher, _random(SECRET_BYTES[cipher]))
        return replace(self, keys={**self.keys, number: key})

    def rotated(self, cipher: CipherName) -> Self:
        """Return the keyring with its spare key active, or with one more random key that is."""
        wider = self if self.spare else self.added(cipher)
        return replace(wider, active_number=max(wider.keys))

    def save(self, path: Path) -> None:
        """Write the file whole or not at all, for its owner alone, in place of what stands."""
        fresh = self._written(path)
        fresh.replace(path)
        _settle(path.parent)

    def create(self, path: Path) -> None:
        """Write the file where none stands.

        Raises
        ------
        KeysStand
            When one stands: its keys may be the only ones that read the data.
        """
        fresh = self._written(path)
        try:
            os.link(fresh, path)
        except FileExistsError as error:
            raise KeysStand(path=str(path)) from error
        finally:
            fresh.unlink()
        _settle(path.parent)

    def _written(self, path: Path) -> Path:
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self._text().encode())
            file.flush()
            os.fsync(file.fileno())
        return fresh

    def _text(self) -> str:
        keys = {key.id: _shown(key.cipher, key.secret, "cipher") for key in self.keys.values()}
        blind = _shown(self.blind.hash, self.blind.secret, "hash")
        return json.dumps({"active": self.active.id, "keys": keys, "blind": blind}, indent=1) + "\n"

    @classmethod
    def _parsed(cls, text: bytes, path: Path) -> Self:
        try:
            whole: Any = json.loads(text)
            keys = [_key(name, facts) for name, facts in whole["keys"].items()]
            by_number = {key.number: key for key in keys}
            blind = BlindKey(HashName(whole["blind"]["hash"]), _secret(whole["blind"]["secret"]))
            made = cls(by_number, _number(whole["active"]), blind)
            _ = made.active
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            # The error's text may hold a part of the file: only its kind is told.
            raise KeysBroken(path=str(path), reason=type(error).__name__) from None
        return made

    def _refuse_weak(self, path: Path) -> None:
        seen: set[bytes] = set()
        wanted = [(key.id, key.secret, SECRET_BYTES[key.cipher]) for key in self.keys.values()]
        for name, secret, length in [*wanted, ("blind", self.blind.secret, BLIND_BYTES)]:
            reason = weakness(secret, length) or ("repeated" if secret in seen else None)
            if reason:
                raise KeysWeak(path=str(path), key=name, reason=reason)
            seen.add(secret)


def _random(length: int) -> bytes:
    secret = b""
    while weakness(secret, length):
        secret = os.urandom(length)
    return secret


def _mac(algorithm: HashAlgorithm, secret: bytes, text: bytes) -> bytes:
    keyed = HMAC(secret, algorithm)
    keyed.update(text)
    return keyed.finalize()


def _key(name: str, facts: Any) -> Key:
    return Key(_number(name), CipherName(facts["cipher"]), _secret(facts["secret"]))


def _number(name: str) -> int:
    found = _ID.fullmatch(name)
    if found is None or int(found[1]) > _MOST_KEYS:
        raise ValueError
    return int(found[1])


def _secret(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _shown(name: str, secret: bytes, what: str) -> dict[str, str]:
    return {what: str(name), "secret": base64.b64encode(secret).decode()}


def _settle(folder: Path) -> None:
    """Make sure that the name of a new file outlives a crash of the machine."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
