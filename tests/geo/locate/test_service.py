"""Locating in SQL: one owner, agreement with memory, doubt, outside, and the past."""

from datetime import timedelta

import geopandas as gpd
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo.access.actors import Actor, ActorKind, Grant
from geo.access.roles import Role
from geo.access.scope import Scope
from geo.clock import now
from geo.crs.faults import AxesSwapped
from geo.crs.transform import from_storage
from geo.errors import GeoError
from geo.grid.frames import tree
from geo.grid.service import publish_cells
from geo.grid.tree import leaves
from geo.locate.answer import Located
from geo.locate.service import (
    AccuracyRefused,
    BuildingUnknown,
    CoordinateLacking,
    MomentRefused,
    PlaceUnclear,
    Question,
    locate,
)
from geo.runtime import Runtime
from geo.spatial.covers import first_covering
from geo.work import Work
from tests import world
from tests.geo.grid.test_service import divided

pytestmark = pytest.mark.db

GEOD = pyproj.Geod(ellps="WGS84")


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def ask(work: Work, east: float, north: float, **more: object) -> Located:
    place = world.at(east, north)
    return locate(work, Question(lon=place.x, lat=place.y, **more))  # type: ignore[arg-type]


def codes(found: Located) -> list[str]:
    return [cell.code for cell in found.cells]


def test_a_point_resolves_to_its_chain_root_first(town: Work) -> None:
    found = ask(town, 0.25, 0.5)

    assert codes(found) == ["100", "100A", "100A2", "100A2001"]
    assert [cell.level for cell in found.cells] == [1, 2, 3, 4]
    assert (found.matched, found.version, found.nearest) == (True, 1, None)


def test_a_point_on_a_shared_border_goes_to_the_lower_code(town: Work) -> None:
    assert codes(ask(town, 0.5, 0.5))[-1] == "100A2001"
    assert codes(ask(town, 1.0, 1.5))[-1] == "100A1"


def test_the_corner_of_four_goes_to_the_lowest_code(town: Work) -> None:
    found = ask(town, 1.0, 1.0)

    assert codes(found)[-1] == "100A1"
    assert found.boundary is not None
    assert [c.code for c in found.boundary.candidates] == ["100A2002", "100B1", "100B2"]


def test_the_outline_belongs_to_the_town(town: Work) -> None:
    assert codes(ask(town, 0.0, 0.0))[-1] == "100A2001"


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4548"])
def test_each_datum_finds_the_same_cell(town: Work, crs: str) -> None:
    place = world.at(0.25, 0.5)
    lon, lat = from_storage([[place.x, place.y]], crs)[0].tolist()

    found = locate(town, Question(lon=lon, lat=lat, crs=crs))

    assert codes(found)[-1] == "100A2001"
    assert (found.point.lon, found.point.lat) == (place.x, place.y)
    assert found.point.source_crs == crs


def test_the_distance_to_the_border_is_the_geodesic_one(town: Work) -> None:
    found = ask(town, 1.25, 0.5)

    place, foot = world.at(1.25, 0.5), world.at(1.0, 0.5)
    expected = GEOD.inv(place.x, place.y, foot.x, foot.y)[2]
    assert found.boundary is not None
    assert found.boundary.distance_m == pytest.approx(expected, rel=1e-6)
    assert not found.boundary.on_boundary


def test_a_border_nearer_than_the_accuracy_is_ambiguous(town: Work) -> None:
    found = ask(town, 1.25, 0.5, accuracy_m=200.0)

    assert found.boundary is not None
    assert found.boundary.ambiguous
    assert [c.code for c in found.boundary.candidates] == ["100A2002"]


def test_a_border_farther_than_the_accuracy_is_certain(town: Work) -> None:
    found = ask(town, 1.25, 0.5, accuracy_m=100.0)

    assert found.boundary is not None
    assert (found.boundary.ambiguous, found.boundary.candidates) == (False, ())


def test_outside_the_nearest_cell_and_its_distance_are_named(town: Work) -> None:
    found = ask(town, 2.5, 1.5)

    place, foot = world.at(2.5, 1.5), world.at(2.0, 1.5)
    expected = GEOD.inv(place.x, place.y, foot.x, foot.y)[2]
    assert (found.matched, found.cells, found.boundary) == (False, (), None)
    assert found.nearest is not None
    assert found.nearest.code == "100B1"
    assert found.nearest.distance_m == pytest.approx(expected, rel=1e-6)
    assert found.team.reason == "outside"


