"""The fixed words of help and errors, in the language of the command line: typer has English."""

from collections.abc import Callable
from functools import partial
from typing import Any

from typer._click import Context, HelpFormatter  # typer exports neither
from typer.core import TyperGroup

from api.cli.words import say
from geo.texts import catalogue

# The names of typer's own words → the lines that take their place, with what typer fills in.
_WORDS = {
    "ARGUMENTS_PANEL_TITLE": ("arguments", {}),
    "OPTIONS_PANEL_TITLE": ("options", {}),
    "COMMANDS_PANEL_TITLE": ("commands", {}),
    "ERRORS_PANEL_TITLE": ("error", {}),
    "ABORTED_TEXT": ("aborted", {}),
    "DEFAULT_STRING": ("default", {"value": "{}"}),
    "REQUIRED_LONG_STRING": ("required", {}),
    "RICH_HELP": ("try", {"command": "{command_path}", "option": "{help_option}"}),
}


class _Formatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or say("page.usage"))


class _Context(Context):
    formatter_class = _Formatter

    def make_formatter(self) -> HelpFormatter:
        """Return what begins every page, of help or of an error."""
        put_frame_in_words()
        return super().make_formatter()


def put_frame_in_words() -> None:
    """Put what stands around every page in the language of the command line."""
    from typer import rich_utils  # a tenth of a second that no other command has to wait

    for name, (key, filled) in _WORDS.items():
        setattr(rich_utils, name, say(f"page.{key}", **filled))


def put_in_words(command: Any) -> None:  # typer's classes do not say what they are made of
    """Put the help of a command, and of all below it, in the language of the command line."""
    command.context_class = _Context
    command.options_metavar = say("page.any_options")
    context = _Context(command)
    for parameter in command.get_params(context):
        parameter.display_type = partial(_type_in_words, parameter.display_type)
    command.get_help_option(context).help = say("page.help")
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = say("page.any_command")
        for below in command.commands.values():
            put_in_words(below)


def _type_in_words(display: Callable[[Context], str], context: Context) -> str:
    """Return a type as people call it; choices stay as they are typed."""
    shown = display(context)
    key = f"page.type_{shown.strip('<>').replace(' ', '_')}"
    return f"<{say(key)}>" if f"cli.{key}" in catalogue() else shown
