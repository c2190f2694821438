"""``wangge bench``: what is promised of speed, measured on this machine beside its peers."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.words import say

if TYPE_CHECKING:
    from geo.settings import Settings

_ROOT = Path(__file__).parent.parent.parent


class Measured(StrEnum):
    """What can be measured: a module of ``bench`` each."""

    LOCATE = "locate"
    HTTP = "http"
    BATCH = "batch"
    ADDRESS = "address"


# This asks a server: it has the invented town.
_ON_A_TOWN = {Measured.HTTP}


def bench(
    name: Annotated[Measured, typer.Argument(help=say("bench.name"))],
    arguments: Annotated[list[str] | None, typer.Argument(help=say("bench.arguments"))] = None,
    quick: Annotated[bool, typer.Option("--quick", help=say("bench.quick"))] = False,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from bench.arguments import parser

    given = [*(arguments or []), *["--quick"] * quick, *["--json"] * json]
    # What is wrong or only asks for help ends here: nothing was made for it yet.
    known = parser(name.value).parse_args(given)
    command = [sys.executable, "-m", f"bench.{name.value}", *given]
    if name is Measured.ADDRESS:
        _run(command, {})
        return
    with _database(filled=name in _ON_A_TOWN and not known.quick) as variables:
        _run(command, variables)


def _run(command: list[str], variables: Mapping[str, str]) -> None:
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=_ROOT, env=environment, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


@contextmanager
def _database(*, filled: bool) -> Iterator[dict[str, str]]:
    """Give the variables of a database made for this alone: the office's stays as it is."""
    from geo.db.cluster import Cluster
    from geo.settings import Settings

    cluster, name = Cluster(Settings().home), f"bench_{os.getpid()}"
    urls = cluster.start().on(name)
    try:
        cluster.create_database(name)
        with tempfile.TemporaryDirectory(prefix="wangge-bench-") as folder:
            chosen: dict[str, Any] = {
                "database_url": urls.app,
                "database_owner_url": urls.owner,
                "keys_file": f"{folder}/keys.json",
                "audit_head_file": f"{folder}/heads.log",
                "demo": "true",
            }
            if filled:
                _fill(Settings(**chosen))
            yield {f"WANGGE_{field.upper()}": value for field, value in chosen.items()}
    finally:
        cluster.drop_database(name)
        cluster.stop()


def _fill(settings: "Settings") -> None:
    from api.cli.demo import fill
    from api.cli.opening import opened
    from api.cli.progress import bar

    with opened(settings) as runtime, bar() as report:
        fill(runtime, report, scale="street", seed=340603002)