def test_the_nearest_is_by_metres_and_not_by_degrees(town: Work) -> None:
    # An oracle that walks every border in small steps with PROJ's geodesics.
    found = ask(town, -0.5, 2.5)

    distances = {
        code: _distance(shape, world.at(-0.5, 2.5))
        for code, shape in leaves(tree(town.session, 1)).geometry.items()
    }
    assert found.nearest is not None
    assert found.nearest.code == min(distances, key=lambda code: (distances[code], code))


def _distance(shape: shapely.Polygon, point: shapely.Point) -> float:
    ring = shapely.segmentize(shape.exterior, world.STEP / 256)
    return min(GEOD.inv(point.x, point.y, x, y)[2] for x, y in ring.coords)


def test_a_building_resolves_with_the_people_of_building_and_cell(town: Work) -> None:
    found = locate(town, Question(building="b1"))

    assert codes(found)[-1] == "100A2001"
    assert [(d.name, d.via.value, d.primary) for d in found.team.members] == [
        ("沈知夏", "cell", True),
        ("骆平川", "building", False),
    ]
    assert found.team.reason == "building > cell"


def test_a_cell_without_workers_asks_its_parent(town: Work) -> None:
    found = ask(town, 0.75, 0.5)

    assert [(d.name, d.via.value, d.cell_code) for d in found.team.members] == [
        ("陶一禾", "parent_cell", "100A2")
    ]


def test_somebody_who_sees_no_people_still_learns_who_answers(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.work(Actor.anonymous()) as work:
        assert locate(work, Question(building="b1")).team.members[0].name == "沈知夏"


def test_the_past_is_answered_by_the_borders_of_then(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.work(Actor.system("test")) as work:
        before = work.now
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, divided(), note="second")
    with runtime.work(Actor.system("test")) as work:
        then, now = ask(work, 1.25, 0.5, as_of=before), ask(work, 1.25, 0.5)

    assert (then.version, codes(then)[-1]) == (1, "100B2")
    assert (now.version, codes(now)[-1]) == (2, "100B2001")


def in_area(code: str, paths: dict[str, str], role: Role = Role.VOLUNTEER) -> Actor:
    """Return a person who holds a role in a cell."""
    grants = (Grant(role, paths[code]),)
    return Actor("person", Scope.of_areas([paths[code]]), ActorKind.PERSON, 1, grants)


def test_who_answered_once_is_told_to_staff_of_that_area_alone_and_noted(runtime: Runtime) -> None:
    world.store(runtime)
    paths = world.paths(runtime)
    question = Question(building="b1", as_of=now())  # before any work that follows

    told = {}
    for name, actor in {
        "anybody": Actor.anonymous(),
        "next door": in_area("100A2002", paths),
        "leader elsewhere": in_area("100B", paths, Role.DUTY_LEADER),
        "no team reader": in_area("100", paths, Role.AUDIT_ADMIN),
        "there": in_area("100A2001", paths),
        "above": in_area("100A", paths, Role.DUTY_LEADER),
        "operator": Actor.system("test"),
    }.items():
        with runtime.work(actor, reading=True) as work:
            found = locate(work, question)
        assert codes(found)[-1] == "100A2001", name
        subjects = [(note.action.value, len(note.subjects)) for note in work.notes]
        told[name] = (found.team.reason, len(found.team.members), subjects)

    withheld = ("withheld", 0, [])
    given = ("building > cell", 2, [("workforce.read", 2)])
    assert told == {
        "anybody": withheld,
        "next door": withheld,
        "leader elsewhere": withheld,
        "no team reader": withheld,
        "there": given,
        "above": given,
        "operator": given,
    }


def test_who_has_left_answers_no_more_and_who_has_not_begun_not_yet(runtime: Runtime) -> None:
    world.store(runtime)

    def answering(employed_from: str, employed_to: str) -> list[str]:
        with runtime.work(Actor.system("test")) as work:
            work.session.execute(
                text(
                    f"UPDATE worker SET employed_from = {employed_from},"
                    f" employed_to = {employed_to} WHERE code = 'w1'"
                )
            )
        with runtime.work(Actor.anonymous()) as work:
            return [duty.name for duty in locate(work, Question(building="b1")).team.members]

    # b1 has w2; its grid w1, who stands first; the community above w3.
    both, left = ["沈知夏", "骆平川"], ["陶一禾", "骆平川"]
    assert answering("NULL", "NULL") == both
    assert answering("CURRENT_DATE", "CURRENT_DATE + 1") == both
    assert answering("CURRENT_DATE - 9", "CURRENT_DATE") == left  # the day it ended is none of it
    assert answering("CURRENT_DATE + 1", "NULL") == left


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (Question(), PlaceUnclear),
        (Question(lon=1.0), CoordinateLacking),
        (Question(lat=1.0), CoordinateLacking),
        (Question(lon=1.0, building="b1"), PlaceUnclear),
        (Question(lon=1.0, lat=1.0, building="b1"), PlaceUnclear),
        (Question(building="nowhere"), BuildingUnknown),
        (Question(building="b1", accuracy_m=-1.0), AccuracyRefused),
        (Question(building="b1", accuracy_m=float("nan")), AccuracyRefused),
    ],
)
def test_a_question_that_cannot_be_right_is_refused(
    town: Work, question: Question, error: type[GeoError]
) -> None:
    with pytest.raises(error):
        locate(town, question)


