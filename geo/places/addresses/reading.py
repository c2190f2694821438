"""A text with all that is known to stand in it: names, numbers, words that mean nothing more."""

import re
from dataclasses import dataclass, replace

from geo.places.addresses.aliases import Aliases
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.names import Mention, NameIndex, core
from geo.places.addresses.parts import NAME, STREET, Numbers, numbers, spoken
from geo.places.addresses.places import PlaceKind
from geo.places.addresses.rows import Bearer
from geo.places.addresses.script import fold

# What lies near something is not that thing: somebody has to look.
_RELATIVE = re.compile(
    r"对面|对过|斜对|旁边?|隔壁|附近|[后前]面|[东西南北]侧|往[东西南北前]|[东西南北][0-9]+米|[0-9]+米"
    r"|路口|交叉口|交口|交汇|交界|之间|边上|靠近|向[东西南北]|拐角"
)
_EMPTY = re.compile(
    r"[东西中左右]户|[东西]边户|左手|右手|楼[上下]|院内|院里|户主|业主|住户|租户|家住|我家|我们|住在?|位于|地址"
    r"|商铺|门面房?|门市房?|底商|地下室|车库|的|那个?|这个?|里面?|内|处|家|在|谁管|归谁|左右|一带|与|和|以?内"
    r"|是?哪个|网格员?|属于|是|电话|联系|手机|微信|楼道|电梯|物业"
    r"|[\u4e00-\u9fff](?:先生|女士|师傅|大爷|阿姨|老师)|中国|xiaoqu$|shequ$"
)
_SIGNS = re.compile(r"[\s\-#|]|[0-9]+(?![期区0-9])")
_PROVINCE = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,4}(?:市|州|盟))?"
)
# Phone and ID numbers: no part of an address, and not to be told back.
_OF_SOMEBODY = re.compile(
    r"1[3-9][0-9]-[0-9]{4}-[0-9]{4}|0[0-9]{2,3}-[0-9]{3,4}-?[0-9]{4}|[0-9]{7,}x?"
)
_GENERIC = re.compile(r"^(?:住宅|居民)?小区")
# 石桥小区 is no village 石桥.
_WHOLE_NAME = 3
_COVERED = 0.75
_LETTERS = 0.99
_KNOWN = 0.8


