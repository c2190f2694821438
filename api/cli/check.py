"""``wangge check``: prove the data of an area; exit 1 with the places when something is wrong."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken

if TYPE_CHECKING:
    from geo.checks.report import Place, Report

_SHOWN = 20


def check(
    cell: Annotated[str | None, typer.Option(help=say("check.cell"))] = None,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from api.cli.opening import opened
    from api.cli.progress import bar
    from api.schemas.checks import ReportBody
    from geo.access.actors import Actor
    from geo.checks.service import check as run
    from geo.texts import text

    def step(name: str, done: int, total: int) -> None:
        report(text(f"check.step.{name}", spoken()), done, total)

    with (
        opened() as runtime,
        bar() as report,
        runtime.work(Actor.system("check"), long=True) as work,
    ):
        found = run(work, cell, step)
    if json:
        typer.echo(ReportBody.of(found, spoken()).model_dump_json(indent=2))
    else:
        _print(found)
    if not found.ok:
        raise typer.Exit(1)


def _print(report: "Report") -> None:
    counts = report.counts
    levels = ", ".join(
        f"{say(f'level.{level}')} {count:,}" for level, count in counts.cells.items()
    )
    typer.echo(
        say("check.head", name=report.cell_name or say("everything"), version=report.version)
    )
    typer.echo(say("check.cells", levels=levels))
    typer.echo(
        say(
            "check.counts",
            buildings=f"{counts.buildings:,}",
            households=f"{counts.households:,}",
            residents=f"{counts.residents:,}",
        )
    )
    if counts.households_uncounted:
        typer.echo(say("check.uncounted", count=f"{counts.households_uncounted:,}"))
    typer.echo(
        say(
            "check.coverage",
            valid=say("yes" if report.coverage_valid else "no"),
            gap=f"{report.gap_m2:,.1f}",
            overlap=f"{report.overlap_m2:,.1f}",
            nesting=f"{report.nesting_m2:,.1f}",
        )
    )
    for place in report.places[:_SHOWN]:
        typer.echo("  " + _line(place))
    if len(report.places) > _SHOWN:
        typer.echo(say("check.more", count=f"{len(report.places) - _SHOWN:,}"))
    typer.echo(say("check.ok" if report.ok else "check.wrong", count=f"{len(report.places):,}"))


def _line(place: "Place") -> str:
    from geo.texts import text

    where = f" ({place.lon:.7f}, {place.lat:.7f})" if place.lon is not None else ""
    size = f" {place.area_m2:,.1f} m²" if place.area_m2 is not None else ""
    return text(f"check.{place.kind}", spoken(), codes=", ".join(place.codes)) + size + where