def test_the_future_is_refused(town: Work) -> None:
    with pytest.raises(MomentRefused):
        ask(town, 0.5, 0.5, as_of=town.now + timedelta(seconds=1))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(-4, 36), st.integers(-4, 36))
def test_sql_and_memory_agree_on_borders_corners_and_outside(town: Work, x: int, y: int) -> None:
    cells = leaves(tree(town.session, 1))
    (owner,) = first_covering([world.at(x / 16, y / 16)], cells.geometry.to_numpy())

    found = ask(town, x / 16, y / 16)

    assert codes(found)[-1:] == ([cells["code"].iloc[owner]] if owner >= 0 else [])


@pytest.fixture
def slanted(work: Work) -> Work:
    """Two cells that share a border of about 14 km, from corner to corner."""
    corners = [(0, 0), (16, 0), (16, 16), (0, 16)]
    south = shapely.Polygon(
        [world.at(x, y).coords[0] for x, y in (corners[0], corners[1], corners[2])]
    )
    north = shapely.Polygon(
        [world.at(x, y).coords[0] for x, y in (corners[0], corners[2], corners[3])]
    )
    publish_cells(
        work,
        gpd.GeoDataFrame(
            {
                "code": ["1", "1n", "1s"],
                "name": ["区", "北", "南"],
                "level": [1, 2, 2],
                "parent_code": [None, "1", "1"],
                "geometry": [None, north, south],
            },
            crs=4326,
        ),
        note="slanted",
    )
    return work


def test_a_point_on_a_long_border_is_on_it_with_its_neighbour(slanted: Work) -> None:
    found = ask(slanted, 8, 8)

    assert codes(found) == ["1", "1n"]
    assert found.boundary is not None
    assert (found.boundary.on_boundary, found.boundary.distance_m) == (True, 0.0)
    assert [c.code for c in found.boundary.candidates] == ["1s"]


def test_just_outside_a_long_border_the_nearest_is_a_step_away(slanted: Work) -> None:
    found = ask(slanted, 8, 16 + 1 / 1024)

    assert found.nearest is not None
    assert found.nearest.code == "1n"
    assert found.nearest.distance_m == pytest.approx(0.85, abs=0.05)  # 2**-17 degree of latitude


@pytest.fixture
def western(work: Work) -> Work:
    """A cell where both numbers of a point are less than ninety."""
    frame = gpd.GeoDataFrame(
        {
            "code": ["6", "6w"],
            "name": ["区", "西"],
            "level": [1, 2],
            "parent_code": [None, "6"],
            "geometry": [None, shapely.box(75.5, 39.0, 76.0, 39.5)],
        },
        crs=4326,
    )
    publish_cells(work, frame, note="western")
    return work


@pytest.mark.parametrize("crs", ["wgs84", "gcj02"])
def test_swapped_numbers_that_name_a_cell_are_refused(western: Work, crs: str) -> None:
    ((lon, lat),) = from_storage([[75.75, 39.25]], crs).tolist()

    assert codes(locate(western, Question(lon=lon, lat=lat, crs=crs))) == ["6", "6w"]
    with pytest.raises(AxesSwapped) as swapped:
        locate(western, Question(lon=lat, lat=lon, crs=crs))
    assert (swapped.value.facts["lon"], swapped.value.facts["lat"]) == (lat, lon)
    # Elsewhere outside, swapped or not.
    assert not locate(western, Question(lon=39.25, lat=60.0, crs=crs)).matched


@pytest.mark.parametrize("lon", [-180.0, -90.0, 0.0, 180.0])
@pytest.mark.parametrize("lat", [-90.0, -10.0, 10.0, 90.0])
def test_anywhere_on_earth_has_a_nearest_cell(town: Work, lon: float, lat: float) -> None:
    found = locate(town, Question(lon=lon, lat=lat))

    assert (found.matched, found.nearest is not None) == (False, True)
