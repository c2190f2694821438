"""``wangge locate``: one place, or a file of them, to its cells and its team."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken
from geo.texts import catalogue, text

if TYPE_CHECKING:
    from api.params import Moment
    from geo.locate.answer import Located
    from geo.places.addresses.places import Match
    from geo.workforce.responsibility import Duty, Team


def _tell(key: str) -> str:
    return text(f"exchange.{key}", spoken())


def locate(
    file: Annotated[str | None, typer.Argument(help=say("locate.file"))] = None,
    lon: Annotated[float | None, typer.Option(help=say("locate.lon"))] = None,
    lat: Annotated[float | None, typer.Option(help=say("locate.lat"))] = None,
    crs: Annotated[str | None, typer.Option(help=say("locate.crs"))] = None,
    building: Annotated[str | None, typer.Option(help=say("locate.building"))] = None,
    address: Annotated[str | None, typer.Option(help=say("locate.address"))] = None,
    as_of: Annotated[str | None, typer.Option(help=say("locate.as_of"))] = None,
    accuracy_m: Annotated[float, typer.Option(help=say("locate.accuracy"))] = 0.0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=say("locate.output"))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=say("locate.force"))] = False,
    force_crs: Annotated[bool, typer.Option("--force-crs", help=say("locate.force_crs"))] = False,
    sheet: Annotated[str | None, typer.Option(help=say("locate.sheet"))] = None,
    encoding: Annotated[str | None, typer.Option(help=_tell("cli_encoding"))] = None,
    lon_column: Annotated[str | None, typer.Option(help=say("locate.lon_column"))] = None,
    lat_column: Annotated[str | None, typer.Option(help=say("locate.lat_column"))] = None,
    point_column: Annotated[str | None, typer.Option(help=say("locate.point_column"))] = None,
    building_column: Annotated[str | None, typer.Option(help=say("locate.building_column"))] = None,
    stairwell_column: Annotated[
        str | None, typer.Option(help=say("locate.stairwell_column"))
    ] = None,
    address_column: Annotated[str | None, typer.Option(help=say("locate.address_column"))] = None,
    accuracy_column: Annotated[str | None, typer.Option(help=say("locate.accuracy_column"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from api.params import moment

    columns = {
        "lon": lon_column,
        "lat": lat_column,
        "point": point_column,
        "building": building_column,
        "stairwell": stairwell_column,
        "address": address_column,
        "accuracy": accuracy_column,
    }
    named = {role: header for role, header in columns.items() if header is not None}
    asked = _moment(as_of, moment)
    if file is None:
        _check_only_file({"--output": output, "--sheet": sheet} | _options(named))
        _locate_place(lon, lat, crs or "wgs84", building, address, asked, accuracy_m, json=json)
        return
    if any(given is not None for given in (lon, lat, building, address)):
        raise typer.BadParameter(say("locate.file_alone"))
    from api.cli.locate_file import locate_file
    from geo.exchange.formats import split
    from geo.exchange.located.run import Request

    path, layer = split(file)
    request = Request(
        path=path,
        layer=sheet or layer,
        out=output,
        force=force,
        crs=crs,
        force_crs=force_crs,
        encoding=None if encoding in (None, "auto") else encoding,
        columns=named,
        accuracy_m=accuracy_m,
        lang=spoken(),
    )
    locate_file(request, asked, json=json)


def _locate_place(
    lon: float | None,
    lat: float | None,
    crs: str,
    building: str | None,
    address: str | None,
    asked: "Moment | None",
    accuracy_m: float,
    *,
    json: bool,
) -> None:
    from api.cli.opening import opened
    from api.params import instant
    from api.schemas.addresses import LocatedAddressBody
    from api.schemas.locate import LocatedBody
    from geo.access.actors import Actor
    from geo.locate.addresses import check_address_alone, locate_address
    from geo.locate.service import Question
    from geo.locate.service import locate as ask
    from geo.places.addresses.kept import KeptGazetteer

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


def _options(named: dict[str, str]) -> dict[str, object]:
    return {f"--{role}-column": header for role, header in named.items()}


def _check_only_file(given: dict[str, object]) -> None:
    """Refuse what says something of a file where there is none."""
    for option, value in given.items():
        if value is not None:
            raise typer.BadParameter(say("locate.only_file", option=option))


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
    _print_team(found.team, phones=phones)


def _print_team(found: "Team", *, phones: bool) -> None:
    """Print who answers and why, and who stands beside; of a place outside, nothing."""
    from geo.workforce.responsibility import NOBODY

    for duty in found.members:
        _print_duty(duty, phones=phones)
    if found.members:
        places, _, because = found.reason.partition("; ")
        vias = " > ".join(_word("via", via) for via in places.split(" > "))
        why = f"; {_word('because', because)}" if because else ""
        typer.echo(say("locate.reason", reason=vias + why))
    elif found.reason == NOBODY:
        typer.echo(say("locate.nobody"))
    if found.overlays:
        typer.echo(say("locate.overlays"))
    for duty in found.overlays:
        _print_duty(duty, phones=phones)


def _print_duty(duty: "Duty", *, phones: bool) -> None:
    """Print one of a team; the code is of the cell they are assigned to, not of the place's."""
    from geo.workforce.responsibility import Via

    away = duty.substitute_for
    phone = f"  {duty.duty_phone}" if phones else ""
    instead = "" if away is None else f"  {text('pages.who_substitute', spoken(), name=away.name)}"
    post, via = _word("post", duty.post), _word("via", duty.via.value)
    if duty.primary:
        post = say("locate.primary", post=post)
    if duty.via in (Via.CELL, Via.PARENT_CELL):
        via = f"{via} {duty.cell_code}"
    typer.echo(f"  {duty.name}  {post}  {via}{phone}{instead}")


def _word(kind: str, code: str) -> str:
    """Return what pages call a post or a kind of place; an office's own word stays as it is."""
    key = f"pages.{kind}_{code}"
    return text(key, spoken()) if key in catalogue() else code
