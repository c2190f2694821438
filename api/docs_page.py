"""The reference page: the OpenAPI document and the errors as plain HTML, for ``/docs``.

Everything is read without scripts and without network; the one script fills in the try-it forms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.access import API
from api.errors import HTTP_CODES, status_of
from api.openapi import Document
from geo.access.roles import Permission
from geo.errors import GeoError
from geo.texts import Lang, catalogue, text

# Autoescape is always on: whatever comes from a document or a sentence is text.
TEMPLATES = Environment(
    loader=PackageLoader("api"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as the page shows it."""

    name: str
    place: str
    required: bool
    kind: str
    choices: tuple[str, ...]
    example: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer; nested ones are named with dots."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A route as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    more: str
    permission: str
    parameters: tuple[Parameter, ...]
    sent: tuple[Field, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The routes of one tag."""

    name: str
    meaning: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error code with its status and its sentence."""

    code: str
    status: int
    meaning: str


def docs_page(document: Document, lang: Lang) -> str:
    """Return the page that shows an OpenAPI document in a language."""
    words = {
        key.removeprefix("api.docs."): line[lang]
        for key, line in catalogue().items()
        if key.startswith("api.docs.")
    }
    return TEMPLATES.get_template("docs.html").render(
        lang=lang,
        other_lang="en" if lang == "zh" else "zh",
        words=words,
        info=document["info"],
        groups=groups(document),
        schemes=document["components"]["securitySchemes"],
        refusals=refusals(lang),
        document_address=f"{API}/openapi.json",
        labels={one.value: text(f"permissions.{one.value}", lang) for one in Permission},
    )


def groups(document: Document) -> list[Group]:
    """Return the operations of a document by their first tag, in the order of the tags."""
    by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, raw in methods.items():
            by_tag[raw["tags"][-1]].append(_operation(path, method, raw, document))
    return [
        Group(tag["name"], tag["description"], tuple(by_tag[tag["name"]]))
        for tag in document["tags"]
        if by_tag[tag["name"]]
    ]


def refusals(lang: Lang) -> list[Refusal]:
    """Return every code a caller may meet, by status and code."""
    statuses = {code: status for status, code in HTTP_CODES.items()}
    statuses |= {kind.code: status_of(kind) for kind in _concrete(GeoError)}
    found = [Refusal(code, status, _sentence(code, lang)) for code, status in statuses.items()]
    return sorted(found, key=lambda refusal: (refusal.status, refusal.code))


def _operation(path: str, method: str, raw: Document, document: Document) -> Operation:
    given = next(one for status, one in raw["responses"].items() if status.startswith("2"))
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        summary=raw["summary"],
        more=raw["description"],
        permission=raw.get("x-permission", ""),
        parameters=tuple(_parameter(one, document) for one in raw.get("parameters", [])),
        sent=tuple(_fields(_json_schema(raw.get("requestBody", {}), document), document)),
        fields=tuple(_fields(_row_schema(_json_schema(given, document), document), document)),
    )


def _json_schema(raw: Document, document: Document) -> Document:
    """Return the schema of what is sent or given as JSON; empty when nothing is."""
    schema = raw.get("content", {}).get("application/json", {}).get("schema", {})
    return _resolved(schema, document)


def _parameter(raw: Document, document: Document) -> Parameter:
    schema = _resolved(raw["schema"], document)
    examples = [str(example) for example in schema.get("examples", [])]
    return Parameter(
        name=raw["name"],
        place=raw["in"],
        required=raw.get("required", False),
        kind=_kind(schema),
        choices=_choices(schema),
        example=examples[0] if examples else "",
        meaning=raw["description"],
    )


def _choices(schema: Document) -> tuple[str, ...]:
    return ("true", "false") if schema.get("type") == "boolean" else tuple(schema.get("enum", ()))


def _row_schema(schema: Document, document: Document) -> Document:
    """Return the schema of one row: of a list's items, or of the answer itself."""
    found = _resolved(schema, document)
    items = found.get("properties", {}).get("items", {}).get("items")
    return _resolved(items, document) if items else found


def _fields(
    schema: Document, document: Document, prefix: str = "", depth: int = 1
) -> Iterator[Field]:
    for name, raw in schema.get("properties", {}).items():
        yield Field(prefix + name, _kind(raw), raw.get("description", ""))
        inner = _resolved(_not_null(raw), document)
        inner = _resolved(inner.get("items", inner), document)
        if depth < _DEEPEST:
            yield from _fields(inner, document, f"{prefix}{name}.", depth + 1)
        for choice in raw.get("items", {}).get("oneOf", []):
            yield from _kind_fields(_resolved(choice, document), document, f"{prefix}{name}")


def _kind_fields(kind: Document, document: Document, array: str) -> Iterator[Field]:
    """Give one of several kinds that an array may hold, told by a constant, and its fields."""
    (told,) = (name for name, raw in kind["properties"].items() if "const" in raw)
    constant = kind["properties"][told]["const"]
    yield Field(f'{array}[{told}="{constant}"]', "object", kind["description"])
    for field in _fields(kind, document, depth=_DEEPEST):
        if field.name != told:
            left_out = "" if field.name in kind["required"] else " | null"
            yield replace(field, name=f"{array}[].{field.name}", kind=field.kind + left_out)


def _kind(schema: Document) -> str:
    """Return a type in words of JSON; a field that may be missing has ``null`` in it."""
    if "anyOf" in schema:
        return " | ".join(_kind(choice) for choice in schema["anyOf"])
    if "$ref" in schema:
        return "object"
    kind = str(schema.get("type", "string"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _not_null(schema: Document) -> Document:
    choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    return choices[0] if choices else schema


def _resolved(schema: Document, document: Document) -> Document:
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    found: Document = document["components"]["schemas"][name]
    return found


def _sentence(code: str, lang: Lang) -> str:
    """Return an error's sentence with its facts as ‹name›."""
    line = catalogue()[f"errors.{code}"][lang]
    return re.sub(r"\{(\w+)(?:![rs])?(?::@[\w.]+)?\}", r"‹\1›", line)


def _concrete(kind: type[GeoError]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        if "code" in vars(child):
            yield child
        yield from _concrete(child)
