"""The API described: as OpenAPI and as a page that needs no network."""

from functools import cache
from importlib import resources
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.access import API
from api.docs_page import docs_page
from api.errors import lang_of
from api.openapi import description
from geo.texts import Lang
from maps.palette import css_variables

router = APIRouter(include_in_schema=False)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@router.get(f"{API}/openapi.json")
async def read_description(request: Request) -> Response:
    """Return the OpenAPI 3.1 document in the asker's language."""
    lang = lang_of(request)
    kept: dict[str, bytes] = request.app.state.documents
    if f"json.{lang}" not in kept:
        kept[f"json.{lang}"] = orjson.dumps(description(request.app, lang))
    return Response(kept[f"json.{lang}"], media_type="application/json", headers=_spoken(lang))


@router.get("/docs")
@router.get(f"{API}/docs")
async def read_docs(request: Request, lang: Annotated[Lang | None, Query()] = None) -> HTMLResponse:
    """Return the reference page in the asker's language, or in the one the address names."""
    chosen = lang or lang_of(request)
    kept: dict[str, bytes] = request.app.state.documents
    if f"html.{chosen}" not in kept:
        page = docs_page(description(request.app, chosen), chosen)
        kept[f"html.{chosen}"] = page.encode()
    return HTMLResponse(
        kept[f"html.{chosen}"], headers={**_spoken(chosen), "Content-Security-Policy": _POLICY}
    )


@router.get("/docs/docs.css")
async def read_sheet() -> Response:
    """Return the page's style sheet, its colours from the one palette."""
    return Response(f"{css_variables()}\n{_static('docs.css')}", media_type="text/css")


@router.get("/docs/docs.js")
async def read_script() -> Response:
    """Return the page's script."""
    return Response(_static("docs.js"), media_type="text/javascript")


def _spoken(lang: Lang) -> dict[str, str]:
    return {"Content-Language": lang, "Vary": "Accept-Language"}


@cache
def _static(name: str) -> str:
    return (resources.files("api") / "static" / name).read_text(encoding="utf-8")
