"""What the launcher says: each sentence in both languages, with the same facts, and no other."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [ROOT / "wangge", *sorted((ROOT / "setup").glob("*.sh"))]
TEXTS = (ROOT / "setup" / "texts.sh").read_text(encoding="utf-8")
SENTENCES: dict[str, tuple[str, str]] = {
    key: (zh, en) for key, zh, en in re.findall(r"(\w+)\)\n\s+zh='([^']*)'\n\s+en='([^']*)'", TEXTS)
}


def said() -> set[str]:
    """Return every key that a script says or fails with."""
    lines = [line for path in SCRIPTS for line in path.read_text(encoding="utf-8").splitlines()]
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return set(re.findall(r"\b(?:say|fail) (\w+)", code))


def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    assert said() == SENTENCES.keys()


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_name_the_same_facts(key: str) -> None:
    zh, en = SENTENCES[key]
    assert zh.count("%s") == en.count("%s")
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert not re.search(r"[\u4e00-\u9fff]", en)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_parses(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)


def test_the_commands_that_need_a_database_are_the_programs() -> None:
    from api.cli.app import COMMANDS

    launcher = (ROOT / "wangge").read_text(encoding="utf-8")
    named = re.findall(r'NEEDS_DATABASE="([^"]*)"', launcher.replace("\\\n", ""))[0].split()
    assert COMMANDS.keys() - {"divide"} <= set(named)  # files alone
    assert "divide" not in named
