"""The two maps as pages: one's own area by building, and the public one by cell."""

import shapely
from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from api.kept import Kept
from api.page_views import answer, spoken, view_of, viewer_of
from api.public_maps import PublicMaps, Shown, Wish, wish_of
from api.reading import AreaNotYours
from api.signin import Asker
from geo.access.actors import Actor, PermissionMissing
from geo.access.roles import Permission
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.paging import Page
from geo.grid import listing
from geo.grid import store as grid
from geo.grid.listing import CellFilter
from geo.grid.model import CellVersion
from geo.grid.store import CellUnknown, NothingPublished
from geo.people.picture import home_cell, occupancy_picture, public_picture
from geo.people.sight import Sight, sight_of, sights
from geo.places.picture import OccupancyPicture
from geo.runtime import Runtime
from geo.spatial.storage import Geometries
from geo.work import Work
from maps.pages.home import home_page, occupancy_drawn
from maps.pages.people import PEOPLE
from maps.pages.plan import plan
from maps.pages.shell import API
from maps.render import Drawn

# A public map of a cell this fine would be about one building.
_FINEST_PUBLIC = 4
_PLAN_LEVELS, _PLAN_MOST = (1, 2, 3), 400


def own_map(request: Request, runtime: Runtime, asker: Asker, cell: str) -> Response:
    """Return the map of a cell by building, for who may see it; without a cell, of the own area.

    Raises
    ------
    PermissionMissing
        When none of the asker's roles shows such a map.
    AreaNotYours, CellUnknown
        When the cell lies beyond the asker's areas, or there is none.
    """
    with runtime.work(_acting(runtime, asker), reading=True) as work:
        picture, seen = cell_pictured(work, cell, runtime.settings.time_zone)
        viewer = viewer_of(work, asker, runtime, spoken(request, runtime))
    view = view_of(request, runtime, viewer)
    people = f"{PEOPLE}?building=" if asker.actor.may(Permission.PEOPLE_READ) else None
    town = occupancy_drawn(picture, lang=view.lang, people_address=people, sights=seen)
    return answer(request, view, home_page(town, view))


def _acting(runtime: Runtime, asker: Asker) -> Actor:
    try:
        return asker.actor.acting(Permission.MAP_READ)
    except PermissionMissing as refusal:
        # The guard lets everybody come this far: what it would have recorded is recorded here.
        runtime.refused(asker.actor, refusal)
        raise


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
    wish = wish_of(request, runtime, asker, cell=cell, address=address)
    kept: PublicMaps = request.app.state.public_maps
    with runtime.work(asker.actor, reading=True) as work:
        viewer = viewer_of(work, asker, runtime, wish.lang)
        found = cell_asked(work, cell)
        if found.level > _FINEST_PUBLIC:
            raise CellUnknown(value=found.code)
        shown = Shown(grid.publication_at(work.session, work.now).number, found.code)
        town = kept.get(wish, shown) or kept.keep(wish, shown, _drawn(work, runtime, shown, wish))
    view = view_of(request, runtime, viewer)
    return answer(request, view, home_page(town, view))


def _drawn(work: Work, runtime: Runtime, shown: Shown, wish: Wish) -> Drawn:
    picture = public_picture(work, shown.code, zone=runtime.settings.time_zone)
    root, ways = API if wish.asks else None, f"{wish.address}?cell="
    return occupancy_drawn(picture, lang=wish.lang, api_root=root, cell_address=ways)


def cell_pictured(work: Work, cell: str, zone: str) -> tuple[OccupancyPicture, dict[str, Sight]]:
    """Return a cell by building and how much of it the asker sees; noted for the audit.

    Parameters
    ----------
    cell : code; empty for the own area
    zone : in which days begin

    Raises
    ------
    AreaNotYours, CellUnknown
        When the cell lies beyond the asker's areas, or there is none.
    """
    shown = cell_asked(work, cell)
    if sight_of(work.scope, shown.path) is Sight.NONE:
        raise AreaNotYours(value=shown.code)
    picture = occupancy_picture(work, shown.code, zone=zone)
    named = (shown.cell_id,)
    work.note(Note(Action.PEOPLE_COUNT, subject_kind="cell", subjects=named, area=shown.path))
    return picture, sights(work, picture)


def cell_asked(work: Work, code: str) -> CellVersion:
    """Return the cell asked for, without one the cell where the asker's map opens."""
    if not code.isprintable():
        raise CellUnknown(value=code)
    number = grid.publication_at(work.session, work.now).number
    return grid.version_by_code(work.session, code or home_cell(work), number)


def plan_of(request: Request, work: Work) -> Markup:
    """Return the borders of the town, small, for a page to lie on; empty before there are any."""
    kept: Kept[int, Markup] = request.app.state.plans
    try:
        number = grid.publication_at(work.session, work.now).number
    except NothingPublished:
        return Markup("")
    return kept.get(number) or kept.keep(number, plan(_levels(work, number)))


def _levels(work: Work, number: int) -> list[Geometries]:
    """Return the shapes of the upper levels that are few enough to draw."""
    shapes = []
    for level in _PLAN_LEVELS:
        page = Page(_PLAN_MOST, None)
        found = listing.cells(work.session, number, CellFilter(level=level), page, shapes=True)
        if found.after is not None:
            break
        shapes.append(shapely.from_geojson([row.shape for row in found.rows if row.shape]))
    return shapes