@dataclass(frozen=True, slots=True)
class Known:
    """A name in the text and who may bear it."""

    mention: Mention
    text: str
    bearers: tuple[Bearer, ...]
    is_alias: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says.

    Parameters
    ----------
    text : folded
    known : names, the likest first
    numbers : door, building, stairwell …
    is_relative : it names a place beside the one it means
    """

    text: str
    known: tuple[Known, ...]
    numbers: Numbers
    is_relative: bool

    def left_over(self, taken: list[Known]) -> tuple[str, str]:
        """Return what neither names that are taken nor numbers nor empty words explain.

        Returns
        -------
        what goes on with the first of the names or leads up to it, and what stands elsewhere
        """
        open_ = list(self.text)
        spans = [(one.mention.start, one.mention.end) for one in taken]
        for start, end in (*spans, *self.numbers.spans):
            open_[start:end] = " " * (end - start)
        rest = _EMPTY.sub(_blank, "".join(open_))
        end = taken[0].mention.end
        if taken[0].mention.is_exact and len(taken[0].text) >= _WHOLE_NAME:
            # 文昌苑小区 is 文昌苑; of a name that only resembles another one, it is a part.
            rest = rest[:end] + _GENERIC.sub(_blank, rest[end:])
        start = taken[0].mention.start
        behind, before = rest[end:].split(" ", 1)[0], rest[:start].rsplit(" ", 1)[-1]
        others = rest[: start - len(before)] + rest[start:end] + rest[end + len(behind) :]
        return _SIGNS.sub("", before + behind), _SIGNS.sub("", others)


def read(gazetteer: Gazetteer, aliases: Aliases, text: str, *, nicknames: bool = True) -> Reading:
    """Return what a text says, by the names of a gazetteer.

    Parameters
    ----------
    nicknames : look among what only staff may be told, too
    """
    folded = _OF_SOMEBODY.sub("", spoken(fold(text)))
    folded = _without_province(gazetteer, folded)
    places = [_of_place(gazetteer, m) for m in _mentions(gazetteer.index, folded)]
    others = [
        other
        for mention in _mentions(aliases.index, folded)
        if (other := _of_alias(aliases, mention, nicknames=nicknames)) is not None
    ]
    known = _rivals(folded, [*others, *places])
    said = numbers(_masked(folded, known))
    known = [one for one in known if not _is_number(one.mention, said)]
    relative = _RELATIVE.search(_masked(folded, [k for k in known if k.mention.is_exact]))
    return Reading(folded, tuple(known), said, relative is not None)


def _is_number(mention: Mention, said: Numbers) -> bool:
    """Return whether what resembles a name is a number alone: 18号 resembles 18号院."""
    inside = any(start <= mention.start and mention.end <= end for start, end in said.spans)
    return inside and not mention.is_exact


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _without_province(gazetteer: Gazetteer, text: str) -> str:
    """Return a text without the province and city that stand before a district of ours."""
    for area in gazetteer.areas:
        if area.level == 1:
            place = text.find(fold(area.name))
            if place > 0 and _PROVINCE.fullmatch(text[:place]):
                return text[place:]
    return text


def _mentions(index: NameIndex, text: str) -> list[Mention]:
    exact = index.exact(text)
    nearly = {mention.name: mention for mention in index.like(text)}
    for mention in exact:
        nearly.pop(mention.name, None)
    return [*exact, *nearly.values()]


def _of_place(gazetteer: Gazetteer, mention: Mention) -> Known:
    name = gazetteer.index.texts[mention.name]
    return Known(mention, name, tuple(gazetteer.bearers[mention.name]))


def _of_alias(aliases: Aliases, mention: Mention, *, nicknames: bool) -> Known | None:
    told = [
        n for n in aliases.bearing[mention.name] if nicknames or not aliases.rows[n].is_nickname
    ]
    bearers = tuple(bearer for n in told if (bearer := aliases.bearer(n)) is not None)
    name = aliases.index.texts[mention.name]
    return Known(mention, name, bearers, is_alias=True) if bearers else None


def _rivals(text: str, known: list[Known]) -> list[Known]:
    """Return the names, those weakened that another one explains letter by letter."""
    exact = [one.mention for one in known if one.mention.is_exact]
    found = [
        replace(one, mention=_weakened(one.mention))
        if any(_rules_out(text, other, one) for other in exact)
        else one
        for one in known
    ]
    return sorted(found, key=_likest)


def _likest(one: Known) -> tuple[float, int]:
    return -one.mention.likeness, one.mention.start - one.mention.end


def _rules_out(text: str, exact: Mention, one: Known) -> bool:
    """Return whether a name that is there speaks against another one.

    供电社区 is not 供电小区, and 建设一路18号 is not 建设路18号院.
    """
    other = one.mention
    if other.start <= exact.start and exact.end <= other.end and not other.is_exact:
        inside = text[exact.start : exact.end] in one.text
        return not inside
    if other.start < exact.start or other.end > exact.end:
        return False
    if text[other.start : other.end] == core(text[exact.start : exact.end]):
        # The village 李庄 of the community 李庄村.
        return other.likeness < _LETTERS
    return not other.is_exact or exact.end - exact.start > other.end - other.start


def _weakened(mention: Mention) -> Mention:
    likeness = mention.likeness * _COVERED
    return Mention(mention.name, likeness, mention.start, mention.end)


def _masked(text: str, known: list[Known]) -> str:
    """Return the text with the names that surely stand in it masked, longer ones first."""
    open_ = list(text)
    for one in known:
        start, end = one.mention.start, one.mention.end
        if one.mention.likeness < _KNOWN or NAME in open_[start:end] or STREET in open_[start:end]:
            continue
        kind = STREET if all(b.kind is PlaceKind.STREET for b in one.bearers) else NAME
        if one.mention.is_exact or not any(character.isdigit() for character in text[start:end]):
            open_[start:end] = kind * (end - start)
    return "".join(open_)
