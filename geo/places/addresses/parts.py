"""The numbers of an address: door, building, stairwell, floor, room; read off folded text.

Names are not read here: what is known to be one is masked before (``STREET`` or ``NAME`` in place
of each of its characters), so that the 3 of 三中家属院 is no building.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from geo.places.addresses.sounds import spelt

STREET, NAME = "‖", "·"

_NUMBER = r"(?:[甲乙丙丁]|(?<![a-z])[a-z])?[0-9]{1,4}(?:-[0-9]{1,3})?[a-z甲乙丙丁]?"
_TOKENS = re.compile(
    r"(?P<building>(?:"
    rf"(?:{_NUMBER}|[甲乙丙丁戊]|(?<![a-z])[a-z]|[a-z](?=[座栋幢]))(?:号(?:居民|住宅|宿舍|家属|公寓|商住|商业|教师|教学)?楼|号?[栋幢座]楼?|#)"
    r"|(?:[东西南北中主副甲乙丙丁]|(?<![a-z])[a-z])楼))"
    r"|(?P<stairwell>[0-9]{1,2}(?:号?单元门?|单(?!位)|号门|门洞?(?![口面市诊牌楼卫岗])|号?楼[门道]|洞|梯|元(?=[0-9]))"
    r"|[a-z](?:单元|门洞))"
    r"|(?P<floor>[0-9]{1,2}(?:层|f))"
    r"|(?P<room>[0-9]{1,4}[a-z]?(?:号?房间|号?房(?!产)|号?室|号?户))"
    rf"|(?P<yard>{_NUMBER}(?:号?大?院(?!子)|号院内?|弄))"
    r"|(?P<door>[甲乙丙丁]?[0-9]{1,4}(?:-[0-9]{1,3})?[甲乙丙丁]?号(?:之[0-9]+|附[0-9]+号?|内)?)"
    r"|(?P<either>[0-9]{1,3}楼)"
    r"|(?P<group>[0-9]{1,2}(?:村民)?[组队社])"
    r"|(?P<chain>[0-9]{1,4}[a-z]?(?:-[0-9]{1,4}[a-z]?)+)"
    r"|(?P<bare>(?:(?<![a-z])[a-z])?[0-9]{1,4}(?![0-9]*[期区])[a-z甲乙丙丁]?)"
)
_KEY = re.compile(
    r"[a-z甲乙丙丁]?[0-9]+(?:(?:-|号?[之附])[0-9]+)?[a-z甲乙丙丁]?|[a-z甲乙丙丁戊东西南北中主副](?=[楼栋幢座#号单门]|$)"
)
_ON_STREET = re.compile(rf"(?:[路街巷道{STREET}]|lu|jie|xiang|dao)$")
_BETWEEN = re.compile(r"(?<=[号楼栋幢座元门#院层])-(?=[0-9a-z])")
_SPOKEN = (
    (re.compile(r"(?<=[0-9])(?:haolou|hl|dong|zhuang|haodong)(?![a-z]*[a-z])"), "号楼"),
    (re.compile(r"(?<=[0-9])(?:danyuan|dy)(?![a-z])"), "单元"),
    (re.compile(r"(?<=[0-9])haoyuan(?![a-z])"), "号院"),
    (re.compile(r"(?<=[0-9])hao(?=[a-z0-9]|$)"), "号"),
    (re.compile(r"(?<=[0-9])qi(?=[0-9]|$)"), "期"),
    (re.compile(r"(?<=[0-9])zuo(?![a-z])"), "座"),
    (re.compile(r"(?<=[0-9])ceng(?![a-z])"), "层"),
    (re.compile(r"(?<=[0-9])lou(?![a-z])"), "楼"),
    (re.compile(r"(?<=[0-9])(?:shi|s)(?![a-z])"), "室"),
)
_BEHIND_NUMBER = re.compile(r"(?<=[0-9])[\u4e00-\u9fff]{2}")
_UNITS_BY_SOUND = {"haolou": "号楼", "danyuan": "单元"}
_WITHIN_BUILDING = ("stairwell", "chain", "bare", "room")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers of an address say; empty text where nothing does.

    Parameters
    ----------
    door : number on the street
    building : number within the estate
    number : one of both: 幸福小区12号 may be a building, a house or a yard
    either : a building or a floor: 3楼
    stairwell, floor : whole numbers as text
    room : as on the door
    spans : where numbers stand in the text
    """

    door: str = ""
    building: str = ""
    number: str = ""
    either: str = ""
    stairwell: str = ""
    floor: str = ""
    room: str = ""
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def within(self) -> str:
        """The building's number by the strongest sign of it."""
        return self.building or self.number or self.either


