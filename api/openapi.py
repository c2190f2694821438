"""The API described by itself: FastAPI's OpenAPI 3.1 with our sentences and our problems.

Sentences stand in ``geo/texts/api.json``: ``api.routes.<operation>``, ``api.query.<name>``,
``api.fields.<name>``; a narrower key, ``api.query.<operation>.<name>``, goes first. What a field
may hold in several kinds is said by ``api.kinds.<schema>``.
"""

import copy
import re
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.access import ACCESS, API, LOOPBACK, MORE
from api.errors import HTTP_CODES
from api.signin import CSRF_HEADER
from geo.texts import Lang, catalogue, text

Document = dict[str, Any]

# Here, because api/idempotency.py stands above this module.
IDEMPOTENCY_HEADER = "Idempotency-Key"

TAGS = (
    "cells",
    "plans",
    "buildings",
    "people",
    "workforce",
    "locate",
    "accounts",
    "audit",
    "jobs",
    "server",
)

# How somebody is known; a page sends its cookie, and with a change what only it can know.
SECURITY: Document = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "page": {"type": "apiKey", "in": "cookie", "name": "wangge"},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
}
_KNOWN: list[Document] = [{"bearer": []}, {"key": []}, {"page": []}]
_KNOWN_TO_CHANGE: list[Document] = [{"bearer": []}, {"key": []}, {"page": [], "csrf": []}]
# Refusals that say when to come again.
_LATER = frozenset({429, 503})

# By the routes of an application.
_SAID: dict[tuple[tuple[str, Any], ...], Document] = {}

_REFERENCE = re.compile(r"#/components/schemas/([\w.-]+)")

