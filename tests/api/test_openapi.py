"""The description: every route, parameter and field in both languages, every refusal a problem."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from api.access import ACCESS, API, LOOPBACK
from api.app import create_app
from api.docs_page import groups
from api.errors import HTTP_CODES
from api.openapi import TAGS, description, query_parameters
from geo.grid.plans.operations import NAMES
from geo.runtime import Runtime
from geo.settings import Settings
from geo.texts import Lang, catalogue

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Runtime(Settings(database_url="postgresql://nobody@127.0.0.1:9/none")))


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> Lang:
    chosen: Lang = request.param
    return chosen


@pytest.fixture
def document(app: FastAPI, lang: Lang) -> dict[str, Any]:
    return description(app, lang)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each operation with its key in the table of who may ask."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def wrong_language(sentence: str, lang: Lang) -> bool:
    return bool(CHINESE.search(sentence)) != (lang == "zh")


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")


def test_every_route_of_the_api_is_described(document: dict[str, Any]) -> None:
    meant = {key for key in ACCESS if f" {API}" in key}
    meant -= {f"GET {API}/openapi.json", f"GET {API}/docs"}
    told = {
        f"{method.upper()} {path}" for path, ways in document["paths"].items() for method in ways
    }

    assert {key for key in told if f" {API}" in key} == meant


def test_every_route_says_what_it_does_in_the_language_asked(
    document: dict[str, Any], lang: Lang
) -> None:
    told = {op["operationId"]: op["summary"] for _, op in operations(document)}

    assert {name for name, line in told.items() if wrong_language(line, lang)} == set()


def test_every_parameter_says_what_it_is(document: dict[str, Any], lang: Lang) -> None:
    told = {
        (path, parameter["name"]): parameter["description"]
        for path, operation in operations(document)
        for parameter in operation.get("parameters", [])
    }

    assert {name for name, line in told.items() if wrong_language(line, lang)} == set()


def test_every_field_says_what_it_is(document: dict[str, Any], lang: Lang) -> None:
    told = {
        f"{name}.{field}": body.get("description", "")
        for name, schema in document["components"]["schemas"].items()
        if name not in ("Problem", "HealthBody", "ReadyBody")
        for field, body in schema.get("properties", {}).items()
    }

    assert {name for name, line in told.items() if wrong_language(line, lang)} == set()


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for key, operation in operations(document):
        refusals = {status for status in operation["responses"] if not status.startswith("2")}
        assert "422" not in refusals
        for status in refusals:
            name = operation["responses"][status]["$ref"].rpartition("/")[2]
            response = document["components"]["responses"][name]
            assert list(response["content"]) == ["application/problem+json"]
        if f" {API}" in key:
            assert {"400", "401", "404", "406", "414", "500", "503"} <= refusals
        narrow = ACCESS[key] is not None or key in LOOPBACK or key.startswith("POST")
        assert ("403" in refusals) == narrow


def test_every_route_says_what_it_asks_for(document: dict[str, Any]) -> None:
    told = {key: operation.get("x-permission") for key, operation in operations(document)}
    open_to_all = {
        key for key, op in operations(document) if not op["security"] or {} in op["security"]
    }

    assert told == {key: ACCESS[key] and ACCESS[key].value for key in told}
    assert open_to_all == {key for key in told if ACCESS[key] is None}
    assert set(document["components"]["securitySchemes"]) == {"bearer", "key", "page", "csrf"}


def test_a_change_by_a_page_needs_what_only_it_can_know(document: dict[str, Any]) -> None:
    for key, operation in operations(document):
        pages = [way for way in operation["security"] if "page" in way]
        assert all(("csrf" in way) == (not key.startswith("GET ")) for way in pages), key


def test_keyed_writes_say_that_they_are(document: dict[str, Any], app: FastAPI) -> None:
    told = {
        key: parameter["required"]
        for key, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header" and parameter["name"] == "Idempotency-Key"
    }

    # Signing in and going on make no row that a repeat could double, and locating makes none.
    unkeyed = {f"POST {API}/{name}" for name in ("sign-ins", "sign-ins/refresh", "locate/batch")}
    assert set(told) == {key for key, _ in operations(document) if "POST " in key} - unkeyed
    assert all(told.values())


def test_refusals_that_pass_say_when_to_come_again(document: dict[str, Any]) -> None:
    for status in ("429", "503"):
        assert "Retry-After" in document["components"]["responses"][f"Problem{status}"]["headers"]
    for key, operation in operations(document):
        assert ("429" in operation["responses"]) == (f" {API}" in key)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = str(document)
    for kind, name in re.findall(r"#/components/(\w+)/([\w.]+)'", text):
        assert name in document["components"][kind], name


def test_every_tag_is_used_and_described(document: dict[str, Any]) -> None:
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}

    assert used == set(TAGS) == {tag["name"] for tag in document["tags"]}


def test_both_languages_describe_the_same(app: FastAPI) -> None:
    zh, en = (description(app, lang) for lang in ("zh", "en"))

    assert [path for path, _ in operations(zh)] == [path for path, _ in operations(en)]
    assert app.openapi()["info"]["title"] == "Wangge"  # the original is left alone


def test_each_kind_of_operation_on_a_plan_says_what_it_does(
    document: dict[str, Any], lang: Lang
) -> None:
    schemas = document["components"]["schemas"]
    kinds = schemas["OperationsBody"]["properties"]["operations"]["items"]["oneOf"]
    told = [schemas[kind["$ref"].rpartition("/")[2]] for kind in kinds]

    assert {kind["properties"]["op"]["const"] for kind in told} == set(NAMES.values())
    assert not [kind for kind in told if wrong_language(kind["description"], lang)]


def test_the_page_shows_each_kind_of_operation_with_its_fields(document: dict[str, Any]) -> None:
    shown = next(
        operation
        for group in groups(document)
        for operation in group.operations
        if operation.id == "add_operations"
    )
    kinds = {field.name: field.kind for field in shown.sent}

    assert not [name for name in kinds if name.endswith(".op")]
    assert {name for name in kinds if "[op=" in name} == {
        f'operations[op="{name}"]' for name in NAMES.values()
    }
    assert kinds["operations[].keep_at"] == "array | null"
    assert kinds["operations[].into"] == "string"


def test_no_line_of_the_catalogue_is_left_over(app: FastAPI) -> None:
    document = description(app, "en")
    names = {operation["operationId"] for _, operation in operations(document)}
    parameters = {p["name"] for _, op in operations(document) for p in op.get("parameters", [])}
    fields = {
        field
        for schema in document["components"]["schemas"].values()
        for field in schema.get("properties", {})
    }
    told = {key.split(".")[1]: set() for key in catalogue() if key.startswith("api.")}
    for key in catalogue():
        part, *rest = key.split(".")
        if part == "api":
            told[rest[0]].add(rest[-2] if rest[-1] == "more" else rest[-1])

    assert told["routes"] == names
    assert told["query"] <= parameters
    assert told["fields"] <= fields
    assert told["kinds"] <= set(document["components"]["schemas"])


def test_the_parameters_of_a_route_are_known(app: FastAPI) -> None:
    assert query_parameters(app, f"{API}/cells/{{code}}", "GET") == {"as_of", "f"}
    assert query_parameters(app, f"{API}/posts", "GET") == frozenset()
    assert query_parameters(app, "/nowhere", "GET") == frozenset()


def test_statuses_without_an_error_kind_have_their_sentence() -> None:
    assert [code for code in HTTP_CODES.values() if f"errors.{code}" not in catalogue()] == []


def test_a_fixed_number_of_values_is_a_list_of_that_length(document: dict[str, Any]) -> None:
    assert "prefixItems" not in json.dumps(document)
    bbox = document["components"]["schemas"]["GridCellBody"]["properties"]["bbox"]
    assert (bbox["items"]["type"], bbox["minItems"], bbox["maxItems"]) == ("number", 4, 4)
