"""The guide to locating: commands and requests are taken, its Python and its words are right."""

import ast
import importlib
import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import BaseModel

from api.app import create_app
from api.openapi import description
from api.schemas.addresses import NewNicknameBody
from api.schemas.workers import NewAssignmentBody, NewLeaveBody
from geo.locate.batch import CODES
from geo.locate.columns import guessed
from geo.locate.sheets import COLUMNS
from geo.runtime import Runtime
from geo.settings import Settings

GUIDE = (Path(__file__).parents[3] / "docs/guides/locate.md").read_text(encoding="utf-8")
HOST = "http://127.0.0.1:8000"
BODIES: dict[str, type[BaseModel]] = {
    "/api/v1/addresses/nicknames": NewNicknameBody,
    "/api/v1/assignments": NewAssignmentBody,
    "/api/v1/leaves": NewLeaveBody,
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, flags=re.DOTALL)


def commands(begin: str) -> list[list[str]]:
    """Return the words of each shell command that begins so; a document it reads comes last."""
    shell = re.sub(r"-d @- <<JSON\n(.*?)\nJSON", r"-d '\1'", "".join(blocks("sh")), flags=re.DOTALL)
    shell = re.sub(r"\$\(date[^)]*\)", "2026-11-21", shell.replace("\\\n", " "))
    found = re.findall(rf"^{re.escape(begin)}(?:'[^']*'|[^'\n])*$", shell, flags=re.MULTILINE)
    return [shlex.split(line, comments=True) for line in found]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    nowhere = Settings(database_url="postgresql://nobody@127.0.0.1:9/none")
    return description(create_app(Runtime(nowhere)), "en")


@pytest.mark.parametrize("words", commands("curl"), ids=" ".join)
def test_every_request_is_one_of_the_document(words: list[str], document: dict[str, Any]) -> None:
    path, _, query = next(w for w in words if w.startswith(HOST)).removeprefix(HOST).partition("?")
    sends = {"-d", "--data-binary"} & {*words}
    operation = document["paths"][path]["post" if sends or "POST" in words else "get"]
    coded = [words[at + 1] for at, word in enumerate(words) if word == "--data-urlencode"]
    asked = {name for name, _ in parse_qsl("&".join([query, *coded]))}

    assert asked <= {one["name"] for one in operation["parameters"] if one["in"] == "query"}
    if "-d" in words:
        body = json.loads(words[words.index("-d") + 1])
        if path in BODIES:
            BODIES[path].model_validate(body)
            assert any(word.startswith("Idempotency-Key: ") for word in words)
        else:
            assert {name for point in body if isinstance(point, dict) for name in point} <= {
                "id", "lon", "lat",
            }  # fmt: skip


@pytest.mark.parametrize("block", blocks("python"))
def test_what_the_python_imports_is_there(block: str) -> None:
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("geo."):
            module = importlib.import_module(str(node.module))
            assert [one.name for one in node.names if not hasattr(module, one.name)] == []


def test_columns_flaws_and_headers_are_those_of_the_code() -> None:
    said = {*re.findall(r"`([a-z_]+)`", GUIDE), *re.findall(r"[a-z_]+", " ".join(blocks("python")))}
    assert {*COLUMNS} - said - {"name", "names"} == set()
    assert {*CODES.values()} - said == set()

    lon, lat = re.findall(r"^\| (?:long|lat)itude or \w+ \| ([^|…]+)", GUIDE, flags=re.MULTILINE)
    assert [guessed([word]).lon for word in lon.split()] == lon.split()
    assert [guessed([word]).lat for word in lat.split()] == lat.split()


def test_none_of_its_examples_is_overlooked() -> None:
    shell = "".join(blocks("sh"))

    assert (
        len(commands("./wangge")) == len(re.findall(r"^\./wangge", shell, flags=re.MULTILINE)) > 5
    )
    assert len(commands("curl")) == len(re.findall(r"^curl", shell, flags=re.MULTILINE)) > 5
