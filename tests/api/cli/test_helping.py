"""The help of every command is in one language throughout, that of the locale."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.cli.conftest import Command

ROOT = Path(__file__).parents[3]
# Sentences are read when a command is loaded, so each language needs a process of its own.
WALK = """
import contextlib, io, json, os, sys
from api.cli import words
words.speak(words.chosen_lang([], os.environ))
from api.cli.app import run
from tests.api.cli.tree import every_command
pages = {}
for path, called in every_command():
    with contextlib.redirect_stdout(io.StringIO()) as page:
        assert run([*path, "--help"]) == 0, path
    said = [called.help or "", *(one.help or "" for one in called.params)]
    pages[" ".join(path)] = [page.getvalue(), said]
json.dump(pages, sys.stdout)
"""
# What typer says in English by itself.
OWN = "Usage Options OPTIONS Arguments Commands COMMAND ARGS default: required Show <str> <int>"
ADDRESS = "供电小区3号楼2单元"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")

Pages = dict[str, tuple[str, list[str]]]


def pages(locale: str) -> Pages:
    environment = {k: v for k, v in os.environ.items() if k not in ("WANGGE_LANG", "LC_ALL")}
    done = subprocess.run(
        [sys.executable, "-c", WALK], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**environment, "LANG": locale, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: Pages = json.loads(done.stdout)
    assert len(found) > 40
    return found


def test_in_chinese_nothing_is_english() -> None:
    found = pages("zh_CN.UTF-8")

    for command, (page, said) in found.items():
        told = page.replace(f"wangge {command}".strip(), "")
        assert "用法：" in page, command
        assert "显示本说明后退出" in page, command
        assert [word for word in OWN.split() if word in told] == [], command
        assert SENTENCE.search(told) is None, (command, told)
        assert [one for one in said if not CHINESE.search(one)] == [], command


def test_in_english_nothing_is_chinese_but_an_address() -> None:
    for command, (page, said) in pages("en_US.UTF-8").items():
        assert "Usage: wangge" in page
        assert "show this help and exit" in page
        assert CHINESE.findall(page.replace(ADDRESS, "")) == [], command
        assert "" not in said, command


@pytest.mark.db
@pytest.mark.parametrize(
    ("lang", "frame"), [("zh", ["用法：", "错误"]), ("en", ["Usage", "Error"])]
)
def test_a_wrong_option_is_told_in_a_frame_of_the_language(
    wangge: Command, lang: str, frame: list[str]
) -> None:
    done = wangge("check", "--sell", "1", lang=lang)

    assert all(word in done.err for word in frame)
