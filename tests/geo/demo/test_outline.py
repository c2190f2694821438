"""The outline and the divisions as they come from their sources."""

import numpy as np
import shapely

from geo.crs.offsets import wgs84_to_gcj02
from geo.demo import outline
from geo.spatial.measure import area_m2


def test_the_outline_covers_what_the_source_covers() -> None:
    # Shoelace area of the source ring, in GCJ-02, is 141.6 km² in EPSG:4548.
    assert abs(area_m2([shapely.polygons(outline.ring())])[0] / 1e6 - 141.6) < 0.3


def test_the_outline_was_converted_from_gcj02() -> None:
    source = shapely.from_geojson(
        (outline.DATA / "outline_gcj02.geojson").read_text(encoding="utf-8")
    )
    back = shapely.linestrings(wgs84_to_gcj02(outline.ring()))
    corners = shapely.points(shapely.get_coordinates(source))

    assert shapely.distance(corners, back).max() < 1e-6


def test_vertices_stand_close_enough_for_streets_to_end_at_them() -> None:
    steps = np.hypot(*np.diff(outline.ring(), axis=0).T)

    assert steps.max() < 0.0003
    assert steps.min() > 0.0


def test_there_are_10_streets_and_88_communities_with_unique_codes() -> None:
    codes = [division.code for division in outline.divisions()]

    assert [sum(len(code) == digits for code in codes) for digits in (6, 9, 12)] == [1, 10, 88]
    assert len(set(codes)) == 99
