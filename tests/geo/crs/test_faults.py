"""What is no coordinate is refused by its row; nothing is read out of what is no number."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.crs.faults import CoordinateNotNumber, Fault, as_points
from geo.crs.transform import (
    AxesSwapped,
    CoordinateBeyondCrs,
    CoordinateRefused,
    from_storage,
    possible,
    to_storage,
    to_storage_each,
    to_wgs84,
)


@pytest.mark.parametrize(
    "bad",
    [
        [116.8, "33.95"], ["116.8", "33.95"], [True, 33.95], [116.8, False], [116.8, None],
        [None, None], [np.bool_(True), 1.0], [116.8, 33.95j], [Decimal("116.8"), 33.95],
        [116.8, 10**400], [b"1", 2], [[116.8], 33.95], [116.8], [1, 2, 3], "ab", None, 116.8,
    ],
)  # fmt: skip
def test_what_is_no_pair_of_numbers_is_refused_by_its_row(bad: Any) -> None:
    with pytest.raises(CoordinateNotNumber) as refused:
        to_storage([[116.8, 33.95], bad], "wgs84")

    assert refused.value.facts["row"] == 1
    assert refused.value.facts["value"] in refused.value.message("zh")


@pytest.mark.parametrize(
    "bad",
    [
        np.array([[True, False]]), np.array([["116.8", "33.95"]]), np.array([[116.8, 33.95, 5.0]]),
        np.array([116.8, 33.95]), np.array(116.8), 116.8, "116.8,33.95", {"lon": 1}, None,
        np.array([["2026-11-22", "2026-11-22"]], dtype="datetime64[D]"),
        pd.DataFrame({"lon": ["116.8"], "lat": [33.95]}),
    ],
)  # fmt: skip
def test_arrays_of_anything_else_are_refused(bad: Any) -> None:
    with pytest.raises(CoordinateNotNumber):
        as_points(bad)


@pytest.mark.parametrize(
    "good",
    [
        [(1, 2)], [[1, 2.0]], np.array([[1, 2]]), np.array([[1, 2]], dtype=object),
        [np.array([1, 2])], np.array([[1, 2]], dtype=np.float32), pd.DataFrame([[1, 2]]),
        [[np.int64(1), np.float32(2)]], np.array([[1, 2]], dtype=np.uint8),
    ],
)  # fmt: skip
def test_numbers_of_any_kind_are_taken(good: Any) -> None:
    points = as_points(good)

    assert points.dtype == np.float64
    assert points.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("nothing", [[], np.empty((0, 2)), np.empty(0), pd.DataFrame()])
def test_nothing_is_no_points(nothing: Any) -> None:
    assert to_storage(nothing, "gcj02").shape == (0, 2)


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_swapped_axes_are_called_swapped(crs: str) -> None:
    with pytest.raises(AxesSwapped) as refused:
        to_storage([[116.8, 33.95], [33.95, 116.8]], crs)

    facts = refused.value.facts
    assert (facts["rows"], facts["count"], facts["lon"]) == ([1], 1, 33.95)
    assert "116.8, 33.95" in refused.value.message("en")


def test_a_northing_before_the_easting_is_called_swapped() -> None:
    # Chinese surveys call the northing X.
    with pytest.raises(AxesSwapped):
        to_storage([[3_757_000.0, 481_500.0]], "EPSG:4548")


@pytest.mark.parametrize(
    ("point", "crs"),
    [
        ([39_481_500.0, 3_757_000.0], "EPSG:4548"),  # number before the easting, code without
        ([481_500.0, 3_757_000.0], "EPSG:4527"),  # code with, number missing
        ([40_481_500.0, 3_757_000.0], "EPSG:4527"),  # the number of the next zone
        ([116.8, 33.95], "EPSG:4548"),  # degrees
        ([116.8, 33.95], "EPSG:3067"),
        ([481_500.0, 93_757_000.0], "EPSG:4548"),
        ([1e30, 1e30], "EPSG:4548"),
    ],
)
def test_numbers_far_from_where_a_system_is_used_are_refused(point: list[float], crs: str) -> None:
    with pytest.raises(CoordinateBeyondCrs) as refused:
        to_storage([point], crs)

    assert crs in refused.value.message("zh")


def test_the_next_zone_is_still_within_reach() -> None:
    # A city east of its zone, at 120.2° E in zone 39 (117° E): 6° beyond 118.5° E are taken.
    there = from_storage([[120.2, 33.95]], "EPSG:4527")

    assert np.abs(to_wgs84(there, "EPSG:4527") - [[120.2, 33.95]]).max() < 1e-9


def test_a_system_across_the_date_line_is_whole() -> None:
    # EPSG:3832, PDC Mercator, is used from 98.69°E across 180° to 68°W.
    both = [[179.9, -17.0], [-179.9, -17.0], [-72.0, 0.0]]

    assert np.abs(to_wgs84(from_storage(both, "EPSG:3832"), "EPSG:3832") - both).max() < 1e-9
    africa = np.array([[-13_358_000.0, 0.0]])  # 30° E, 120° west of its meridian 150° E
    assert not possible(africa, "EPSG:3832").any()


def test_what_cannot_be_drawn_in_a_system_is_refused_on_the_way_out() -> None:
    with pytest.raises(CoordinateBeyondCrs):
        from_storage([[116.8, 33.95], [-70.0, 10.0]], "EPSG:4548")


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09", "EPSG:4548"])
def test_nan_goes_out_as_nan_beside_the_others(crs: str) -> None:
    out = from_storage([[np.nan, np.nan], [116.8, 33.95]], crs)

    assert np.isnan(out[0]).all()
    assert np.abs(to_wgs84(out[1:], crs) - [[116.8, 33.95]]).max() < 1e-11


def test_a_batch_keeps_the_good_rows_and_names_the_fault_of_each_other() -> None:
    each = to_storage_each(
        [[116.8, 33.95], [33.95, 116.8], [np.nan, 33.95], [np.inf, 0], [200, 95], [116.9, 34]],
        "gcj02",
    )

    assert each.faults.tolist() == [
        Fault.NONE, Fault.SWAPPED, Fault.NOT_FINITE, Fault.NOT_FINITE, Fault.OFF_GLOBE, Fault.NONE,
    ]  # fmt: skip
    assert np.isnan(each.points[1:5]).all()
    alone = to_storage([[116.8, 33.95], [116.9, 34.0]], "gcj02")
    assert (each.points[[0, 5]] == alone).all()


def test_a_batch_in_metres_names_its_faults_too() -> None:
    each = to_storage_each(
        [[481_500, 3_757_000], [3_757_000, 481_500], [39_481_500, 3_757_000]], "EPSG:4548"
    )

    assert each.faults.tolist() == [Fault.NONE, Fault.SWAPPED, Fault.BEYOND_CRS]


def test_the_first_fault_decides_and_all_are_counted() -> None:
    with pytest.raises(CoordinateRefused) as refused:
        to_storage([[0, 0], [200, 95], [33.95, 116.8], [np.nan, 1]], "wgs84")

    facts = refused.value.facts
    assert refused.value.code == "coordinate_refused"
    assert (facts["count"], facts["rows"], facts["lon"]) == (3, [1, 2, 3], 200.0)


def test_at_most_twenty_rows_are_named() -> None:
    with pytest.raises(CoordinateRefused) as refused:
        to_storage([[np.nan, 1.0]] * 50, "wgs84")

    assert (refused.value.facts["count"], len(refused.value.facts["rows"])) == (50, 20)
    assert refused.value.facts["lon"] == "nan"
