"""The language of the command line, decided once before the commands load, and its sentences."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from geo.texts import Lang, text

_lang: Lang = "en"


def chosen_lang(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Return the language: ``--lang``, else ``WANGGE_LANG``, else the locale; English by default.

    The launcher decides by the same rule.
    """
    named = [value for flag, value in pairwise(arguments) if flag == "--lang"]
    named += [a.removeprefix("--lang=") for a in arguments if a.startswith("--lang=")]
    locale = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)),
        "",
    )
    choice = next(iter(named), "") or environment.get("WANGGE_LANG", "") or locale
    return "zh" if choice.lower().startswith("zh") else "en"


def without_lang(arguments: Sequence[str]) -> list[str]:
    """Return the arguments without ``--lang``, which may stand anywhere."""
    kept: list[str] = []
    skip = False
    for argument in arguments:
        if skip or argument == "--lang":
            skip = not skip
        elif not argument.startswith("--lang="):
            kept.append(argument)
    return kept


def speak(lang: Lang) -> None:
    """Set the language of this process's command line."""
    global _lang  # one process runs one command
    _lang = lang


def spoken() -> Lang:
    """Return the language of this process's command line."""
    return _lang


def say(key: str, **facts: Any) -> str:
    """Return the sentence ``cli.<key>`` in the language of the command line."""
    return text(f"cli.{key}", _lang, **facts)
