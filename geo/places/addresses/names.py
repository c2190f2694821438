"""Names by their sounds: which of many thousand may stand in a text, and where.

The exact ones are looked up piece by piece; for the others, a list for each syllable says which
names hold it, and only the most promising are aligned.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np
import numpy.typing as npt

from geo.places.addresses.alignment import LONGEST_NAME, Names, Symbols, fits, symbols
from geo.places.addresses.sounds import (
    divided,
    initials,
    mistyped,
    near,
    number_of,
    readings,
    syllables,
)

# What names end in without telling one from another, and what each such character counts.
_TAIL = re.compile(
    r"(?:住宅小区|居民小区|小区|住宅区|新村|花园|国际花园|家园|家属院|宿舍楼?|公寓|单身楼|教工楼|办公楼|教学楼"
    r"|社区|街道|大街|路|街|巷|镇|村|乡|大厦|大楼|广场|商城|大院|院|苑|楼|委会|居委会|村委会|网格)$"
)
_TAIL_WEIGHT, _STREET_WEIGHT, _OTHER_TAIL = 0.25, 0.5, 0.6
_ALIGNED = 40
_OTHER_NAME = 0.85
_LEAST = 0.62
_PIECES = re.compile(r"[a-z]+|[0-9]|[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands in a text.

    Parameters
    ----------
    name : its number
    likeness : 1 when it stands there letter by letter
    start, end : where, half-open
    """

    name: int
    likeness: float
    start: int
    end: int

    @property
    def is_exact(self) -> bool:
        """Whether it stands there letter by letter."""
        return self.likeness == 1.0


