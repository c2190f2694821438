from dataclasses import replace

import folium
import geopandas as gpd
import pandas as pd
import pytest

from geo.texts import part
from maps.atlas import occupancy
from maps.base import DataOverlay, TownMap
from tests.maps import pictures


def blocks(town: TownMap) -> dict[str, dict[str, object]]:
    children = town._children.values()
    return {child.block: child.data for child in children if isinstance(child, DataOverlay)}


def test_the_map_is_a_folium_map_with_four_blocks() -> None:
    town = occupancy.occupancy_map(pictures.town(), lang="zh")
    assert isinstance(town, folium.Map)
    assert list(blocks(town)) == ["page", "ground", "cells", "buildings"]


def test_every_line_of_the_page_is_there_in_the_language_asked() -> None:
    page = blocks(occupancy.occupancy_map(pictures.town(), lang="en"))["page"]
    all_lines = part("pages.", "en") | part("levels.", "en")
    own = {key: line for key, line in all_lines.items() if key.count(".") == 1}
    assert "pages.legend" in own
    assert page["texts"] == own
    assert [kind["word"] for kind in page["kinds"]][:2] == ["owner-occupied", "rented"]


def test_counts_of_buildings_add_up_to_those_of_the_cell() -> None:
    data = blocks(occupancy.occupancy_map(pictures.town(), lang="zh"))
    asked = data["cells"]["asked"]
    assert sum(data["buildings"]["households"]) == data["cells"]["households"][asked] == 2863
    sums = [sum(column) for column in data["buildings"]["counts"]]
    assert sums == [column[asked] for column in data["cells"]["counts"]]


def test_the_public_map_holds_no_building() -> None:
    picture = pictures.town().without_buildings()
    data = blocks(occupancy.occupancy_map(picture, lang="zh"))
    assert data["buildings"]["code"] == []
    assert data["page"]["detail"] == "cells"
    assert data["cells"]["households"][data["cells"]["asked"]] == 2863


def test_too_many_buildings_become_cells_with_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupancy, "MOST_BUILDINGS", 82)
    data = blocks(occupancy.occupancy_map(pictures.town(), lang="zh"))
    assert data["buildings"]["code"] == []
    assert data["page"]["detail"] == "too_many"
    assert data["page"]["hidden_buildings"] == 83
    assert max(data["cells"]["level"]) == 4


def test_a_cell_without_anything_still_has_its_outline() -> None:
    data = blocks(occupancy.occupancy_map(pictures.without_households(pictures.town()), lang="zh"))
    assert data["cells"]["shape"]["len"]
    assert data["buildings"]["code"] == []


def test_an_upper_cell_needs_no_shape_of_its_own() -> None:
    picture = pictures.town()
    cells = picture.cells.copy()
    cells.loc[cells["level"] == 4, "geometry"] = None
    data = blocks(occupancy.occupancy_map(replace(picture, cells=cells), lang="zh"))
    label = data["cells"]["label"]
    assert len(label["len"]) == len(cells)
    # A label at 0, 0 would be a step of a hundred million grid numbers.
    assert max(map(abs, label["x"])) < 2**20


def test_missing_text_is_empty_not_nan() -> None:
    picture = pictures.town()
    buildings = picture.buildings.drop(columns="address")
    buildings.loc[0, "head"] = None
    ground = pd.concat([picture.ground, picture.ground.iloc[:1].assign(name=None)])
    changed = replace(picture, buildings=buildings, ground=gpd.GeoDataFrame(ground, crs=4326))
    data = blocks(occupancy.occupancy_map(changed, lang="zh"))
    assert data["buildings"]["address"]["words"] == [""]
    assert all(isinstance(word, str) for word in data["buildings"]["head"]["words"])


def test_ground_outside_the_margin_is_cut_away() -> None:
    picture = pictures.town()
    far = picture.ground.assign(geometry=picture.ground.translate(1, 0))
    data = blocks(occupancy.occupancy_map(replace(picture, ground=far), lang="zh"))
    assert data["ground"]["shape"]["len"] == []
