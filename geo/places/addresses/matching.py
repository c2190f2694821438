"""From a text to the places it may mean: every name in it leads to some, all of it weighs them.

A candidate's score is how like its name is, times what the numbers, the other names and the words
left over say for or against it. The thresholds are held by the written variants in
``tests/data/addresses``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geo.places.addresses.aliases import Aliases
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.names import core
from geo.places.addresses.places import Candidate, Doubt, Match, PlaceKind, Precision
from geo.places.addresses.reading import Known, Reading, read
from geo.places.addresses.rows import Bearer
from geo.places.addresses.script import fold

# Held by the measured set: above both, at most 5 in 1,000 answers are wrong.
SURE, MARGIN = 0.8, 0.06
_MOST_ALIKE = 24
_PER_ANCHOR = 12
_KNOWN = 0.8
_UNKNOWN_NUMBER, _OTHER_DOOR, _OTHER_STREET, _OTHER_NAME = 0.6, 0.9, 0.85, 0.8
_ONLY_AROUND = 0.7
_WEAK_NUMBER, _NO_STAIRWELL, _AREA, _UNTOLD = 0.97, 0.75, 0.96, 0.98
_LEFT_OVER, _LEFT_SIDE, _LEFT_NAME, _LEAST_LEFT = 0.05, 0.12, 0.24, 0.55
_SIDES = frozenset("东西南北中前后新老上下期0123456789")
_CUT_TO = frozenset({PlaceKind.ESTATE, PlaceKind.SITE, PlaceKind.BUILDING})
_LEVELS = {1: Precision.TOWN, 2: Precision.TOWN}


@dataclass(frozen=True, slots=True)
class _Lead:
    """A place that a name of the text leads to, and how well the numbers bear it out."""

    bearer: Bearer
    factor: float
    doubt: Doubt | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A lead, what it scores, and the name it came by."""

    score: float
    lead: _Lead
    known: Known
    reading: Reading


def resolve(
    gazetteer: Gazetteer,
    text: str,
    *,
    aliases: Aliases | None = None,
    nicknames: bool = True,
    most: int = 5,
) -> Match:
    """Return what an address means, the likeliest place first, and whether a person has to look.

    Parameters
    ----------
    nicknames : look among what only staff may be told, too
    most : how many candidates are given
    """
    named = aliases or Aliases(gazetteer)
    reading = read(gazetteer, named, text, nicknames=nicknames)
    found = _found(gazetteer, reading)
    if any(one.is_alias and one.mention.likeness >= _KNOWN for one in reading.known):
        # What somebody called a place never hides the place whose address it is.
        plain = _found(gazetteer, read(gazetteer, Aliases(gazetteer), text))
        mine = {(bearer.kind, bearer.key) for bearer in found}
        found |= {b: one for b, one in plain.items() if (b.kind, b.key) not in mine}
    ranked = sorted(found.values(), key=_best_first)
    candidates = (_candidate(gazetteer, named, one.reading, one) for one in ranked[:most])
    doubts = dict.fromkeys(_doubts(gazetteer, ranked))
    return Match(reading.text, tuple(candidates), tuple(doubts))


def official(gazetteer: Gazetteer, name: str) -> tuple[Candidate, ...]:
    """Return the places whose address a name is without any alias, so that it cannot mean others.

    Examples
    --------
    >>> official(Gazetteer(), "铁路小学后门那栋")
    ()
    """
    match = resolve(gazetteer, name)
    return tuple(one for one in match.candidates if one.score > 1.0 - MARGIN)


def _found(gazetteer: Gazetteer, reading: Reading) -> dict[Bearer, _Weighed]:
    """Return the places that a reading leads to, each by the name that suits it best."""
    found: dict[Bearer, _Weighed] = {}
    for known in reading.known[:_MOST_ALIKE]:
        for lead in _leads(gazetteer, reading, known):
            around = _context(gazetteer, reading, known, lead.bearer)
            score = min(known.mention.likeness * lead.factor * around, 1.0)
            if lead.bearer not in found or found[lead.bearer].score < score:
                found[lead.bearer] = _Weighed(score, lead, known, reading)
    return found


def _best_first(one: _Weighed) -> tuple[float, int]:
    return -one.score, one.lead.bearer.key