def plate(text: str) -> str:
    """Return what tells one number from another: 3号楼, 3栋 and 3# are 3.

    Examples
    --------
    >>> [plate(text) for text in ("3号楼", "a座", "12-1号", "甲3号", "东楼", "")]
    ['3', 'a', '12-1', '甲3', '东', '']
    """
    found = _KEY.search(text)
    if found is None:
        return ""
    key = re.sub("号?[之附]", "-", found[0])
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", key)


def _misheard(match: re.Match[str]) -> str:
    return _UNITS_BY_SOUND.get(spelt(match[0]), match[0])


def spoken(text: str) -> str:
    """Return a folded text with units behind numbers written out that are spelt or misheard.

    Examples
    --------
    >>> spoken("xingfuxiaoqu3haolou2danyuan501shi"), spoken("xfxq3hl2dy501")
    ('xingfuxiaoqu3号楼2单元501室', 'xfxq3号楼2单元501')
    """
    for pattern, unit in _SPOKEN:
        text = pattern.sub(unit, text)
    return _BEHIND_NUMBER.sub(_misheard, text)


def numbers(text: str) -> Numbers:
    """Return what the numbers in a folded text say, read from left to right.

    Examples
    --------
    >>> found = numbers("人民路18号幸福小区3号楼2单元501室")
    >>> found.door, found.building, found.stairwell, found.room
    ('18', '3', '2', '501')
    >>> found = numbers("幸福小区3-2-501")
    >>> found.building, found.stairwell, found.room
    ('3', '2', '501')
    """
    parted = _BETWEEN.sub(" ", text)
    found = Numbers()
    tokens = list(_TOKENS.finditer(parted))
    for place, token in enumerate(tokens):
        following = tokens[place + 1].lastgroup if place + 1 < len(tokens) else None
        changes = _read(found, token, parted[: token.start()].rstrip(), following)
        found = replace(found, spans=(*found.spans, token.span()), **changes)
    return found


def _read(
    so_far: Numbers, token: re.Match[str], before: str, following: str | None
) -> dict[str, str]:
    """Return which numbers a token sets."""
    kind, text = token.lastgroup or "", token[0]
    value = plate(text)
    on_street = _ON_STREET.search(before) is not None
    match kind:
        case "building":
            return _building(so_far, value)
        case "stairwell":
            return {"stairwell": value, **_settled(so_far)}
        case "floor":
            return {"floor": value}
        case "room":
            return {"room": value}
        case "yard":
            return {"door": value}
        case "door":
            return _door(so_far, value, on_street)
        case "either":
            if so_far.within or so_far.room:
                return {"floor": value}
            return {"building" if following in _WITHIN_BUILDING else "either": value}
        case "chain" | "bare":
            return dict(_bare(so_far, text.split("-"), on_street))
        case _:
            return {}


def _building(so_far: Numbers, value: str) -> dict[str, str]:
    if so_far.building and not so_far.door:
        return {"door": so_far.building, "building": value}
    if so_far.number and not so_far.door:
        return {"door": so_far.number, "number": "", "building": value}
    return {"building": value}


def _settled(so_far: Numbers) -> dict[str, str]:
    """Return the building that a stairwell behind it makes sure."""
    if so_far.either and not so_far.building:
        return {"building": so_far.either, "either": ""}
    return {}


def _door(so_far: Numbers, value: str, on_street: bool) -> dict[str, str]:
    if on_street and not so_far.door:
        return {"door": value}
    if so_far.building or so_far.stairwell:
        return {"room": so_far.room or value}
    if so_far.number and not so_far.door:
        return {"door": so_far.number, "number": value}
    return {"number": value}


def _bare(so_far: Numbers, values: list[str], on_street: bool) -> Iterator[tuple[str, str]]:
    """Yield what numbers without a unit mean, by what is known already and how long they are."""
    if on_street and not so_far.door and not so_far.within:
        if len(values) < 3:
            yield "door", "-".join(values)
            return
        yield "door", values.pop(0)
    if not so_far.within and not (len(values) == 1 and so_far.door and len(values[0]) > 2):
        yield ("number" if len(values) == 1 else "building"), values.pop(0)
    if values and not so_far.stairwell and (len(values) > 1 or len(values[0]) < 3):
        yield "stairwell", values.pop(0)
    if values and not so_far.room:
        yield "room", values.pop(-1)
