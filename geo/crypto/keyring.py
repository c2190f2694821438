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
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from geo.crypto.aead import SECRET_BYTES, CipherName
from geo.crypto.key_file import create_private, read_private, replace_private
from geo.crypto.keys import BLIND_BYTES, BlindKey, HashName, Key, random_secret
from geo.crypto.weakness import weakness
from geo.errors import Refused
from geo.texts import Lang, text

_MOST_KEYS = 0xFFFF
_ID = re.compile(r"k([1-9]\d{0,4})")


class KeysWeak(Refused):
    """A secret of the keyring could be guessed, or has the wrong length."""

    code = "keys_weak"

    def message(self, lang: Lang) -> str:
        """Return which secret of which file is weak, and why."""
        reason = text(f"keys.weak.{self.facts['reason']}", lang)
        return text(f"errors.{self.code}", lang, **self.facts | {"reason": reason})


class KeysBroken(Refused):
    """The file is no keyring."""

    code = "keys_broken"


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
        key = Key(1, cipher, random_secret(SECRET_BYTES[cipher]))
        return cls({1: key}, 1, BlindKey(hashed, random_secret(BLIND_BYTES)))

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
        made = cls._parsed(read_private(path), path)
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
        key = Key(number, cipher, random_secret(SECRET_BYTES[cipher]))
        return replace(self, keys={**self.keys, number: key})

    def rotated(self, cipher: CipherName) -> Self:
        """Return the keyring with its spare key active, or with one more random key that is."""
        wider = self if self.spare else self.added(cipher)
        return replace(wider, active_number=max(wider.keys))

    def save(self, path: Path) -> None:
        """Write the file whole or not at all, for its owner alone, in place of what stands."""
        replace_private(path, self._text())

    def create(self, path: Path) -> None:
        """Write the file where none stands.

        Raises
        ------
        KeysStand
            When one stands: its keys may be the only ones that read the data.
        """
        create_private(path, self._text())

    def _text(self) -> bytes:
        keys = {key.id: _shown("cipher", key.cipher, key.secret) for key in self.keys.values()}
        blind = _shown("hash", self.blind.hash, self.blind.secret)
        whole = {"active": self.active.id, "keys": keys, "blind": blind}
        return (json.dumps(whole, indent=1) + "\n").encode()

    @classmethod
    def _parsed(cls, content: bytes, path: Path) -> Self:
        try:
            whole: Any = json.loads(content)
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
                raise KeysWeak(path=str(path), name=name, reason=reason)
            seen.add(secret)


def _key(name: str, facts: Any) -> Key:
    return Key(_number(name), CipherName(facts["cipher"]), _secret(facts["secret"]))


def _number(name: str) -> int:
    found = _ID.fullmatch(name)
    if found is None or int(found[1]) > _MOST_KEYS:
        raise ValueError
    return int(found[1])


def _secret(written: str) -> bytes:
    return base64.b64decode(written, validate=True)


def _shown(what: str, name: str, secret: bytes) -> dict[str, str]:
    return {what: str(name), "secret": base64.b64encode(secret).decode()}
