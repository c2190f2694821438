"""The guide to leaves: its commands run as they stand, its requests and refusals are known."""

import json
import re
import shlex
from pathlib import Path

import pytest

from api.access import ACCESS
from api.schemas.workers import NewLeaveBody
from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "guides" / "leaves.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, flags=re.DOTALL)).replace("\\\n", " ")
# The people of the demo → those of the small town.
WORKERS = {"340603002009W0003": "w1", "340603002009W0004": "w2", "340603002009W0006": "w3"}


def lines(begin: str) -> list[list[str]]:
    """Return the words of the lines that begin so, without their remarks."""
    found = [line for line in SHELL.splitlines() if line.startswith(begin)]
    return [shlex.split(line, comments=True) for line in found]


@pytest.mark.db
def test_the_commands_run(runtime: Runtime, wangge: Command) -> None:
    world.store(runtime)
    told = ""

    for _, *words in lines("./wangge leave"):
        number = told.split()[0] if words[1] == "end" else ""
        asked = [WORKERS.get(word, number if word == "12" else word) for word in words]
        done = wangge(*asked)
        assert done.status == 0, (words, done.err)
        told = done.out

    assert [words[2] for words in lines("./wangge leave")] == ["add", "add", "list", "end"]


def test_the_requests_are_those_of_the_api() -> None:
    requests = [words for words in lines("curl") + lines("TOKEN") if len(words) > 1]
    asked = set()
    for words in requests:
        (url,) = (word for word in words if word.startswith("http://"))
        path = re.sub(
            r"/\d+(?=/|$)", "/{id}", url.removeprefix("http://127.0.0.1:8000").split("?")[0]
        )
        asked.add(f"{'POST' if 'POST' in words else 'GET'} {path}")
        if "POST" in words and path.endswith("/leaves"):
            body = json.loads(words[words.index("-d") + 1])
            assert NewLeaveBody.model_validate(body).worker in WORKERS
            assert any(word.startswith("Idempotency-Key: ") for word in words)

    assert asked - {"POST /api/v1/sign-ins"} == {
        "GET /api/v1/workers",
        "GET /api/v1/leaves",
        "POST /api/v1/leaves",
        "POST /api/v1/leaves/{id}/end",
    }
    assert asked <= set(ACCESS)


def test_what_is_refused_is_in_the_table_of_errors() -> None:
    section = GUIDE.split("## What is refused")[1]
    refused = set(re.findall(r"^\| `([a-z_]+)`", section, flags=re.MULTILINE))
    errors = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")

    assert len(refused) == 5
    assert {code for code in refused if f"| `{code}` |" not in errors} == set()


def test_its_pictures_and_the_guides_it_names_are_there() -> None:
    named = re.findall(r"\]\((\.\.?/?[^)#]+|[a-z-]+\.md)", GUIDE)

    assert sum(one.endswith(".png") for one in named) == 3
    assert [one for one in named if not (DOCS / "guides" / one).exists()] == []
    listed = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert "](docs/guides/leaves.md)" in listed
