"""What data look like: named when it is plain, and never when it is not."""

import numpy as np
import pytest
import shapely

from geo.crs.detect import Detection, detect
from geo.crs.systems import system
from geo.crs.transform import from_storage
from geo.demo.outline import ring

# About 18 x 14 km around Huaibei, not a box, so that each side counts.
DISTRICT = shapely.Polygon(
    [(116.70, 33.90), (116.80, 33.88), (116.90, 33.91), (116.91, 33.99), (116.80, 34.02),
     (116.69, 33.98)]
)  # fmt: skip
ALL_SYSTEMS = [
    "wgs84", "gcj02", "bd09", "EPSG:4527", "EPSG:4548", "EPSG:4498", "EPSG:32650", "EPSG:3857",
    "EPSG:4547",
]  # fmt: skip


def places(count: int, *, seed: int = 1, area: shapely.Polygon = DISTRICT) -> np.ndarray:
    random = np.random.default_rng(seed)
    west, south, east, north = area.bounds
    drawn = np.column_stack(
        [random.uniform(west, east, 3 * count), random.uniform(south, north, 3 * count)]
    )
    return drawn[shapely.contains_xy(area, *drawn.T)][:count]


def named(found: Detection) -> tuple[str, bool] | None:
    return (found.likely.system.name, found.likely.swapped) if found.likely else None


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("crs", ALL_SYSTEMS)
def test_data_all_over_a_district_are_known_by_their_system(crs: str, swapped: bool) -> None:
    given = from_storage(places(1500), crs)

    found = detect(given[:, ::-1] if swapped else given, [DISTRICT])

    assert named(found) == (crs, swapped)
    assert found.rivals == ()


def test_the_outline_of_a_real_district_tells_the_datum() -> None:
    district = shapely.Polygon(ring())
    inside = places(1500, area=district)

    assert named(detect(from_storage(inside, "gcj02"), [district])) == ("gcj02", False)
    assert named(detect(inside, [district])) == ("wgs84", False)


def test_cgcs2000_is_told_as_its_equal() -> None:
    assert named(detect(from_storage(places(1500), "cgcs2000"), [DISTRICT])) == ("wgs84", False)


def test_cells_serve_as_well_as_an_outline() -> None:
    west, south, east, north = DISTRICT.bounds
    boxes = [
        shapely.box(x, y, x + 0.02, y + 0.02)
        for x in np.arange(west, east, 0.02) for y in np.arange(south, north, 0.02)
    ]  # fmt: skip
    cells = shapely.intersection(boxes, DISTRICT)

    found = detect(from_storage(places(1500), "bd09"), cells[~shapely.is_empty(cells)])

    assert named(found) == ("bd09", False)


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
def test_data_in_the_middle_alone_are_never_guessed(crs: str) -> None:
    # 2.5 km from the outline at least, more than BD-09 shifts by: every datum puts them inside.
    middle = DISTRICT.buffer(-0.025)

    found = detect(from_storage(places(1500, area=middle), crs), [DISTRICT])

    assert found.likely is None
    assert {r.system.name for r in found.rivals} == {"wgs84", "gcj02", "bd09"}
    assert {r.inside for r in found.rivals} == {found.places}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("count", [3, 30, 100, 400])
def test_few_data_are_named_rightly_or_not_at_all(crs: str, seed: int, count: int) -> None:
    found = detect(from_storage(places(count, seed=seed), crs), [DISTRICT])

    assert named(found) in (None, (crs, False))


@pytest.mark.parametrize("seed", range(5))
def test_a_tenth_of_strays_does_not_mislead(seed: int) -> None:
    random = np.random.default_rng(seed)
    strays = random.uniform((116.6, 33.8), (117.0, 34.1), (150, 2))
    given = from_storage(np.vstack([places(1500, seed=seed), strays]), "gcj02")

    assert named(detect(given, [DISTRICT])) in (None, ("gcj02", False))


def test_many_flats_in_one_block_are_one_witness() -> None:
    # 500 rows at one door near the border, which only GCJ-02 puts inside.
    edge = [[116.7002, 33.9405]]
    given = np.repeat(from_storage(edge, "gcj02"), 500, axis=0)

    found = detect(given, [DISTRICT])

    assert (found.places, found.likely) == (1, None)


def test_data_of_another_town_look_like_nothing() -> None:
    found = detect(np.add(places(500), [3.0, 0.0]), [DISTRICT])

    assert (found.readings, found.rivals, found.likely) == ((), (), None)


def test_data_half_outside_are_not_named() -> None:
    given = np.vstack([places(200), np.add(places(600), [3.0, 0.0])])

    assert detect(from_storage(given, "gcj02"), [DISTRICT]).likely is None


def test_a_further_system_is_tried_when_named() -> None:
    # EPSG:2326, Hong Kong's grid, is nothing that data of another place come in.
    harbour = shapely.box(114.10, 22.27, 114.20, 22.33)
    given = from_storage(places(1000, area=harbour), "EPSG:2326")

    assert detect(given, [harbour]).likely is None
    assert named(detect(given, [harbour], also=["EPSG:2326"])) == ("EPSG:2326", False)


@pytest.mark.parametrize(
    "given", [np.empty((0, 2)), [[np.nan, np.nan]], [[np.inf, 1.0], [1.0, -np.inf]]]
)
def test_without_places_there_is_nothing_to_say(given: list[list[float]]) -> None:
    assert detect(given, [DISTRICT]) == Detection((), (), None, 0)


def test_without_an_area_there_is_nothing_to_say() -> None:
    assert detect(places(10), []).likely is None


def test_how_many_lie_inside_is_told_for_any_system() -> None:
    given = places(50, area=DISTRICT.buffer(-0.025))

    found = detect(given, [DISTRICT])

    assert found.inside(system("wgs84")) == found.places
    assert found.inside(system("EPSG:4548")) == 0


def test_stray_numbers_do_not_make_degrees_metres() -> None:
    given = np.vstack([from_storage(places(1500), "gcj02"), [[1e7, 1e7], [0, 0]]])

    assert named(detect(given, [DISTRICT])) == ("gcj02", False)
