"""Every zone against the parameters that EPSG itself gives."""

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs.transform import from_storage, to_wgs84
from geo.crs.zones import ZONES, other_form, plain_zone, zone, zone_of

CHINA_LAT = st.floats(18.0, 53.5)


def test_there_are_all_zones_of_both_widths_in_both_forms() -> None:
    # 21 meridians by 3 degrees and 11 by 6, twice each.
    assert sorted(ZONES) == [*range(4491, 4555)]


@pytest.mark.parametrize("epsg", sorted(ZONES))
def test_a_zone_is_what_epsg_says(epsg: int) -> None:
    known, crs = ZONES[epsg], pyproj.CRS.from_epsg(epsg)
    found = {p.name: p.value for p in crs.coordinate_operation.params}

    assert found["Longitude of natural origin"] == known.meridian
    assert found["False easting"] == 500_000 + 1_000_000 * known.number * known.numbered
    assert found["Scale factor at natural origin"] == 1.0
    assert f"{'3-degree ' if known.width == 3 else ''}Gauss-Kruger" in crs.name


@pytest.mark.parametrize("epsg", sorted(ZONES))
def test_the_other_form_differs_by_the_number_alone(epsg: int) -> None:
    known = ZONES[epsg]
    other = other_form(epsg)

    assert other is not None
    assert other_form(other.epsg) == known
    point = [[known.meridian + 0.5, 33.95]]
    apart = from_storage(point, other.name) - from_storage(point, known.name)
    sign = -1 if known.numbered else 1
    assert np.abs(apart - [[sign * 1_000_000 * known.number, 0]]).max() < 1e-6


@settings(deadline=None)
@given(epsg=st.sampled_from(sorted(ZONES)), off=st.floats(-3.0, 3.0), lat=CHINA_LAT)
def test_a_zone_agrees_with_geographic_degrees_by_proj(epsg: int, off: float, lat: float) -> None:
    lon = ZONES[epsg].meridian + off
    oracle = pyproj.Proj(f"epsg:{epsg}")  # no datum, no axis order, none of our transformers

    assert np.abs(from_storage([[lon, lat]], f"EPSG:{epsg}") - [oracle(lon, lat)]).max() < 1e-6


@settings(deadline=None)
@given(epsg=st.sampled_from(sorted(ZONES)), off=st.floats(-3.0, 3.0), lat=CHINA_LAT)
def test_there_and_back_closes_within_a_micrometre(epsg: int, off: float, lat: float) -> None:
    point = [[ZONES[epsg].meridian + off, lat]]
    name = f"EPSG:{epsg}"

    assert np.abs(to_wgs84(from_storage(point, name), name) - point).max() < 9e-12


def test_the_number_before_the_easting_names_the_zone() -> None:
    # 39 x 3 = 117; 20 x 6 - 3 = 117.
    assert zone_of(np.array([[39_481_500.0, 3.7e6], [39_520_000.0, 3.7e6]])) == ZONES[4527]
    assert zone_of(np.array([[20_481_500.0, 3.7e6]])) == ZONES[4498]
    assert plain_zone(117) == ZONES[4548]


@pytest.mark.parametrize(
    "points",
    [
        np.empty((0, 2)),
        np.array([[39_481_500.0, 3.7e6], [40_481_500.0, 3.7e6]]),
        np.array([[481_500.0, 3.7e6]]),
        np.array([[24_481_500.0, 3.7e6]]),
        np.array([[np.nan, 3.7e6]]),
        np.array([[39_481_500.0, 3.7e6], [np.inf, 3.7e6]]),
    ],
)
def test_without_one_number_there_is_no_zone(points: np.ndarray) -> None:
    assert zone_of(points) is None


def test_what_is_no_zone_has_none() -> None:
    assert (zone(24), zone(46), plain_zone(116), other_form(4326)) == (None, None, None, None)
