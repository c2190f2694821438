"""A reason that somebody states before they see or change a person's data. Pure.

It goes into the audit, which nobody may change and everybody who checks it reads: so it must say
something, and must not hold what the audit is to protect.
"""

import re

from geo.errors import Invalid

SHORTEST, LONGEST = 4, 200
# A mobile number, or the digits of an ID number.
_PERSONAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{15}", re.ASCII)


class ReasonTooShort(Invalid):
    """A reason says nothing, or too much."""

    code = "reason_too_short"


class ReasonPersonal(Invalid):
    """A reason, or an answer that is kept, holds a phone or ID number."""

    code = "reason_personal"


def stated(reason: str) -> str:
    """Return a reason on one line, with single blanks and none around it.

    Raises
    ------
    ReasonTooShort
        When it has fewer than four characters, more than 200, or some that cannot be printed.
    ReasonPersonal
        When it holds a phone or ID number.

    Examples
    --------
    >>> stated(" 电话回访　核实 ")
    '电话回访 核实'
    """
    words = " ".join(reason.split())
    if not (SHORTEST <= len(words) <= LONGEST and words.isprintable()):
        raise ReasonTooShort(least=SHORTEST, most=LONGEST)
    return without_numbers(words)


def without_numbers(words: str) -> str:
    """Return words that are kept in clear.

    Raises
    ------
    ReasonPersonal
        When they hold a phone or ID number.
    """
    if _PERSONAL.search(words):
        raise ReasonPersonal()
    return words
