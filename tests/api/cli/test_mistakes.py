"""A command line that cannot be understood is told in one language, frame and sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from api.cli import app, words
from api.cli.mistakes import in_words
from tests.api.cli.test_helping import CHINESE, SENTENCE

# What is typed → what is said of it, in Chinese and in English.
MISTAKES = {
    "names add": ("缺少 'name'。", "'name' is missing."),
    "import": ("缺少 'kind'，须为下列之一：cells, b", "'kind' is missing. Choose one of: cells, b"),
    "check --sell 1": (
        "没有选项 --sell。是否想用 --cell, --help？",
        "There is no option --sell. Did you mean --cell, --help?",
    ),
    "check -x": ("没有选项 -x。", "There is no option -x."),
    "pln": ("没有命令 'pln'。是否想用 'plan'？", "There is no command 'pln'. Did you mean 'plan'?"),
    "plan shw": ("没有命令 'shw'。是否想用 'show'？", "There is no command 'shw'. Did you mean"),
    "nonsense": ("没有命令 'nonsense'。", "There is no command 'nonsense'."),
    "divide --count x": (
        "'--count' 的值不对：须为整数。",
        "The value of '--count' is wrong: it must be a whole number.",
    ),
    "divide --count 0": ("'--count' 的值不对：不得小于 1。", "it must be at least 1."),
    "names add a --stairwell 100": ("不得大于 99。", "it must be at most 99."),
    "divide --min x": ("'--min' 的值不对：须为数值。", "'--min' is wrong: it must be a number."),
    "divide --min": ("选项 '--min' 后面要写一个值。", "Option '--min' needs a value after it."),
    "divide --force=1": ("选项 '--force' 后面不写值。", "Option '--force' takes no value."),
    "divide --oversized none": (
        "'--oversized' 的值不对：'none' 不在可选值中：'excuse', 'split'。",
        "'--oversized' is wrong: 'none' is none of 'excuse', 'split'.",
    ),
    "divide": ("│ 请用 --data 指定文件", "│ "),
    "check 1 2": ("多出的内容：1 2", "This is too much: 1 2"),
    "plan apply 1 none.json": (
        "'file' 的值不对：没有文件 'none.json'。",
        "The value of 'file' is wrong: there is no file 'none.json'.",
    ),
    "plan apply 1 .": ("'.' 是文件夹，不是文件。", "'.' is a folder, not a file."),
    "plan list --state new": (
        "--state 的值不对：'new' 不在可选值中：approved, d",
        "--state is wrong: 'new' is none of approved, d",
    ),
}

Run = Callable[..., str]


def _broken_off(_: object) -> Callable[..., None]:
    def call(*_: object, **__: object) -> None:
        raise typer.Abort

    return call


@pytest.fixture
def mistaken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """What the command line says of a mistake; no database is asked for one."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(typed: str, lang: str) -> str:
        monkeypatch.setattr(words, "_lang", lang)
        assert app.run(typed.split()) == 2
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize("typed", MISTAKES)
def test_a_mistake_is_told_in_chinese_alone(mistaken: Run, typed: str) -> None:
    told = mistaken(typed, "zh")

    assert MISTAKES[typed][0] in told
    assert "╭─ 错误 ─" in told
    assert [line for line in told.splitlines() if "│" in line and SENTENCE.search(line)] == []


@pytest.mark.parametrize("typed", MISTAKES)
def test_a_mistake_is_told_in_english_alone(mistaken: Run, typed: str) -> None:
    told = mistaken(typed, "en")

    assert MISTAKES[typed][1] in told
    assert "╭─ Error ─" in told
    assert CHINESE.search(told) is None


def test_what_a_command_says_itself_stays_as_it_is() -> None:
    assert in_words("Invalid value: 请选一个日期") == "请选一个日期"


def test_a_command_that_is_broken_off_says_so_in_its_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(words, "_lang", "zh")
    monkeypatch.setattr(app, "command", _broken_off)

    assert app.run(["check"]) == 1
    assert capsys.readouterr().err == "已中止。\n"
