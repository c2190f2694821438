"""The guide names the columns that the code reads."""

import re
from pathlib import Path

import pytest

from geo.exchange.columns import Field
from geo.exchange.formats import FORMATS
from geo.exchange.imports import NAMES
from geo.exchange.kinds import buildings, cells, ground, households, workers
from geo.exchange.values import folded

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "import-data.md").read_text(
    encoding="utf-8"
)
KINDS = {
    "cells": cells.FIELDS,
    "buildings": buildings.FIELDS,
    "households": households.FIELDS,
    "workers": workers.FIELDS,
    "streets": ground.FIELDS,
}


def headers(kind: str) -> list[set[str]]:
    """Return the headers of each row of a kind's table."""
    section = GUIDE.split(f"\n### {kind}\n")[1].split("\n### ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return [{folded(word) for word in re.findall(r"`([^`]+)`", row)} for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_row_whose_headers_the_code_knows(kind: str) -> None:
    rows = [row for row in headers(kind) if row]
    fields: list[Field] = [field for field in KINDS[kind] if field.name != "local_code"]
    known = [{folded(header) for header in field.headers} for field in fields]

    assert len(rows) == len(fields)
    assert [row for row in rows if not any(row <= aliases for aliases in known)] == []
    assert [f.name for f in fields if not any(folded(f.headers[0]) in row for row in rows)] == []


def test_every_kind_and_every_suffix_is_named() -> None:
    assert [name for name in NAMES if f"./wangge import {name} " not in GUIDE] == []
    assert [suffix for suffix in FORMATS if f"`{suffix}`" not in GUIDE] == []
