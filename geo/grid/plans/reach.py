"""How far operations reach: the cells they name and the boxes of what they draw. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely

from geo.grid.plans.operations import Operation, Part, Restore, Transfer


@dataclass(frozen=True, slots=True)
class Reach:
    """What operations name and draw.

    Parameters
    ----------
    codes : of cells, some of them made by the operations themselves
    boxes : around what is drawn, degrees, storage CRS
    """

    codes: frozenset[str]
    boxes: tuple[shapely.Geometry, ...]


def reach(operations: Iterable[Operation]) -> Reach | None:
    """Return how far operations reach; None when that is not told by the operations alone."""
    codes: set[str] = set()
    boxes: list[shapely.Geometry] = []
    for operation in operations:
        if isinstance(operation, Restore) or (
            isinstance(operation, Transfer) and operation.buildings
        ):
            return None
        for name in type(operation).__slots__:
            _reached(getattr(operation, name), codes, boxes)
    return Reach(frozenset(codes), tuple(boxes))


def _reached(value: Any, codes: set[str], boxes: list[shapely.Geometry]) -> None:
    if isinstance(value, shapely.Geometry):
        boxes.append(shapely.box(*value.bounds))
    elif isinstance(value, str):
        codes.add(value)
    elif isinstance(value, Part):
        _reached(value.polygon, codes, boxes)
    elif isinstance(value, tuple) and value and isinstance(value[0], float):
        boxes.append(shapely.box(*value, *value))
    elif isinstance(value, tuple):
        for one in value:
            _reached(one, codes, boxes)
