"""``wangge locate``: one place to its cells and its team."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken
from geo.texts import catalogue, text

if TYPE_CHECKING:
    from api.params import Moment
    from geo.locate.answer import Located


def locate(
    lon: Annotated[float | None, typer.Option(help=say("locate.lon"))] = None,
    lat: Annotated[float | None, typer.Option(help=say("locate.lat"))] = None,
    crs: Annotated[str, typer.Option(help=say("locate.crs"))] = "wgs84",
    building: Annotated[str | None, typer.Option(help=say("locate.building"))] = None,
    as_of: Annotated[str | None, typer.Option(help=say("locate.as_of"))] = None,
    accuracy_m: Annotated[float, typer.Option(help=say("locate.accuracy"))] = 0.0,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from api.cli.opening import opened
    from api.params import instant, moment
    from api.schemas.locate import LocatedBody
    from geo.access.actors import Actor
    from geo.locate.service import Question
    from geo.locate.service import locate as ask

    asked = _moment(as_of, moment)
    with opened() as runtime, runtime.work(Actor.system("locate")) as work:
        question = Question(
            lon=lon,
            lat=lat,
            crs=crs,
            building=building,
            as_of=instant(asked, runtime.settings.time_zone, work.now) if asked else None,
            accuracy_m=accuracy_m,
        )
        found = ask(work, question)
        phones = runtime.settings.show_duty_phone
    if json:
        typer.echo(LocatedBody.of(found, phones=phones).model_dump_json(indent=2))
    else:
        _print(found, phones=phones)


def _moment(text: str | None, parse: "Callable[[object], Moment]") -> "Moment | None":
    """Return a day or an instant as the API reads it; a wrong one is an error of the option."""
    try:
        return parse(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(say("locate.as_of_wrong", value=text)) from error


def _print(found: "Located", *, phones: bool) -> None:
    typer.echo(
        say(
            "locate.point",
            lon=f"{found.point.lon:.7f}",
            lat=f"{found.point.lat:.7f}",
            crs=found.point.source_crs,
            version=found.version,
        )
    )
    for cell in found.cells:
        typer.echo(f"  {say(f'level.{cell.level}')}  {cell.code}  {cell.name}")
    if found.nearest is not None:
        typer.echo(
            say(
                "locate.outside",
                code=found.nearest.code,
                distance=f"{found.nearest.distance_m:,.1f}",
            )
        )
    if found.boundary is not None:
        typer.echo(say("locate.boundary", distance=f"{found.boundary.distance_m:,.1f}"))
        for other in found.boundary.candidates:
            typer.echo(
                say(
                    "locate.candidate",
                    code=other.code,
                    name=other.name,
                    distance=f"{other.distance_m:,.1f}",
                )
            )
    for duty in found.team.members:
        mark = "*" if duty.primary else " "
        phone = f"  {duty.duty_phone}" if phones else ""
        post, via = _word("post", duty.post), _word("via", duty.via.value)
        typer.echo(f" {mark} {duty.name}  {post}  {via} {duty.cell_code}{phone}")
    if not found.team.members:
        typer.echo(say("locate.nobody"))
        return
    vias = [_word("via", via) for via in found.team.reason.split(" > ")]
    typer.echo(say("locate.reason", reason=" > ".join(vias)))


def _word(kind: str, code: str) -> str:
    """Return what pages call a post or a kind of place; an office's own word stays as it is."""
    key = f"pages.{kind}_{code}"
    return text(key, spoken()) if key in catalogue() else code
