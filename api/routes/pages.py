"""Pages: the home page and the maps, for somebody at this machine; a plain sentence otherwise.

The one place that renders HTML. A refusal here is a page too, never JSON.
"""

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access import is_local
from api.deps import RuntimeOf
from api.errors import status_of
from api.lang import preferred
from geo.access.actors import Actor
from geo.errors import GeoError
from geo.grid.store import CellUnknown, NothingPublished
from geo.people.picture import home_cell, occupancy_picture
from geo.runtime import Runtime
from geo.texts import Lang, text
from maps.assets import static_root
from maps.pages.home import home_page
from maps.pages.message import message_page
from maps.registry import map_file
from maps.render import content_policy

router = APIRouter(tags=["pages"], include_in_schema=False, default_response_class=HTMLResponse)

Page = HTMLResponse


@router.get("/")
def home(request: Request, runtime: RuntimeOf, cell: str = "", lang: str = "") -> Page:
    """Show the town, or the cell that is named."""
    return _map_page(request, runtime, cell, _lang(request, runtime, lang))


@router.get("/maps/{name}")
def named_map(
    request: Request, runtime: RuntimeOf, name: str, cell: str = "", lang: str = ""
) -> Page:
    """Show one map by its name."""
    spoken = _lang(request, runtime, lang)
    try:
        map_file(name)
    except GeoError as error:
        return _refusal(error, spoken, secrets.token_urlsafe(16))
    return _map_page(request, runtime, cell, spoken)


def _map_page(request: Request, runtime: Runtime, cell: str, lang: Lang) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    if not is_local(request.scope):
        title, sentence = text("pages.beyond_title", lang), text("pages.beyond", lang)
        return _page(message_page(title, sentence, lang=lang, nonce=nonce), nonce, 403)
    try:
        if not cell.isprintable():
            raise CellUnknown(value=cell)
        with runtime.work(Actor.local()) as work:
            code = cell or home_cell(work)
            picture = occupancy_picture(work, code, zone=runtime.settings.time_zone)
    except NothingPublished:
        return _page(_empty(lang, nonce), nonce)
    except GeoError as error:
        return _refusal(error, lang, nonce)
    return _page(home_page(picture, lang=lang, nonce=nonce, static_root=static_root()), nonce)


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