PROBLEM_SCHEMA: Document = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "code", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "pointer": {"type": "string"},
                    "value": {"type": "string"},
                    "cell": {"type": "string"},
                    "lon": {"type": "number"},
                    "lat": {"type": "number"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def operation_id(route: APIRoute) -> str:
    """Return the id of an operation: the name of its function."""
    return route.name


def query_parameters(app: FastAPI, path: str, method: str) -> frozenset[str]:
    """Return the names of the query parameters that a route has."""
    known: dict[tuple[str, str], frozenset[str]] = app.state.query_parameters
    if (path, method) not in known:
        operation = _plain(app)["paths"].get(path, {}).get(method.lower(), {})
        named = (one for one in operation.get("parameters", []) if one["in"] == "query")
        known[path, method] = frozenset(one["name"] for one in named)
    return known[path, method]


def description(app: FastAPI, lang: Lang) -> Document:
    """Return the OpenAPI document in a language; made once for each."""
    made: dict[Lang, Document] = app.state.descriptions
    if lang not in made:
        made[lang] = _described(copy.deepcopy(_plain(app)), lang)
    return made[lang]


def _plain(app: FastAPI) -> Document:
    """Return what FastAPI says of an application; the same for all with the same routes.

    It takes most of a second, and a process may have several applications.
    """
    routes = tuple(
        (route.path, route.endpoint) for route in app.routes if isinstance(route, APIRoute)
    )
    if routes not in _SAID:
        _SAID[routes] = app.openapi()
    return _SAID[routes]


def _described(document: Document, lang: Lang) -> Document:
    document["info"]["title"] = text("api.title", lang)
    document["info"]["description"] = text("api.description", lang)
    document["tags"] = [{"name": tag, "description": text(f"api.tags.{tag}", lang)} for tag in TAGS]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe_operation(method.upper(), path, operation, lang)
    components = document["components"]
    _name_kinds(components["schemas"])
    schemas = components["schemas"] = _used_schemas(document)
    for name, schema in schemas.items():
        _describe_fields(name, schema, lang)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {
        name: {**scheme, "description": text(f"api.security.{name}", lang)}
        for name, scheme in SECURITY.items()
    }
    components["responses"] = {
        f"Problem{status}": _problem_response(status, lang)
        for status in (*HTTP_CODES, 401, 403, 409, 412, 429, 503)
    }
    described: Document = _without_tuples(document)
    return described


def _without_tuples(part: Any) -> Any:
    """Return a part with lists of a length instead of tuples, which few generators of clients know.

    Only a tuple of one type is such a list; another one is refused here, before it is published.
    """
    if isinstance(part, list):
        return [_without_tuples(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {name: _without_tuples(one) for name, one in part.items()}
    if "prefixItems" in made:
        first, *others = made.pop("prefixItems")
        if any(one != first for one in others):
            raise ValueError(f"a tuple of several types cannot be described: {part}")
        made["items"] = first
    return made


def _name_kinds(schemas: Document) -> None:
    """Make a schema of its own of each kind that a field or array may hold, if it has a title.

    Written where they are used, they would be neither described nor named by clients' generators.
    """
    fields = [field for body in schemas.values() for field in body.get("properties", {}).values()]
    for field in fields:
        kinds = field.get("items", field).get("oneOf", [])
        for n, kind in enumerate(kinds):
            if "title" in kind:
                schemas[kind["title"]] = kind
                kinds[n] = {"$ref": f"#/components/schemas/{kind['title']}"}


def _used_schemas(document: Document) -> Document:
    """Return the schemas that the paths lead to; FastAPI names those of parsed queries too."""
    known = document["components"]["schemas"]
    used: Document = {}
    waiting = _REFERENCE.findall(str(document["paths"]))
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = known[name]
            waiting += _REFERENCE.findall(str(known[name]))
    return {name: used[name] for name in sorted(used)}


def _describe_operation(method: str, path: str, operation: Document, lang: Lang) -> None:
    name = operation["operationId"]
    operation["summary"] = _line(f"api.routes.{name}", lang, str(operation.get("summary")))
    operation["description"] = _line(
        f"api.routes.{name}.more", lang, operation.get("description", "")
    )
    _describe_access(f"{method} {path}", operation)
    operation["responses"].pop("422", None)
    for status, response in operation["responses"].items():
        response["description"] = text(f"api.responses.{status}", lang)
    for parameter in operation.get("parameters", []):
        _describe_parameter(name, parameter, lang)
    for code in _statuses(f"{method} {path}"):
        operation["responses"][str(code)] = {"$ref": f"#/components/responses/Problem{code}"}


def _describe_access(key: str, operation: Document) -> None:
    """Say who may ask: anybody, somebody signed in, or both and they are told more."""
    permission = ACCESS.get(key)
    ways = _KNOWN if key.startswith("GET ") else _KNOWN_TO_CHANGE
    if permission is not None:
        operation["x-permission"] = permission.value
        operation["security"] = ways
    else:
        operation["security"] = [{}, *ways] if key in MORE else []


def _statuses(key: str) -> list[int]:
    """Return the refusals a route can give, besides those that any address can."""
    method, _, path = key.partition(" ")
    if not path.startswith(f"{API}/"):
        return [403] if key in LOOPBACK else []
    # What changes something is refused when another site asks, or when it travels unencrypted.
    narrow = [401, 403] if ACCESS.get(key) is not None or method != "GET" else [401]
    written = [409, 413, 415] if method != "GET" else []
    kept = [412] if method != "GET" and f"{API}/plans/" in path else []
    return sorted([400, *narrow, 404, 406, *written, *kept, 414, 429, 500, 503])


def _describe_parameter(operation: str, parameter: Document, lang: Lang) -> None:
    name = parameter["name"]
    default = parameter.get("description", "")
    general = _line(f"api.query.{name}", lang, default)
    parameter["description"] = _line(f"api.query.{operation}.{name}", lang, general)
    choices = parameter["schema"].get("anyOf", [])
    kept = [choice for choice in choices if choice.get("type") != "null"]
    if len(kept) == 1:
        parameter["schema"] = kept[0]
    parameter["schema"].pop("title", None)
    if parameter["name"] in (IDEMPOTENCY_HEADER, "If-Match"):
        # Optional to the framework alone, so that its absence has a sentence of ours.
        parameter["required"] = True


def _describe_fields(schema: str, body: Document, lang: Lang) -> None:
    if line := _line(f"api.kinds.{schema}", lang, ""):
        body["description"] = line
    for name, field in body.get("properties", {}).items():
        general = _line(f"api.fields.{name}", lang, field.get("description", ""))
        line = _line(f"api.fields.{schema}.{name}", lang, general)
        if line:
            field["description"] = line
        field.pop("title", None)


def _problem_response(status: int, lang: Lang) -> Document:
    schema = {"$ref": "#/components/schemas/Problem"}
    waits = {"description": text("api.headers.retry_after", lang), "schema": {"type": "integer"}}
    return {
        **({"headers": {"Retry-After": waits}} if status in _LATER else {}),
        "description": text(f"api.title.{status}", lang),
        "content": {"application/problem+json": {"schema": schema}},
    }


def _line(key: str, lang: Lang, default: str) -> str:
    """Return a line of the catalogue, raw: a description fills no facts in."""
    return catalogue()[key][lang] if key in catalogue() else default
