"""``wangge divide``: files of an area, its buildings and streets to a file of balanced cells."""

import gc
import json as jsons
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.words import say, spoken
from geo.texts import text

if TYPE_CHECKING:
    from api.cli.progress import Callback
    from geo.exchange.division.cases import Asked, Opened
    from geo.grid.division.model import Division, Miss, Rules

_SHOWN_MISSES = 20
_SHOWN_BUILDINGS = 6
_INTERRUPTED = 130


class OversizedName(StrEnum):
    """What becomes of a building above the maximum."""

    EXCUSE = "excuse"
    SPLIT = "split"


def divide(
    data: Annotated[str | None, typer.Option(help=say("divide.data"))] = None,
    area: Annotated[str | None, typer.Option(help=say("divide.area"))] = None,
    parents: Annotated[str | None, typer.Option(help=say("divide.parents"))] = None,
    buildings: Annotated[str | None, typer.Option(help=say("divide.buildings"))] = None,
    streets: Annotated[str | None, typer.Option(help=say("divide.streets"))] = None,
    barriers: Annotated[str | None, typer.Option(help=say("divide.barriers"))] = None,
    low: Annotated[float | None, typer.Option("--min", help=say("divide.min"))] = None,
    high: Annotated[float | None, typer.Option("--max", help=say("divide.max"))] = None,
    count: Annotated[int | None, typer.Option(min=1, help=say("divide.count"))] = None,
    weight: Annotated[str | None, typer.Option(help=say("divide.weight"))] = None,
    oversized: Annotated[
        OversizedName, typer.Option(help=say("divide.oversized"))
    ] = OversizedName.EXCUSE,
    previous: Annotated[str | None, typer.Option(help=say("divide.previous"))] = None,
    locked: Annotated[str | None, typer.Option(help=say("divide.locked"))] = None,
    crs: Annotated[str | None, typer.Option(help=say("divide.crs"))] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help=say("divide.output"))] = Path(
        "cells.gpkg"
    ),
    force: Annotated[bool, typer.Option("--force", help=say("locate.force"))] = False,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from geo.exchange.division.cases import Asked
    from geo.exchange.division.outputs import check_suffix
    from geo.exchange.formats import split
    from geo.exchange.located.outputs import check_output

    # What is loaded stays; among all the shapes to come it is not looked through again and again.
    gc.freeze()
    begun = time.perf_counter()
    kept = tuple(code.strip() for code in (locked or "").split(",") if code.strip())
    if data is None and (buildings is None or (area is None and parents is None)):
        raise typer.BadParameter(say("divide.nothing_named"))
    asked = Asked(data, area, parents, buildings, streets, barriers, previous, weight, crs, kept)
    check_suffix(output)
    source = split(data or buildings or "")[0]
    if source.exists():
        check_output(output, force=force, source=source)
    bounds = (low, high, count, oversized.value)
    try:
        case, rules, result, codes = _divided(asked, bounds, output, source, force=force)
    except KeyboardInterrupt:
        typer.echo(say("divide.stopped"), err=True)
        raise typer.Exit(_INTERRUPTED) from None
    body = _body(case, result, rules, codes, output, time.perf_counter() - begun)
    if json:
        typer.echo(jsons.dumps(body, ensure_ascii=False, indent=2))
    else:
        _print(body, case)


def _divided(
    asked: "Asked",
    bounds: tuple[float | None, float | None, int | None, str],
    output: Path,
    source: Path,
    *,
    force: bool,
) -> tuple["Opened", "Rules", "Division", list[str]]:
    """Read, divide and write, with a bar; return what was divided, by which rules, into what."""
    from api.cli.progress import bar, compiled
    from geo.exchange.division.cases import opened
    from geo.exchange.division.outputs import cells_frame, write_cells
    from geo.exchange.located.outputs import placed
    from geo.grid.division import ready
    from geo.grid.division.divide import divide as divided
    from geo.grid.division.rules import rules_of

    with bar() as report:
        shown = _Shown(report)
        shown("read", 0, 1)
        case = opened(asked)
        shown("read", 1, 1)
        compiled(ready, report)
        rules = rules_of(case.case, *bounds)
        result = divided(case.case, rules, shown)
        frame = cells_frame(case, result, rules)
        with placed(output, force=force, source=source) as aside:
            write_cells(aside, frame, result, case)
    return case, rules, result, frame["code"].tolist()


