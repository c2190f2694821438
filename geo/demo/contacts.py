"""Invented phones and ID numbers of the heads of households: of the right form, and nobody's.

Phones have eleven digits and begin with 144. In China's numbering plan of 2017 the numbers 140 to
144 are for things and have thirteen digits, so none of these can ring anybody. ID numbers name the
division 340699, which no county has; birthday, sequence and check character follow GB 11643-1999.
No two are alike.
"""

from datetime import date

import numpy as np

from geo.demo.lattice import Ints
from geo.demo.streams import stream

_PHONE_PREFIX, _PHONES = 144, 10**8
_DIVISION, _SEQUENCES = 340_699, 1_000
_FIRST_BIRTHDAY, _BIRTHDAYS = date(1938, 1, 1), 24_000  # up to September 2003
_WITHOUT_PHONE, _WITHOUT_ID_NUMBER = 0.04, 0.07
_DIGITS = 17
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = "10X98765432"
# Multiples of these modulo the number of phones and of ID numbers meet each of them once.
_PHONE_STEP, _ID_STEP = 38_196_601, 9_870_731


def contacts(seed: int, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the phone and the ID number of each head of a household.

    Parameters
    ----------
    seed : the town's seed
    heads : (n,) object, names; "" where nobody lives

    Returns
    -------
    (n,) object and (n,) object; "" where nobody lives, and for a few who gave none
    """
    draw = stream(seed, "contacts")
    starts = draw.integers(_PHONES), draw.integers(_BIRTHDAYS * _SEQUENCES)
    number = np.arange(len(heads), dtype=np.int64)
    asked = draw.random((2, len(heads))) >= [[_WITHOUT_PHONE], [_WITHOUT_ID_NUMBER]]
    given = asked & (heads != "")
    phones, papers = np.full((2, len(heads)), "", dtype=object)
    phones[given[0]] = _phones((starts[0] + number * _PHONE_STEP)[given[0]] % _PHONES)
    places = (starts[1] + number * _ID_STEP) % (_BIRTHDAYS * _SEQUENCES)
    papers[given[1]] = _id_numbers(places[given[1]])
    return phones, papers


def _phones(numbers: Ints) -> list[str]:
    return [f"{_PHONE_PREFIX}{number:08d}" for number in numbers.tolist()]


def _id_numbers(places: Ints) -> list[str]:
    days = np.datetime64(_FIRST_BIRTHDAY) + np.arange(_BIRTHDAYS)
    birthdays = np.array([int(str(day).replace("-", "")) for day in days])
    heads = (_DIVISION * 10**8 + birthdays[places // _SEQUENCES]) * _SEQUENCES + places % _SEQUENCES
    digits = heads[:, None] // 10 ** np.arange(_DIGITS - 1, -1, -1) % 10
    checks = (digits @ _WEIGHTS % 11).tolist()
    return [f"{head}{_CHECKS[check]}" for head, check in zip(heads.tolist(), checks, strict=True)]
