"""Why a secret could be guessed: its length, a pattern, a typed phrase, a publication. Pure.

A random secret fails none of these tests but with a chance below one in a million.
"""

from itertools import pairwise

# Keys printed in standards and manuals, in hexadecimal.
_PUBLISHED = (
    "0123456789abcdeffedcba9876543210",  # GB/T 32907-2016, RFC 8998
    "2b7e151628aed2a6abf7158809cf4f3c",  # FIPS 197, NIST SP 800-38A
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",  # NIST SP 800-38A
    "feffe9928665731c6d6a8f9467308308",  # the GCM specification
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    "4c973dbc7364621674f8b5b89e5c15511fced9216490fb1c1a2caa0ffe0407e5",  # NIST CAVP
)
_KNOWN = frozenset(bytes.fromhex(text) for text in _PUBLISHED)


def weakness(secret: bytes, length: int) -> str | None:
    """Return in one word why a secret is not fit; None when it is.

    Parameters
    ----------
    length : how many bytes it must have

    Returns
    -------
    ``length``, ``published``, ``pattern``, ``typed``, or None

    Examples
    --------
    >>> weakness(bytes(32), 32)
    'pattern'
    >>> weakness(b"Qu4ck-br0wn_Fox:jumps/over&LAZY!", 32)
    'typed'
    """
    if len(secret) != length:
        return "length"
    if secret in _KNOWN:
        return "published"
    steps = {(after - before) % 256 for before, after in pairwise(secret)}
    # Of 16 random bytes about 15 differ, of 32 about 30.
    if len(set(secret)) <= length // 2 or len(steps) <= length // 4:
        return "pattern"
    return "typed" if all(0x20 <= byte < 0x7F for byte in secret) else None
