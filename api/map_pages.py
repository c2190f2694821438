"""The two maps as pages: one's own area by building, and the public one by cell."""

from fastapi import Request
from fastapi.responses import Response

from api.reading import AreaNotYours
from api.signin import Asker
from api.visiting import answer, spoken, viewer_of, visit_of
from geo.access.roles import Permission
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.grid import store as grid
from geo.grid.model import CellVersion
from geo.grid.store import CellUnknown
from geo.people.picture import home_cell, occupancy_picture, public_picture
from geo.people.sight import Sight, sight_of, sights
from geo.runtime import Runtime
from geo.work import Work
from maps.pages.home import home_page
from maps.pages.shell import API

# A public map of a cell this fine would be about one building.
_FINEST_PUBLIC = 4


def own_map(request: Request, runtime: Runtime, asker: Asker, cell: str) -> Response:
    """Return the map of a cell by building, for who may see it; without a cell, of the own area.

    Raises
    ------
    PermissionMissing
        When none of the asker's roles shows such a map.
    AreaNotYours, CellUnknown
        When the cell lies beyond the asker's areas, or there is none.
    """
    actor = asker.actor.acting(Permission.MAP_READ)
    with runtime.work(actor, reading=True) as work:
        shown = _cell(work, cell)
        if sight_of(work.scope, shown.path) is Sight.NONE:
            raise AreaNotYours(value=shown.code)
        picture = occupancy_picture(work, shown.code, zone=runtime.settings.time_zone)
        seen = sights(work, picture)
        named = (shown.cell_id,)
        work.note(Note(Action.PEOPLE_COUNT, subject_kind="cell", subjects=named, area=shown.path))
        viewer = viewer_of(work, asker, runtime, spoken(request, runtime))
    visit = visit_of(request, runtime, viewer)
    return answer(request, visit, home_page(picture, visit, sights=seen))


def public_map(
    request: Request, runtime: Runtime, asker: Asker, cell: str, *, address: str
) -> Response:
    """Return the map of a cell by cells, as everybody may see it.

    Parameters
    ----------
    address
        Of this page, for the ways to other cells.

    Raises
    ------
    CellUnknown
        When there is no such cell, or it is too small for a public map.
    """
    with runtime.work(asker.actor, reading=True) as work:
        shown = _cell(work, cell)
        if shown.level > _FINEST_PUBLIC:
            raise CellUnknown(value=shown.code)
        picture = public_picture(work, shown.code, zone=runtime.settings.time_zone)
        viewer = viewer_of(work, asker, runtime, spoken(request, runtime))
    visit = visit_of(request, runtime, viewer)
    # Whether the team is told to somebody signed out is a setting; a page does not ask for them.
    api_root = API if asker.actor.may(Permission.TEAM_READ) else None
    html = home_page(picture, visit, api_root=api_root, cell_address=f"{address}?cell=")
    return answer(request, visit, html)


def _cell(work: Work, code: str) -> CellVersion:
    """Return the cell asked for, without one the cell where the asker's map opens."""
    if not code.isprintable():
        raise CellUnknown(value=code)
    number = grid.publication_at(work.session, work.now).number
    return grid.version_by_code(work.session, code or home_cell(work), number)