@dataclass(frozen=True)
class NameIndex:
    """All names of a gazetteer, folded, each once.

    Parameters
    ----------
    texts : the names
    """

    texts: Sequence[str]
    names: Names = field(init=False)
    _exact: dict[str, int] = field(init=False)
    _lists: dict[int, npt.NDArray[np.int32]] = field(init=False)
    _rarity: npt.NDArray[np.float32] = field(init=False)
    _totals: npt.NDArray[np.float32] = field(init=False)
    _initials: list[tuple[str, int]] = field(init=False)
    _sorted: list[tuple[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "names", _tabled(self.texts))
        put(self, "_exact", {text: number for number, text in enumerate(self.texts)})
        lists: dict[int, set[int]] = defaultdict(set)
        totals = np.zeros(len(self.texts), dtype=np.float32)
        for number, text in enumerate(self.texts):
            for character in core(text):
                for sound in readings(character):
                    lists[sound].add(number)
        rarity = np.zeros(len(syllables()) + 1, dtype=np.float32)
        for sound, found in lists.items():
            rarity[sound] = np.log(1 + len(self.texts) / len(found))
        for number, text in enumerate(self.texts):
            firsts = {readings(character)[:1] for character in core(text)}
            totals[number] = sum(float(rarity[first[0]]) for first in firsts if first)
        put(self, "_lists", {s: np.array(sorted(ids), np.int32) for s, ids in lists.items()})
        put(self, "_rarity", rarity)
        put(self, "_totals", np.maximum(totals, 0.1))
        put(self, "_sorted", sorted((text, number) for number, text in enumerate(self.texts)))
        put(self, "_initials", sorted((initials(t), n) for n, t in enumerate(self.texts)))

    def exact(self, text: str) -> list[Mention]:
        """Return the names that stand in a folded text as they are, none within a longer one."""
        found = [
            Mention(self._exact[text[start:end]], 1.0, start, end)
            for start in range(len(text))
            for end in range(start + 2, min(start + LONGEST_NAME, len(text)) + 1)
            if text[start:end] in self._exact
        ]
        return [one for one in found if not any(_within(one, other) for other in found)]

    def like(self, text: str) -> list[Mention]:
        """Return the names that nearly stand in a folded text, the likest first."""
        cut = list(pieces(text))
        if not cut or not self.texts:
            return []
        rows = self._promising(cut)
        if not len(rows):
            return []
        read = symbols(cut)
        found = fits(self.names.of(rows), read)
        made = (
            self._mention(text, read, int(row), float(likeness), int(start), int(end))
            for row, likeness, start, end in zip(
                rows, found.likeness, found.starts, found.ends, strict=True
            )
            if likeness >= _LEAST and end > start
        )
        return sorted(made, key=lambda mention: -mention.likeness)

    def with_prefix(self, text: str) -> Iterator[int]:
        """Yield the names that begin with a text."""
        first = bisect_left(self._sorted, (text, -1))
        for name, number in self._sorted[first:]:
            if not name.startswith(text):
                return
            yield number

    def beginning(self, text: str, most: int) -> list[int]:
        """Return the names whose initials begin with letters, the shortest first."""
        first = bisect_left(self._initials, (text, -1))
        run = takewhile(lambda pair: pair[0].startswith(text), self._initials[first : first + 400])
        return [number for _, number in sorted(run, key=lambda pair: len(pair[0]))[:most]]

    def _mention(
        self, text: str, read: Symbols, row: int, likeness: float, start: int, end: int
    ) -> Mention:
        low, high = int(read.spans[start, 0]), int(read.spans[end - 1, 1])
        if _has_other_tail(self.texts[row], text[low:high]):
            likeness *= _OTHER_NAME
        return Mention(row, min(likeness, 0.999), low, high)

    def _promising(self, cut: list[tuple[str, int, int]]) -> npt.NDArray[np.intp]:
        """Return the names that share the most of their rare syllables with a text."""
        lists, weights = [], []
        for sound, certainty in self._heard(cut).items():
            if sound in self._lists:
                lists.append(self._lists[sound])
                weights.append(np.full(len(lists[-1]), certainty * self._rarity[sound]))
        by_letters = [n for run in _lettered(cut) for n in self.beginning(run, _ALIGNED)]
        chosen = np.array(by_letters[:_ALIGNED], dtype=np.intp)
        if not lists:
            return np.unique(chosen)
        sums = np.bincount(
            np.concatenate(lists), weights=np.concatenate(weights), minlength=len(self.texts)
        )
        share = sums / self._totals
        best = np.argpartition(-share, min(_ALIGNED, len(share) - 1))[:_ALIGNED]
        return np.unique(np.concatenate([best[share[best] > 0.4], chosen]))

    def _heard(self, cut: list[tuple[str, int, int]]) -> dict[int, float]:
        heard: dict[int, float] = {}
        for text, _, _ in cut:
            numbers = (number_of(text),) if len(text) > 1 else readings(text)
            typed = mistyped(numbers[0]) if len(text) > 1 and numbers[0] else frozenset()
            for other in typed.union(*(near()[number] for number in numbers)):
                heard[other] = max(heard.get(other, 0.0), 0.5)
            for number in numbers:
                heard[number] = 1.0
        heard.pop(0, None)
        return heard


def core(text: str) -> str:
    """Return what tells a name from others: without its generic tail, unless it is all tail.

    Examples
    --------
    >>> core("幸福小区"), core("人民路"), core("新村")
    ('幸福', '人民', '新村')
    """
    return _TAIL.sub("", text) or text


def weight(text: str) -> list[float]:
    """Return what each character of a name counts.

    Examples
    --------
    >>> weight("幸福小区"), weight("人民路")
    ([1.0, 1.0, 0.25, 0.25], [1.0, 1.0, 0.5])
    """
    kept = len(core(text))
    tail = _STREET_WEIGHT if len(text) - kept == 1 else _TAIL_WEIGHT
    return [1.0] * kept + [tail] * (len(text) - kept)


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the characters, spelt syllables and single letters of a folded text, with their places.

    Examples
    --------
    >>> [piece[0] for piece in pieces("xingfu小区3")]
    ['xing', 'fu', '小', '区', '3']
    """
    for run in _PIECES.finditer(text):
        parts: Iterable[str] = divided(run[0]) if run[0].isalpha() and run[0].isascii() else ()
        place = run.start()
        for part in parts or (run[0],):
            yield part, place, place + len(part)
            place += len(part)


def _lettered(cut: list[tuple[str, int, int]]) -> list[str]:
    """Return the runs of single letters, from each place on: ``xfxq`` in xfxq3."""
    runs, run, end = [], "", -1
    for text, start, stop in [*cut, ("", -2, -2)]:
        if len(text) == 1 and text.isascii() and text.isalpha() and start == end:
            run += text
        else:
            runs.append(run)
            run = text if len(text) == 1 and text.isascii() and text.isalpha() else ""
        end = stop
    # The last letter may be a building's: bsyt a座.
    return [run for whole in runs for run in (whole, whole[:-1]) if len(run) > 1]


def _has_other_tail(name: str, piece: str) -> bool:
    """Return whether a piece is a name's core with a tail of another length: 丽都苑, 丽都花园."""
    kept = core(name)
    rest, tail = piece.removeprefix(kept), name.removeprefix(kept)
    told = piece != rest and len(rest) != len(tail) and not tail.startswith(rest)
    return told and _TAIL.fullmatch(rest) is not None


def _within(one: Mention, other: Mention) -> bool:
    longer = other.end - other.start > one.end - one.start
    return longer and other.start <= one.start and one.end <= other.end


def _tabled(texts: Sequence[str]) -> Names:
    codes = np.zeros((len(texts), LONGEST_NAME), dtype=np.int32)
    sounds = np.zeros((len(texts), LONGEST_NAME, 3), dtype=np.int16)
    weights = np.zeros((len(texts), LONGEST_NAME), dtype=np.float32)
    changes = np.zeros((len(texts), LONGEST_NAME), dtype=np.float32)
    for row, text in enumerate(texts):
        for place, (character, counts) in enumerate(
            zip(text[:LONGEST_NAME], weight(text), strict=False)
        ):
            codes[row, place] = ord(character)
            weights[row, place] = counts
            changes[row, place] = 1.0 if counts == 1.0 else _OTHER_TAIL
            heard = readings(character)[:3]
            sounds[row, place, : len(heard)] = heard
    return Names(codes, sounds, weights, changes)
