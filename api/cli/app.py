"""The command line as one table: name → module and function, loaded when called for."""

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from pydantic import ValidationError
from rich.console import Console
from typer._click.exceptions import ClickException  # typer does not export it
from typer.core import TyperGroup

from api.cli.helping import put_in_words
from api.cli.mistakes import tell
from api.cli.words import say, spoken
from geo.errors import GeoError
from geo.settings import SettingRefused, Settings, check_names

# Name → module below api.cli and the function in it; a Typer there is a group of commands.
COMMANDS = {
    "up": ("up", "up"),
    "serve": ("up", "serve"),
    "test": ("test", "test"),
    "bench": ("bench", "bench"),
    "demo": ("demo", "demo"),
    "import": ("imports", "import_"),
    "check": ("check", "check"),
    "locate": ("locate", "locate"),
    "divide": ("divide", "divide"),
    "plan": ("plan", "plan"),
    "map": ("maps", "map_"),
    "user": ("users", "user"),
    "names": ("names", "names"),
    "leave": ("leave", "leave"),
    "migrate": ("migrate", "migrate"),
    "keys": ("keys", "keys"),
    "person": ("people", "person"),
    "audit": ("audit", "audit"),
}


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; a refusal is one sentence and 2."""
    try:
        check_names(os.environ)
        called = command(arguments)
        status = called(list(arguments), prog_name="wangge", standalone_mode=False)
    except ClickException as error:
        return tell(error)
    except typer.Abort:
        typer.echo(say("page.aborted"), err=True)
        return 1
    except GeoError as error:
        return _refused(error, as_json="--json" in arguments)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        return _refused(SettingRefused.of(error), as_json="--json" in arguments)
    except SystemExit as end:
        status = end.code
    except Exception as error:
        if (refusal := _of_database(error)) is None:
            raise
        return _refused(refusal, as_json="--json" in arguments)
    return status if isinstance(status, int) else 0


def command(arguments: Sequence[str]) -> TyperGroup:
    """Return the group of the command that is called, or of all of them for its help."""
    app = typer.Typer(
        help=say("help"),
        epilog=say("lang"),
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_nothing)
    called = [name for name in arguments[:1] if name in COMMANDS]
    for name in called or COMMANDS:
        module, attribute = COMMANDS[name]
        target = getattr(import_module(f"api.cli.{module}"), attribute)
        if isinstance(target, typer.Typer):
            app.add_typer(target, name=name, help=say(f"{name}.help"), epilog=say("lang"))
        else:
            app.command(name, help=say(f"{name}.help"), epilog=say("lang"))(target)
    made = typer.main.get_group(app)
    put_in_words(made)
    return made


def _nothing() -> None:
    """Keep the commands a group even when only one is loaded."""


def _of_database(error: Exception) -> GeoError | None:
    """Return what an error of the database means; commands without one never load its library."""
    if "sqlalchemy" not in sys.modules:
        return None
    from api.errors import unavailable

    return unavailable(error)


def _refused(error: GeoError, *, as_json: bool) -> int:
    sentence = error.message(spoken())
    if as_json:
        problem = {"code": error.code, "detail": sentence, **error.facts}
        sys.stdout.write(json.dumps(problem, ensure_ascii=False, default=str) + "\n")
    else:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(sentence, style="red", markup=False)
    return 2
