"""Cells over the small town of ``tests.world``: its map stands there, with the counts."""

from datetime import timedelta
from itertools import pairwise

import pytest
from fastapi import FastAPI

from api.app import create_app
from geo import clock
from geo.access.actors import Actor
from geo.grid.service import publish_cells
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client

pytestmark = pytest.mark.db

CODES = ["100", "100A", "100A1", "100A2", "100A2001", "100A2002", "100B", "100B1", "100B2"]
CELLS = "/api/v1/cells"


def codes(client: Client, path: str) -> list[str]:
    return [row["code"] for row in client.items(path)]


def window(west: float, south: float, east: float, north: float) -> str:
    box = world.box(west, south, east, north).bounds
    return ",".join(f"{value:.7f}" for value in box)


def test_cells_come_in_the_order_of_their_codes(staff: Client) -> None:
    assert codes(staff, CELLS) == CODES


@pytest.mark.parametrize("limit", range(1, 11))
def test_every_walk_gives_each_cell_once(staff: Client, limit: int) -> None:
    assert codes(staff, f"{CELLS}?limit={limit}") == CODES


def test_a_limit_above_the_most_is_cut_and_not_refused(staff: Client) -> None:
    assert len(staff.json(f"{CELLS}?limit=1000000")["items"]) == 9


def test_the_next_page_stands_in_body_and_header_with_every_filter(staff: Client) -> None:
    response = staff.get(f"{CELLS}?level=3&limit=2&q=社区")
    following = response.json()["next"]

    assert f'<{following}>; rel="next"' in response.headers["link"]
    assert "level=3" in following
    assert "limit=2" in following
    assert [row["code"] for row in staff.json(following)["items"]] == ["100B1", "100B2"]


def test_the_last_page_has_no_next(staff: Client) -> None:
    response = staff.get(f"{CELLS}?limit=9")

    assert response.json()["next"] is None
    assert "link" not in response.headers


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("level=2", ["100A", "100B"]),
        ("parent=100A", ["100A1", "100A2"]),
        ("parent=100A2001", []),
        ("below=100A", ["100A1", "100A2", "100A2001", "100A2002"]),
        ("below=100A&level=4", ["100A2001", "100A2002"]),
        ("code=100B2", ["100B2"]),
        ("code=100b2", []),
        ("q=街道", ["100A", "100B"]),
        ("q=%25", []),
        ("q=_", []),
        ("level=5", []),
    ],
)
def test_filters_narrow_the_list(staff: Client, query: str, found: list[str]) -> None:
    assert codes(staff, f"{CELLS}?{query}") == found


def test_a_window_gives_the_cells_whose_box_it_meets(staff: Client) -> None:
    inside_grid_1 = window(0.1, 0.1, 0.2, 0.2)
    across_the_middle = window(0.9, 0.4, 1.1, 0.6)

    assert codes(staff, f"{CELLS}?level=4&bbox={inside_grid_1}") == ["100A2001"]
    assert codes(staff, f"{CELLS}?level=4&bbox={across_the_middle}") == ["100A2002"]
    assert codes(staff, f"{CELLS}?level=3&bbox={across_the_middle}") == ["100A2", "100B2"]
    assert codes(staff, f"{CELLS}?bbox={window(5, 5, 6, 6)}") == []


def test_an_unknown_parent_is_not_found_and_not_empty(staff: Client) -> None:
    for name in ("parent", "below"):
        response = staff.get(f"{CELLS}?{name}=nowhere")
        assert (response.status_code, response.json()["code"]) == (404, "cell_unknown")


def test_a_cell_is_shown_with_its_facts(staff: Client) -> None:
    cell = staff.json(f"{CELLS}/100A2")

    assert cell["name"] == "下社区"
    assert (cell["level"], cell["parent_code"], cell["leaf"]) == (3, "100A", False)
    assert isinstance(cell["id"], str)
    assert cell["bbox"] == pytest.approx(world.box(0, 0, 1, 1).bounds, abs=1e-7)


def test_a_leaf_says_so_and_a_root_has_no_parent(staff: Client) -> None:
    assert staff.json(f"{CELLS}/100A2001")["leaf"] is True
    assert staff.json(f"{CELLS}/100")["parent_code"] is None


def test_an_unknown_code_is_not_found(staff: Client) -> None:
    response = staff.get(f"{CELLS}/nowhere")

    assert (response.status_code, response.json()["code"]) == (404, "cell_unknown")


def test_a_shape_comes_back_onto_the_storage_grid(staff: Client) -> None:
    response = staff.get(f"{CELLS}/100A2001?f=geojson")
    feature = response.json()
    ((ring,),) = feature["geometry"]["coordinates"]

    assert response.headers["content-type"] == "application/geo+json"
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] == "MultiPolygon"
    corners = set(world.box(0, 0, 0.5, 1).exterior.coords)
    snapped = {(round(x * 2**23) / 2**23, round(y * 2**23) / 2**23) for x, y in ring}
    assert snapped == corners
    assert signed_area(ring) > 0  # RFC 7946: counter-clockwise


def signed_area(ring: list[list[float]]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))


def test_a_collection_has_features_links_and_its_publication(staff: Client) -> None:
    found = staff.json(f"{CELLS}?limit=4&f=geojson")

    assert found["type"] == "FeatureCollection"
    assert (found["numberReturned"], found["version"]) == (4, 1)
    assert [feature["properties"]["code"] for feature in found["features"]] == CODES[:4]
    (link,) = found["links"]
    assert link["rel"] == "next"
    assert "f=geojson" in link["href"]
    assert staff.json(link["href"])["numberReturned"] == 4
    assert f"<{link['href']}>" in staff.get(f"{CELLS}?limit=4&f=geojson").headers["link"]


