"""What is refused, as problem+json (RFC 9457) or a page: the only table from errors to statuses.

``Invalid`` is 400 here, not the 422 that ``geo/errors.py`` names: this API is read by its query,
and for a wrong or unknown query parameter OGC Features (/req/core/query-param-invalid) asks 400.
A body that is well formed but wrong may be given 422 by the route that takes it.
"""

import http
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

import orjson
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.access import methods_at
from api.error_pages import error_page, wants_page
from api.lang import chosen, preferred
from api.media import MediaTypeRefused
from geo.errors import (
    Forbidden,
    GeoError,
    Invalid,
    Limited,
    NotFound,
    Outdated,
    Refused,
    Unauthenticated,
    Unavailable,
)
from geo.texts import Lang, catalogue, text

STATUS: Mapping[type[GeoError], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Refused: 409,
    Outdated: 412,
    Limited: 429,
    Unavailable: 503,
    MediaTypeRefused: 415,
    GeoError: 500,
}

# What is refused before any rule of ours is asked: status → code.
HTTP_CODES: Mapping[int, str] = {
    400: "request_broken",
    404: "route_unknown",
    405: "method_refused",
    406: "not_acceptable",
    408: "client_too_slow",
    413: "body_too_large",
    414: "uri_too_long",
    415: "media_type_refused",
    431: "headers_too_large",
    500: "internal",
}

_RETRY_AFTER_S = 2
_VALUE_SHOWN = 100
_SECRETS = frozenset({"password", "old", "new", "refresh_token"})


class ParameterInvalid(Invalid):
    """A value of the request cannot be right; ``errors`` in the answer names each."""

    code = "invalid_parameter"


class DatabaseUnreachable(Unavailable):
    """The database does not answer."""

    code = "database_unreachable"


class TooBusy(Unavailable):
    """No connection or no lock came free in time."""

    code = "too_busy"


class TooSlow(Unavailable):
    """A statement took longer than a request may."""

    code = "too_slow"


# SQLSTATE → what it means to the caller; anything else that ends a connection is "unreachable".
_BY_SQLSTATE: Mapping[str, type[Unavailable]] = {
    "40001": TooBusy,
    "40P01": TooBusy,
    "53300": TooBusy,
    "55P03": TooBusy,
    "57014": TooSlow,
}


def status_of(error: GeoError | type[GeoError]) -> int:
    """Return the status of an error, or of its class, by the nearest kind above it."""
    kinds = (error if isinstance(error, type) else type(error)).__mro__
    return next(STATUS[kind] for kind in kinds if kind in STATUS)


def unavailable(error: Exception) -> Unavailable | None:
    """Return what a database error means to the caller; None when it is a fault of ours."""
    if isinstance(error, PoolTimeout):
        return TooBusy()
    if not isinstance(error, DBAPIError):
        return None
    sqlstate = str(getattr(error.orig, "pgcode", None))
    if sqlstate in _BY_SQLSTATE:
        return _BY_SQLSTATE[sqlstate]()
    lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return DatabaseUnreachable() if lost else None


