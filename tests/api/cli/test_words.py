"""The language of the command line, by the same rule as the launcher's."""

import pytest

from api.cli.app import run
from api.cli.words import chosen_lang, without_lang


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        (["check"], {}, "en"),
        (["check"], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["check"], {"LANG": "C.UTF-8"}, "en"),
        (["check"], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        (["check"], {"LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (["check"], {"WANGGE_LANG": "zh", "LANG": "en_US.UTF-8"}, "zh"),
        (["check", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang=zh", "check"], {}, "zh"),
    ],
)
def test_the_language_is_the_option_then_the_setting_then_the_locale(
    arguments: list[str], environment: dict[str, str], lang: str
) -> None:
    assert chosen_lang(arguments, environment) == lang


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (["--lang", "zh", "check", "--json"], ["check", "--json"]),
        (["check", "--lang=en", "--json"], ["check", "--json"]),
        (["check", "--json", "--lang", "zh"], ["check", "--json"]),
    ],
)
def test_the_option_may_stand_anywhere(given: list[str], left: list[str]) -> None:
    assert without_lang(given) == left


@pytest.mark.parametrize("arguments", [["--help"], ["locate", "--help"], ["leave", "--help"]])
def test_every_help_names_the_option(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 0
    assert "--lang zh|en" in capsys.readouterr().out
