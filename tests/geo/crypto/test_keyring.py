"""A keyring file is whole, its owner's alone and random, or it is refused."""

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from geo.crypto.aead import CipherName
from geo.crypto.key_file import KeysMissing, KeysOpen, KeysStand
from geo.crypto.keyring import Keyring, KeysBroken, KeysWeak
from geo.crypto.keys import HashName
from geo.errors import GeoError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "keys.json"


def facts(ring: Keyring, path: Path) -> dict[str, Any]:
    ring.save(path)
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return whole


def write(path: Path, whole: object) -> None:
    text = whole if isinstance(whole, str) else json.dumps(whole)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def b64(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


@pytest.mark.parametrize("cipher", list(CipherName))
def test_a_keyring_comes_back_from_its_file(path: Path, cipher: CipherName) -> None:
    ring = Keyring.new(cipher).rotated(CipherName.AES)
    ring.save(path)

    assert Keyring.load(path) == ring
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["keys.json"]


def test_the_file_has_the_form_that_is_documented(path: Path) -> None:
    ring = Keyring.new(CipherName.SM4)
    whole = facts(ring, path)

    assert whole["active"] == "k1"
    assert whole["keys"]["k1"] == {"cipher": "sm4-gcm", "secret": b64(ring.active.secret)}
    assert whole["blind"] == {"hash": "sm3", "secret": b64(ring.blind.secret)}


def test_sm3_goes_with_sm4_and_sha256_with_aes() -> None:
    assert Keyring.new(CipherName.SM4).blind.hash is HashName.SM3
    assert Keyring.new().blind.hash is HashName.SHA256


def test_no_two_keyrings_are_alike() -> None:
    rings = [Keyring.new() for _ in range(5)]
    secrets = {ring.active.secret for ring in rings} | {ring.blind.secret for ring in rings}

    assert len(secrets) == 10
    assert len({ring.active.check for ring in rings}) == 5


def test_a_secret_never_shows_in_a_text_of_the_keyring() -> None:
    ring = Keyring.new()
    shown = f"{ring!r} {ring.active!s}"

    assert repr(ring.active.secret) not in shown
    assert repr(ring.blind.secret) not in shown
    assert b64(ring.active.secret) not in shown


def test_rotating_adds_an_active_key_and_keeps_the_others() -> None:
    ring = Keyring.new()
    wider = ring.rotated(CipherName.SM4)

    assert (ring.active.id, wider.active.id) == ("k1", "k2")
    assert wider.keys[1] == ring.active
    assert wider.active.cipher is CipherName.SM4
    assert wider.blind == ring.blind


def test_a_key_added_beforehand_becomes_active_when_keys_are_rotated() -> None:
    added = Keyring.new().added(CipherName.AES)

    assert (added.active.id, added.spare) == ("k1", added.keys[2])
    rotated = added.rotated(CipherName.AES)
    assert (rotated.active, rotated.spare, len(rotated.keys)) == (added.keys[2], None, 2)


def test_there_are_no_more_keys_than_a_sealed_value_can_name() -> None:
    ring = Keyring.new()
    full = Keyring({65_535: ring.active}, 65_535, ring.blind)

    with pytest.raises(KeysBroken):
        full.added(CipherName.AES)


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(KeysMissing, match="No such file"):
        Keyring.load(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o644])
def test_a_file_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    Keyring.new().save(path)
    path.chmod(mode)

    with pytest.raises(KeysOpen, match=f"{mode:03o}"):
        Keyring.load(path)


def test_a_new_keyring_never_takes_the_place_of_another(path: Path) -> None:
    first = Keyring.new()
    first.create(path)

    with pytest.raises(KeysStand):
        Keyring.new().create(path)
    assert Keyring.load(path) == first
    assert os.listdir(path.parent) == ["keys.json"]


