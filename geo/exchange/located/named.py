"""Rows that go by a building or an address: asked of the database, each different one once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.access.actors import Actor
from geo.exchange.located.grids import Grid
from geo.exchange.located.leaves import Leaves, neighbours
from geo.exchange.located.questions import By, Wrong
from geo.exchange.values import Flaw, plain
from geo.locate.addresses import AddressUnknown, locate_address
from geo.locate.answer import Located
from geo.locate.history import Works
from geo.locate.service import Question, locate
from geo.places.addresses.kept import KeptGazetteer
from geo.places.addresses.places import Match
from geo.places.store import BuildingUnknown
from geo.texts import Lang, text
from geo.work import Work

# An address that is longer is a letter.
LONGEST_ADDRESS = 200
_REMEMBERED = 100_000
_MOST_CANDIDATES = 3
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A building or an address that a row goes by."""

    by: By
    text: str
    stairwell: int | None
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Given:
    """What is told of it.

    Parameters
    ----------
    values : column → value
    point : degrees, storage CRS; None where a person has to look first
    wrong : why there is no answer
    """

    values: Values
    point: tuple[float, float] | None = None
    wrong: Wrong | None = None


class Named:
    """Answers buildings and addresses.

    Parameters
    ----------
    leaves : say what is told of a cell
    """

    def __init__(self, works: Works, actor: Actor, grid: Grid, leaves: Leaves, lang: Lang) -> None:
        self._works, self._actor = works, actor
        self._grid, self._leaves, self._lang = grid, leaves, lang
        self._gazetteer = KeptGazetteer()
        self._known: dict[Wanted, Given] = {}
        # Publications that answered, should one have come in the middle of a file.
        self.versions: set[int] = set()

    def of(self, wanted: set[Wanted]) -> Mapping[Wanted, Given]:
        """Return what is told of each; what was asked before is not asked again."""
        new = wanted - self._known.keys()
        if len(self._known) > _REMEMBERED:
            self._known = {one: self._known[one] for one in wanted - new}
        if new:
            with self._works.work(self._actor, long=True, reading=True) as work:
                for one in new:
                    self._known[one] = self._asked(work, one)
        return self._known

    def _asked(self, work: Work, one: Wanted) -> Given:
        answer = self._building if one.by is By.BUILDING else self._address
        try:
            return answer(work, one)
        except (AddressUnknown, BuildingUnknown) as error:
            return Given({}, wrong=Wrong(f"errors.{error.code}", facts=error.facts))

    def _building(self, work: Work, one: Wanted) -> Given:
        found = locate(
            work,
            Question(
                building=one.text,
                stairwell=one.stairwell,
                as_of=self._grid.as_of,
                accuracy_m=one.accuracy_m,
            ),
        )
        return self._located(found, {})

    def _address(self, work: Work, one: Wanted) -> Given:
        read = plain(one.text, longest=LONGEST_ADDRESS)
        if isinstance(read, Flaw):
            return Given({}, wrong=Wrong(f"exchange.{read.key}", value=one.text, facts=read.facts))
        found = locate_address(
            work,
            self._gazetteer.of(work.session),
            read,
            nicknames=True,
            as_of=self._grid.as_of,
            accuracy_m=one.accuracy_m,
        )
        values = _matched(found.match, self._lang)
        if found.match.needs_person:
            return Given(values)
        return self._located(found.located, values)

    def _located(self, found: Located, more: Values) -> Given:
        """Return a place that is known, with what else is told of it."""
        self.versions.add(found.version)
        told = self._leaves.values(found.cells, found.team)
        values: dict[str, Any] = dict(zip(self._leaves.names, told, strict=True))
        if found.boundary is not None:
            doubt = [(c.code, c.name, c.distance_m) for c in found.boundary.candidates]
            values |= {
                "border_m": found.boundary.distance_m,
                "ambiguous": found.boundary.ambiguous,
                "may_be": neighbours(doubt, self._lang),
            }
        if found.nearest is not None:
            values |= {"nearest_code": found.nearest.code, "nearest_m": found.nearest.distance_m}
        return Given(values | dict(more), (found.point.lon, found.point.lat))


def _matched(match: Match, lang: Lang) -> dict[str, Any]:
    """Return what is told of an address; where a person has to look, what it may mean."""
    best = match.best
    assert best is not None  # an address that resembles nothing is refused
    values: dict[str, Any] = {
        "found_address": best.place.address,
        "score": best.score,
        "precision": text(f"cli.locate.precision_{best.precision.value}", lang),
    }
    if match.needs_person:
        between = text("located.between", lang)
        doubts = [text(f"cli.locate.doubt_{doubt.value}", lang) for doubt in match.doubts]
        candidates = (
            text(
                "located.candidate",
                lang,
                address=one.place.address,
                code=one.place.code or "-",
                score=f"{one.score:.2f}",
            )
            for one in match.candidates[:_MOST_CANDIDATES]
        )
        values |= {"needs_person": between.join(doubts), "may_be": between.join(candidates)}
    return values
