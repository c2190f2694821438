"""The one written form of a name, a phone and an ID number, for comparing. Pure.

What was given is what is stored; these forms only decide what counts as the same.
"""

import re
import unicodedata

_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_DOTS = re.compile(r"[•‧・･∙⋅.]")
# What parts a second number or an extension from the first number.
_NEXT = re.compile(r"[,、;/|]|转|ext|#", re.IGNORECASE)
_PLUS = re.compile(r"^\D*\+[^\d+]*\d")
_NOT_DIGITS = re.compile(r"\D+")
_COUNTRY = re.compile(r"(?:\+|00)86(?=\d{7,12}$)|86(?=1\d{10}$)")
# Behind the country code the 0 of an area code is left out.
_WITHOUT_ZERO = re.compile(r"(?!1\d{10}$|[48]00)[1-9]\d{8,10}")
_ID_MARKS = re.compile(r"[\s\-_.\u200b-\u200d\u2060\ufeff]+")


def name(text: str) -> str:
    """Return a name: half width, no blank but between Latin words, one kind of middle dot.

    Examples
    --------
    >>> name("王　伟 芳")
    '王伟芳'
    >>> name(" John   SMITH ")
    'john smith'
    """
    whole = unicodedata.normalize("NFKC", text).strip()
    if whole.isalpha():  # nearly every name
        return whole.casefold()
    whole = _BLANKS.sub(" " if whole.isascii() else "", whole)
    return _DOTS.sub("·", whole).casefold()


def phone(text: str) -> str:
    """Return the digits of the first phone number in a text, without the country code of China.

    Examples
    --------
    >>> phone("+86 138-1234-5678"), phone("（0561）555-0101转8")
    ('13812345678', '05615550101')
    >>> phone("+86 561 555 0101"), phone("无")
    ('05615550101', '')
    """
    if text.isascii() and text.isdecimal() and not text.startswith(("86", "00")):
        return text  # nearly every number
    whole = unicodedata.normalize("NFKC", text)
    found = next((part for part in map(_marked, _NEXT.split(whole)) if part), "")
    country = _COUNTRY.match(found)
    if country is None:
        return found.removeprefix("+")
    local = found[country.end() :]
    return f"0{local}" if _WITHOUT_ZERO.fullmatch(local) else local


def id_number(text: str) -> str:
    """Return an ID number: half width, no blanks and marks, upper-case X.

    Examples
    --------
    >>> id_number("11010519491231 002ｘ")
    '11010519491231002X'
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    return _ID_MARKS.sub("", unicodedata.normalize("NFKC", text)).upper()


def line(text: str) -> str:
    """Return any other text: half width, single blanks."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def _marked(part: str) -> str:
    """Return the digits of a number, with the plus before them if there is one."""
    digits = "".join(str(int(digit)) for digit in _NOT_DIGITS.sub("", part))
    return digits and ("+" if _PLUS.search(part) else "") + digits
