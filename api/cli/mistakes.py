"""A command line that cannot be understood, told in its language: typer knows English alone."""

import re

from typer._click.exceptions import ClickException, NoArgsIsHelpError, UsageError

from api.cli.helping import put_frame_in_words
from api.cli.words import say

# What typer says → the sentence ``cli.wrong.<key>`` that takes its place, with what it names.
_SENTENCES = {
    "no_command_but": r"No such command (?P<name>'.*')\. Did you mean (?P<like>.*)\?",
    "no_command": r"No such command (?P<name>'.*')\.",
    "no_option_but": r"No such option: (?P<name>\S+) \(Possible options: (?P<like>.*)\)",
    "no_option": r"No such option: (?P<name>.*)",
    "needs_value": r"Option (?P<name>'.*') requires an argument\.",
    "takes_no_value": r"Option (?P<name>'.*') does not take a value\.",
    "missing_one_of": r"Missing (argument|option) (?P<name>.*?)\. Choose from:\s*(?P<choices>.*)",
    "missing": r"Missing (argument|option) (?P<name>.*)\.",
    "missing_command": r"Missing command\.",
    "too_much": r"Got unexpected extra argument\(s\) \((?P<words>.*)\)",
    "value_of": r"Invalid value for (?P<name>.*?): (?P<why>.*)",
    "value": r"Invalid value: (?P<why>.*)",
}
# What it says of a value.
_REASONS = {
    "integer": r"Input should be a valid integer.*",
    "number": r"Input should be a valid number.*",
    "at_least": r"Input should be greater than or equal to (?P<least>.*)",
    "at_most": r"Input should be less than or equal to (?P<most>.*)",
    "none_of": r"(Value error, )?(?P<value>'.*') is not one of (?P<choices>.*)\.",
    "no_file": r"(file|path|dir) (?P<path>'.*') does not exist\.",
    "is_folder": r"(file|path) (?P<path>'.*') is a directory\.",
    "not_readable": r"(file|path|dir) (?P<path>'.*') is not readable\.",
}


def tell(error: ClickException) -> int:
    """Tell what is wrong with a command line, on standard error; return the exit status."""
    from typer import rich_utils  # a tenth of a second that no other command has to wait

    put_frame_in_words()
    if isinstance(error, UsageError) and not isinstance(error, NoArgsIsHelpError):
        error = UsageError(in_words(error.format_message()), error.ctx)
    rich_utils.rich_format_error(error)
    return error.exit_code


def in_words(sentence: str) -> str:
    """Return a sentence of typer's in the language of the command line; ours stay as they are."""
    for key, pattern in _SENTENCES.items():
        if found := re.fullmatch(pattern, sentence, re.DOTALL):
            named = {name: " ".join(part.split()) for name, part in found.groupdict().items()}
            if "why" in named:
                named["why"] = _reason_in_words(named["why"])
            return say(f"wrong.{key}", **named)
    return sentence


def _reason_in_words(reason: str) -> str:
    for key, pattern in _REASONS.items():
        if found := re.fullmatch(pattern, reason, re.DOTALL):
            return say(f"wrong.{key}", **found.groupdict())
    return reason  # a command's own
