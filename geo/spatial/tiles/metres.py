"""How long grid steps are, and how far an edge is: metres in the plane of a point's own latitude.

One degree east and one degree north have the lengths they have there on the ellipsoid; the same is
done in SQL.
"""

import math

from geo.spatial.tiles.compiled import inner

# The ellipsoid of WGS-84, and the least cosine that keeps a degree of longitude a length.
_AXIS_M, _ECCENTRICITY_SQUARED = 6_378_137.0, 0.00669437999014
_LEAST_COSINE = 1e-6
STEP = 2.0**-23
# ±1/3!, 1/5!, … of the series of the sine, the smallest first.
_SERIES = tuple((-1.0) ** n / math.factorial(2 * n + 1) for n in range(10, 0, -1))


@inner
def steps_m(lat: float) -> tuple[float, float]:
    """Return how many metres one grid step is to the east and to the north.

    Source: radii of curvature of the ellipsoid in the prime vertical and in the meridian.
    """
    cosine = _sine(math.radians(90.0 - abs(lat)))
    curve = 1.0 - _ECCENTRICITY_SQUARED * (1.0 - cosine * cosine)
    root = math.sqrt(curve)
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (curve * root)
    parallel_m = _AXIS_M / root * max(cosine, _LEAST_COSINE)
    return math.radians(parallel_m) * STEP, math.radians(meridian_m) * STEP


@inner
def _sine(angle: float) -> float:
    """Return the sine of an angle from 0 to a right one, exact to two units in the last place.

    By its series, which the compiler takes for several points at once.
    """
    q, terms = angle * angle, 0.0
    for factor in _SERIES:
        terms = (terms + factor) * q
    return angle * (1.0 + terms)


@inner
def to_edge(x1: float, y1: float, x2: float, y2: float) -> float:
    """Return the square of the distance from the origin to an edge.

    An end is taken as it is, so that all edges that meet there are equally far.
    """
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = -(x1 * dx + y1 * dy) / (length if length > 0.0 else 1.0)
    along = along if along > 0.0 else 0.0
    along = along if along < 1.0 else 1.0
    x = x1 + along * dx if along < 1.0 else x2
    y = y1 + along * dy if along < 1.0 else y2
    return x * x + y * y
