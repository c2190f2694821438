"""``wangge map``: one map as one self-contained HTML file."""

import time
from pathlib import Path
from typing import Annotated

import typer

from api.cli.words import say, spoken


def map_(
    name: Annotated[str, typer.Argument(help=say("map.name"))] = "occupancy",
    output: Annotated[Path, typer.Option("--output", "-o", help=say("map.output"))] = Path(
        "town.html"
    ),
    cell: Annotated[str | None, typer.Option(help=say("map.cell"))] = None,
    force: Annotated[bool, typer.Option("--force", help=say("locate.force"))] = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.audit.actions import Action
    from geo.audit.notes import Note
    from geo.exchange.located.outputs import check_output, placed
    from geo.people.picture import home_cell, occupancy_picture
    from maps.registry import map_file

    check_output(output, force=force)
    with opened() as runtime, runtime.work(Actor.system("map")) as work:
        code = cell or home_cell(work)
        picture = occupancy_picture(work, code, zone=runtime.settings.time_zone)
        work.note(Note(Action.PEOPLE_COUNT, subject_kind="cell", reason=f"map {name} {code}"))
    began = time.perf_counter()
    page = map_file(name)(picture, lang=spoken())
    data = page.encode("utf-8")
    with placed(output, force=force) as aside:
        aside.write_bytes(data)
    typer.echo(
        say(
            "map.done",
            path=output,
            size=f"{len(data) / 1000:,.0f}",
            buildings=f"{len(picture.buildings):,}",
            seconds=f"{time.perf_counter() - began:.2f}",
        )
    )
