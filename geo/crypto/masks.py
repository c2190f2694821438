"""What is shown of a protected value by default. Pure.

A mask keeps what helps to tell neighbours apart and hides the rest; what has an unknown form is
hidden almost whole. A mask of an empty value is empty; no other is.
"""

import re

from geo.crypto import written

_HIDDEN = "**"
_STARS = "****"
# Compound surnames in use, one after the other; every one has two characters.
_COMPOUNDS = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙"
    "慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷"
    "轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五歐陽司馬東方諸葛聞人尉遲公孫長孫鮮于"
    "鍾離南宮獨孤"
)
_COMPOUND = frozenset(_COMPOUNDS[place : place + 2] for place in range(0, len(_COMPOUNDS), 2))
_MOBILE_DIGITS = 11
_LOCAL_DIGITS = (7, 8)
_ID = re.compile(r"[0-9]{17}[0-9X]")
_OLD_ID = re.compile(r"[0-9]{15}")
# Within a longer run of digits neither: that is a code. The birthday tells an ID number from one.
_ANY_ID = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9])"
)
_ANY_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_PAPER = re.compile(r"[0-9A-Z]{8,}")


def mask_name(text: str) -> str:
    """Return the surname and two stars, however long the given name is.

    Of a name without a Chinese surname (``阿卜杜拉·买买提``, ``John``) only the first letter is
    kept, because there the given name stands first; of a single character nothing.

    Examples
    --------
    >>> mask_name("王伟芳"), mask_name("欧阳修"), mask_name("欧阳"), mask_name("王")
    ('王**', '欧阳**', '欧**', '**')
    """
    name = written.name(text)
    if len(name) < 2 or not name[0].isalpha():
        return _HIDDEN if text.strip() else ""
    has_compound = len(name) > 2 and name[:2] in _COMPOUND
    return (name[:2] if has_compound else name[0].upper()) + _HIDDEN


def mask_phone(text: str) -> str:
    """Return a mobile number without its middle, a landline with area code and last three digits.

    Examples
    --------
    >>> mask_phone("138 1234 5678"), mask_phone("0561-555-0101"), mask_phone("010 8888 1234")
    ('138****5678', '0561****101', '010****234')
    >>> mask_phone("5550101"), mask_phone("110")
    ('****101', '****')
    """
    digits = written.phone(text)
    if len(digits) == _MOBILE_DIGITS and digits.startswith("1"):
        return f"{digits[:3]}{_STARS}{digits[-4:]}"
    area = _area_code(digits)
    if len(digits) - len(area) >= min(_LOCAL_DIGITS):
        return f"{area}{_STARS}{digits[-3:]}"
    return _STARS if text.strip() else ""


def mask_id_number(text: str) -> str:
    """Return an ID number without district and birthday; of other papers the ends alone.

    Examples
    --------
    >>> mask_id_number("11010519491231002X"), mask_id_number("110105491231002")
    ('110***********002X', '110*********002')
    >>> mask_id_number("E12345678"), mask_id_number("A12")
    ('E******78', '****')
    """
    number = written.id_number(text)
    if _ID.fullmatch(number):
        return _without_middle(number, 3, 4)
    if _OLD_ID.fullmatch(number):
        return _without_middle(number, 3, 3)
    if _PAPER.fullmatch(number):
        return _without_middle(number, 1, 2)
    return _STARS if text.strip() else ""


def mask_within(text: str) -> str:
    """Return a text with every mobile number and ID number in it masked, whatever it is about.

    For texts that should hold none: a wrong column of a file, a line of a log.

    Examples
    --------
    >>> mask_within("tel 13812345678, id 11010519491231002X, code 340603002001001")
    'tel 138****5678, id 110***********002X, code 340603002001001'
    """
    text = _ANY_ID.sub(lambda found: mask_id_number(found[0]), text)
    return _ANY_MOBILE.sub(lambda found: mask_phone(found[0]), text)


def mask_all(text: str) -> str:
    """Return stars that tell only that there is something."""
    return _STARS if text.strip() else ""


def _area_code(digits: str) -> str:
    """Return the area code of a landline of China: 010 and 02x have three digits, others four."""
    if not digits.startswith("0"):
        return ""
    length = 3 if digits[1:2] in ("1", "2") else 4
    return digits[:length] if len(digits) - length in _LOCAL_DIGITS else ""


def _without_middle(text: str, before: int, after: int) -> str:
    return text[:before] + "*" * (len(text) - before - after) + text[-after:]
