"""Both ciphers give the published vectors, and refuse what is not whole."""

import pytest
from cryptography.exceptions import InvalidTag

from geo.crypto.aead import CipherName, aead


def of(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


AAD = of("feedfacedeadbeeffeedfacedeadbeefabaddad2")
# The GCM specification by McGrew and Viega, test case 16, which NIST's validation took over.
AES = (
    of("feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308"),
    of("cafebabefacedbaddecaf888"),
    of(
        "d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39"
    ),
    of(
        "522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    ),
)
# RFC 8998 appendix A.1.
SM4 = (
    of("0123456789abcdeffedcba9876543210"),
    of("00001234567800000000abcd"),
    of(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb ccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffff eeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    ),
    of(
        "17f399f08c67d5ee19d0dc9969c4bb7d 5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15 a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    ),
)
VECTORS = [(CipherName.AES, AES), (CipherName.SM4, SM4)]


@pytest.mark.parametrize(("name", "vector"), VECTORS)
def test_the_published_vector_comes_out(name: CipherName, vector: tuple[bytes, ...]) -> None:
    secret, nonce, clear, sealed = vector
    cipher = aead(name, secret)

    assert cipher.encrypt(nonce, clear, AAD) == sealed
    assert cipher.decrypt(nonce, sealed, AAD) == clear


@pytest.mark.parametrize(("name", "vector"), VECTORS)
def test_another_bit_or_a_shorter_text_is_refused(
    name: CipherName, vector: tuple[bytes, ...]
) -> None:
    secret, nonce, _, sealed = vector
    cipher = aead(name, secret)
    flipped = bytes((sealed[0] ^ 1,)) + sealed[1:]

    for wrong in (flipped, sealed[:-1], sealed[:15], b""):
        with pytest.raises(InvalidTag):
            cipher.decrypt(nonce, wrong, AAD)
    with pytest.raises(InvalidTag):
        cipher.decrypt(nonce, sealed, AAD[:-1])