def _leads(gazetteer: Gazetteer, reading: Reading, known: Known) -> Iterator[_Lead]:
    for bearer in known.bearers[:_PER_ANCHOR]:
        if bearer.kind is PlaceKind.ESTATE:
            yield from _in_estate(gazetteer, reading, bearer)
        elif bearer.kind is PlaceKind.STREET:
            yield from _on_street(gazetteer, reading, bearer)
        elif bearer.kind is PlaceKind.BUILDING:
            yield _in_building(gazetteer, reading, bearer)
        else:
            numbered = reading.numbers.within or reading.numbers.door
            factor = _AREA if bearer.kind is PlaceKind.AREA else 1.0
            yield _Lead(bearer, factor * (_ONLY_AROUND if numbered else 1.0))


def _in_estate(gazetteer: Gazetteer, reading: Reading, bearer: Bearer) -> Iterator[_Lead]:
    """Yield the buildings of an estate that bear the number, or the estate."""
    found, numbers = gazetteer.in_estate[bearer.key], reading.numbers
    wanted = numbers.within or numbers.door
    rows = list(found.get(wanted, ())) if wanted else []
    if rows:
        rows = _by_door(gazetteer, rows, numbers.door if numbers.within else "")
        factor = _WEAK_NUMBER if numbers.within == numbers.either else 1.0
        for row in rows[:_PER_ANCHOR]:
            stairs = _stairs(gazetteer, reading, row)
            doubt = Doubt.NUMBER if stairs < 1.0 else None
            yield _Lead(Bearer(PlaceKind.BUILDING, row), factor * stairs, doubt)
        return
    if not wanted or (wanted == numbers.door and not numbers.within):
        only = gazetteer.rows_of_estate(bearer.key)
        if len(only) == 1 and not wanted:
            yield _Lead(Bearer(PlaceKind.BUILDING, only[0]), _WEAK_NUMBER)
        yield _Lead(bearer, 1.0)
        return
    yield _Lead(bearer, _UNKNOWN_NUMBER, Doubt.NUMBER)


def _on_street(gazetteer: Gazetteer, reading: Reading, bearer: Bearer) -> Iterator[_Lead]:
    """Yield the buildings at a door of a street, or what they have in common."""
    found, numbers = gazetteer.on_street[bearer.key], reading.numbers
    door = numbers.door or numbers.number
    number = numbers.building or (numbers.number if numbers.door else "")
    rows = list(found.get(door, ())) if door else []
    if not rows and "-" in door:
        door, _, number = door.partition("-")
        rows = list(found.get(door, ()))
    if not rows:
        unknown = bool(door or number)
        yield _Lead(bearer, _UNKNOWN_NUMBER if unknown else 1.0, Doubt.NUMBER if unknown else None)
        return
    within = [row for row in rows if number and gazetteer.numbers[row] == number]
    for row in within[:_PER_ANCHOR]:
        yield _Lead(Bearer(PlaceKind.BUILDING, row), _stairs(gazetteer, reading, row))
    if within:
        return
    factor = _UNKNOWN_NUMBER if number else 1.0
    doubt = Doubt.NUMBER if number else None
    if len(rows) == 1:
        yield _Lead(Bearer(PlaceKind.BUILDING, rows[0]), factor, doubt)
        return
    estates = {int(gazetteer.estate_of[row]) for row in rows}
    shared = estates.pop() if len(estates) == 1 else -1
    whole = Bearer(PlaceKind.ESTATE, shared) if shared >= 0 else bearer
    yield _Lead(whole, factor, doubt, tuple(rows))


def _in_building(gazetteer: Gazetteer, reading: Reading, bearer: Bearer) -> _Lead:
    """Return the building itself; a number beside its name must be its own."""
    numbers, own = reading.numbers, gazetteer.numbers[bearer.key]
    if not gazetteer.buildings.building_no[bearer.key]:
        # It has no number: the 8 of 供销大厦8楼806 is a floor.
        own = numbers.building if f"号{numbers.building}楼" not in reading.text else own
    strange = numbers.building and own and numbers.building != own
    return _Lead(bearer, _UNKNOWN_NUMBER if strange else _stairs(gazetteer, reading, bearer.key))


def _by_door(gazetteer: Gazetteer, rows: list[int], door: str) -> list[int]:
    """Return the rows at a door when some are, else all."""
    there = [row for row in rows if door and gazetteer.doors[row] == door]
    return there or rows


def _stairs(gazetteer: Gazetteer, reading: Reading, row: int) -> float:
    """Return what a stairwell says that the building does not have."""
    asked, there = reading.numbers.stairwell, gazetteer.buildings.stairwells[row]
    return _NO_STAIRWELL if asked.isdigit() and 0 < there < int(asked) else 1.0


