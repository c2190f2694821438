"""The index against three other ways to say who covers a point, all over the earth."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo.spatial.covers import first_covering
from geo.spatial.index import borders, build, encoded
from geo.spatial.storage import snap, to_grid
from geo.spatial.tiles import point_index
from geo.spatial.tiles.build import COMPACT, FAST
from geo.spatial.tiles.parts import Preset
from geo.work import Work
from tests.geo.spatial.index_cases import CROWDED, SPOTS, hard_points, random_cells

seeds = st.integers(0, 2**32 - 1)
steps = st.sampled_from([1, 2, 7, 100, 4096, 2**16])
spots = st.sampled_from(SPOTS)
presets = st.sampled_from([FAST, COMPACT, CROWDED])


def indexed(cells: np.ndarray, preset: Preset) -> point_index.PointIndex:
    return point_index.build(borders(cells), encoded(None, len(cells)), preset=preset)


def covers_in_plain_python(cell: shapely.Geometry, x: int, y: int) -> bool:
    """Return whether a point in grid numbers lies inside or on the border, in whole numbers."""
    inside = False
    for ring in shapely.get_rings(shapely.get_parts(cell)):
        corners = to_grid(shapely.get_coordinates(ring)).tolist()
        for (x1, y1), (x2, y2) in pairwise(corners):
            cross = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            if cross == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
                return True
            inside ^= (y1 <= y) != (y2 <= y) and (cross > 0) == (y1 <= y)
    return inside


@settings(max_examples=100, deadline=None)
@given(seeds, steps, spots, presets)
def test_every_point_has_the_owner_that_shapely_names(
    seed: int, step: int, spot: tuple[float, float], preset: Preset
) -> None:
    cells = random_cells(seed, steps=step, spot=spot)
    points = hard_points(cells, seed)

    owners = indexed(cells, preset).find(points)

    assert (owners == first_covering(shapely.points(snap(points)), cells)).all()


@settings(max_examples=20, deadline=None)
@given(seeds, steps, spots, presets)
def test_every_point_has_the_owner_that_whole_numbers_name(
    seed: int, step: int, spot: tuple[float, float], preset: Preset
) -> None:
    cells = random_cells(seed, steps=step, spot=spot)
    points = hard_points(cells, seed, number=12)

    owners = indexed(cells, preset).find(points)

    for owner, (x, y) in zip(owners.tolist(), to_grid(points).tolist(), strict=True):
        covering = (i for i, cell in enumerate(cells) if covers_in_plain_python(cell, x, y))
        assert owner == next(covering, -1)


@settings(max_examples=25, deadline=None)
@given(seeds, steps, spots, presets)
def test_overlapping_cells_have_the_owner_that_shapely_names(
    seed: int, step: int, spot: tuple[float, float], preset: Preset
) -> None:
    cells = np.concatenate(
        [random_cells(seed + extra, steps=step, spot=spot) for extra in range(3)]
    )
    cells = np.random.default_rng(seed).permutation(cells)
    points = hard_points(cells, seed)

    owners = indexed(cells, preset).find(points)

    assert (owners == first_covering(shapely.points(snap(points)), cells)).all()


@settings(max_examples=20, deadline=None)
@given(seeds, st.sampled_from([1, 100, 2**16]), st.sampled_from(SPOTS))
def test_many_distances_are_those_of_one_point_to_the_bit(
    seed: int, step: int, spot: tuple[float, float]
) -> None:
    cells = random_cells(seed, steps=step, spot=spot)
    points = hard_points(cells, seed, number=40)
    index = indexed(cells, COMPACT)

    own = index.find(points)
    inside = own >= 0
    found = index.border_m(points[inside], own[inside])

    one = [index.border_at(c, *p) for c, p in zip(own[inside], points[inside], strict=True)]
    assert found.tolist() == one


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([100, 4096, 2**16]), st.sampled_from(SPOTS[:5]))
def test_distances_are_those_of_shapely_in_the_plane_of_the_point(
    seed: int, step: int, spot: tuple[float, float]
) -> None:
    cells = random_cells(seed, steps=step, spot=spot)
    points = snap(hard_points(cells, seed, number=6))
    index = indexed(cells, COMPACT)

    own = index.find(points)
    borders_m, near = index.border_m(points, own), index.near(points, np.inf, own=own, limit=3)

    for row, (lon, lat) in enumerate(points):
        flat = flattened(cells, lon, lat)
        apart = shapely.distance(flat, shapely.Point(0, 0))
        if own[row] >= 0:
            edge = shapely.distance(shapely.boundary(flat[own[row]]), shapely.Point(0, 0))
            assert borders_m[row] == pytest.approx(edge, rel=1e-6, abs=1e-6)
            apart[own[row]] = np.inf
        else:
            assert borders_m[row] == pytest.approx(-apart.min(), rel=1e-6, abs=1e-6)
        nearest = np.sort(apart[np.isfinite(apart)])[:3]
        assert near.metres[row, : len(nearest)] == pytest.approx(nearest, rel=1e-6, abs=1e-6)
        assert apart[near.cells[row, : len(nearest)]] == pytest.approx(nearest, rel=1e-6, abs=1e-6)


def flattened(cells: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """Return cells in metres from a point, in its plane."""
    return shapely.transform(cells, lambda c: (c - (lon, lat)) * metres_per_degree(lat))


def metres_per_degree(lat: float) -> np.ndarray:
    """Return the lengths of a degree east and north: series of the ellipsoid, to a millimetre.

    Source: the usual trigonometric series in the latitude, here of WGS-84.
    """
    phi = np.radians(lat)
    north = 111132.95255 - 559.84957 * np.cos(2 * phi) + 1.17514 * np.cos(4 * phi)
    east = 111412.87733 * np.cos(phi) - 93.50412 * np.cos(3 * phi) + 0.11774 * np.cos(5 * phi)
    return np.array([east, north])


@pytest.mark.db
@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("step", [1, 100, 2**16])
def test_every_point_has_the_owner_that_postgis_names(
    work: Work, spot: tuple[float, float], step: int
) -> None:
    cells = random_cells(step, steps=step, spot=spot)
    points = hard_points(cells, step)
    snapped = snap(points)

    rows = work.session.execute(
        text(
            "SELECT point.place, min(cell.place) FROM"
            " unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY"
            " AS point (lon, lat, place)"
            " JOIN unnest(CAST(:shapes AS bytea[])) WITH ORDINALITY AS cell (shape, place)"
            " ON ST_Covers(ST_GeomFromWKB(cell.shape), ST_MakePoint(point.lon, point.lat))"
            " GROUP BY 1"
        ),
        {
            "lons": snapped[:, 0].tolist(),
            "lats": snapped[:, 1].tolist(),
            "shapes": list(shapely.to_wkb(cells)),
        },
    ).all()
    expected = np.full(len(points), -1)
    for place, first in rows:
        expected[place - 1] = first - 1

    assert (build(cells).find(points) == expected).all()
    assert (indexed(cells, CROWDED).find(points) == expected).all()
