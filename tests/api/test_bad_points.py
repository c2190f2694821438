"""What cannot be a point, a system or a moment, asked one by one and in batches of each format."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote, urlencode

import orjson
import pyarrow as pa
import pytest
import shapely
from fastapi import FastAPI

from api.batches.forms import MEDIA, Form
from api.lifespan import live_of
from api.points import _maybe_swapped
from geo.locate.live import Live
from geo.runtime import Runtime
from geo.spatial.index import build
from tests.api.batches.test_locate_batch import arrow_of, csv_of, table_of
from tests.api.client import Client

pytestmark = pytest.mark.db

ONE, MANY = "/api/v1/locate", "/api/v1/locate/batch"
X, Y = 116.8039, 33.9039
WORDS = (
    *("nan", "NaN", "inf", "-Infinity", "", "null", "None", "abc", "true"),
    *("116,8", "0x74", "1_16", "１１６"),
)
NOT_FINITE, NOT_NUMBER = "coordinate_not_finite", "coordinate_not_number"
MISSING, OUTSIDE = "coordinate_missing", "coordinate_outside_globe"


@pytest.fixture(scope="module")
def live(town_runtime: Runtime) -> Iterator[Live]:
    # It looks by itself: on a machine that is busy, what was read once would go stale on the way.
    found = live_of(town_runtime)
    found.start()
    until = time.monotonic() + 60
    while found.held is None:
        assert time.monotonic() < until, "the grid is not read"
        time.sleep(0.02)
    yield found
    found.stop()


@pytest.fixture(params=["memory", "database"])
def asker(
    request: pytest.FixtureRequest, app: FastAPI, live: Live, anyone: Client
) -> Iterator[Client]:
    """Somebody who asks a server that holds the grid, and one that does not."""
    if request.param == "memory":
        app.state.live = live
    yield anyone
    app.state.live = None


@pytest.mark.parametrize(
    ("lon", "lat", "code", "said"),
    [
        *((wrong, "33.9", "invalid_parameter", f"decimal number such as 116.8, not '{wrong}'")
          for wrong in WORDS),
        ("1e999", "33.9", "invalid_parameter", "1e999"),
        ("116.8", "nan", "invalid_parameter", "lat must be"),
        ("33.9", "116.8", "axes_swapped", "give (116.8, 33.9)"),
        ("116.8", "90.0000001", "coordinate_refused", "90.0000001"),
        ("116.8", "-91", "coordinate_refused", "latitude within ±90"),
        ("180.1", "0", "coordinate_refused", "longitude must be within ±180"),
    ],
)  # fmt: skip
def test_one_point_that_is_none_is_refused_with_the_reason(
    asker: Client, lon: str, lat: str, code: str, said: str
) -> None:
    response = asker.get(f"{ONE}?{urlencode({'lon': lon, 'lat': lat})}")

    assert (response.status_code, response.json()["code"]) == (400, code)
    assert said in response.json()["detail"]


SYSTEMS_AND_MOMENTS = [
    ("crs", "mars", 400, "unknown_crs", "'mars'"),
    ("crs", "EPSG:99999", 400, "unknown_crs", "EPSG:99999"),
    ("crs", "EPSG:2433", 400, "crs_uncertain", "Beijing 1954"),
    ("crs", "", 400, "invalid_parameter", "crs must have"),
    ("as_of", "99999-01-01", 400, "invalid_parameter", "99999-01-01"),
    ("as_of", "10000-01-01T00:00:00Z", 400, "invalid_parameter", "10000-01-01"),
    ("as_of", "0000-01-01", 400, "invalid_parameter", "0000-01-01"),
    ("as_of", "-0001-01-01", 400, "invalid_parameter", "-0001-01-01"),
    ("as_of", "2026-02-30", 400, "invalid_parameter", "2026-02-30"),
    ("as_of", "2026-01-01T00:00:00", 400, "invalid_parameter", "lacks its zone"),
    ("as_of", "0001-01-01", 404, "nothing_published", "later moment"),
    ("as_of", "0001-01-01T00:00:00+14:00", 404, "nothing_published", "later moment"),
    ("as_of", "9999-12-31", 400, "moment_refused", "lies in the future"),
    ("as_of", "9999-12-31T23:59:59-14:00", 400, "moment_refused", "lies in the future"),
    ("accuracy_m", "nan", 400, "invalid_parameter", "accuracy_m must be a finite"),
    ("accuracy_m", "-1", 400, "accuracy_refused", "-1"),
    ("accuracy_m", "10001", 400, "accuracy_refused", "10001"),
]


@pytest.mark.parametrize(("name", "value", "status", "code", "said"), SYSTEMS_AND_MOMENTS)
def test_a_system_or_a_moment_that_is_none_is_refused_alike_for_one_and_for_many(
    asker: Client, name: str, value: str, status: int, code: str, said: str
) -> None:
    wrong = f"{name}={quote(value)}"
    one = asker.get(f"{ONE}?lon={X}&lat={Y}&{wrong}")
    many = asker.request("POST", f"{MANY}?{wrong}", csv_of([(X, Y)]), content_type="text/csv")

    for response in (one, many):
        assert response.headers["content-type"] == "application/problem+json"
        assert (response.status_code, response.json()["code"]) == (status, code), response.text
        assert said in response.json()["detail"]


# A longitude as each format writes it (None: it cannot), and what its row says.
ROWS: list[tuple[object, object, object, str | None]] = [
    # JSON, CSV, Arrow
    (X, X, X, None),
    (None, "nan", float("nan"), NOT_FINITE),
    (None, "Infinity", float("inf"), NOT_FINITE),
    (None, "-inf", float("-inf"), NOT_FINITE),
    ([], "", None, MISSING),
    ("116.8", "abc", None, NOT_NUMBER),
    (True, "true", None, NOT_NUMBER),
    ({}, "116,8", None, NOT_NUMBER),
    (1e30, "1e30", 1e30, OUTSIDE),
    (180.1, "180.1", 180.1, OUTSIDE),
]


def told(client: Client, form: Form, body: bytes) -> list[str | None]:
    response = client.request("POST", MANY, body, content_type=MEDIA[form])
    return [row["error"] for row in table_of(response)]


def test_rows_of_json_that_are_no_points_say_why(asker: Client) -> None:
    values = [(json, error) for json, *_, error in ROWS if json not in (None, [])]
    points = [[None, Y], *([value, Y] for value, _ in values), [X, 91], [Y, X]]

    errors = told(asker, Form.JSON, orjson.dumps(points))

    assert errors == [MISSING, *(error for _, error in values), OUTSIDE, "axes_swapped"]


def test_rows_of_csv_that_are_no_points_say_why(asker: Client) -> None:
    lines = [(f'"{text}"', Y) for _, text, _, _ in ROWS]

    errors = told(asker, Form.CSV, csv_of([*lines, (X, 91), (Y, X)]))

    assert errors == [*(error for *_, error in ROWS), OUTSIDE, "axes_swapped"]


def test_rows_of_arrow_that_are_no_points_say_why(asker: Client) -> None:
    values = [(value, error) for _, _, value, error in ROWS if value is not None]
    lon = [None, *(value for value, _ in values), X, Y]
    lat = [Y] * (len(values) + 1) + [91.0, X]

    errors = told(asker, Form.ARROW, arrow_of(lon=lon, lat=lat))

    assert errors == [MISSING, *(error for _, error in values), OUTSIDE, "axes_swapped"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array([True]), "bool"),
        (pa.array(["116.8"]), "string"),
        (pa.array([None], pa.null()), "null"),
        (pa.array([[116.8]]), "list"),
        (pa.array([b"116.8"]), "binary"),
    ],
)
def test_columns_of_arrow_that_are_no_numbers_are_refused(
    asker: Client, values: pa.Array, kind: str
) -> None:
    response = asker.request(
        "POST", MANY, arrow_of(lon=values, lat=[Y]), content_type=MEDIA[Form.ARROW]
    )

    assert (response.status_code, response.json()["code"]) == (400, "batch_refused")
    assert "'lon'" in response.json()["detail"] and kind in response.json()["detail"]


def test_a_point_outside_that_may_be_swapped_is_the_routes_to_judge() -> None:
    index = build([shapely.box(75.5, 39.0, 76.0, 39.5)])

    def judged(lon: float, lat: float) -> bool:
        return _maybe_swapped(index, cast(Any, SimpleNamespace(lon=lon, lat=lat)))

    assert judged(39.25, 75.75)
    assert judged(39.505, 75.75)  # a shifted datum may yet bring it in
    assert not judged(39.25, 60.0)
    assert not judged(116.8, 33.9)