def _context(gazetteer: Gazetteer, reading: Reading, anchor: Known, bearer: Bearer) -> float:
    """Return what the rest of the text says for and against a place."""
    taken, factor = [anchor], 1.0
    for other in reading.known:
        if other.mention.likeness < _KNOWN or any(_overlap(other, one) for one in taken):
            continue
        agrees = [_agrees(gazetteer, bearer, one) for one in other.bearers]
        taken.append(other)
        if True in agrees:
            continue
        if None in agrees:
            factor *= _UNTOLD
        else:
            streets = all(one.kind is PlaceKind.STREET for one in other.bearers)
            factor *= _OTHER_STREET if streets else _OTHER_NAME
    factor *= _door(gazetteer, reading, bearer)
    lost = _lost(reading, taken) * (2.0 if bearer.kind is PlaceKind.AREA else 1.0)
    return factor * max(_LEAST_LEFT, 1.0 - lost)


def _lost(reading: Reading, taken: list[Known]) -> float:
    """Return what the characters weigh that nothing explains."""
    joined, rest = reading.left_over(taken)
    aside = sum(_LEFT_SIDE if character in _SIDES else _LEFT_OVER for character in rest)
    # 新李庄 is another village than 李庄.
    return aside + sum(_LEFT_NAME if c in _SIDES else _LEFT_SIDE for c in joined)


def _agrees(gazetteer: Gazetteer, bearer: Bearer, other: Bearer) -> bool | None:
    """Return whether a place lies where another name says; None when that is not known."""
    if bearer == other:
        return True
    if other.kind is PlaceKind.AREA:
        return _in_area(gazetteer, bearer, gazetteer.areas[other.key].path)
    if bearer.kind is PlaceKind.AREA:
        within = _in_area(gazetteer, other, gazetteer.areas[bearer.key].path)
        return None if within else within
    if other.kind is PlaceKind.STREET:
        streets = _streets(gazetteer, bearer)
        return other.key in streets if streets else None
    if other.kind is PlaceKind.ESTATE:
        if bearer.kind is PlaceKind.STREET:
            return bearer.key in gazetteer.streets_of_estates[other.key]
        return _estate(gazetteer, bearer) == other.key if bearer.key >= 0 else None
    if other.kind is PlaceKind.BUILDING and bearer.kind is not PlaceKind.SITE:
        return other.key in _rows(gazetteer, bearer)
    return None


def _in_area(gazetteer: Gazetteer, bearer: Bearer, path: str) -> bool | None:
    """Return whether a place lies in a cell; None when its cells are not known."""
    if bearer.kind is PlaceKind.AREA:
        mine = gazetteer.areas[bearer.key].path
        return mine.startswith(path) or (None if path.startswith(mine) else False)
    if bearer.kind is PlaceKind.SITE:
        return _site_in_area(gazetteer, bearer, path)
    if bearer.kind is PlaceKind.ESTATE:
        paths: Iterable[str] = gazetteer.paths_of_estates[bearer.key]
    else:
        paths = [p for row in _rows(gazetteer, bearer) if (p := gazetteer.buildings.path[row])]
    return any(p.startswith(path) for p in paths) if paths else None


def _site_in_area(gazetteer: Gazetteer, bearer: Bearer, path: str) -> bool | None:
    """Return whether a site lies in a town by its name: 东关菜市场 is none of 西关."""
    if bearer.key < 0:
        return None
    name = fold(gazetteer.sites[bearer.key].name)
    own = [number for short, number in gazetteer.towns.items() if name.startswith(short)]
    within = [gazetteer.areas[number].path for number in own]
    if not within:
        return None
    if any(mine.startswith(path) for mine in within):
        return True
    return None if any(path.startswith(mine) for mine in within) else False


def _streets(gazetteer: Gazetteer, bearer: Bearer) -> frozenset[int]:
    """Return on which streets a place has doors; none when not known."""
    if bearer.kind is PlaceKind.ESTATE:
        return gazetteer.streets_of_estates[bearer.key]
    if bearer.kind is PlaceKind.BUILDING:
        return frozenset({int(gazetteer.street_of[bearer.key])} - {-1})
    return frozenset()


def _estate(gazetteer: Gazetteer, bearer: Bearer) -> int | None:
    if bearer.kind is PlaceKind.BUILDING:
        return int(gazetteer.estate_of[bearer.key])
    return None


