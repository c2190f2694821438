"""The operations of a boundary plan as values, and how they are kept as JSON. Pure.

Coordinates are degrees on the storage grid. ``geo.grid.plans.reading`` makes these values of what
came in; ``geo.grid.plans.applying`` does them.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import shapely

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Cut a cell; the largest part keeps the code unless ``keep_at`` lies in another.

    Parameters
    ----------
    cut : a line through the cell, or a polygon whose inside becomes a part
    names : of the part that keeps the code, and of the new ones west to east, then north to south;
        None leaves the name or makes one
    codes : of the new parts; none until they are allocated
    """

    cell: str
    cut: shapely.LineString | shapely.Polygon
    names: tuple[str | None, ...] = ()
    keep_at: Point | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Unite neighbours; ``into`` is the one of them that stays."""

    cells: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class MoveBorder:
    """Let the border that two cells share run along a line."""

    cells: tuple[str, str]
    line: Line


@dataclass(frozen=True, slots=True)
class MoveVertex:
    """Move a vertex, and with it every border that meets there."""

    at: Point
    to: Point


@dataclass(frozen=True, slots=True)
class Transfer:
    """Give ground to a cell: an area, or that of some buildings."""

    to: str
    area: shapely.Polygon | None = None
    buildings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """Make a cell of what no leaf covers within an outline."""

    parent: str
    name: str
    polygon: shapely.Polygon
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A cell that takes ground of others; without a code one is allocated."""

    name: str | None
    polygon: shapely.Polygon | shapely.MultiPolygon
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Replace:
    """Draw some cells anew on the same ground.

    Parameters
    ----------
    parent : of new cells; None for that of the cells. The one cell that is replaced: then it stays,
        divided into the parts
    """

    cells: tuple[str, ...]
    parts: tuple[Part, ...]
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a cell another name."""

    cell: str
    name: str


@dataclass(frozen=True, slots=True)
class Reparent:
    """Hang a cell, with all below it, below another one."""

    cell: str
    parent: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Take the ground of some cells, or of all, back to an older publication."""

    publication: int
    cells: tuple[str, ...] = ()


Operation: TypeAlias = (
    Split | Merge | MoveBorder | MoveVertex | Transfer | Add | Replace | Rename | Reparent | Restore
)

NAMES: dict[type[Any], str] = {
    Split: "split",
    Merge: "merge",
    MoveBorder: "move_border",
    MoveVertex: "move_vertex",
    Transfer: "transfer",
    Add: "add",
    Replace: "replace",
    Rename: "rename",
    Reparent: "reparent",
    Restore: "restore",
}


def as_json(operation: Operation) -> dict[str, Any]:
    """Return an operation as it is kept: what ``reading.operation`` takes, in storage degrees.

    Examples
    --------
    >>> as_json(Rename("340603002001", "东苑"))
    {'op': 'rename', 'cell': '340603002001', 'name': '东苑'}
    >>> as_json(MoveVertex((116.5, 33.5), (116.75, 33.5)))
    {'op': 'move_vertex', 'at': [116.5, 33.5], 'to': [116.75, 33.5]}
    """
    fields: dict[str, Any] = {"op": NAMES[type(operation)]}
    for name in type(operation).__slots__:
        value = getattr(operation, name)
        if value is None or value == ():
            continue
        if name == "cut":
            name = "line" if isinstance(value, shapely.LineString) else "polygon"
        fields[name] = _plain(value)
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, shapely.LineString):
        return [list(point) for point in value.coords]
    if isinstance(value, shapely.Geometry):
        return {"type": value.geom_type, "coordinates": _lists(_coordinates(value))}
    if isinstance(value, Part):
        part = {"name": value.name, "polygon": _plain(value.polygon), "code": value.code}
        return {name: given for name, given in part.items() if given is not None}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _coordinates(shape: shapely.Polygon | shapely.MultiPolygon) -> Any:
    if isinstance(shape, shapely.MultiPolygon):
        return [_coordinates(part) for part in shape.geoms]
    return [list(ring.coords) for ring in (shape.exterior, *shape.interiors)]


def _lists(value: Any) -> Any:
    return [_lists(one) for one in value] if isinstance(value, list | tuple) else value
