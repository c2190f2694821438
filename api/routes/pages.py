"""Pages: the home page and the maps, for who has signed in; others are led to the sign-in.

The one place that renders HTML. A refusal here is a page too, never JSON.
"""

import secrets
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.deps import RuntimeOf
from api.errors import status_of
from api.lang import preferred
from api.signin import Asker, AskerOf
from geo.access.actors import Actor
from geo.access.roles import Permission
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import GeoError
from geo.grid.store import CellUnknown, NothingPublished
from geo.people.picture import home_cell, occupancy_picture
from geo.runtime import Runtime
from geo.texts import Lang, text
from maps.assets import static_root
from maps.pages.home import home_page
from maps.pages.message import message_page
from maps.pages.shell import Visit
from maps.registry import map_file
from maps.render import content_policy

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)

Page = Response


@router.get("/")
def home(
    request: Request, runtime: RuntimeOf, asker: AskerOf, cell: str = "", lang: str = ""
) -> Page:
    """Show the town, or the cell that is named."""
    return _map_page(request, runtime, asker, cell, _lang(request, runtime, lang))


@router.get("/maps/{name}")
def named_map(
    request: Request,
    runtime: RuntimeOf,
    asker: AskerOf,
    name: str,
    cell: str = "",
    lang: str = "",
) -> Page:
    """Show one map by its name."""
    spoken = _lang(request, runtime, lang)
    try:
        map_file(name)
    except GeoError as error:
        return _refusal(error, spoken, secrets.token_urlsafe(16))
    return _map_page(request, runtime, asker, cell, spoken)


def _map_page(request: Request, runtime: Runtime, asker: Asker, cell: str, lang: Lang) -> Page:
    nonce = secrets.token_urlsafe(16)
    if asker.standing is None:
        query = request.scope["query_string"].decode("latin-1")
        here = request.scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
    try:
        if not cell.isprintable():
            raise CellUnknown(value=cell)
        with runtime.work(_viewer(asker), reading=True) as work:
            code = cell or home_cell(work)
            work.actor.require(Permission.MAP_READ)
            picture = occupancy_picture(work, code, zone=runtime.settings.time_zone)
            work.note(Note(Action.PEOPLE_COUNT, subject_kind="household", reason=code))
    except NothingPublished:
        return _page(_empty(lang, nonce), nonce)
    except GeoError as error:
        return _refusal(error, lang, nonce)
    visit = Visit(lang, nonce, static_root(), f"/?cell={quote(code)}", runtime.settings.time_zone)
    return _page(home_page(picture, visit), nonce)


def _viewer(asker: Asker) -> Actor:
    """Return who looks, where it may look at maps; who may not is refused once there is one."""
    may = asker.actor.may(Permission.MAP_READ)
    return asker.actor.acting(Permission.MAP_READ) if may else asker.actor


def _empty(lang: Lang, nonce: str) -> str:
    return message_page(
        text("pages.empty_title", lang),
        text("pages.empty", lang),
        lang=lang,
        nonce=nonce,
        command="./wangge import cells FILE --commit",
    )


def _refusal(error: GeoError, lang: Lang, nonce: str) -> HTMLResponse:
    title = text("pages.refused_title", lang)
    page = message_page(title, error.message(lang), lang=lang, nonce=nonce)
    return _page(page, nonce, status_of(error))


def _page(html: str, nonce: str, status: int = 200) -> HTMLResponse:
    headers = {
        "Content-Security-Policy": content_policy(nonce),
        "Cache-Control": "private, no-store",
    }
    return HTMLResponse(html, status, headers)


def _lang(request: Request, runtime: Runtime, asked: str) -> Lang:
    asked_for: dict[str, Lang] = {"zh": "zh", "en": "en"}
    return asked_for.get(asked) or preferred(
        request.headers.get("accept-language", ""), runtime.settings.lang
    )
