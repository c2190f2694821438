"""GCJ-02 and BD-09 one point at a time, written for tests alone, from the published description.

Independent of ``geo.crs.offsets``: scalars, twelve plain sines, polar coordinates, and an inverse
by Newton's method with a numerical derivative instead of a fixed point.

Source: the formulas that PRCoords (Mingye Wang, CC0 1.0) documents and eviltransform
(MIT) shares. No code of theirs is used.
"""

import math
from collections.abc import Callable

Pair = tuple[float, float]


def in_box(lon: float, lat: float) -> bool:
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def gcj02(lon: float, lat: float) -> Pair:
    if not in_box(lon, lat):
        return lon, lat
    x, y = lon - 105, lat - 35

    def waves(t: float, *terms: tuple[float, float]) -> float:
        return sum(height * math.sin(math.pi * t / length) for height, length in terms)

    both = waves(x, (20, 1 / 6), (20, 1 / 2))
    north_m = -100 + 2 * x + 3 * y + y * y / 5 + x * y / 10 + math.sqrt(abs(x)) / 5
    north_m += 2 / 3 * (both + waves(y, (20, 1), (40, 3), (160, 12), (320, 30)))
    east_m = 300 + x + 2 * y + x * x / 10 + x * y / 10 + math.sqrt(abs(x)) / 10
    east_m += 2 / 3 * (both + waves(x, (20, 1), (40, 3), (150, 12), (300, 30)))
    axis, ee = 6378245.0, 0.00669342162296594323  # Krasovsky 1940
    w = math.sqrt(1 - ee * math.sin(math.radians(lat)) ** 2)
    meridian, normal = axis * (1 - ee) / w**3, axis / w
    return (
        lon + math.degrees(east_m / (normal * math.cos(math.radians(lat)))),
        lat + math.degrees(north_m / meridian),
    )


def bd09_of_gcj02(lon: float, lat: float) -> Pair:
    k = math.pi * 3000 / 180
    radius = math.sqrt(lon**2 + lat**2) + 2e-5 * math.sin(lat * k)
    angle = math.atan2(lat, lon) + 3e-6 * math.cos(lon * k)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09(lon: float, lat: float) -> Pair:
    return bd09_of_gcj02(*gcj02(lon, lat)) if in_box(lon, lat) else (lon, lat)


def undone(forward: Callable[[float, float], Pair], lon: float, lat: float) -> Pair:
    x, y, h = lon, lat, 1e-6
    for _ in range(20):
        fx, fy = forward(x, y)
        ax, ay = forward(x + h, y)
        bx, by = forward(x, y + h)
        a, b, c, d = (ax - fx) / h, (bx - fx) / h, (ay - fy) / h, (by - fy) / h
        rx, ry, det = lon - fx, lat - fy, a * d - b * c
        x, y = x + (d * rx - b * ry) / det, y + (a * ry - c * rx) / det
    return x, y