def lang_of(request: Request) -> Lang:
    """Return the language of a request's answer."""
    default: Lang = request.app.state.runtime.settings.lang
    accepted = preferred(request.headers.get("accept-language", ""), default)
    # A page speaks as its reader chose; the API as each request says.
    wished = chosen(request.query_params, request.cookies) if wants_page(request) else None
    return wished or accepted


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str | None = None,
    *,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer of a refusal: problem+json, or a page for a browser that asks for one.

    Parameters
    ----------
    code : stable name; its sentence is ``errors.<code>`` unless ``detail`` gives it
    errors : each wrong value by itself
    headers : besides its own, for instance ``Allow``
    """
    lang = lang_of(request)
    sentence = detail or text(f"errors.{code}", lang)
    sent = {**_headers(status, lang), **(headers or {})}
    if wants_page(request):
        key = f"pages.refused_{code}"  # what a program is told to do is no help to people
        said = text(key, lang) if key in catalogue() else sentence
        return error_page(request, status, code, said, lang, headers=sent)
    body = {
        "type": f"/docs#{code}",
        "title": text(f"api.title.{status}", lang),
        "status": status,
        "detail": sentence,
        "code": code,
        "instance": quote(request.scope["path"]),
        "request_id": request.scope.get("state", {}).get("request_id"),
        **({"errors": errors} if errors else {}),
    }
    return Response(
        orjson.dumps(body, default=str), status, sent, media_type="application/problem+json"
    )


def _headers(status: int, lang: Lang) -> dict[str, str]:
    own = {"Content-Language": lang, "Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        own["Retry-After"] = str(_RETRY_AFTER_S)
    if status == http.HTTPStatus.UNAUTHORIZED:
        own["WWW-Authenticate"] = 'Bearer realm="wangge"'
    return own


def refusal(request: Request, error: GeoError) -> Response:
    """Return the answer to what was refused."""
    headers = _waits(error) if isinstance(error, Limited) else {}
    sentence, errors = _said(request, error), error.details(lang_of(request))
    status = status_of(error)
    return problem(request, status, error.code, sentence, errors=errors, headers=headers)


def _said(request: Request, error: GeoError) -> str:
    """Return the sentence of a refusal; on a page what a role may not is said in words."""
    lang = lang_of(request)
    allowed = f"permissions.{error.facts.get('permission', '')}"
    if wants_page(request) and allowed in catalogue():
        return text("pages.refused_permission", lang, what=text(allowed, lang))
    return error.message(lang)


def _waits(error: Limited) -> dict[str, str]:
    """Return when to come again; the RateLimit fields are those of most gateways."""
    return {
        "Retry-After": str(error.wait_s),
        "RateLimit-Limit": str(error.limit),
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(error.wait_s),
    }


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, GeoError)
    return refusal(request, error)


async def _wrong_values(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    lang = lang_of(request)
    errors = [_wrong_value(fault, lang) for fault in error.errors()]
    detail = ParameterInvalid(reasons="; ".join(fault["detail"] for fault in errors[:3]))
    return problem(
        request, STATUS[Invalid], ParameterInvalid.code, detail.message(lang), errors=errors
    )


def _wrong_value(fault: dict[str, Any], lang: Lang) -> dict[str, Any]:
    place, *names = fault["loc"]
    name = names[-1] if names else ""
    where = (
        {"pointer": "#" + "".join(f"/{step}" for step in names)}
        if place == "body"
        else {"parameter": str(name)}
    )
    # What a body holds may be a password or somebody's number: it is not said again.
    value = "…" if place == "body" else str(fault.get("input", ""))[:_VALUE_SHOWN]
    known = f"api.parameter.{fault['type']}"
    key = known if known in catalogue() else "api.parameter.other"
    facts = {**_bounds(fault.get("ctx") or {}), "name": _word(place, name, lang), "value": value}
    if "expected" in facts:
        facts["expected"] = _listed(str(facts["expected"]), lang)
    shown = {} if place == "body" else {"value": value}
    return {**where, **shown, "detail": text(key, lang, **facts)}


def _bounds(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts in which whole numbers are written as such."""
    whole = {name: int(v) for name, v in facts.items() if isinstance(v, float) and v.is_integer()}
    return {**facts, **whole}


def _listed(expected: str, lang: Lang) -> str:
    """Return the values that may be given, which come as ``'a', 'b' or 'c'``."""
    return text("api.parameter.mark", lang).join(re.findall("'([^']*)'", expected)) or expected


def _word(place: str, name: object, lang: Lang) -> str:
    """Return what a value is called: of a field of a body its word and its name."""
    key = f"api.names.{name}"
    return text(key, lang) if place == "body" and key in catalogue() else str(name)


def _echo(fault: dict[str, Any], name: object) -> str:
    """Return a wrong value as it is told back: not a secret, nor a body that may hold one."""
    given = fault.get("input", "")
    may_be_secret = name in _SECRETS or fault["type"] == "extra_forbidden"
    return "" if may_be_secret or isinstance(given, dict | list) else str(given)[:_VALUE_SHOWN]


async def _http_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    if status not in HTTP_CODES:
        status = 400 if status < http.HTTPStatus.INTERNAL_SERVER_ERROR else 500
    headers = dict(error.headers or {})
    if "Allow" in headers and (methods := methods_at(request.scope["path"])):
        # The framework names those of the first route that fits the address, and never HEAD.
        headers["Allow"] = ", ".join(methods)
    return problem(request, status, HTTP_CODES[status], headers=headers)


async def _database_failure(request: Request, error: Exception) -> Response:
    known = unavailable(error)
    if known is None:
        raise error
    return await _refusal(request, known)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    GeoError: _refusal,
    RequestValidationError: _wrong_values,
    HTTPException: _http_refusal,
    DBAPIError: _database_failure,
    PoolTimeout: _database_failure,
}
