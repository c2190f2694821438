"""Whether a citizen's ID number can be right, for a warning; a wrong one is stored all the same.

Source: GB 11643-1999: 6 digits of the division, 8 of the birthday, 3 of the sequence, and a check
character by ISO 7064 MOD 11-2. Numbers of 15 digits, issued until 1999, have none.
"""

import re
from datetime import date

from geo.crypto import written

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"[1-9]\d{5}(\d{8})\d{3}[\dX]")
_OLD_FORM = re.compile(r"[1-9]\d{5}(\d{6})\d{3}")


def check_character(digits: str) -> str:
    """Return the 18th character that belongs to 17 digits.

    Examples
    --------
    The two numbers of the standard's appendix:

    >>> check_character("11010519491231002"), check_character("44052418800101001")
    ('X', '4')
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def id_number_flaw(text: str) -> str | None:
    """Return why a text cannot be a citizen's ID number, in one word; None when it can.

    Returns
    -------
    ``form``, ``birthday`` or ``check``, or None; empty has no flaw

    Examples
    --------
    >>> id_number_flaw("11010519491231002x"), id_number_flaw("110105194912310021")
    (None, 'check')
    """
    number = written.id_number(text)
    found = _FORM.fullmatch(number) or _OLD_FORM.fullmatch(number)
    if found is None or not number.isascii():
        return "form" if number else None
    birthday = found[1] if len(found[1]) == 8 else f"19{found[1]}"
    if not _is_day(birthday):
        return "birthday"
    is_old = len(number) == 15
    return None if is_old or check_character(number[:17]) == number[17] else "check"


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
