"""Which sheets or layers an import reads, and as what: as asked, by name, or by columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geo.exchange.columns import Field, recognised
from geo.exchange.formats import Format
from geo.exchange.kinds import buildings, cells, ground, households, workers
from geo.exchange.kinds.staged import Staged
from geo.exchange.report import FileRefused
from geo.exchange.run import Count, Request, Run
from geo.exchange.table import Table
from geo.exchange.values import folded


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be imported.

    Parameters
    ----------
    names : how layers and sheets of it are called, folded
    telling : of these columns a layer must have so many to be known by them
    """

    name: str
    names: frozenset[str]
    telling: tuple[tuple[Field, ...], int]
    check: Callable[[Run, Table], Staged]
    write: Callable[[Run, Staged], list[Count]]


def _names(words: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words.split())


# In the order in which they are written: what comes later may point at what came before.
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "cells",
            _names("cells cell area areas grid grids 网格 网格单元 网格范围 范围 社区"),
            (cells.FIELDS[2:], 1),
            cells.check,
            cells.write,
        ),
        Kind(
            "buildings",
            _names("buildings building 楼栋 房屋 建筑 建筑物"),
            (buildings.FIELDS[5:], 2),
            buildings.check,
            buildings.write,
        ),
        Kind(
            "streets",
            _names("streets street roads road ground 道路 路网 街路 街道 地面"),
            (ground.FIELDS[1:3], 1),
            ground.check,
            ground.write,
        ),
        Kind(
            "households",
            _names("households household 户 住户 家庭 房屋住户"),
            (households.FIELDS[:7], 3),
            households.check,
            households.write,
        ),
        Kind(
            "workers",
            _names("workers worker 网格员 人员 队伍 网格员名册"),
            (workers.FIELDS, 3),
            workers.check,
            workers.write,
        ),
    )
}


def tables(request: Request, format_: Format, report: Run) -> Iterator[tuple[Kind, Table]]:
    """Yield the tables to import, each with its kind, in the order in which they are written.

    Raises
    ------
    FileRefused
        When the named layer is not in the file, or none is named and the choice is not clear.
    """
    names = _asked(request, format_.names(request.path))
    if request.kind != "town":
        kind = KINDS[request.kind]
        yield kind, format_.read(request.path, _only(request, kind, names), request.encoding)
        return
    found = [(_kind_of(request, name, format_), name) for name in names]
    left = [name for kind, name in found if kind is None]
    if len(left) == len(found):
        raise FileRefused("nothing_recognised", file=request.path.name, layers=_listed(names))
    if left:
        report.report.note("layers_ignored", count=len(left), names=_listed(left))
    order = list(KINDS.values())
    for kind, name in sorted(
        ((kind, name) for kind, name in found if kind), key=lambda pair: order.index(pair[0])
    ):
        yield kind, format_.read(request.path, name, request.encoding)


def _asked(request: Request, names: list[str]) -> list[str]:
    if request.layer is None or names == [""]:
        return names
    if request.layer not in names:
        raise FileRefused(
            "layer_unknown", file=request.path.name, layer=request.layer, layers=_listed(names)
        )
    return [request.layer]


def _only(request: Request, kind: Kind, names: list[str]) -> str:
    """Return the one layer to read: the only one, or the only one called after its kind."""
    called = [name for name in names if folded(name) in kind.names]
    choice = names if len(names) == 1 else called
    if len(choice) != 1:
        raise FileRefused("layer_unclear", file=request.path.name, layers=_listed(names))
    return choice[0]


def _kind_of(request: Request, name: str, format_: Format) -> Kind | None:
    called = folded(name or request.path.stem)
    by_name = next((kind for kind in KINDS.values() if called in kind.names), None)
    if by_name:
        return by_name
    table = format_.read(request.path, name, request.encoding)
    rows = [list(table.headers)] if table.headers else table.cells.iloc[:10].to_numpy().tolist()
    for kind in KINDS.values():
        fields, enough = kind.telling
        if max((recognised(row, fields) for row in rows), default=0) >= enough:
            return kind
    return None


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "–"
