"""``wangge demo``: fill an empty database with the invented town."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say

if TYPE_CHECKING:
    from api.cli.progress import Callback
    from geo.runtime import Runtime


def demo(
    scale: Annotated[str, typer.Option(help=say("demo.scale"))] = "street",
    seed: Annotated[int, typer.Option(help=say("demo.seed"))] = 340603002,
) -> None:
    from api.cli.opening import opened
    from api.cli.progress import bar

    with opened() as runtime, bar() as report:
        counts = fill(runtime, report, scale=scale, seed=seed)
        add_demo_accounts(runtime)
    typer.echo(say("demo.done", **{name: f"{count:,}" for name, count in counts.items()}))


def fill(runtime: "Runtime", report: "Callback", *, scale: str, seed: int) -> dict[str, int]:
    """Build the town and store it as one job and one transaction; return what it holds."""
    from geo.access.actors import Actor
    from geo.demo.load import load
    from geo.demo.town import Scale, build
    from geo.jobs.service import running

    actor = Actor.system("demo")
    with running(runtime, kind="demo", actor=actor, payload={"scale": scale, "seed": seed}) as job:

        def both(step: str, done: int, total: int) -> None:
            report(say(f"demo.step.{step}"), done, total)
            job.progress(step, done, total)

        both("build", 0, 1)
        town = build(Scale(scale), seed)
        both("build", 1, 1)
        with runtime.work(actor, long=True) as work:
            counts = load(work, town, zone=runtime.settings.time_zone, progress=both)
        job.result = dict(counts)
    return counts


def add_demo_accounts(runtime: "Runtime") -> int:
    """Add one account a role to an invented town that has no account yet; return how many.

    Never to a town of real people, whatever the mode.
    """
    from geo.access.actors import Actor
    from geo.accounts import demo
    from geo.grid.store import holds_demo, latest_publication

    if not runtime.settings.is_demo:
        return 0
    with runtime.work(Actor.system("demo")) as work:
        latest = latest_publication(work.session)
        if latest is None or not holds_demo(work.session, latest.number):
            return 0
        return demo.add_demo_accounts(work, runtime.hasher)
