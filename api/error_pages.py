"""A refusal as a page, for a browser that asked for one; programs get problem+json."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from api.access import API
from geo.texts import Lang, text
from maps.pages.message import message_page
from maps.render import content_policy

_BODY_OF_THE_API = f"{API}/"


def wants_page(request: Request) -> bool:
    """Return whether a browser asks for a page, at an address that is not the API's."""
    accepted = request.headers.get("accept", "")
    named = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    is_api = request.scope["path"].startswith(_BODY_OF_THE_API)
    return "text/html" in named and not is_api and request.method in ("GET", "HEAD")


def error_page(status: int, sentence: str, lang: Lang, *, headers: dict[str, str]) -> Response:
    """Return the page of a refusal; its status and headers are those of the problem."""
    nonce = secrets.token_urlsafe(16)
    title = text(f"api.title.{status}", lang)
    policy = {"Content-Security-Policy": content_policy(nonce)}
    page = message_page(title, sentence, lang=lang, nonce=nonce)
    return Response(page, status, {**headers, **policy}, media_type="text/html")
