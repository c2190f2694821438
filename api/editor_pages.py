"""The boundary editor as a page: the area of a plan, or the cell asked for, by building."""

from fastapi import Request
from fastapi.responses import Response

from api.access import ACCESS, API
from api.map_pages import cell_pictured
from api.page_views import answer, spoken, view_of, viewer_of
from api.signin import Asker
from geo.access.roles import Permission
from geo.grid.plans import store
from geo.runtime import Runtime
from geo.work import Work
from maps.pages.editor import editor_page

# A tool is there when its route is.
_DIVISION = f"POST {API}/plans/{{id}}/division"


def editor(
    request: Request, runtime: Runtime, asker: Asker, *, plan: int | None, cell: str
) -> Response:
    """Return the editor of a plan's area, of a cell, or of the own area.

    Raises
    ------
    PlanUnknown, CellUnknown, AreaNotYours
        When there is none, or it lies beyond the asker's areas.
    """
    actor = asker.actor.acting(Permission.MAP_READ)
    with runtime.work(actor, reading=True) as work:
        asked = cell if plan is None else _area_of(work, plan)
        picture, seen = cell_pictured(work, asked, runtime.settings.time_zone)
        viewer = viewer_of(work, asker, runtime, spoken(request, runtime))
    view = view_of(request, runtime, viewer)
    divides = _DIVISION in ACCESS
    html = editor_page(picture, view, plan=plan, sights=seen, divides=divides)
    return answer(request, view, html)


def _area_of(work: Work, plan: int) -> str:
    """Return the code of the cell whose leaves a plan changes."""
    cell = store.plan_by_id(work.session, work.scope, plan).cell_id
    return store.area_codes(work.session, [cell])[cell]
