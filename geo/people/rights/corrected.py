"""Whether a value to correct can be one: of a name, a phone, an ID number. Pure.

Stricter than an import, which takes a doubtful number in with a note: here somebody sits at the
window and can be asked again. An empty value empties its field and is always right. What is wrong
is never said again: it may be somebody's number.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from geo.crypto import written
from geo.crypto.id_numbers import id_number_flaw
from geo.errors import Invalid
from geo.people.fields import HeadField

_NAME_MAX = 50
_NAME_MARKS = frozenset(" ·•.'’-")
# Digits and what parts them, with an extension; no word besides.
_PHONE_TEXT = re.compile(r"(?:[\d\s+()\-.,、;/|#]|转|ext)+", re.IGNORECASE)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}|[2-9]\d{6,7}|[48]00\d{7}", re.ASCII)
_ABROAD = re.compile(r"\s*(?:\+|00)(?!86)[\d\s()-]{8,20}")
_CITIZEN = re.compile(r"\d{15}|\d{17}[\dX]", re.ASCII)
# Passports and permits: letters with digits, or the eight digits of a permit.
_PAPER = re.compile(r"(?=.*[A-Z])(?=(?:.*\d){5})[0-9A-Z()]{7,20}|\d{8}", re.ASCII)


class NameWrong(Invalid):
    """A name to correct holds what no name has."""

    code = "correction_name"


class PhoneWrong(Invalid):
    """A phone to correct has the form of none."""

    code = "correction_phone"


class IdNumberWrong(Invalid):
    """An ID number to correct has the form of none, or its birthday or check digit is wrong."""

    code = "correction_id_number"


def check_corrections(corrections: Mapping[HeadField, str]) -> None:
    """Refuse values that cannot be right, the first one in the order of the fields.

    Raises
    ------
    NameWrong, PhoneWrong, IdNumberWrong
        Each names its field.
    """
    for name, (is_right, wrong) in _RULES.items():
        value = corrections.get(name, "").strip()
        if value and not is_right(value):
            raise wrong(field=name.value)


def _is_name(text: str) -> bool:
    whole = unicodedata.normalize("NFKC", text)
    fits = all(sign in _NAME_MARKS or unicodedata.category(sign)[0] in "LM" for sign in whole)
    return fits and len(whole) <= _NAME_MAX and any(sign.isalpha() for sign in whole)


def _is_phone(text: str) -> bool:
    whole = unicodedata.normalize("NFKC", text)
    is_plain = _PHONE_TEXT.fullmatch(whole) is not None
    is_number = _PHONE.fullmatch(written.phone(whole)) or _ABROAD.fullmatch(whole)
    return is_plain and is_number is not None


def _is_id_number(text: str) -> bool:
    number = written.id_number(text)
    if _CITIZEN.fullmatch(number):
        return id_number_flaw(number) is None
    return _PAPER.fullmatch(number) is not None


_RULES: Mapping[HeadField, tuple[Callable[[str], bool], type[Invalid]]] = {
    HeadField.NAME: (_is_name, NameWrong),
    HeadField.PHONE: (_is_phone, PhoneWrong),
    HeadField.ID_NUMBER: (_is_id_number, IdNumberWrong),
}
