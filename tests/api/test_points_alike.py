"""Whatever is asked about a point: memory and the route give the same answer, byte for byte."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.lifespan import live_of
from api.points import PATH
from geo.access.roles import Role
from geo.locate.live import Live
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client
from tests.api.conftest import AsRole

pytestmark = pytest.mark.db

# What lies in the town, on its borders and a little outside.
STEPS = st.one_of(
    st.integers(-1, 9).map(lambda quarter: quarter / 4), st.floats(-0.1, 2.1, allow_nan=False)
)
SPELLINGS = ["{:.7f}", "{:.20f}", "{!r}", "{:e}", "{:+.9f}", "{:.3f}", " {:.7f}", "{:.7f}00"]
HOSTILE = [
    "",
    "nan",
    "inf",
    "1e999",
    "０",
    "116,8",
    "true",
    "null",
    "-0",
    "0x1F",
    "1_0",
    "181",
    "'",
]
MORE = [
    "crs=wgs84", "crs=WGS84", "crs=cgcs2000", "crs=EPSG:4490", "crs=gcj02", "crs=mars", "crs=",
    "accuracy_m=0", "accuracy_m=35.5", "accuracy_m=1e3", "accuracy_m=-1", "accuracy_m=nan",
    "as_of=2999-01-01", "as_of=1999-01-01", "as_of=", "lat=1", "what=1", "building=b1", "=", "a",
]  # fmt: skip
FIELDS = [
    {}, {"x_request_id": "abc-defg-1"}, {"x_request_id": "13800138000"}, {"x_request_id": "王" * 9},
    {"accept": "*/*"}, {"accept": "application/json"}, {"accept": "text/html"}, {"accept": ""},
    {"accept_language": "zh"}, {"cookie": "wangge=no"}, {"x_api_key": "no"}, {"range": "bytes=0-1"},
    {"if_none_match": "*"}, {"content_type": "text/plain"}, {"authorization": "Basic eDp5"},
]  # fmt: skip
OUTSIDE = "lon={0.x}&lat={0.y}".format(world.at(-0.05, 0.5))
_AS_OF = re.compile(rb'"as_of":"[^"]*"')
_UNLIKE = {"etag", "x-request-id", "content-length", "content-encoding"}


@st.composite
def queries(draw: st.DrawFn) -> str:
    place = world.at(draw(STEPS), draw(STEPS))
    values = [draw(st.sampled_from(SPELLINGS)).format(value) for value in (place.x, place.y)]
    if draw(st.integers(0, 4)) == 0:
        values[draw(st.integers(0, 1))] = draw(st.sampled_from(HOSTILE))
    spelt = [quote(value, safe=draw(st.sampled_from(["", "+", " ,'"]))) for value in values]
    parts = [
        f"lon={spelt[0]}",
        f"lat={spelt[1]}",
        *draw(st.lists(st.sampled_from(MORE), max_size=2)),
    ]
    if draw(st.integers(0, 3)) == 0:
        parts = draw(st.permutations(parts))[: draw(st.integers(1, 4))]
    return "&".join(parts).replace(" ", "%20")


@pytest.fixture
def held(app: FastAPI, town_runtime: Runtime) -> Iterator[Live]:
    """What the application holds the grid in, while it does."""
    live = live_of(town_runtime)
    live.look()
    told = town_runtime.settings
    yield live
    town_runtime.settings = app.points._settings = told
    app.state.live = None
    live.stop()


def said(response: httpx.Response, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    """Return what must be the same; an instant of now, its tag and drawn ids cannot be."""
    fields = {name: value for name, value in response.headers.items() if name not in _UNLIKE}
    # Short as they are, answers from memory are not compressed.
    fields["vary"] = fields.get("vary", "").removesuffix(", Accept-Encoding")
    given_id = response.headers["x-request-id"]
    fields["own id"] = str(given_id == asked.get("x_request_id"))
    body = _AS_OF.sub(b'"as_of":""', response.content.replace(given_id.encode(), b""))
    return response.status_code, body, fields


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=queries(),
    fields=st.sampled_from(FIELDS),
    is_staff=st.booleans(),
    public=st.sampled_from([True, True, True, False]),
)
@example(query="lon=-0&lat=33.9", fields={}, is_staff=False, public=True)
@example(query=OUTSIDE, fields={}, is_staff=False, public=False)
def test_memory_and_the_route_answer_alike(
    app: FastAPI, held: Live, as_role: AsRole, anyone: Client, query: str,
    fields: dict[str, str], is_staff: bool, public: bool,
) -> None:  # fmt: skip
    runtime = app.state.runtime
    runtime.settings = app.points._settings = runtime.settings.model_copy(
        update={"public_team": public}
    )
    client = as_role(Role.GRID_WORKER) if is_staff else anyone
    path, asked = f"{PATH}?{query}", {k: v for k, v in fields.items() if v.isascii()}

    app.state.live = held
    held.look()
    through = said(client.get(path, **asked), asked)
    app.state.live = None
    alone = said(client.get(path, **asked), asked)

    assert through == alone
