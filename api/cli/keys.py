"""``wangge keys``: the keys of protected fields — make, rotate, list, and renew masks."""

from collections.abc import Callable
from dataclasses import asdict
from json import dumps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.words import say

if TYPE_CHECKING:
    from geo.jobs.service import RunningJob
    from geo.rotation.service import Progress
    from geo.runtime import Runtime

keys = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help=say("json"))]


@keys.command("new", help=say("keys.new.help"))
def new(
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help=say("keys.new.if_missing"))
    ] = False,
) -> None:
    from geo.crypto.aead import CipherName
    from geo.crypto.keyring import Keyring
    from geo.settings import Settings

    settings = Settings()
    path, cipher = settings.keys_path, CipherName(settings.cipher)
    if not path.exists():
        Keyring.new(cipher).create(path)
        typer.echo(say("keys.new.made", path=path))
        return
    if if_missing:
        return
    wider = Keyring.load(path).added(cipher)
    wider.save(path)
    typer.echo(say("keys.new.added", path=path, name=f"k{max(wider.keys)}"))


@keys.command("list", help=say("keys.list.help"))
def list_(json: Json = False) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.rotation.service import uses

    with opened() as runtime, runtime.work(Actor.system("keys")) as work:
        found = uses(work)
    if json:
        typer.echo(dumps([asdict(key) for key in found], indent=2))
        return
    for key in found:
        state = (
            "active"
            if key.active
            else "spare"
            if key.spare
            else "kept"
            if key.at_hand
            else "missing"
        )
        typer.echo(f"{key.id:>6}  {key.cipher:<12}  {key.values:>12,}  {say(f'keys.list.{state}')}")


@keys.command("rotate", help=say("keys.rotate.help"))
def rotate(
    anyway: Annotated[bool, typer.Option("--anyway", help=say("keys.rotate.anyway"))] = False,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.crypto.aead import CipherName
    from geo.rotation.service import ROTATION, begin, run_rotation

    with opened() as runtime:
        settings = runtime.settings
        with runtime.work(Actor.system("keys")) as work:
            cipher = CipherName(settings.cipher)
            begun = begin(work, settings.keys_path, cipher, anyway=anyway)
        if not json:
            told = "keys.rotate.fresh" if begun.fresh else "keys.rotate.resumed"
            typer.echo(say(told, name=begun.active), err=True)
        _run(runtime, ROTATION, run_rotation, {"active": begun.active}, json=json)


@keys.command("protect", help=say("keys.protect.help"))
def protect(json: Json = False) -> None:
    from api.cli.opening import opened
    from geo.rotation.service import RENEWAL, run_renewal

    with opened() as runtime:
        _run(runtime, RENEWAL, run_renewal, {}, json=json)


class _Spoken:
    """Shows progress in words."""

    def __init__(self, report: "Progress") -> None:
        self._report = report

    def __call__(self, step: str, done: int, total: int) -> None:
        self._report(say(f"keys.step.{step}"), done, total)


def _run(
    runtime: "Runtime",
    kind: str,
    work: "Callable[[Runtime, RunningJob, _Spoken], dict[str, Any]]",
    payload: dict[str, Any],
    *,
    json: bool,
) -> None:
    """Run a job here, with a bar; killed, a server takes it over or the next call goes on."""
    from api.cli.progress import bar
    from geo.access.actors import Actor
    from geo.jobs.service import running

    with (
        bar() as report,
        running(runtime, kind=kind, actor=Actor.system("keys"), payload=payload) as job,
    ):
        result = job.result = work(runtime, job, _Spoken(report))
    if json:
        typer.echo(dumps(payload | result))
    else:
        typer.echo(say("keys.done", rows=f"{result['rows']:,}"))
        if result["unreadable"]:
            places = ", ".join(result["places"])
            typer.echo(say("keys.unreadable", count=result["unreadable"], places=places), err=True)
    if result["unreadable"]:
        raise typer.Exit(1)
