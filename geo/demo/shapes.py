"""Soft shapes for the ground of the demo town: ponds, greens, winding paths."""

import numpy as np
import shapely

from geo.demo.warp import Floats

Pair = tuple[float, float]


def blob(
    draw: np.random.Generator, place: Pair, reach: Pair, *, points: int = 40
) -> shapely.Polygon:
    """Return a soft closed shape: an ellipse whose edge swings in and out.

    Parameters
    ----------
    draw : random stream
    place : its middle, plan metres
    reach : half its width and height, metres, about
    points : number of vertices

    Returns
    -------
    polygon
    """
    angle = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
    swing = np.ones(points)
    for waves, size in ((2, 0.1), (3, 0.09), (5, 0.04)):
        swing += size * np.sin(waves * angle + draw.uniform(0.0, 2.0 * np.pi))
    u = place[0] + reach[0] * swing * np.cos(angle)
    v = place[1] + reach[1] * swing * np.sin(angle)
    return shapely.polygons(np.column_stack([u, v]))


def smooth(points: Floats, *, rounds: int = 3) -> shapely.LineString:
    """Return a line with its corners cut again and again (Chaikin), ends kept.

    Parameters
    ----------
    points : (n, 2) float64, n of 3 or more
    rounds : how often

    Returns
    -------
    line
    """
    line = points
    for _ in range(rounds):
        near, far = line[:-1] * 0.75 + line[1:] * 0.25, line[:-1] * 0.25 + line[1:] * 0.75
        mixed = np.stack([near, far], axis=1).reshape(-1, 2)
        line = np.concatenate([line[:1], mixed[1:-1], line[-1:]])
    return shapely.linestrings(line)
