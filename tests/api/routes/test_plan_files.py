"""Cells of a plan as a file over HTTP: sent twice, without codes, off the ground, unreadable."""

import json
import warnings
from typing import Any

import geopandas as gpd
import httpx
import pytest

from tests import world
from tests.api.client import Client

pytestmark = pytest.mark.db

API = "/api/v1"
GEOJSON, GPKG = "application/geo+json", "application/geopackage+sqlite3"


@pytest.fixture
def plan(secretary: Client) -> str:
    made = secretary.post(f"{API}/plans", {"cell": "100", "title": "测试调整"})
    return f"{API}/plans/{made.json()['id']}"


def put(
    who: Client, plan: str, body: bytes, media: str = GEOJSON, query: str = ""
) -> httpx.Response:
    tag = who.get(plan).headers["etag"]
    headers = {"content_type": media, "if_match": tag, "accept_language": "zh"}
    return who.request("PUT", f"{plan}/cells{query}", body, **headers)


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape.__geo_interface__, "properties": properties}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def codes(who: Client, plan: str) -> list[str]:
    found = who.json(f"{plan}/cells")["features"]
    return sorted(one["properties"]["code"] for one in found)


def test_a_file_that_is_sent_twice_changes_the_plan_once(secretary: Client, plan: str) -> None:
    body = collection(
        feature(world.box(1, 0, 1.5, 1), code="100B2"),
        feature(world.box(1.5, 0, 2, 1), name="东社区"),
    )
    assert put(secretary, plan, body).status_code == 200
    made = codes(secretary, plan)

    again = put(secretary, plan, body)

    assert (again.status_code, again.json()["code"]) == (409, "plan_cells_same")
    assert codes(secretary, plan) == made
    assert secretary.json(plan)["revision"] == 2


def test_a_file_whose_codes_were_lost_keeps_the_cells(secretary: Client, plan: str) -> None:
    whole = secretary.json(f"{plan}/cells")
    for one in whole["features"]:
        del one["properties"]["code"]

    same = put(secretary, plan, json.dumps(whole).encode())

    assert (same.status_code, same.json()["code"]) == (409, "plan_cells_same")


def test_a_wrong_system_is_named_with_the_one_that_fits(secretary: Client, plan: str) -> None:
    body = secretary.get(f"{plan}/cells").content

    refused = put(secretary, plan, body, query="?crs=gcj02")

    assert (refused.status_code, refused.json()["code"]) == (409, "plan_cells_elsewhere_try")
    assert "wgs84" in refused.json()["detail"]


def test_an_unknown_code_is_refused_by_its_place(secretary: Client, plan: str) -> None:
    refused = put(secretary, plan, collection(feature(world.box(1, 0, 2, 1), code="ABC")))

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "#/features/0/properties/code"
    assert "“ABC”" in refused.json()["detail"]


def test_a_broken_file_is_refused_in_the_words_of_the_reader(secretary: Client, plan: str) -> None:
    refused = put(secretary, plan, b"no file", GPKG)

    assert refused.status_code == 400
    assert "driver" not in refused.json()["detail"]
    assert "重新导出" in refused.json()["detail"]


def test_a_kind_that_is_not_taken_is_answered_with_those_that_are(
    secretary: Client, plan: str
) -> None:
    refused = put(secretary, plan, b"<kml/>", "application/vnd.google-earth.kml+xml")

    assert refused.status_code == 415
    assert GEOJSON in refused.json()["detail"]
    assert GPKG in refused.json()["detail"]


def test_a_missing_system_is_asked_for_as_it_is_named_over_http(
    secretary: Client, plan: str, tmp_path: Any
) -> None:
    path = tmp_path / "cells.gpkg"
    frame = gpd.GeoDataFrame({"code": ["100B2"]}, geometry=[world.box(1, 0, 2, 1)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path)

    refused = put(secretary, plan, path.read_bytes(), GPKG)

    assert refused.status_code == 400
    assert "?crs=" in refused.json()["detail"]
    assert "--crs" not in refused.json()["detail"]
