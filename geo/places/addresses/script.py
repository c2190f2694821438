"""One form of writing: width, script, numerals, signs. What is folded alike, is alike."""

import re
import unicodedata
from functools import cache
from importlib import resources

from geo.places.addresses.numerals import arabic

_DASHES = re.compile(r"[‐‑‒–—―−－﹣~〜～]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s,，、./。·]+(?=[0-9])")
_NOT_WRITTEN = re.compile(r"[^0-9a-z#|\-\u3400-\u9fff\U00020000-\U0003ffff]+")
# Spelt names end where a space stands before a letter of a building: bsyt A座.
_LETTER = re.compile(r"(?<=[a-z])\s+(?=[a-z]\s*[座栋幢区])")
_HASH = re.compile(r"(?<=[0-9a-z])(?:#|＃|♯|號|号)(?:楼|栋|幢|座)")
_NUMBER_SIGN = re.compile(r"no\.?\s*(?=[0-9])|第\s*(?=[0-9]+\s*(?:号|栋|幢|座|楼|单元|#))")
_LONE_DASH = re.compile(r"(?<![0-9a-z#号栋幢座楼元])-|-(?![0-9a-z])")
# Said of the same place by different people.
_FAMILIES = re.compile(r"家属(?:大院|楼|区)")
LONGEST = 120


@cache
def _simplified() -> dict[int, str]:
    """Return the table from traditional to simplified characters."""
    lines = table("traditional.txt").splitlines()
    return {ord(old): line[0] for line in lines for old in line[1:]}


def simplified(text: str) -> str:
    """Return a text in simplified script, character by character.

    Examples
    --------
    >>> simplified("鐵路小學後門")
    '铁路小学后门'
    """
    return text.translate(_simplified())


def plain(text: str) -> str:
    """Return a text in half width, lower case and simplified script, numerals as they are.

    Examples
    --------
    >>> plain("幸福小區（３號樓）Ａ座")
    '幸福小区(3号楼)a座'
    """
    return simplified(unicodedata.normalize("NFKC", text[:LONGEST]).lower())


def fold(text: str) -> str:
    """Return the form in which addresses are compared: no spaces, no signs, digits for numerals.

    Examples
    --------
    >>> fold("幸福小區　３號樓，二單元　５０１室")
    '幸福小区3号楼2单元501室'
    >>> fold("幸福小区 3#楼 2—501"), fold("人民路No.18")
    ('幸福小区3号楼2-501', '人民路18')
    """
    written = _LETTER.sub("|", _DASHES.sub("-", plain(text).replace("|", " ")))
    spaced = _BETWEEN_DIGITS.sub("-", arabic(written))
    numbered = _HASH.sub("号楼", _NUMBER_SIGN.sub("", spaced))
    return _FAMILIES.sub("家属院", _LONE_DASH.sub("", _NOT_WRITTEN.sub("", numbered)))


@cache
def table(name: str) -> str:
    """Return the text of a table of this package."""
    return (resources.files(__package__) / "data" / name).read_text(encoding="utf-8")
