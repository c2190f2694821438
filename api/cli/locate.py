"""``wangge locate``: one place to its cells and its team."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken
from geo.texts import catalogue, text

if TYPE_CHECKING:
    from api.params import Moment
    from geo.locate.answer import Located
    from geo.places.addresses.places import Match


def locate(
    lon: Annotated[float | None, typer.Option(help=say("locate.lon"))] = None,
    lat: Annotated[float | None, typer.Option(help=say("locate.lat"))] = None,
    crs: Annotated[str, typer.Option(help=say("locate.crs"))] = "wgs84",
    building: Annotated[str | None, typer.Option(help=say("locate.building"))] = None,
    address: Annotated[str | None, typer.Option(help=say("locate.address"))] = None,
    as_of: Annotated[str | None, typer.Option(help=say("locate.as_of"))] = None,
    accuracy_m: Annotated[float, typer.Option(help=say("locate.accuracy"))] = 0.0,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from api.cli.opening import opened
    from api.params import instant, moment
    from api.schemas.addresses import LocatedAddressBody
    from api.schemas.locate import LocatedBody
    from geo.access.actors import Actor
    from geo.locate.addresses import check_address_alone, locate_address
    from geo.locate.service import Question
    from geo.locate.service import locate as ask
    from geo.places.addresses.kept import KeptGazetteer

    asked = _moment(as_of, moment)
    meant = None
    with opened() as runtime, runtime.work(Actor.system("locate")) as work:
        at = instant(asked, runtime.settings.time_zone, work.now) if asked else None
        phones = runtime.settings.show_duty_phone
        if address is not None:
            check_address_alone(lon, lat, building)
            named = KeptGazetteer().of(work.session)
            meant = locate_address(
                work, named, address, nicknames=True, as_of=at, accuracy_m=accuracy_m
            )
            found = meant.located
        else:
            question = Question(
                lon=lon, lat=lat, crs=crs, building=building, as_of=at, accuracy_m=accuracy_m
            )
            found = ask(work, question)
    if json:
        body = (
            LocatedAddressBody.of_address(meant, phones=phones)
            if meant is not None
            else LocatedBody.of(found, phones=phones)
        )
        typer.echo(body.model_dump_json(indent=2))
        return
    if meant is not None:
        _print_match(meant.match)
    if meant is None or not meant.match.needs_person:
        _print(found, phones=phones)


def _moment(text: str | None, parse: "Callable[[object], Moment]") -> "Moment | None":
    """Return a day or an instant as the API reads it; a wrong one is an error of the option."""
    try:
        return parse(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(say("locate.as_of_wrong", value=text)) from error


def _print_match(match: "Match") -> None:
    """Print what an address may mean; why somebody has to look stands first."""
    if match.needs_person:
        reasons = ", ".join(say(f"locate.doubt_{doubt.value}") for doubt in match.doubts)
        typer.echo(say("locate.needs_person", reasons=reasons))
    for candidate in match.candidates if match.needs_person else match.candidates[:1]:
        typer.echo(
            say(
                "locate.meant",
                score=f"{candidate.score:.2f}",
                precision=say(f"locate.precision_{candidate.precision.value}"),
                address=candidate.place.address,
                code=candidate.place.code or "-",
            )
        )


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
