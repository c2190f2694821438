"""One view of a page: who looks, in which language and how large; and the answer it becomes."""

import secrets
from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.error_pages import address_of
from api.lang import LANG_COOKIE, LANGS, chosen, preferred
from api.signin import Asker
from geo.access.roles import Permission
from geo.accounts import store
from geo.accounts.store import GrantRow
from geo.runtime import Runtime
from geo.texts import Lang, text
from geo.work import Work
from maps.assets import static_root
from maps.pages.shell import View, Viewer
from maps.render import content_policy

# Kept by the page itself, as the choice of a device; it opens nothing.
LARGE_COOKIE = "wangge_large"
_YEAR_S = 365 * 86_400


def spoken(request: Request, runtime: Runtime) -> Lang:
    """Return the language of a page: what the address says, then the device, then the browser."""
    accepted = request.headers.get("accept-language", "")
    wished = chosen(request.query_params, request.cookies)
    return wished or preferred(accepted, runtime.settings.lang)


def view_of(request: Request, runtime: Runtime, viewer: Viewer | None) -> View:
    """Return the view that a request is."""
    return View(
        lang=spoken(request, runtime),
        nonce=secrets.token_urlsafe(16),
        static_root=static_root(),
        address=address_of(request),
        zone=runtime.settings.time_zone,
        demo=runtime.settings.demo is True,
        viewer=viewer,
        large=request.cookies.get(LARGE_COOKIE) == "1",
    )


def viewer_of(work: Work, asker: Asker, runtime: Runtime, lang: Lang) -> Viewer | None:
    """Return who is signed in, as pages show it; None for nobody."""
    standing = asker.standing
    if standing is None or asker.actor.account_id is None:
        return None
    held = [row for row in store.grants_of(work.session, asker.actor.account_id) if row.stands]
    return Viewer(
        login=asker.actor.name,
        name=standing.name,
        post=post_of(held, lang),
        permissions=frozenset(one for one in Permission if asker.actor.may(one)),
        csrf=asker.csrf,
        idle_s=runtime.settings.page_idle_min * 60,
        place=next((row.cell_name for row in held if row.cell_name), ""),
    )


def post_of(held: Sequence[GrantRow], lang: Lang) -> str:
    """Return what somebody is and where, in words; several after one another."""
    words = [
        f"{text(f'roles.{row.role}', lang)} · {row.cell_name}"
        if row.cell_name
        else text(f"roles.{row.role}", lang)
        for row in held
    ]
    return text("pages.bar.list_comma", lang).join(words)


def answer(request: Request, view: View, html: str, status: int = 200) -> HTMLResponse:
    """Return a page as the answer; a language named in the address is remembered."""
    headers = {
        "Content-Security-Policy": content_policy(view.nonce),
        "Cache-Control": "private, no-store",
        "Content-Language": view.lang,
    }
    response = HTMLResponse(html, status, headers)
    if request.query_params.get("lang") in LANGS:
        response.set_cookie(
            LANG_COOKIE,
            view.lang,
            max_age=_YEAR_S,
            secure=request.scope["scheme"] == "https",
            samesite="lax",
        )
    return response
