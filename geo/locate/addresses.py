"""From a written address to its place, its cells and its team; never further than it is sure.

An address that a person has to look at has candidates, but neither cells nor team: who takes the
first of several all the same shall do so knowingly.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from geo.errors import NotFound
from geo.grid import store as grid
from geo.locate.answer import CellStep, Located, Point
from geo.locate.service import PlaceUnclear, Question, locate, moment_asked, team_of_place
from geo.places.addresses.aliases import Aliases
from geo.places.addresses.matching import resolve
from geo.places.addresses.places import Candidate, Match, PlaceKind
from geo.work import Work
from geo.workforce.responsibility import UNSURE, Team
from geo.workforce.roster import Place

_DATUM = "wgs84"


class AddressUnknown(NotFound):
    """No place of the gazetteer resembles an address."""

    code = "address_unknown"


@dataclass(frozen=True, slots=True)
class LocatedAddress:
    """An address, what it may mean, and where the likeliest of that is."""

    match: Match
    located: Located


def check_address_alone(*others: object) -> None:
    """Refuse an address beside another place.

    Raises
    ------
    PlaceUnclear
        When anything else is given.
    """
    if any(other is not None for other in others):
        raise PlaceUnclear()


def locate_address(
    work: Work,
    named: Aliases,
    text: str,
    *,
    nicknames: bool,
    as_of: datetime | None = None,
    accuracy_m: float = 0.0,
) -> LocatedAddress:
    """Return what an address means, its cells and the team that answers there.

    A building has its chain of cells down to the leaf. An estate, street or community has those
    that hold all of it, and the team of the narrowest.

    Parameters
    ----------
    named : the gazetteer with its aliases
    nicknames : look among what only staff may be told, too

    Raises
    ------
    AddressUnknown
        When nothing in the gazetteer resembles it.
    MomentRefused, AccuracyRefused, NothingPublished
        As ``locate`` does.
    """
    match = resolve(named.gazetteer, text, aliases=named, nicknames=nicknames)
    best = match.best
    if best is None:
        raise AddressUnknown(value=text)
    if match.needs_person:
        return LocatedAddress(match, _nowhere(work, best, as_of))
    if best.place.kind is PlaceKind.BUILDING:
        building = Question(
            building=best.place.code,
            stairwell=best.stairwell,
            as_of=as_of,
            accuracy_m=accuracy_m,
        )
        return LocatedAddress(match, locate(work, building))
    if best.place.kind is PlaceKind.SITE:
        spot = Question(lon=best.place.lon, lat=best.place.lat, as_of=as_of, accuracy_m=accuracy_m)
        return LocatedAddress(match, locate(work, spot))
    return LocatedAddress(match, _wide(work, best, as_of))


def _nowhere(work: Work, best: Candidate, as_of: datetime | None) -> Located:
    """Return the answer without cells and team: a person has to look first."""
    moment = moment_asked(work, as_of)
    version = grid.publication_at(work.session, moment).number
    return Located(False, version, moment, _point(best), (), Team((), UNSURE), None, None)


def _wide(work: Work, best: Candidate, as_of: datetime | None) -> Located:
    """Return the cells that hold all of a place, and the team of the narrowest."""
    moment, place = moment_asked(work, as_of), best.place
    version = grid.publication_at(work.session, moment).number
    chain = grid.chain(work.session, place.path, version) if place.path else []
    known = Place(
        cells={cell.cell_id: (cell.code, cell.level) for cell in chain},
        estate_id=place.id if place.kind is PlaceKind.ESTATE else None,
    )
    steps = tuple(CellStep(c.level, str(c.cell_id), c.code, c.name) for c in chain)
    answering = team_of_place(work, known, moment, place.path) if steps else Team((), UNSURE)
    return Located(bool(steps), version, moment, _point(best), steps, answering, None, None)


def _point(best: Candidate) -> Point:
    lon, lat = best.place.lon, best.place.lat
    known = math.isfinite(lon) and math.isfinite(lat)
    return Point(lon if known else 0.0, lat if known else 0.0, _DATUM)