def test_accept_chooses_the_format_and_f_goes_first(staff: Client) -> None:
    geojson = {"accept": "application/geo+json, application/json;q=0.5"}

    assert staff.json(CELLS, **geojson)["type"] == "FeatureCollection"
    assert "items" in staff.json(f"{CELLS}?f=json", **geojson)
    assert "items" in staff.json(CELLS, accept="*/*")
    assert "Accept" in staff.get(CELLS).headers["vary"].split(", ")


def test_children_are_one_level_below(staff: Client) -> None:
    assert codes(staff, f"{CELLS}/100A/children") == ["100A1", "100A2"]
    assert codes(staff, f"{CELLS}/100A2/children?limit=1") == ["100A2001", "100A2002"]
    assert codes(staff, f"{CELLS}/100A1/children") == []
    assert staff.get(f"{CELLS}/nowhere/children").status_code == 404


def test_ancestors_come_root_first(staff: Client) -> None:
    found = staff.json(f"{CELLS}/100A2001/ancestors")["items"]

    assert [cell["code"] for cell in found] == ["100", "100A", "100A2"]
    assert staff.json(f"{CELLS}/100/ancestors")["items"] == []


def test_counts_add_up_over_the_subtree(staff: Client) -> None:
    found = staff.json(f"{CELLS}/100A2/counts")

    assert (found["buildings"], found["households"], found["persons"]) == (2, 5, 10)
    counts = {kind["occupancy"]: kind["households"] for kind in found["occupancies"]}
    assert counts == {"owner_occupied": 2, "rented": 2, "vacant": 1, "other": 0, "unknown": 0}


def test_the_whole_counts_its_parts(staff: Client) -> None:
    # b4 stands outside every cell; the unknown household of b3 has no persons stated.
    found = staff.json(f"{CELLS}/100/counts")

    assert (found["buildings"], found["households"], found["persons"]) == (3, 7, 12)
    parts = [staff.json(f"{CELLS}/{code}/counts") for code in ("100A", "100B")]
    assert sum(part["persons"] for part in parts) == found["persons"]


def test_publications_come_newest_first(staff: Client) -> None:
    (only,) = staff.items("/api/v1/publications")

    assert (only["number"], only["note"], only["demo"]) == (1, "world", False)
    assert only["effective_at"].endswith("+08:00")
    assert "actor" not in only
    assert staff.json("/api/v1/publications/1") == only
    assert staff.get("/api/v1/publications/2").json()["code"] == "publication_unknown"


class TestHistory:
    """A town whose grid is published twice: the second time grid 2 has another name."""

    @pytest.fixture
    def client(self, runtime: Runtime) -> Client:
        world.store(runtime)
        return Client.of(create_app(runtime))

    def republish(self, runtime: Runtime) -> None:
        cells = world.cells()
        cells.loc[cells["code"] == "100A2002", "name"] = "新名"
        with runtime.work(Actor.system("test")) as work:
            publish_cells(work, cells, note="renamed")

    def test_an_earlier_moment_shows_the_earlier_grid(
        self, client: Client, runtime: Runtime
    ) -> None:
        before = clock.now().isoformat()
        self.republish(runtime)

        assert local_name(client, "") == "新名"
        assert local_name(client, f"?as_of={before.replace('+', '%2B')}") == "第 2 网格"
        assert local_name(client, f"?as_of={before}") == "第 2 网格"

    def test_a_walk_stays_within_one_publication(self, client: Client, runtime: Runtime) -> None:
        first = client.json(f"{CELLS}?limit=5")
        self.republish(runtime)
        rest = client.json(first["next"])

        assert rest["version"] == first["version"] == 1
        assert rest["items"][0]["name"] == "第 2 网格"
        assert client.json(CELLS)["version"] == 2

    def test_a_made_up_walk_cannot_see_what_is_not_in_effect(self, client: Client) -> None:
        # ["cells", 7, "1"]
        response = client.get(f"{CELLS}?after=WyJjZWxscyIsNywiMSJd")

        assert (response.status_code, response.json()["code"]) == (404, "publication_unknown")

    def test_before_the_first_publication_there_is_nothing(self, client: Client) -> None:
        response = client.get(f"{CELLS}?as_of=2001-01-01")

        assert (response.status_code, response.json()["code"]) == (404, "nothing_published")

    def test_the_future_is_refused(self, client: Client) -> None:
        ahead = (clock.now() + timedelta(days=2)).date().isoformat()
        response = client.get(f"{CELLS}?as_of={ahead}")

        assert (response.status_code, response.json()["code"]) == (400, "moment_refused")

    def test_publications_walk_down_to_the_first(self, client: Client, runtime: Runtime) -> None:
        self.republish(runtime)

        found = client.items("/api/v1/publications?limit=1")
        assert [one["number"] for one in found] == [2, 1]


def local_name(client: Client, query: str) -> str:
    return str(client.json(f"{CELLS}/100A2002{query}")["name"])


def test_a_cursor_of_another_list_is_refused(staff: Client) -> None:
    buildings = staff.json("/api/v1/buildings?limit=1")["next"].rpartition("after=")[2]
    response = staff.get(f"{CELLS}?after={buildings}")

    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "after")


def test_an_empty_database_says_that_nothing_is_published(runtime: Runtime) -> None:
    app: FastAPI = create_app(runtime)
    response = Client(app).get(CELLS)

    assert (response.status_code, response.json()["code"]) == (404, "nothing_published")
