"""Random streams of the demo town: one a thing, so that adding a thing leaves the others alone.

A stream is a PCG64 generator seeded by the town's seed and a key (a code, the place of a block).
It depends neither on the order of calls nor on ``PYTHONHASHSEED``.
"""

from hashlib import blake2b

import numpy as np


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """Return the generator that belongs to a key.

    Parameters
    ----------
    seed : the town's seed, 0 or more
    key : what the stream is for, such as ``"block", 12, 40``

    Returns
    -------
    numpy.random.Generator, at its beginning

    Examples
    --------
    >>> bool(stream(7, "block", 1).random() == stream(7, "block", 1).random())
    True
    >>> bool(stream(7, "block", 1).random() == stream(7, "block", 2).random())
    False
    """
    digest = blake2b("/".join(str(part) for part in key).encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
