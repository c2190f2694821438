"""Blind indexes are equal for equal values of a column, and for nothing else."""

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SM3, Hash

from geo.crypto.aead import CipherName
from geo.crypto.blind import blind_index
from geo.crypto.keyring import Keyring

RING = Keyring.new()
COLUMN = "household.head_phone"


def sm3(text: bytes) -> bytes:
    made = Hash(SM3())
    made.update(text)
    return made.finalize()


def hmac_sm3(secret: bytes, text: bytes) -> bytes:
    """HMAC written out as RFC 2104 says, over blocks of 64 bytes."""
    padded = secret.ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in padded) + text)
    return sm3(bytes(byte ^ 0x5C for byte in padded) + inner)


def test_it_is_hmac_sha256_by_a_key_of_the_column() -> None:
    derived = hmac.digest(RING.blind.secret, f"blind index\0{COLUMN}".encode(), hashlib.sha256)
    whole = hmac.digest(derived, b"13812345678", hashlib.sha256)

    assert blind_index(RING, COLUMN, "13812345678") == whole[:16]


def test_beside_sm4_it_is_hmac_sm3() -> None:
    # GB/T 32905-2016, example 1: what sm3() above is built on.
    digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abc").hex() == digest
    ring = Keyring.new(CipherName.SM4)
    derived = hmac_sm3(ring.blind.secret, f"blind index\0{COLUMN}".encode())

    assert blind_index(ring, COLUMN, "王伟芳") == hmac_sm3(derived, "王伟芳".encode())[:16]


def test_equal_values_of_two_columns_do_not_look_alike() -> None:
    columns = (COLUMN, "worker.duty_phone", "household.head_name")

    assert len({blind_index(RING, column, "13812345678") for column in columns}) == 3


def test_another_keyring_gives_other_indexes_and_a_rotated_one_the_same() -> None:
    first = blind_index(RING, COLUMN, "13812345678")

    assert blind_index(Keyring.new(), COLUMN, "13812345678") != first
    assert blind_index(RING.rotated(CipherName.SM4), COLUMN, "13812345678") == first


def test_many_values_have_many_indexes() -> None:
    assert len({blind_index(RING, COLUMN, f"1381234{n:04d}") for n in range(10_000)}) == 10_000
