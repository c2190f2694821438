import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from pyproj.enums import WktVersion

from geo.crs.local import Helmert, LocalGrid
from geo.crs.systems import System, system
from geo.crs.transform import from_storage
from geo.exchange.report import FileRefused
from geo.exchange.systems import decided, looking_like, unit_mismatch
from geo.exchange.table import Table

DEGREES = np.array([[116.8, 33.95]])
METRES = np.array([[481_500.0, 3_757_000.0]])
ZONED = np.array([[39_481_500.0, 3_757_000.0]])
ESRI = pyproj.CRS.from_epsg(4548).to_wkt(WktVersion.WKT1_ESRI)
LOCAL = pyproj.CRS.from_proj4("+proj=tmerc +lat_0=0 +lon_0=116.5 +x_0=500000 +ellps=krass").to_wkt()


def decide(
    named: str | None, asked: str | System | None, *, points: np.ndarray = DEGREES,
    force: bool = False, assumed: bool = False,
) -> System:  # fmt: skip
    table = Table("", pd.DataFrame(), system=named, assumed=assumed)
    return decided(table, asked=asked, force=force, file="f", points=points)


def refusal(named: str | None, asked: str | System | None, **options: np.ndarray) -> str:
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


def test_the_number_of_the_zone_must_stand_where_the_system_has_it() -> None:
    assert unit_mismatch(ZONED, system("EPSG:4548")) == "zone"
    assert unit_mismatch(METRES, system("EPSG:4527")) == "no_zone"
    assert unit_mismatch(ZONED, system("EPSG:4527")) is None
    assert unit_mismatch(ZONED[:, ::-1], system("EPSG:4527")) is None  # swapped is told elsewhere
    assert unit_mismatch(np.empty((0, 2)), system("EPSG:4527")) is None


def test_the_system_that_data_plainly_look_like_is_named() -> None:
    cell = shapely.box(116.8, 33.95, 116.9, 34.02)
    x, y = np.meshgrid(np.linspace(116.801, 116.899, 30), np.linspace(33.951, 34.019, 30))
    points = from_storage(np.column_stack([x.ravel(), y.ravel()]), "gcj02")

    told = looking_like(points, np.array([cell]))
    turned = looking_like(points[:, ::-1], np.array([cell]))

    assert told is not None
    assert turned is not None
    assert (told[0], told[1]["best"]) == ("crs_missing_likely", "gcj02")
    assert (turned[0], turned[1]["best"]) == ("crs_missing_swapped", "gcj02")
    assert looking_like(points[:3], np.array([cell])) is None


def test_a_file_in_xian_1980_is_not_taken_as_it_stands() -> None:
    # EPSG:2384 is Xian 1980 in the zone of 117° E; PROJ has no way from it to WGS-84.
    xian = pyproj.CRS.from_epsg(2384).to_wkt()

    assert refusal("EPSG:2384", None) == "crs_uncertain"
    assert refusal(xian, None) == "crs_uncertain"
    assert refusal("EPSG:2384", "EPSG:4548") == "crs_contradicted"
    assert decide(xian, "EPSG:4548", force=True).name == "EPSG:4548"


def test_control_points_go_with_a_file_in_xian_1980_but_not_with_one_in_cgcs2000() -> None:
    plane = "+proj=tmerc +lat_0=33.95 +lon_0=116.8 +ellps=WGS84 +units=m"
    grid = LocalGrid(Helmert(1.0, 0.0, 0.0, 0.0, 0.0, 0.0), plane)
    local = System(grid.name, None, None, grid)

    assert decide("EPSG:2384", local) == local
    assert decide(None, local) == local
    assert refusal("EPSG:4548", local) == "crs_contradicted"
    assert decide("EPSG:4548", local, force=True) == local
