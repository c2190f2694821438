"""One call from any location to its cells and the team that answers there."""

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.access.actors import Reason
from geo.access.roles import Permission
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.crs.faults import Fault, refused
from geo.crs.systems import system
from geo.crs.transform import to_storage, to_storage_each
from geo.errors import Invalid
from geo.grid import store as grid
from geo.locate import resolver
from geo.locate.answer import ACCURACY_LIMIT_M, SWAPPED_FAR_M, CellStep, Located, Point
from geo.places.model import Building
from geo.places.store import BuildingUnknown, check_stairwell
from geo.work import Work
from geo.workforce.responsibility import OUTSIDE, WITHHELD, Team, team
from geo.workforce.roster import Place, duties, with_phones


class PlaceUnclear(Invalid):
    """Neither a point nor a building was given, or both."""

    code = "place_unclear"


class CoordinateLacking(Invalid):
    """One coordinate of a point was given, and the other was not."""

    code = "coordinate_lacking"


class AccuracyRefused(Invalid):
    """The accuracy is not a number of metres that makes sense."""

    code = "accuracy_refused"


class MomentRefused(Invalid):
    """The moment asked for lies in the future."""

    code = "moment_refused"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a point in some system, or a building, at some moment.

    Parameters
    ----------
    lon, lat : both or none, in ``crs``
    crs : system of the point
    building : code of a building, instead of a point
    stairwell : within the building, if known
    as_of : aware; None for now
    accuracy_m : how far off the point may be
    """

    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    building: str | None = None
    stairwell: int | None = None
    as_of: datetime | None = None
    accuracy_m: float = 0.0


def locate(work: Work, question: Question) -> Located:
    """Return the cells of a location, the team that answers there, and how sure that is.

    Outside every cell is an answer too: ``matched`` is False and ``nearest`` names the way back.
    Who answers now is public duty information. Who answered once is not: the team of a past moment
    is given, and noted, to who may read teams in that area, and withheld from everybody else.

    Raises
    ------
    PlaceUnclear, CoordinateLacking, AccuracyRefused, MomentRefused, UnknownCrs, CoordinateRefused
        When the question cannot be right.
    BuildingUnknown
        When no building bears the code.
    StairwellUnknown
        When the building has fewer stairwells.
    NothingPublished
        When no grid was in effect at the moment.
    """
    moment = moment_asked(work, question.as_of)
    accuracy_m = _accuracy(question.accuracy_m)
    session = work.session
    building = _building(session, question)
    if building is not None:
        check_stairwell(building.code, building.stairwells, question.stairwell)
    point = _point(session, question, building)
    version = grid.publication_at(session, moment).number
    leaf = resolver.covering(session, point, version)
    chain = grid.chain(session, leaf.path, version) if leaf is not None else []
    nearest = resolver.nearest(session, point, version) if leaf is None else None
    if nearest is not None and nearest.distance_m > SWAPPED_FAR_M and building is None:
        _check_swapped(session, question, version)
    place = Place(
        cells={cell.cell_id: (cell.code, cell.level) for cell in chain},
        building_id=building.id if building else None,
        stairwell=question.stairwell,
        estate_id=building.estate_id if building else None,
    )
    return Located(
        matched=leaf is not None,
        version=version,
        as_of=moment,
        point=point,
        cells=tuple(CellStep(c.level, str(c.cell_id), c.code, c.name) for c in chain),
        team=team_of_place(
            work, place, moment, leaf.path if leaf else building.path if building else ""
        ),
        boundary=(
            resolver.boundary(session, point, version, leaf, accuracy_m)
            if leaf is not None
            else None
        ),
        nearest=nearest,
    )


def _check_swapped(session: Session, question: Question, version: int) -> None:
    """Refuse a point far from every cell when its two numbers swapped name one in a cell."""
    given = np.array([[question.lon, question.lat]], dtype=np.float64)
    turned = to_storage_each(given[:, ::-1], question.crs)
    if turned.faults[0] != Fault.NONE:
        return
    lon, lat = turned.points[0].tolist()
    if resolver.covering(session, Point(lon, lat, question.crs), version) is not None:
        raise refused(given, np.array([Fault.SWAPPED], dtype=np.int8), question.crs)


def team_of_place(work: Work, place: Place, moment: datetime, path: str) -> Team:
    """Return who answers at a place at a moment, or that this is not told.

    Parameters
    ----------
    path : of the narrowest cell of the place
    """
    if not place.cells and place.building_id is None:
        return Team((), OUTSIDE)
    is_past = moment < work.now
    if is_past and not work.actor.areas(Permission.TEAM_READ).covers(path):
        return Team((), WITHHELD)
    with work.elevated(Reason.DUTY_LOOKUP):
        found = with_phones(work, team(duties(work.session, place, moment)))
    if is_past:
        ids = tuple(int(duty.worker_id) for duty in (*found.members, *found.overlays))
        work.note(Note(Action.WORKFORCE_READ, subject_kind="worker", subjects=ids, area=path))
    return found


def moment_asked(work: Work, as_of: datetime | None) -> datetime:
    """Return the moment that is asked about, now for None.

    Raises
    ------
    MomentRefused
        When it lies in the future.
    """
    if as_of is None:
        return work.now
    if as_of > work.now:
        raise MomentRefused(value=as_of.isoformat(timespec="seconds"))
    return as_of


def _accuracy(accuracy_m: float) -> float:
    if not (math.isfinite(accuracy_m) and 0.0 <= accuracy_m <= ACCURACY_LIMIT_M):
        raise AccuracyRefused(value=str(accuracy_m))
    return accuracy_m


def _building(session: Session, question: Question) -> Building | None:
    pointed = question.lon is not None and question.lat is not None
    half = (question.lon is None) != (question.lat is None)
    if half and question.building is None:
        lacking, given = ("lon", "lat") if question.lon is None else ("lat", "lon")
        raise CoordinateLacking(lacking=lacking, given=given)
    if half or pointed == (question.building is not None):
        raise PlaceUnclear()
    if question.building is None:
        return None
    found = session.scalar(select(Building).where(Building.code == question.building))
    if found is None:
        raise BuildingUnknown(value=question.building)
    return found


def _point(session: Session, question: Question, building: Building | None) -> Point:
    if building is None:
        known = system(question.crs).name
        given = np.array([[question.lon, question.lat]], dtype=np.float64)
        lon, lat = to_storage(given, known)[0].tolist()
        return Point(lon, lat, known)
    lon, lat = session.execute(
        select(Building.point.ST_X(), Building.point.ST_Y()).where(Building.id == building.id)
    ).one()
    return Point(lon, lat, building.source_crs)
