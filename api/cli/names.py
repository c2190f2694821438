"""``wangge names``: what people on the spot call places — add, list, end.

For the operator of the machine, who needs no sign-in; everything is recorded as ``system:names``.
"""

from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say

if TYPE_CHECKING:
    from geo.places.addresses.store import NameRow

names = typer.Typer(no_args_is_help=True)
Building = Annotated[str | None, typer.Option(help=say("names.building"))]
Json = Annotated[bool, typer.Option("--json", help=say("json"))]

_TASK = "names"
_SHOWN = 10_000


@names.command("add", help=say("names.add.help"))
def add(
    name: Annotated[str, typer.Argument(help=say("names.name"))],
    building: Building = None,
    stairwell: Annotated[int, typer.Option(min=0, max=99, help=say("names.stairwell"))] = 0,
    estate: Annotated[str | None, typer.Option(help=say("names.estate"))] = None,
    lon: Annotated[float | None, typer.Option(help=say("names.lon"))] = None,
    lat: Annotated[float | None, typer.Option(help=say("names.lat"))] = None,
    crs: Annotated[str, typer.Option(help=say("names.crs"))] = "wgs84",
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from api.schemas.addresses import NewNicknameBody
    from geo.access.actors import Actor
    from geo.places.addresses import store
    from geo.places.addresses.service import add_name

    asked = NewNicknameBody.model_construct(
        name=name, building=building, stairwell=stairwell, estate=estate, lon=lon, lat=lat, crs=crs
    )
    with opened() as runtime, runtime.work(Actor.system(_TASK)) as work:
        made = add_name(work, asked.asked())
        row = store.name_row(work.session, work.scope, made.id)
    _show([row], json=json, done="names.add.done" if made.is_new else "names.add.known")


@names.command("list", help=say("names.list.help"))
def list_(building: Building = None, json: Json = False) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.db.paging import Page
    from geo.places.addresses import store
    from geo.places.store import building_place

    with opened() as runtime, runtime.work(Actor.system(_TASK), reading=True) as work:
        place = None if building is None else building_place(work.session, building).id
        found = store.names(work.session, work.scope, Page(_SHOWN), building=place)
    _show(found.rows, json=json)
    if found.after is not None:
        typer.echo(say("names.list.more", most=_SHOWN), err=True)


@names.command("end", help=say("names.end.help"))
def end(
    number: Annotated[int, typer.Argument(min=1, help=say("names.number"))], json: Json = False
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.places.addresses import store
    from geo.places.addresses.service import end_name

    with opened() as runtime, runtime.work(Actor.system(_TASK)) as work:
        end_name(work, number)
        row = store.name_row(work.session, work.scope, number)
    _show([row], json=json, done="names.end.done")


def _show(rows: "list[NameRow]", *, json: bool, done: str = "") -> None:
    """Print names with their numbers; with ``done`` the one that was written."""
    from api.schemas.addresses import NicknameBody

    if json:
        bodies = [NicknameBody.of(row).model_dump(mode="json") for row in rows]
        typer.echo(dumps(bodies[0] if done else bodies, ensure_ascii=False, indent=2))
    elif done:
        typer.echo(say(done, name=rows[0].name, number=rows[0].id))
    elif not rows:
        typer.echo(say("names.list.none"))
    else:
        for row in rows:
            typer.echo(f"{row.id:>6}  {row.name}  {_place(row)}  {row.added_by}")


def _place(row: "NameRow") -> str:
    """Return what a name means, in codes or degrees."""
    if row.building is not None:
        return row.building + (f"#{row.stairwell}" if row.stairwell else "")
    return row.estate or f"{row.lon:.7f}, {row.lat:.7f}"
