"""The two ciphers a key may be for, each an authenticated encryption with one interface.

AES-256-GCM is NIST SP 800-38D over FIPS 197; SM4-GCM is GB/T 32907-2016 in the same mode, as in
RFC 8998. Both come from one library (``cryptography``); nothing here is our own mathematics.
"""

from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TAG_BYTES = 16


class CipherName(StrEnum):
    """How a key encrypts."""

    AES = "aes-256-gcm"
    SM4 = "sm4-gcm"


SECRET_BYTES = {CipherName.AES: 32, CipherName.SM4: 16}


class Aead(Protocol):
    """Encrypts and proves at once."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the ciphertext with its tag behind."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the clear bytes; ``InvalidTag`` when anything differs from what was sealed."""


class Sm4Gcm:
    """SM4 in Galois/Counter Mode, with the interface of the library's ``AESGCM``.

    Parameters
    ----------
    secret : 16 bytes
    """

    def __init__(self, secret: bytes) -> None:
        self._algorithm = algorithms.SM4(secret)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the ciphertext with its tag behind."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        sealed = encryptor.update(data) + encryptor.finalize()
        return sealed + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the clear bytes.

        Raises
        ------
        InvalidTag
            When the key, the nonce, the data or the associated data are not the same.
        """
        if len(data) < TAG_BYTES:
            raise InvalidTag
        tag = data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


def aead(cipher: CipherName, secret: bytes) -> Aead:
    """Return the cipher of a name on a secret of its length."""
    return AESGCM(secret) if cipher is CipherName.AES else Sm4Gcm(secret)