class _Shown:
    """Shows progress in words."""

    def __init__(self, report: "Callback") -> None:
        self._report = report

    def __call__(self, step: str, done: int, total: int) -> None:
        self._report(say(f"divide.step_{step}"), done, total)


def _body(
    case: "Opened",
    result: "Division",
    rules: "Rules",
    codes: list[str],
    output: Path,
    seconds: float,
) -> dict[str, Any]:
    from geo.exchange.division.outputs import cause_of, name_of

    cells, missed = len(codes), len(result.misses)
    peopled = case.case.weights > 0.0
    body = {
        "output": str(output),
        "crs": name_of(case.crs),
        "cells": cells,
        "min": rules.low,
        "max": rules.high,
        "count": rules.count,
        "balanced_by": case.weight,
        "total": float(case.case.weights.sum()),
        "buildings": len(case.buildings),
        "units": result.units,
        "ok": cells - missed,
        "ok_pct": round(100.0 * (cells - missed) / max(cells, 1), 2),
        "excused": int(result.excused.sum()),
        "locked": int(result.locked.sum()),
        "smallest": float(result.weight.min()),
        "largest": float(result.weight.max()),
        "outline_moved_cm2": round(result.outline_m2 * 1e4, 1),
        "misses": [_miss(case, miss, cause_of(result, miss), codes) for miss in result.misses],
        "remarks": [remark.message(spoken()) for remark in case.remarks],
        "seconds": round(seconds, 3),
    }
    if case.previous:
        body["moved"] = {
            "buildings": int((result.moved & peopled).sum()),
            "of": int(peopled.sum()),
            "buildings_pct": round(
                100.0 * float((result.moved & peopled).sum() / peopled.sum()), 2
            ),
            "weight": float(case.case.weights[result.moved].sum()),
            "names": [case.buildings[at] for at in (result.moved & peopled).nonzero()[0]],
        }
    return body


def _miss(case: "Opened", miss: "Miss", cause: str, codes: list[str]) -> dict[str, Any]:
    names = [case.buildings[at] for at in miss.buildings]
    return {
        "cell": codes[miss.cell],
        "weight": miss.weight,
        "cause": cause,
        "buildings": names,
        "at": [miss.x, miss.y],
        "message": text(
            f"division.cause_{cause}",
            spoken(),
            cell=codes[miss.cell],
            weight=f"{miss.weight:g}",
            buildings=", ".join(names[:_SHOWN_BUILDINGS]) or "–",
        ),
    }


def _print(body: dict[str, Any], case: "Opened") -> None:
    for remark in body["remarks"]:
        typer.echo(remark, err=True)
    numbers = {key: f"{body[key]:,}" for key in ("cells", "ok", "excused", "buildings")}
    sizes = {key: f"{body[key]:g}" for key in ("smallest", "largest", "min", "max", "total")}
    typer.echo(say("divide.done", **numbers, **sizes, balanced=case.weight))
    if "moved" in body:
        moved = body["moved"]
        typer.echo(
            say(
                "divide.moved",
                buildings=f"{moved['buildings']:,}",
                of=f"{moved['of']:,}",
                balanced=case.weight,
                pct=moved["buildings_pct"],
                weight=f"{moved['weight']:g}",
            )
        )
    for miss in body["misses"][:_SHOWN_MISSES]:
        typer.echo(miss["message"], err=True)
    if len(body["misses"]) > _SHOWN_MISSES:
        typer.echo(say("divide.more", count=len(body["misses"]) - _SHOWN_MISSES), err=True)
    typer.echo(say("divide.written", path=body["output"], seconds=f"{body['seconds']:.1f}"))
