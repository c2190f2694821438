"""How characters sound: toneless pinyin, its syllables and initials."""

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from geo.places.addresses.script import table

_DIGITS = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
# Pairs that people of many provinces do not hear or do not type apart.
_HEARD_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("f", "h"))
# What a letter that begins no syllable costs, beside a syllable: 2.5 keeps xian whole.
_LETTER = 2.5
_ENDINGS_ALIKE = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def syllables() -> tuple[str, ...]:
    """Return every syllable; its number is its place here, from 1."""
    return tuple(line.split(" ", 1)[0] for line in table("pinyin.txt").splitlines())


@cache
def _numbers() -> dict[str, int]:
    return {syllable: number for number, syllable in enumerate(syllables(), 1)}


@cache
def _readings() -> dict[str, tuple[int, ...]]:
    ranked: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(table("pinyin.txt").splitlines(), 1):
        for rank, characters in enumerate(line.split(" ")[1:]):
            for character in characters.replace("-", ""):
                ranked.setdefault(character, []).append((rank, number))
    found = {c: tuple(number for _, number in sorted(pairs)) for c, pairs in ranked.items()}
    digits = {str(n): (_numbers()[sound],) for n, sound in enumerate(_DIGITS)}
    return found | digits


def readings(character: str) -> tuple[int, ...]:
    """Return the numbers of the syllables a character is read as, the usual one first.

    Examples
    --------
    >>> [syllables()[number - 1] for number in readings("圩")]
    ['wei', 'xu']
    >>> readings("?")
    ()
    """
    return _readings().get(character, ())


def number_of(syllable: str) -> int:
    """Return the number of a syllable; 0 when it is none."""
    return _numbers().get(syllable, 0)


def spelt(text: str) -> str:
    """Return a text in pinyin without tones, each character by its usual reading.

    Examples
    --------
    >>> spelt("幸福小区3")
    'xingfuxiaoqu3'
    """
    return "".join(_sound(character) for character in text)


def initials(text: str) -> str:
    """Return the first letters of a text's syllables, those of digits too.

    Examples
    --------
    >>> initials("3里桥小区")
    'slqxq'
    """
    heard = (readings(character) for character in text)
    return "".join(syllables()[numbers[0] - 1][0] if numbers else "" for numbers in heard)


def divided(letters: str) -> tuple[str, ...]:
    """Return the syllables that letters spell, and single letters where they spell none.

    Examples
    --------
    >>> divided("xingfuxiaoqu"), divided("xfxq")
    (('xing', 'fu', 'xiao', 'qu'), ('x', 'f', 'x', 'q'))
    """
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(letters) + 1):
        ways = []
        for start in range(max(0, end - 6), end):
            last = letters[start:end]
            if len(last) == 1 or last in _numbers():
                cost = 1.0 if len(last) > 1 else _LETTER
                ways.append((best[start][0] + cost, (*best[start][1], last)))
        best.append(min(ways))
    return best[-1][1]


@cache
def near() -> Sequence[frozenset[int]]:
    """Return for each number of a syllable those that are easily taken for it."""
    groups: list[frozenset[int]] = [frozenset()]
    for syllable in syllables():
        others = {_numbers().get(other, 0) for other in _alike(syllable)}
        groups.append(frozenset(others - {0, _numbers()[syllable]}))
    return tuple(groups)


@cache
def mistyped(number: int) -> frozenset[int]:
    """Return the syllables that one key more, less or other than a syllable spells."""
    meant = syllables()[number - 1]
    return frozenset(n for n, other in enumerate(syllables(), 1) if _one_key(meant, other))


def _one_key(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other or min(len(one), len(other)) < 2:
        return False
    same = sum(1 for _ in takewhile(lambda p: p[0] == p[1], zip(one, other, strict=False)))
    rest, others = one[same:], other[same:]
    return rest[1:] == others[1:] or rest == others[1:] or rest[1:] == others


def _alike(syllable: str) -> set[str]:
    found = {syllable}
    for long, short in _ENDINGS_ALIKE:
        if syllable.endswith(long):
            found.add(syllable.removesuffix(long) + short)
        elif syllable.endswith(short):
            found.add(syllable.removesuffix(short) + long)
    for first, second in _HEARD_ALIKE:
        for one, other in ((first, second), (second, first)):
            found |= {other + s.removeprefix(one) for s in tuple(found) if s.startswith(one)}
    return found


def _sound(character: str) -> str:
    if character.isdigit():
        return character
    numbers = readings(character)
    return syllables()[numbers[0] - 1] if numbers else character
