"""How well names fit anywhere into a text, many names at once: weighted edit distance.

A name may lose its generic tail cheaply (幸福 for 幸福小区); a character that sounds alike costs
less than another one (新福小区), a spelt syllable hardly anything (xingfu小区).

Source: P. H. Sellers, The theory and computation of evolutionary distances, J. Algorithms 1
(1980): free ends on the text's side.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from geo.places.addresses.sounds import mistyped, near, number_of, readings, syllables

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

LONGEST_NAME = 16
_SAME_SOUND, _NEAR_SOUND, _INITIAL = 0.3, 0.45, 0.15
_SPELT, _SPELT_NEAR, _MISTYPED = 0.06, 0.2, 0.37
# One other character makes another name, however long it is: 建国路18号院.
_OTHER = 1.8
_EXTRA, _SWAPPED, _NEVER = 0.6, 0.4, 1e3


@dataclass(frozen=True, slots=True)
class Symbols:
    """A text as what is written and what is heard, one symbol a character, syllable or letter.

    Parameters
    ----------
    codes : (n,) characters, 0 for a syllable or letter that was spelt
    heard : (n, s + 1) cost of reading a syllable for the symbol; column 0 stands for silence
    spans : (n, 2) where each symbol stands in the text
    """

    codes: Ints
    heard: Floats
    spans: Ints


@dataclass(frozen=True, slots=True)
class Names:
    """Names as rows of a table.

    Parameters
    ----------
    codes : (n, LONGEST_NAME) characters, 0 beyond the end
    sounds : (n, LONGEST_NAME, 3) numbers of syllables, 0 for none
    weights : (n, LONGEST_NAME) what each character counts, 0 beyond the end
    changes : (n, LONGEST_NAME) what another character in its place costs: a generic tail may be
        left away (幸福 for 幸福小区), but another one is another name (幸福花园)
    """

    codes: Ints
    sounds: npt.NDArray[np.int16]
    weights: Floats
    changes: Floats

    def of(self, rows: npt.NDArray[np.intp]) -> "Names":
        """Return some of the names."""
        return Names(self.codes[rows], self.sounds[rows], self.weights[rows], self.changes[rows])


@dataclass(frozen=True, slots=True)
class Fits:
    """How well each name fits, 0 to 1, and which symbols of the text it takes, half-open."""

    likeness: Floats
    starts: Ints
    ends: Ints


def symbols(parts: list[tuple[str, int, int]]) -> Symbols:
    """Return the symbols of a text cut into characters, syllables and letters."""
    codes = np.array([0 if _is_spelt(text) else ord(text) for text, _, _ in parts], np.int32)
    heard = np.stack([_heard(text) for text, _, _ in parts])
    spans = np.array([part[1:] for part in parts], dtype=np.int32).reshape(-1, 2)
    return Symbols(codes, heard, spans)


def fits(names: Names, text: Symbols) -> Fits:
    """Return how well each name fits into a text, and where.

    A name's likeness is one less its share of weight that is missing or other; what stands in
    the text before and behind it costs nothing.
    """
    number, length = len(names.codes), len(text.codes)
    steps = np.arange(length + 1, dtype=np.int32)
    cost = np.zeros((number, length + 1), dtype=np.float32)
    starts = np.broadcast_to(steps, cost.shape).copy()
    before = cost, starts
    drift = (_EXTRA * steps).astype(np.float32)
    for place in range(int((names.weights > 0).sum(axis=1).max(initial=0))):
        weight = names.weights[:, place, None]
        changed = _changed(names, place, text) * names.changes[:, place, None]
        changed[weight[:, 0] == 0] = _NEVER
        next_cost, next_starts = cost + weight, starts.copy()
        _take(next_cost[:, 1:], next_starts[:, 1:], cost[:, :-1] + changed, starts[:, :-1])
        if place:
            swapped = _swapped(names, place, text)
            older_cost, older_starts = before
            _take(
                next_cost[:, 2:],
                next_starts[:, 2:],
                np.where(swapped, older_cost[:, :-2] + _SWAPPED, _NEVER),
                older_starts[:, :-2],
            )
        level = next_cost - drift
        least = np.minimum.accumulate(level, axis=1)
        at = np.maximum.accumulate(np.where(level <= least, steps, 0), axis=1)
        before = cost, starts
        cost = least + drift
        starts = np.take_along_axis(next_starts, at, axis=1)
    ends = cost.argmin(axis=1)
    rows = np.arange(number)
    total = np.maximum(names.weights.sum(axis=1), 1e-6)
    likeness = np.clip(1.0 - cost[rows, ends] / total, 0.0, 1.0).astype(np.float32)
    return Fits(likeness, starts[rows, ends], ends.astype(np.int32))


def _changed(names: Names, place: int, text: Symbols) -> Floats:
    """Return what it costs to read each symbol for one character of each name, (n, symbols)."""
    heard = text.heard[:, names.sounds[:, place]].min(axis=2).T
    same = (names.codes[:, place, None] == text.codes) & (text.codes > 0)
    return np.where(same, np.float32(0), heard)


def _swapped(names: Names, place: int, text: Symbols) -> npt.NDArray[np.bool_]:
    """Return where two neighbours stand in the other order, (n, symbols - 1)."""
    first, second = names.codes[:, place - 1, None], names.codes[:, place, None]
    there = (text.codes[:-1] == second) & (text.codes[1:] == first)
    return there & (first != second) & (second > 0)


def _take(cost: Floats, starts: Ints, other: Floats, other_starts: Ints) -> None:
    """Write what costs less over what costs more."""
    less = other < cost
    cost[less] = other[less]
    starts[less] = other_starts[less]


def _is_spelt(text: str) -> bool:
    return len(text) > 1


@lru_cache(maxsize=8192)
def _heard(text: str) -> Floats:
    """Return the cost of reading each syllable for a symbol; it is not to be written to."""
    row = np.full(len(syllables()) + 1, _OTHER, dtype=np.float32)
    if _is_spelt(text) and (number := number_of(text)):
        row[list(mistyped(number))] = _MISTYPED
        _hear(row, (number,), _SPELT, _SPELT_NEAR)
    elif text.isascii() and text.isalpha():
        row[1:][[syllable.startswith(text) for syllable in syllables()]] = _INITIAL
    else:
        _hear(row, readings(text), _SAME_SOUND, _NEAR_SOUND)
    return row


def _hear(row: Floats, numbers: tuple[int, ...], same: float, alike: float) -> None:
    for number in numbers:
        others = list(near()[number])
        row[others] = np.minimum(row[others], alike)
    row[list(numbers)] = same
