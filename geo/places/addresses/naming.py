"""What may be the name of a place: short words, no number that belongs to a person. Pure."""

import re

from geo.errors import Invalid
from geo.places.addresses.script import fold

LONGEST_NAME = 40
_NUMBER_OF_SOMEBODY = re.compile(r"[0-9](?:[\s\-]?[0-9]){6,}")
_PRINTED = re.compile(r"[^\W_]")


class PlaceNameRefused(Invalid):
    """A name of a place says too little, too much, or holds somebody's number."""

    code = "place_name_refused"


class PlaceNameTargetUnclear(Invalid):
    """A name of a place means neither a building nor an estate nor a point, or several."""

    code = "place_name_target_unclear"


def checked_name(text: str) -> str:
    """Return a name of a place as it is kept: without spaces around it.

    Raises
    ------
    PlaceNameRefused
        When it is shorter than two characters, longer than 40, not printable, a bare number, or
        holds a phone or ID number: seven digits in a row.

    Examples
    --------
    >>> checked_name(" 铁路小学后门那栋 ")
    '铁路小学后门那栋'
    """
    name = text.strip()
    plain = fold(name)
    numbers_only = plain.replace("-", "").isdigit()
    printable = name.isprintable() and _PRINTED.search(name) is not None
    if not 2 <= len(name) <= LONGEST_NAME or len(plain) < 2 or numbers_only or not printable:
        raise PlaceNameRefused(value=name[: LONGEST_NAME + 1])
    if _NUMBER_OF_SOMEBODY.search(plain):
        # The number itself stays out of what is answered and logged.
        raise PlaceNameRefused(value="…")
    return name


def check_target(*targets: object) -> None:
    """Refuse a name that does not mean exactly one thing.

    Raises
    ------
    PlaceNameTargetUnclear
        When none or more than one of the targets is given.
    """
    if sum(target is not None for target in targets) != 1:
        raise PlaceNameTargetUnclear()
