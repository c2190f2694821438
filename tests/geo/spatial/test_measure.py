"""Areas and lengths against the geodesic library of PROJ, an independent implementation."""

import pyproj
import pytest
import shapely

from geo.spatial.measure import area_m2, length_m
from tests.world import box

GEOD = pyproj.Geod(ellps="WGS84")


def test_an_area_is_the_geodesic_one() -> None:
    shape = box(0, 0, 3, 2)

    geodesic = abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.001))[0])

    assert area_m2([shape])[0] == pytest.approx(geodesic, rel=1e-6)


def test_a_border_is_about_as_long_as_the_geodesic() -> None:
    shape = box(0, 0, 3, 2)

    assert length_m([shape])[0] == pytest.approx(GEOD.geometry_length(shape.exterior), rel=0.005)


def test_nothing_measures_nothing() -> None:
    assert area_m2([None, shapely.Polygon()]).tolist() == [0.0, 0.0]
    assert length_m([None]).tolist() == [0.0]
