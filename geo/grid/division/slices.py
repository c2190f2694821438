"""Buildings above the maximum cut across their long axis, along stairwells where they are known."""

from itertools import pairwise
from math import ceil

import numpy as np
import numpy.typing as npt
import shapely

from geo.grid.division.model import Floats, Ints
from geo.spatial.storage import Geometries

_STEPS = 60  # bisections for the place of a cut


def sliced(
    footprints: Geometries, weights: Floats, stairwells: Ints, high: float
) -> tuple[Geometries, Floats, Ints]:
    """Return footprints, those above the maximum in slices, with their weights and buildings.

    Parameters
    ----------
    footprints : (n,) polygons, metres
    weights : (n,)
    stairwells : (n,) at least 1; with several, a slice is a whole number of them
    high : the maximum of a cell

    Returns
    -------
    (m,) polygons, (m,) weights, whole when the building's is, and (m,) the building of each
    """
    shapes: list[shapely.Geometry] = []
    shares: list[float] = []
    owner: list[int] = []
    for at in range(len(footprints)):
        parts = _parts(float(weights[at]), int(stairwells[at]), high)
        cut = _slices(footprints[at], parts / parts.sum()) if len(parts) > 1 else [footprints[at]]
        shapes += cut
        shares += [float(weights[at])] if len(cut) == 1 else _shared(float(weights[at]), cut)
        owner += [at] * len(cut)
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made, np.array(shares, dtype=np.float64), np.array(owner, dtype=np.int64)


def _parts(weight: float, stairwells: int, high: float) -> npt.NDArray[np.float64]:
    """Return the relative sizes of slices none of which is above the maximum."""
    if weight <= high:
        return np.ones(1)
    least = ceil(weight / high)
    if stairwells < least:
        return np.ones(least)
    for count in range(least, stairwells + 1):
        sizes = np.diff(np.floor(np.linspace(0, stairwells, count + 1) + 0.5))
        if weight * sizes.max() / stairwells <= high:
            return np.asarray(sizes)
    return np.ones(stairwells)


def _slices(shape: shapely.Geometry, shares: npt.NDArray[np.float64]) -> list[shapely.Geometry]:
    """Return a shape cut across its long axis into shares of its area; whole where that fails."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(shape))
    if len(corners) < 5:
        return [shape]
    sides = corners[1:3] - corners[:2]
    along, across = sorted(sides, key=lambda side: -float(np.hypot(*side)))
    along, across = along / np.hypot(*along), across / np.hypot(*across)
    reach = shapely.length(shapely.envelope(shape))
    places = (corners[:4] - corners[0]) @ along
    low, high = float(places.min()), float(places.max())
    cuts = [low - 1.0]
    for wanted in np.cumsum(shares)[:-1] * shapely.area(shape):
        cuts.append(_place(shape, corners[0], along, across, reach, (low, high), wanted))
    cuts.append(high + 1.0)
    parts = [
        shapely.intersection(shape, _band(corners[0], along, across, reach, a, b))
        for a, b in pairwise(cuts)
    ]
    whole = all(part.geom_type == "Polygon" and part.area > 0.0 for part in parts)
    return parts if whole else [shape]


def _place(
    shape: shapely.Geometry,
    origin: np.ndarray,
    along: np.ndarray,
    across: np.ndarray,
    reach: float,
    span: tuple[float, float],
    wanted: float,
) -> float:
    """Return how far along the axis so much area lies before."""
    low, high = span
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        band = _band(origin, along, across, reach, span[0] - 1.0, middle)
        if shapely.area(shapely.intersection(shape, band)) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _band(
    origin: np.ndarray, along: np.ndarray, across: np.ndarray, reach: float, a: float, b: float
) -> shapely.Geometry:
    ends = [origin + along * a, origin + along * b]
    return shapely.polygons(
        [
            ends[0] - across * reach,
            ends[1] - across * reach,
            ends[1] + across * reach,
            ends[0] + across * reach,
        ]
    )


def _shared(weight: float, parts: list[shapely.Geometry]) -> list[float]:
    """Return a weight shared out by area, in whole numbers when it is one."""
    area = shapely.area(np.array(parts, dtype=object))
    exact = weight * area / area.sum()
    if weight != round(weight):
        return [float(value) for value in exact]
    result = np.floor(exact)
    order = np.argsort(result - exact, kind="stable")
    result[order[: round(weight - result.sum())]] += 1.0
    return [float(value) for value in result]
