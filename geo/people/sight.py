"""Which cells of a picture its reader may see the people of: all of a cell, a part of it, nothing.

A picture shows neighbours and ancestors too, whose households it does not count; a map must not
write a zero there.
"""

from enum import IntEnum

from sqlalchemy import select

from geo.access.scope import EVERYTHING, Scope
from geo.grid import store as grid
from geo.grid.model import CellVersion
from geo.places.picture import OccupancyPicture
from geo.work import Work


class Sight(IntEnum):
    """How much of a cell's people is in its reader's areas."""

    NONE = 0
    PART = 1
    WHOLE = 2


def sights(work: Work, picture: OccupancyPicture) -> dict[str, Sight]:
    """Return how much of each cell the actor may see, by code."""
    codes = [*picture.cells["code"], *(code for code, _ in picture.cell.crumbs)]
    found = grid.versions_in(picture.cell.version).where(CellVersion.code.in_(codes)).subquery()
    rows = work.session.execute(select(found.c.code, found.c.path))
    return {row.code: sight_of(work.scope, row.path) for row in rows}


def sight_of(scope: Scope, path: str) -> Sight:
    """Return how much of a cell lies in a scope.

    Examples
    --------
    >>> scope = Scope.of_areas(["1.2."])
    >>> [sight_of(scope, path).name for path in ("1.", "1.2.", "1.2.7.", "1.3.")]
    ['PART', 'WHOLE', 'WHOLE', 'NONE']
    """
    if scope.covers(path):
        return Sight.WHOLE
    below = any(area.startswith(path) for area in scope.areas if area != EVERYTHING)
    return Sight.PART if below else Sight.NONE
