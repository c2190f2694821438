"""The counts of the demo town, and that the same seed gives the same bytes.

The numbers are those of the project: 83 buildings, 2,863 households and 6,776 residents in
Gongdian community, 6 communities and 75 grids in Dong street, 10 streets and 88 communities in the
district, cells of 30 to 50 households, 20,000 leaf cells and 200,000 buildings in the city.
"""

import hashlib
import os
import subprocess
import sys
import time

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.demo.town import SEED, Scale, Town, build

GONGDIAN, DONG = "340603002001", "340603002"


def digest(town: Town) -> str:
    """Return a hash of every column of every frame, geometry as WKB."""
    parts = hashlib.sha256()
    for name in sorted(vars(town)):
        frame = pd.DataFrame(getattr(town, name))
        for column in frame:
            values = frame[column]
            if isinstance(values.dtype, gpd.array.GeometryDtype):
                values = pd.Series(shapely.to_wkb(values.to_numpy(), hex=True))
            parts.update(f"{name}.{column}".encode())
            parts.update(pd.util.hash_pandas_object(values, index=False).to_numpy().tobytes())
    return parts.hexdigest()


def test_gongdian_has_its_exact_counts(town: Town) -> None:
    own = town.households[town.households["building_code"].str.startswith(GONGDIAN)]

    assert town.buildings["code"].str.startswith(GONGDIAN).sum() == 83
    assert len(own) == 2_863
    assert own["persons"].sum() == 6_776


def test_the_district_has_its_real_divisions(town: Town) -> None:
    named = town.cells.set_index("code")["name"]

    assert (town.cells["level"] == 1).sum() == 1
    assert (town.cells["level"] == 2).sum() == 10
    assert (town.cells["level"] == 3).sum() == 88
    assert named[["340603", DONG, GONGDIAN, "340603100200"]].tolist() == [
        "相山区",
        "东街道",
        "供电社区",
        "桥头村",
    ]


def test_dong_street_has_six_communities_and_75_grids(town: Town) -> None:
    communities = town.cells[town.cells["parent_code"] == DONG]

    assert len(communities) == 6
    assert town.cells["parent_code"].isin(communities["code"]).sum() == 75


def test_every_level_five_cell_holds_30_to_50_households(town: Town) -> None:
    cells = town.cells[town.cells["level"] == 5]
    tree = shapely.STRtree(cells.geometry.to_numpy())
    building, cell = tree.query(town.buildings.geometry.to_numpy(), predicate="within")
    codes = cells["code"].to_numpy()[cell[building.argsort()]]
    cell_of = dict(zip(town.buildings["code"], codes, strict=True))
    households = town.households["building_code"].map(cell_of).value_counts()

    assert len(households) == len(cells)
    assert households.between(30, 50).all()


def test_dong_street_is_as_large_as_a_street_of_75_grids_should_be(town: Town) -> None:
    assert 400 <= len(town.buildings) <= 500
    assert 15_000 <= len(town.households) <= 17_000


def test_the_same_seed_gives_the_same_bytes_in_another_process(town: Town) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/geo/demo'); from test_town import digest;"
        "from geo.demo.town import Scale, build; print(digest(build(Scale.STREET)))"
    )
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": "."}
    other = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)

    assert other.stdout.strip() == digest(town)


def test_another_seed_gives_another_town_with_the_same_exact_counts(town: Town) -> None:
    other = build(Scale.STREET, SEED + 1)
    own = other.households[other.households["building_code"].str.startswith(GONGDIAN)]

    assert not other.buildings.geometry.equals(town.buildings.geometry)
    assert (len(own), own["persons"].sum()) == (2_863, 6_776)
    assert other.cells["level"].value_counts()[4] == 75


@pytest.mark.long
def test_the_city_is_large_enough_for_benchmarks_and_built_in_time() -> None:
    start = time.monotonic()
    city = build(Scale.CITY)

    assert (city.cells["level"] == 5).sum() >= 20_000
    assert len(city.buildings) >= 200_000
    assert shapely.coverage_is_valid(city.cells.geometry.dropna().to_numpy())
    assert time.monotonic() - start <= 180.0


@pytest.mark.long
def test_the_district_has_people_in_every_community() -> None:
    district = build(Scale.DISTRICT)
    grids = district.cells[district.cells["level"] == 4]

    assert grids["parent_code"].nunique() == 88
    assert (district.cells["level"] == 5).sum() == district.cells.geometry.notna().sum()
