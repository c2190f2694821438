"""Every command of the command line, groups walked."""

from collections.abc import Iterator

from typer.core import TyperCommand, TyperGroup

from api.cli.app import COMMANDS, command

Walked = tuple[tuple[str, ...], TyperCommand | TyperGroup]


def every_command() -> list[Walked]:
    """Return the words of each command, its groups' before its own, and what is called."""
    made = command([])
    assert {*made.commands} == {*COMMANDS}
    return [*_walked((), made)]


def _walked(words: tuple[str, ...], called: object) -> Iterator[Walked]:
    assert isinstance(called, TyperCommand | TyperGroup)
    yield words, called
    if isinstance(called, TyperGroup):
        for name, inner in called.commands.items():
            yield from _walked((*words, name), inner)