KEY = {"cipher": "aes-256-gcm", "secret": b64(hashlib.sha256(b"key of a test").digest())}
BLIND = {"hash": "sha256", "secret": b64(hashlib.sha256(b"blind key of a test").digest())}


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "{",
        "[]",
        "null",
        '"keys"',
        "[" * 100_000,
        {"active": "k1", "keys": {}, "blind": BLIND},
        {"active": "k2", "keys": {"k1": KEY}, "blind": BLIND},
        {"active": "k1", "keys": {"k1": KEY}},
        {"active": "k1", "keys": {"k1": KEY}, "blind": {"hash": "md5", "secret": KEY["secret"]}},
        {"active": "k1", "keys": {"k1": {**KEY, "cipher": "des"}}, "blind": BLIND},
        {"active": "k1", "keys": {"k1": {**KEY, "secret": "not base64!"}}, "blind": BLIND},
        {"active": "k1", "keys": {"k1": {**KEY, "secret": 7}}, "blind": BLIND},
        {"active": "k1", "keys": {"k1": None}, "blind": BLIND},
        {"active": "k1", "keys": ["k1"], "blind": BLIND},
        {"active": "first", "keys": {"first": KEY}, "blind": BLIND},
        {"active": "k0", "keys": {"k0": KEY}, "blind": BLIND},
        {"active": "k65536", "keys": {"k65536": KEY}, "blind": BLIND},
    ],
    ids=range(18),
)
def test_what_is_no_keyring_is_refused_without_telling_what_it_holds(
    path: Path, whole: object
) -> None:
    write(path, whole)

    with pytest.raises(KeysBroken) as refused:
        Keyring.load(path)
    assert KEY["secret"] not in str(refused.value)
    assert set(refused.value.facts) == {"path", "reason"}


SAID = {
    "length": "its length is wrong",
    "pattern": "follow a pattern",
    "typed": "typed text",
    "published": "a published example",
}


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        (b"", "length"),
        (bytes.fromhex("9c1b") * 8, "length"),
        (bytes(33), "length"),
        (bytes(32), "pattern"),
        (bytes(range(32)), "pattern"),
        (b"\xaa\x55" * 16, "pattern"),
        (bytes.fromhex("518dcb9e") * 8, "pattern"),
        (b"Wangge!Password-2026#please(x)9%", "typed"),
        (bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2), "published"),
    ],
    ids=["empty", "half", "longer", "zeros", "steps", "two", "four", "phrase", "example"],
)
def test_a_secret_that_could_be_guessed_is_refused(path: Path, secret: bytes, reason: str) -> None:
    for part in ("key", "blind"):
        whole = facts(Keyring.new(), path)
        (whole["keys"]["k1"] if part == "key" else whole["blind"])["secret"] = b64(secret)
        write(path, whole)

        with pytest.raises(KeysWeak, match=SAID[reason]):
            Keyring.load(path)


def test_the_example_key_of_sm4_is_refused(path: Path) -> None:
    whole = facts(Keyring.new(CipherName.SM4), path)
    whole["keys"]["k1"]["secret"] = b64(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    write(path, whole)

    with pytest.raises(KeysWeak, match="a published example"):
        Keyring.load(path)


def test_one_secret_for_two_purposes_is_refused(path: Path) -> None:
    whole = facts(Keyring.new(), path)
    whole["blind"]["secret"] = whole["keys"]["k1"]["secret"]
    write(path, whole)

    with pytest.raises(KeysWeak, match="equals another one"):
        Keyring.load(path)


def test_every_refusal_says_what_to_do_in_both_languages(path: Path) -> None:
    refusals: list[GeoError] = [
        KeysMissing(path="p", reason="r"),
        KeysOpen(path="p", mode="644"),
        KeysWeak(path="p", name="k1", reason="typed"),
        KeysBroken(path="p", reason="r"),
        KeysStand(path="p"),
    ]
    for refusal in refusals:
        assert "p" in refusal.message("en")
        assert "密钥" in refusal.message("zh")
