"""From a point to its cells, in SQL: covers, then the bytewise lower code on a shared border.

Takes points on the storage grid and a publication number; knows no people.
"""

import math
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.db.sql import statement
from geo.locate.answer import Boundary, Candidate, Nearest, Point

# The ellipsoid of WGS-84, and the least cosine that keeps a degree of longitude a length.
_AXIS_M, _ECCENTRICITY_SQUARED = 6_378_137.0, 0.00669437999014
_LEAST_COSINE = 1e-6
_SLACK_M = 0.001


def covering(session: Session, point: Point, number: int) -> Row[Any] | None:
    """Return the leaf cell that owns a point: id, code, path, level, border; None outside."""
    query = statement("geo.locate", "covering")
    return session.execute(query, _values(point, number)).one_or_none()


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
        ambiguous=doubtful,
        candidates=near,
    )


def nearest(session: Session, point: Point, number: int) -> Nearest | None:
    """Return the nearest leaf cell of a point outside every cell; None when there is no cell."""
    query = statement("geo.locate", "near")
    bound = session.execute(query, _values(point, number)).scalar_one_or_none()
    if bound is None:
        return None
    found = _around(session, point, number, radius_m=bound + _SLACK_M, own_id=0)[0]
    return Nearest(found.code, found.distance_m)


def _around(
    session: Session, point: Point, number: int, *, radius_m: float, own_id: int
) -> tuple[Candidate, ...]:
    values = {**_values(point, number), "radius_m": radius_m, "own_id": own_id}
    rows = session.execute(statement("geo.locate", "around"), values)
    return tuple(Candidate(row.code, row.name, row.distance_m) for row in rows)


def _values(point: Point, number: int) -> dict[str, float]:
    """Return what every statement takes: the point, its degrees in metres, the publication.

    Source: radii of curvature of the ellipsoid in the meridian and in the prime vertical.
    """
    latitude = math.radians(point.lat)
    curve = 1.0 - _ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / curve**1.5
    parallel_m = _AXIS_M / math.sqrt(curve) * max(math.cos(latitude), _LEAST_COSINE)
    return {
        "lon": point.lon,
        "lat": point.lat,
        "east_m": math.radians(parallel_m),
        "north_m": math.radians(meridian_m),
        "number": number,
    }
