"""What an address that is being typed may become: names first, then the numbers behind them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from geo.places.addresses.aliases import Aliases
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.matching import resolve
from geo.places.addresses.names import NameIndex
from geo.places.addresses.parts import spoken
from geo.places.addresses.places import Place, PlaceKind
from geo.places.addresses.reading import Reading, read
from geo.places.addresses.rows import Bearer
from geo.places.addresses.script import fold

_LETTERS = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"[0-9]")
_NAMES = 60
_KNOWN = 0.8
# Shown first of those that fit as well.
_KINDS = (
    PlaceKind.ESTATE, PlaceKind.BUILDING, PlaceKind.SITE, PlaceKind.STREET, PlaceKind.AREA,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on: what to write, and what it means.

    Parameters
    ----------
    text : to be put in place of what was typed
    stairwell : of the building, when the name means one
    """

    text: str
    place: Place
    stairwell: int | None = None


def complete(
    named: Aliases, typed: str, *, nicknames: bool = True, most: int = 10
) -> list[Suggestion]:
    """Return how an address may go on, the likeliest first; nothing for a bare number.

    Parameters
    ----------
    named : gazetteer with its aliases
    nicknames : offer what only staff may be told, too
    most : how many are given
    """
    text = spoken(fold(typed))
    found: dict[tuple[PlaceKind, int, int | None], Suggestion] = {}
    if text and not text.replace("-", "").isdigit():
        ways = [_called, _numbered, _meant] if _DIGIT.search(text) else [_called, _meant, _numbered]
        for way in ways:
            for suggestion in way(named, text, nicknames=nicknames):
                place = suggestion.place
                found.setdefault((place.kind, place.id, suggestion.stairwell), suggestion)
                if len(found) >= most:
                    return list(found.values())
    return list(found.values())


def _called(named: Aliases, text: str, *, nicknames: bool) -> Iterator[Suggestion]:
    """Yield what has a name that begins with a text or whose letters do, then what holds it."""
    places, others = named.gazetteer.index, named.index
    for begun in (_begun, _inside):
        bearers = [b for number in begun(places, text) for b in named.gazetteer.bearers[number]]
        for bearer in sorted(bearers, key=_order):
            place = named.gazetteer.place(bearer)
            yield Suggestion(place.name, place)
        aliases = [alias for number in begun(others, text) for alias in named.bearing[number]]
        for alias in aliases:
            row, meant = named.rows[alias], named.bearer(alias)
            if meant is not None and (nicknames or not row.is_nickname):
                yield Suggestion(row.name, named.place(meant), meant.stairwell or None)


def _order(bearer: Bearer) -> tuple[int, int]:
    return _KINDS.index(bearer.kind), bearer.key


def _begun(index: NameIndex, text: str) -> Iterator[int]:
    yield from islice(index.with_prefix(text), _NAMES)
    if _LETTERS.fullmatch(text):
        yield from index.beginning(text, _NAMES)


def _inside(index: NameIndex, text: str) -> Iterator[int]:
    if len(text) > 1:
        yield from islice((n for n, name in enumerate(index.texts) if text in name), _NAMES)


def _numbered(named: Aliases, text: str, *, nicknames: bool) -> Iterator[Suggestion]:
    """Yield the buildings whose number begins with the one that is being typed."""
    reading = read(named.gazetteer, named, text, nicknames=nicknames)
    for known in reading.known:
        if known.mention.likeness < _KNOWN:
            return
        for bearer in known.bearers:
            for row in _rows(named.gazetteer, reading, bearer):
                place = named.gazetteer.place(Bearer(PlaceKind.BUILDING, row))
                yield Suggestion(place.address, place)


def _rows(gazetteer: Gazetteer, reading: Reading, bearer: Bearer) -> list[int]:
    numbers = reading.numbers
    if bearer.kind is PlaceKind.ESTATE:
        wanted, found = numbers.within or numbers.door, gazetteer.in_estate[bearer.key]
    elif bearer.kind is PlaceKind.STREET:
        wanted, found = numbers.door, gazetteer.on_street[bearer.key]
    else:
        return []
    keys = sorted((key for key in found if key.startswith(wanted)), key=lambda k: (len(k), k))
    return [row for key in keys for row in found[key]]


def _meant(named: Aliases, text: str, *, nicknames: bool) -> Iterator[Suggestion]:
    """Yield what a text means although nothing is written so."""
    match = resolve(named.gazetteer, text, aliases=named, nicknames=nicknames)
    for candidate in match.candidates:
        yield Suggestion(candidate.place.address, candidate.place, candidate.stairwell)
