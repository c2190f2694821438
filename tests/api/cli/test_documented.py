"""Every command that README and docs show: it is taken as it stands, and it is about the demo."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.core import TyperGroup

from api.cli.app import command
from geo.access.actors import Actor
from geo.demo.load import load
from geo.demo.town import Scale, Town, build
from geo.runtime import Runtime
from tests.api.cli.conftest import Command

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COUNTS = 83, 2_863, 6_776  # buildings, households, residents of the community in README
# What runs for good, reads a file of one's own, or has a test of its own.
NOT_RUN = {"up", "serve", "test", "demo", "bench", "keys", "import", "divide", "plan", "leave"}


def commands(page: Path) -> list[list[str]]:
    """Return the words after ``./wangge`` of each command line of a page, without remarks."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    shell = "\n".join(blocks).replace("\\\n", " ")
    found = re.findall(r"^(?:WANGGE_\w+=\S+ )*(\./wangge .*)$", shell, flags=re.MULTILINE)
    return [shlex.split(line, comments=True)[1:] for line in found]


COMMANDS = [
    pytest.param(words, id=f"{page.stem}: {' '.join(words)}")
    for page in PAGES
    for words in commands(page)
]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_taken(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for word in words:
        if re.fullmatch(r"[\w-]+\.[a-z]+", word):
            Path(word).touch()  # the reader's own file
    called, rest = command(words), words
    while isinstance(called, TyperGroup):  # typer brings its own click
        name, inner, rest = called.resolve_command(called.context_class(called), rest)
        assert inner is not None, name
        called = inner

    # An option that is not known, or a value that is none, is refused here.
    called.make_context("wangge", rest)


def test_none_is_overlooked() -> None:
    shell = [
        line
        for page in PAGES
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
        for line in block.splitlines()
    ]
    shown = [line for line in shell if "./wangge " in line.split("#")[0]]

    assert len(COMMANDS) == len(shown) > 60


@pytest.fixture(scope="module")
def town() -> Town:
    return build(Scale.STREET)


def test_cells_buildings_and_workers_are_those_of_the_demo(town: Town) -> None:
    known = {*town.cells["code"], *town.buildings["code"], *town.workers["code"]}
    named = {
        word
        for page in PAGES
        for words in commands(page)
        for option, word in zip(["", *words], words, strict=False)
        if option in ("--cell", "--building", "--worker", "--substitute")
        or re.fullmatch(r"340603\w+", word)
    }

    assert len(named) > 8
    assert named - known == set()


@pytest.mark.long
@pytest.mark.db
def test_what_is_about_the_demo_runs_on_it(
    runtime: Runtime, wangge: Command, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime.work(Actor.system("test")) as work:
        load(work, town, zone="Asia/Shanghai", progress=lambda *_: None)
    monkeypatch.chdir(tmp_path)
    ran: dict[str, tuple[int, str]] = {}

    for words in [words for page in PAGES for words in commands(page)]:
        line = " ".join(words)
        of_file = words[0] == "locate" and not words[1].startswith("-")
        with_number = {"end", "--end", "--demo"} & {*words}  # of what the reader made before
        if words[0] in NOT_RUN or of_file or with_number or line in ran:
            continue
        done = wangge(*words)
        ran[line] = done.status, done.err
        if words[0] == "check":
            counts = json.loads(done.out)["counts"]
            assert (counts["buildings"], counts["households"], counts["residents"]) == COUNTS

    assert len(ran) > 15
    assert {line: told for line, told in ran.items() if told[0] != 0} == {}
