"""Blind indexes: equal values of a column have equal ones, and nobody without the key has them.

HMAC-SHA256, or HMAC-SM3 beside SM4, by a key derived for each column, over the value in its one
written form (``geo.crypto.written``), cut to 16 bytes: of a billion values two still collide with
a chance below one in 10²⁰. They serve equality alone. What they do tell: which rows are equal.
"""

from geo.crypto.keyring import Keyring

INDEX_BYTES = 16


def blind_index(keyring: Keyring, column: str, value: str) -> bytes:
    """Return the blind index of a value.

    Parameters
    ----------
    column : ``table.column``
    value : in its one written form, not empty
    """
    keyed = keyring.blind.base(column).copy()
    keyed.update(value.encode())
    return keyed.finalize()[:INDEX_BYTES]
