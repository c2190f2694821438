import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from pyproj.enums import WktVersion

from geo.crs.offsets import gcj02_to_bd09, wgs84_to_gcj02
from geo.crs.systems import System, system
from geo.crs.transform import from_storage
from geo.exchange.report import FileRefused
from geo.exchange.systems import decided, likelier, unit_mismatch
from geo.exchange.table import Table

DEGREES = np.array([[116.8, 33.95]])
METRES = np.array([[481_500.0, 3_757_000.0]])
ZONED = np.array([[39_481_500.0, 3_757_000.0]])
ESRI = pyproj.CRS.from_epsg(4548).to_wkt(WktVersion.WKT1_ESRI)
LOCAL = pyproj.CRS.from_proj4("+proj=tmerc +lat_0=0 +lon_0=116.5 +x_0=500000 +ellps=krass").to_wkt()


def decide(
    named: str | None, asked: str | None, *, points: np.ndarray = DEGREES, force: bool = False,
    assumed: bool = False,
) -> System:  # fmt: skip
    table = Table("", pd.DataFrame(), system=named, assumed=assumed)
    return decided(table, asked=asked, force=force, file="f", points=points)


def refusal(named: str | None, asked: str | None, **options: np.ndarray) -> str:
    with pytest.raises(FileRefused) as refused:
        decide(named, asked, **options)
    return str(refused.value.facts["reason"])


@pytest.mark.parametrize(
    ("points", "key"),
    [
        (DEGREES, "crs_missing_degrees"),
        (METRES, "crs_missing_metres"),
        (ZONED, "crs_missing_zone"),
        (np.empty((0, 2)), "crs_missing_unknown"),
    ],
)
def test_a_file_that_names_no_system_is_asked_for_one_by_its_numbers(
    points: np.ndarray, key: str
) -> None:
    assert refusal(None, None, points=points) == key


def test_the_zone_before_the_easting_names_its_system() -> None:
    # EPSG:4513 is zone 25, so zone 39 is EPSG:4527, and 39 x 3 = 117 degrees east its meridian.
    with pytest.raises(FileRefused) as refused:
        decide(None, None, points=ZONED)

    assert "--crs EPSG:4527" in refused.value.message("zh")
    assert pyproj.CRS.from_epsg(4527).name.endswith("zone 39")


def test_the_users_word_counts_where_the_file_says_nothing() -> None:
    assert decide(None, "gcj02").name == "gcj02"
    assert decide("EPSG:4326", "gcj02", assumed=True).name == "gcj02"


def test_the_files_word_counts_where_the_user_says_nothing() -> None:
    assert decide("EPSG:3067", None).name == "EPSG:3067"
    assert decide("EPSG:4326", None, assumed=True).name == "wgs84"


def test_a_system_in_the_words_of_esri_is_known_by_its_code() -> None:
    assert decide(ESRI, None).name == "EPSG:4548"
    assert decide(ESRI, "EPSG:4548").name == "EPSG:4548"


def test_wgs84_and_cgcs2000_do_not_contradict_each_other() -> None:
    assert decide("EPSG:4490", "wgs84").name == "wgs84"


def test_a_contradiction_is_refused_unless_forced() -> None:
    assert refusal("EPSG:4326", "gcj02") == "crs_contradicted"
    assert decide("EPSG:4326", "gcj02", force=True).name == "gcj02"


def test_a_system_without_a_code_needs_the_users_word_and_force() -> None:
    assert refusal(LOCAL, None) == "crs_without_code"
    assert refusal(LOCAL, "EPSG:4548") == "crs_contradicted"
    assert decide(LOCAL, "EPSG:4548", force=True).name == "EPSG:4548"


def test_numbers_in_the_wrong_unit_are_seen() -> None:
    assert unit_mismatch(DEGREES, system("EPSG:4548")) == "degrees"
    assert unit_mismatch(METRES, system("gcj02")) == "metres"
    assert unit_mismatch(ZONED, system("EPSG:4326")) == "metres"
    assert unit_mismatch(METRES, system("EPSG:4548")) is None
    assert unit_mismatch(DEGREES, system("EPSG:4490")) is None


@pytest.mark.parametrize("name", ["gcj02", "bd09", "EPSG:4548", "EPSG:4527", "EPSG:3857"])
def test_the_system_that_puts_the_points_into_the_grid_is_found(name: str) -> None:
    # 200 m square cell, so that the 500 m of GCJ-02 bring every point outside.
    cell = shapely.box(116.8, 33.95, 116.802, 33.952)
    points = np.array([[116.8005, 33.9505], [116.8015, 33.9515]])

    best, more, now = likelier(from_storage(points, name), system("wgs84"), np.array([cell]))

    assert (best, more, now) == (name, 2, 0)


def test_the_shift_of_bd09_is_not_taken_for_gcj02() -> None:
    points = np.array([[116.8005, 33.9505]])

    assert np.abs(gcj02_to_bd09(wgs84_to_gcj02(points)) - wgs84_to_gcj02(points)).max() > 0.005
