"""The reference pages: a row for every error and every route, as the code has them."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import api
import geo
import maps
from api.access import ACCESS
from api.app import create_app
from api.docs_page import Refusal, refusals
from api.openapi import query_parameters
from geo.runtime import Runtime
from geo.settings import Settings

FOR_ANYBODY = {
    "anybody",
    "anybody; this machine only",
    "anybody; more by `team.read`",
    "anybody; more by `counts.read`",
    "anybody; others are led to /login",
}
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def row(refusal: Refusal) -> str:
    return f"| `{refusal.code}` | {refusal.status} | {refusal.meaning} |"


@pytest.fixture(scope="module")
def errors() -> str:
    for package in (geo, maps, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return (REFERENCE / "errors.md").read_text(encoding="utf-8")


def test_every_error_has_its_row(errors: str) -> None:
    # What is printed here may be pasted into the table, which stands by status and code.
    assert [row(refusal) for refusal in refusals("en") if row(refusal) not in errors] == []


def test_every_row_is_an_error(errors: str) -> None:
    known = {refusal.code for refusal in refusals("en")}

    assert set(re.findall(r"^\| `(\w+)` \| \d{3} \|", errors, re.MULTILINE)) == known


def test_every_route_has_its_row_with_its_parameters() -> None:
    app = create_app(Runtime(Settings(database_url="postgresql://nobody@127.0.0.1:9/none")))
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `([A-Z]+ \S+)` \| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)
    rows = {key: (who, set(re.findall(r"`(\w+)`", told))) for key, who, told in found}

    assert set(rows) == set(ACCESS)
    assert rows == {
        key: (
            f"`{wanted.value}`" if wanted else rows[key][0],
            set(query_parameters(app, key.partition(" ")[2], key.partition(" ")[0])),
        )
        for key, wanted in ACCESS.items()
    }
    assert {who for key, (who, _) in rows.items() if ACCESS[key] is None} <= FOR_ANYBODY