def _rows(gazetteer: Gazetteer, bearer: Bearer) -> list[int]:
    if bearer.kind is PlaceKind.BUILDING:
        return [bearer.key]
    if bearer.kind is PlaceKind.ESTATE:
        return gazetteer.rows_of_estate(bearer.key)
    if bearer.kind is PlaceKind.STREET:
        return gazetteer.rows_of_street(bearer.key)
    return []


def _door(gazetteer: Gazetteer, reading: Reading, bearer: Bearer) -> float:
    """Return what a door number says against a building that has another one."""
    door = reading.numbers.door
    if bearer.kind is not PlaceKind.BUILDING or not door or not reading.numbers.within:
        return 1.0
    own = gazetteer.doors[bearer.key]
    return _OTHER_DOOR if own and own != door else 1.0


def _candidate(
    gazetteer: Gazetteer, aliases: Aliases, reading: Reading, one: _Weighed
) -> Candidate:
    lead, score = one.lead, one.score
    bearer, numbers = lead.bearer, reading.numbers
    if lead.rows and bearer.kind is PlaceKind.STREET:
        place = gazetteer.stretch(bearer.key, lead.rows)
    else:
        place = aliases.place(bearer)
    if bearer.kind is not PlaceKind.BUILDING:
        return Candidate(place, score, _precision(gazetteer, bearer))
    asked = int(numbers.stairwell) if numbers.stairwell.isdigit() else bearer.stairwell
    stairwell = asked if 0 < asked <= max(gazetteer.buildings.stairwells[bearer.key], 0) else None
    is_unit = stairwell is not None or bool(numbers.room)
    precision = Precision.UNIT if is_unit else Precision.BUILDING
    return Candidate(place, score, precision, stairwell, numbers.room)


def _precision(gazetteer: Gazetteer, bearer: Bearer) -> Precision:
    if bearer.kind is PlaceKind.AREA:
        return _LEVELS.get(gazetteer.areas[bearer.key].level, Precision.COMMUNITY)
    if bearer.kind is PlaceKind.STREET:
        return Precision.STREET
    return Precision.ESTATE


def _doubts(gazetteer: Gazetteer, ranked: list[_Weighed]) -> Iterator[Doubt]:
    if not ranked:
        yield Doubt.NOTHING
        return
    best, reading = ranked[0], ranked[0].reading
    if best.lead.doubt is not None:
        yield best.lead.doubt
    if best.score < SURE:
        yield Doubt.WEAK
    mine = best.lead.bearer
    rivals = (one.score for one in ranked[1:] if not _holds(gazetteer, one.lead.bearer, mine))
    if best.score - next(rivals, 0.0) < MARGIN:
        yield Doubt.EQUAL
    if any(_sounds_like(reading, best.known, other) for other in reading.known):
        yield Doubt.EQUAL
    if _is_cut(gazetteer, reading, best.known):
        yield Doubt.CUT
    if reading.is_relative:
        yield Doubt.RELATIVE


def _holds(gazetteer: Gazetteer, other: Bearer, best: Bearer) -> bool:
    """Return whether one of two places holds the other, so that they are no rivals."""
    if best.kind is PlaceKind.AREA and other.kind is not PlaceKind.SITE:
        return _in_area(gazetteer, other, gazetteer.areas[best.key].path) is True
    if other.kind is PlaceKind.BUILDING or other.kind is PlaceKind.SITE:
        return False
    return _agrees(gazetteer, best, other) is True


def _sounds_like(reading: Reading, best: Known, other: Known) -> bool:
    """Return whether a name only resembles the text where another one's core stands: 龙泰花园."""
    if best.mention.is_exact or not any(one.kind in _CUT_TO for one in other.bearers):
        return False
    mine, theirs = core(best.text), core(other.text)
    here = reading.text[best.mention.start : best.mention.end]
    return len(theirs) > 1 and theirs in here and theirs not in best.text and mine not in here


def _is_cut(gazetteer: Gazetteer, reading: Reading, known: Known) -> bool:
    """Return whether a name is cut so short that other names begin so, too: 金色3号楼."""
    text = reading.text[known.mention.start : known.mention.end]
    if known.is_alias or len(text) >= len(known.text) or not known.text.startswith(text):
        return False
    others = (n for n in gazetteer.index.with_prefix(text) if n != known.mention.name)
    return any(one.kind in _CUT_TO for n in others for one in gazetteer.bearers[n])


def _overlap(one: Known, other: Known) -> bool:
    return one.mention.start < other.mention.end and other.mention.start < one.mention.end
