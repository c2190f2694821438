"""From a point to its cells, in SQL: covers, then the bytewise lower code on a shared border.

Takes points on the storage grid and a publication number; knows no people.
"""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.db.sql import statement
from geo.locate.answer import Boundary, Candidate, Nearest, Point

# The farthest latitude at which a degree of longitude is still taken for a length.
_POLAR = 89.0
_SLACK_M = 0.001


def covering(session: Session, point: Point, number: int) -> Row[Any] | None:
    """Return the leaf cell that owns a point: id, code, path, level, border; None outside."""
    values = {"lon": point.lon, "lat": point.lat, "number": number}
    return session.execute(statement("geo.locate", "covering"), values).one_or_none()


def boundary(
    session: Session, point: Point, number: int, leaf: Row[Any], accuracy_m: float
) -> Boundary:
    """Return how near the border is, and which neighbours lie within the accuracy."""
    doubtful = leaf.on_boundary or leaf.distance_m < accuracy_m
    near = (
        _around(session, point, number, radius_m=max(accuracy_m, _SLACK_M), own_id=leaf.cell_id)
        if doubtful
        else ()
    )
    return Boundary(
        on_boundary=leaf.on_boundary,
        distance_m=leaf.distance_m,
        ambiguous=bool(near),
        candidates=near,
    )


def nearest(session: Session, point: Point, number: int) -> Nearest | None:
    """Return the nearest leaf cell of a point outside every cell; None when there is no cell."""
    values = {"lon": point.lon, "lat": point.lat, "number": number}
    bound = session.execute(statement("geo.locate", "near"), values).scalar_one_or_none()
    if bound is None:
        return None
    found = _around(session, point, number, radius_m=bound + _SLACK_M, own_id=0)[0]
    return Nearest(found.code, found.distance_m)


def _around(
    session: Session, point: Point, number: int, *, radius_m: float, own_id: int
) -> tuple[Candidate, ...]:
    values = {
        "lon": point.lon,
        "lat": point.lat,
        "cosine_lat": min(abs(point.lat) + radius_m / 110_000.0, _POLAR),
        "radius_m": radius_m,
        "number": number,
        "own_id": own_id,
    }
    rows = session.execute(statement("geo.locate", "around"), values)
    return tuple(Candidate(row.code, row.name, row.distance_m) for row in rows)
