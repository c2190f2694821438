"""Into storage and out again; what cannot be a coordinate is refused by name."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs.systems import CrsUncertain, UnknownCrs, system
from geo.crs.transform import CoordinateRefused, from_storage, geometries_to_storage, to_storage
from geo.spatial.storage import GRID

SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4527", "EPSG:4548", "EPSG:3857"]


@pytest.mark.parametrize("crs", SYSTEMS)
@settings(deadline=None)
@given(x=st.floats(116.5, 117.2), y=st.floats(33.7, 34.2))
def test_out_and_in_again_is_the_same_grid_point(crs: str, x: float, y: float) -> None:
    stored = to_storage([[x, y]], "wgs84")

    assert (to_storage(from_storage(stored, crs), crs) == stored).all()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("WGS84", "wgs84"), ("wgs-84", "wgs84"), ("EPSG:4326", "wgs84"), ("4490", "cgcs2000"),
        ("GCJ-02", "gcj02"), ("BD09", "bd09"), ("epsg:4527", "EPSG:4527"),
        ("urn:ogc:def:crs:EPSG::4527", "EPSG:4527"), ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("http://www.opengis.net/def/crs/EPSG/0/4527", "EPSG:4527"),
    ],
)  # fmt: skip
def test_a_system_is_known_by_its_usual_names(name: str, meant: str) -> None:
    assert system(name).name == meant


@pytest.mark.parametrize("name", ["", "wgs", "EPSG:", "EPSG:999999", "mars", "4326; DROP"])
def test_an_unknown_system_is_refused(name: str) -> None:
    with pytest.raises(UnknownCrs):
        system(name)


@pytest.mark.parametrize("name", [None, 4527, True, ["wgs84"], b"wgs84", 1.5])
def test_what_is_no_name_is_an_unknown_system(name: Any) -> None:
    with pytest.raises(UnknownCrs):
        system(name)


@pytest.mark.parametrize(
    "epsg",
    [
        4214, 2422, 2437, 21453,  # Beijing 1954: several ways, by place, one of them no shift
        4610, 2343, 2327,  # Xi'an 1980: no way at all
        4555,  # New Beijing: none
        27700, 4267,  # Great Britain, North America: several, some worse than 5 m
    ],
)  # fmt: skip
def test_a_system_without_a_certain_way_to_wgs84_is_refused(epsg: int) -> None:
    with pytest.raises(CrsUncertain) as refused:
        system(f"EPSG:{epsg}")

    assert "--control" in refused.value.message("zh")


@pytest.mark.parametrize("epsg", [4491, 4513, 4534, 3067, 3857, 32650, 4258, 2193])
def test_a_system_with_one_good_way_is_taken(epsg: int) -> None:
    assert system(f"EPSG:{epsg}").epsg == epsg


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09", "EPSG:4527"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_refused(crs: str, bad: float) -> None:
    with pytest.raises(CoordinateRefused):
        to_storage([[bad, 33.9]], crs)


@pytest.mark.parametrize("point", [[181.0, 0.0], [0.0, 90.1], [33.9, 116.8]])
def test_a_point_off_the_globe_is_refused(point: list[float]) -> None:
    with pytest.raises(CoordinateRefused):
        to_storage([point], "wgs84")


def test_the_zone_number_in_front_of_the_easting_is_understood() -> None:
    # CGCS2000 zone 39 has its false easting at 39,500,000 m on 117° E.
    assert np.abs(to_storage([[39_500_000.0, 3_758_000.0]], "EPSG:4527")[0, 0] - 117.0) < GRID


def test_geometries_lose_their_height_and_keep_null() -> None:
    given_shapes = [shapely.from_wkt("POINT Z (116.8 33.9 12)"), None]

    point, nothing = geometries_to_storage(given_shapes, "wgs84")

    assert (shapely.has_z(point), nothing) == (False, None)


@pytest.mark.parametrize("name", ["EPSG:5773", "EPSG:4978"])
def test_heights_and_geocentric_systems_are_no_places(name: str) -> None:
    with pytest.raises(UnknownCrs):
        system(name)
