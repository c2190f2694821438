"""A refusal as a page, for a browser that asked for one; programs get problem+json.

Whoever has to sign in first, or to change a first password, is led there and back.
"""

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import API
from geo.texts import Lang, text
from maps.pages.message import message_page
from maps.render import content_policy

_BODY_OF_THE_API = f"{API}/"
_AT_THE_DOOR = frozenset({"sign_in_needed", "token_refused", "password_must_change"})


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for a page, at an address that is not the API's."""
    accepted = request.headers.get("accept", "")
    named = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    is_api = request.scope["path"].startswith(_BODY_OF_THE_API)
    return "text/html" in named and not is_api and request.method in ("GET", "HEAD")


def error_page(
    request: Request,
    status: int,
    code: str,
    sentence: str,
    lang: Lang,
    *,
    headers: Mapping[str, str],
) -> Response:
    """Return the page of a refusal; its status and headers are those of the problem."""
    if code in _AT_THE_DOOR:
        return to_sign_in(request)
    nonce = secrets.token_urlsafe(16)
    title = text(f"api.title.{status}", lang)
    policy = {"Content-Security-Policy": content_policy(nonce)}
    page = message_page(title, sentence, lang=lang, nonce=nonce)
    return Response(page, status, {**headers, **policy}, media_type="text/html")


def to_sign_in(request: Request) -> Response:
    """Return the way to the sign-in page, and back to what was asked for."""
    back = quote(address_of(request), safe="")
    headers = {"Cache-Control": "no-store"}
    return RedirectResponse(f"/login?next={back}", 303, headers)


def address_of(request: Request) -> str:
    """Return path and query of a request, as it came."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"]) + (f"?{query}" if query else "")
