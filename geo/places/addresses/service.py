"""Names that people give to places: added in one press, ended by whoever may add them there."""

from dataclasses import dataclass
from typing import NamedTuple

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select

from geo.access.scope import Scope
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import NotFound, Refused
from geo.places.addresses import store
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.matching import official
from geo.places.addresses.model import NameKind, PlaceName
from geo.places.addresses.naming import check_target, checked_name
from geo.places.addresses.places import Candidate, PlaceKind
from geo.places.model import Building
from geo.places.store import BuildingUnknown, check_stairwell, estate_id
from geo.work import Work


class PlaceNotYours(NotFound):
    """The place lies beyond the areas in which the asker may name places."""

    code = "place_not_yours"
    scoped = "building"


class PlaceNameTaken(Refused):
    """The name is the address of another place, which it would hide."""

    code = "place_name_taken"


class AddedName(NamedTuple):
    """The id of a name, and whether it was added now; else it stood before."""

    id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class NewName:
    """A name and what it means: exactly one of building, estate and point.

    Parameters
    ----------
    building, estate : codes
    stairwell : of the building, 0 for all of it
    point : lon, lat in storage degrees, on the grid
    """

    name: str
    kind: NameKind = NameKind.NICKNAME
    building: str | None = None
    stairwell: int = 0
    estate: str | None = None
    point: tuple[float, float] | None = None


def add_name(work: Work, new: NewName, gazetteer: Gazetteer | None = None) -> AddedName:
    """Add a name of a place, unless the same name of it stands already.

    Parameters
    ----------
    gazetteer : says what is an address already; None reads it from the tables

    Raises
    ------
    PlaceNameRefused, PlaceNameTargetUnclear
        When it cannot be a name, or does not mean exactly one place.
    BuildingUnknown, EstateUnknown
        When nothing bears the code.
    StairwellUnknown
        When the building has fewer stairwells.
    PlaceNotYours
        When the place lies beyond the actor's areas.
    PlaceNameTaken
        When the name is the address of another place.
    """
    name = checked_name(new.name)
    check_target(new.building, new.estate, new.point)
    row = PlaceName(
        name=name, kind=new.kind.value, stairwell=0, added_by=work.actor.name, added_at=work.now
    )
    _aim(work, row, new)
    standing = store.standing_name(work.session, row)
    if standing is not None:
        return AddedName(standing, is_new=False)
    _check_free(gazetteer or store.gazetteer(work.session), row)
    work.session.add(row)
    work.session.flush()
    # The words stay in the row: they may say who lives there.
    after = {"kind": row.kind, "building": new.building, "estate": new.estate}
    work.note(_note(Action.PLACE_NAME_ADD, row.id, row.path, after=after))
    return AddedName(row.id, is_new=True)


def end_name(work: Work, id: int) -> None:
    """End a name of a place.

    Raises
    ------
    PlaceNameUnknown
        When none that stands has this id within the actor's areas.
    """
    row = store.name_by_id(work.session, work.scope, id)
    row.ended_by, row.ended_at = work.actor.name, work.now
    work.note(_note(Action.PLACE_NAME_END, row.id, row.path))


def _aim(work: Work, row: PlaceName, new: NewName) -> None:
    """Let a name mean its place, if that lies in the actor's areas."""
    paths: list[str] = []
    if new.building is not None:
        found = work.session.scalar(select(Building).where(Building.code == new.building))
        if found is None:
            raise BuildingUnknown(value=new.building)
        check_stairwell(new.building, found.stairwells, new.stairwell)
        row.building_id, row.stairwell, paths = found.id, new.stairwell, [found.path]
    elif new.estate is not None:
        row.estate_id = estate_id(work.session, new.estate)
        paths = store.paths_of_estate(work.session, row.estate_id)
    elif new.point is not None:
        row.point = from_shape(Point(*new.point), srid=4326)
        paths = [store.leaf_path(work.session, *new.point)]
    mine = [path for path in paths if work.scope.covers(path)]
    if not mine and not work.scope.covers(""):
        raise PlaceNotYours(value=new.building or new.estate or str(new.point))
    row.path = Scope.of_areas(path for path in mine if path).root


def _check_free(gazetteer: Gazetteer, row: PlaceName) -> None:
    """Refuse a name that is the address of other places alone."""
    known = official(gazetteer, row.name)
    if known and not any(_is_meant(row, one) for one in known):
        place = known[0].place
        raise PlaceNameTaken(value=row.name, place=f"{place.address} {place.code}".strip())


def _is_meant(row: PlaceName, known: Candidate) -> bool:
    """Return whether a place with an address is the one that a name means."""
    place = known.place
    if row.building_id is not None:
        return place.building_id == row.building_id and row.stairwell == (known.stairwell or 0)
    return row.estate_id is not None and (place.kind, place.id) == (
        PlaceKind.ESTATE,
        row.estate_id,
    )


def _note(
    action: Action, id: int, path: str, *, after: dict[str, str | None] | None = None
) -> Note:
    return Note(action, subject_kind="place_name", subjects=(id,), area=path, after=after)
