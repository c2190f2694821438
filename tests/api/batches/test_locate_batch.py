"""Batches over HTTP: every format, the same answers as one point at a time, every bad input."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import numpy as np
import orjson
import pyarrow as pa
import pytest
from fastapi import FastAPI
from pyarrow import ipc

from api.batches import answers, rows
from api.batches.forms import MEDIA, CsvWriter, Facts, Form
from api.lifespan import live_of
from api.limits import Limit, Limits
from api.ratelimit import Buckets, Rate
from geo.access.roles import Role
from geo.crs.transform import from_storage
from geo.locate.live import Live
from geo.locate.sheets import COLUMNS
from geo.runtime import Runtime
from geo.texts import Lang, text
from tests import world
from tests.api.client import Client
from tests.api.conftest import AsRole

pytestmark = pytest.mark.db

PATH = "/api/v1/locate/batch"
PLACES = [(0.25, 0.5), (0.75, 0.5), (0.5, 0.5), (1.0, 1.0), (0.0, 0.0), (2.5, 1.5), (0.5001, 1.99)]


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


@pytest.fixture
def held(app: FastAPI, live: Live, anyone: Client) -> Iterator[Client]:
    """Somebody who asks an application that holds the grid."""
    app.state.live = live
    yield anyone
    app.state.live = None


def points() -> list[tuple[float, float]]:
    return [(place.x, place.y) for place in (world.at(*at) for at in PLACES)]


def csv_of(values: list[tuple[Any, ...]], head: str = "lon,lat") -> bytes:
    return "\n".join([head, *(",".join(map(str, row)) for row in values), ""]).encode()


def arrow_of(options: ipc.IpcWriteOptions | None = None, **columns: Any) -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.table(columns)
    with ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=4)
    return sink.getvalue().to_pybytes()


def send(
    client: Client, body: bytes, form: Form = Form.CSV, accept: Form | str = "", **query: Any
) -> httpx.Response:
    asked = f"{PATH}?{urlencode(query)}" if query else PATH
    wanted = {"accept": MEDIA[accept] if isinstance(accept, Form) else accept} if accept else {}
    return client.request("POST", asked, body, content_type=MEDIA[form], **wanted)


def table_of(response: httpx.Response) -> list[dict[str, Any]]:
    """Return the rows of an answer in any format, as JSON has them."""
    assert response.status_code == 200, response.text
    media = response.headers["content-type"].partition(";")[0]
    if media == MEDIA[Form.JSON]:
        return response.json()["results"]
    if media == MEDIA[Form.ARROW]:
        found = ipc.open_stream(response.content).read_all().to_pylist()
    else:
        found = [typed(row) for row in csv.DictReader(io.StringIO(response.text))]
    for row in found:
        row["codes"] = row["codes"].split(" > ") if row["codes"] else []
        row["candidates"] = row["candidates"].split(";") if row["candidates"] else []
    return found


def typed(row: dict[str, str]) -> dict[str, Any]:
    kinds = {"row": int, "border_m": float, "nearest_m": float, "ambiguous": "true".__eq__}
    return {name: kinds.get(name, str)(text) if text else None for name, text in row.items()}


def one(client: Client, lon: float, lat: float, **query: Any) -> dict[str, Any]:
    """Return what the route for one point says, as a row of a batch."""
    found = client.json(f"/api/v1/locate?{urlencode({'lon': lon, 'lat': lat, **query})}")
    boundary, nearest = found["boundary"], found["nearest"]
    codes = [cell["code"] for cell in found["cells"]]
    return {
        "code": codes[-1] if codes else None,
        "codes": codes,
        "border_m": boundary and boundary["distance_m"],
        "ambiguous": boundary and boundary["ambiguous"],
        "candidates": [c["code"] for c in boundary["candidates"]] if boundary else [],
        "nearest_code": nearest and nearest["code"],
        "nearest_m": nearest and nearest["distance_m"],
        "error": None,
        "detail": None,
    }


def bodies(values: list[tuple[float, float]]) -> dict[Form, bytes]:
    lon, lat = zip(*values, strict=True)
    return {
        Form.JSON: orjson.dumps([{"lon": x, "lat": y} for x, y in values]),
        Form.CSV: csv_of(values),
        Form.ARROW: arrow_of(lon=list(lon), lat=list(lat)),
    }


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("query", [{}, {"accuracy_m": 400}, {"crs": "gcj02", "accuracy_m": 35}])
def test_a_row_says_what_one_question_says(held: Client, form: Form, query: dict[str, Any]) -> None:
    values = [tuple(p) for p in from_storage(points(), query.get("crs", "wgs84")).tolist()]

    response = send(held, bodies(values)[form], form, **query)

    assert response.headers["content-type"].startswith(MEDIA[form]), response.text
    expected = [one(held, x, y, **query) for x, y in values]
    assert table_of(response) == [{"row": n, **row} for n, row in enumerate(expected, 1)]


@pytest.mark.parametrize("sent", Form)
@pytest.mark.parametrize("wanted", Form)
def test_accept_chooses_the_format_of_the_answer(held: Client, sent: Form, wanted: Form) -> None:
    response = send(held, bodies(points())[sent], sent, wanted)

    assert response.headers["content-type"].startswith(MEDIA[wanted])
    assert [row["code"] for row in table_of(response)] == [one(held, *p)["code"] for p in points()]


def test_an_answer_says_by_which_grid(held: Client) -> None:
    response = send(held, bodies(points())[Form.CSV], accept=Form.JSON)

    found = response.json()
    assert found["version"] == int(response.headers["wangge-version"]) == 1
    assert found["as_of"] == response.headers["wangge-as-of"]
    schema = ipc.open_stream(send(held, bodies(points())[Form.ARROW], Form.ARROW).content).schema
    assert schema.metadata[b"version"] == b"1"


def test_ids_come_back_as_they_came(held: Client) -> None:
    (x, y), ids = points()[0], ["甲,1", '"', "=1+1"]
    quoted = "经度,纬度,编号\n" + "".join(
        f'{x},{y},"{i.replace(chr(34), 2 * chr(34))}"\n' for i in ids
    )

    assert [r["id"] for r in table_of(send(held, quoted.encode()))] == ["甲,1", '"', "'=1+1"]
    assert [r["id"] for r in table_of(send(held, quoted.encode(), accept=Form.JSON))] == ids
    listed = orjson.dumps([{"id": i, "lon": x, "lat": y} for i in [*ids, 7, None]])
    assert [r["id"] for r in table_of(send(held, listed, Form.JSON))] == [*ids, "7", None]
    arrow = arrow_of(id=[1, 2, None], lon=[x] * 3, lat=[y] * 3)
    assert [r["id"] for r in table_of(send(held, arrow, Form.ARROW))] == [1, 2, None]


@pytest.mark.parametrize("sent", [Form.CSV, Form.JSON, Form.ARROW])
def test_no_text_of_csv_begins_a_formula(held: Client, sent: Form) -> None:
    # Of every kind that a spreadsheet computes, numbers, and what only looks like one.
    ids = ["=1+1", "+cmd|x", "-1+1", "@SUM(A1)", " =1", "　＝1", "\t=1", "-5", "+8.5", "a=b", ""]
    x, y = points()[0]
    columns = {"id": ids, "lon": [x] * len(ids), "lat": [y] * len(ids)}
    body = {
        Form.CSV: "id,lon,lat\n" + "".join(f'"{i}",{x},{y}\n' for i in ids),
        Form.JSON: json.dumps([{"id": i, "lon": x, "lat": y} for i in ids]),
    }
    plain = arrow_of(**columns) if sent is Form.ARROW else body[sent].encode()

    told = [row["id"] or "" for row in table_of(send(held, plain, sent, Form.CSV))]

    assert told == [*(f"'{i}" for i in ids[:7]), "-5", "+8.5", "a=b", ""]


def test_excel_and_other_offices_are_understood(held: Client) -> None:
    x, y = points()[0]
    for sent in (
        f"\ufeff序号,经度(WGS84),纬度\r\n1,{x},{y}\r\n\r\n",
        f"lat;lng;备注\n{y};{x};逗号,无妨\n",
        f'备注\tX\tY\n"两\n行"\t{x}\t{y}',
        f'lon,lat\n"{x}"," {y} "\n',
    ):
        assert [row["code"] for row in table_of(send(held, sent.encode()))] == ["100A2001"], sent
    named = f"a,b\n{x},{y}\n".encode()
    found = table_of(send(held, named, lon_column="a", lat_column="b"))
    assert found[0]["code"] == "100A2001"


def test_keys_of_json_are_known_by_the_words_of_headers(held: Client) -> None:
    x, y = points()[0]
    listed = [
        {"lng": x, "lat": y},
        {"编号": "甲", "经度": x, "纬度": y, "精度": 5000},
        {"Longitude": x, "Latitude": y, "id": 3},
        {"lon": x, "lat": y, "accuracy": 1},
    ]

    found = table_of(send(held, orjson.dumps(listed), Form.JSON))

    assert [row["code"] for row in found] == ["100A2001"] * 4
    assert [row["id"] for row in found] == [None, "甲", "3", None]
    assert [row["ambiguous"] for row in found] == [False, True, False, False]


def test_rows_that_cannot_be_used_say_why_and_the_others_go_on(held: Client) -> None:
    x, y = points()[0]
    values = [
        (x, y),
        ("", y),
        ("abc", y),
        ("nan", y),
        (-500, y),
        (y, x),
        ("inf", y),
        ("１１６．８", y),
        (x, y),
    ]
    found = table_of(send(held, csv_of(values)))

    assert [row["row"] for row in found] == list(range(1, 10))
    assert [row["error"] for row in found] == [
        None,
        "coordinate_missing",
        "coordinate_not_number",
        "coordinate_not_finite",
        "coordinate_outside_globe",
        "axes_swapped",
        "coordinate_not_finite",
        None,
        None,
    ]
    assert found[-1]["code"] == found[0]["code"] == "100A2001"
    assert found[5]["detail"] == "the two numbers are swapped: longitude (easting) comes first"
    strange: list[Any] = [[x, y], [None, y], ["116.8", y], [True, y], [[1], y], [1e30, y]]
    told = table_of(send(held, orjson.dumps(strange), Form.JSON))
    assert [row["error"] for row in told] == [
        None,
        "coordinate_missing",
        *["coordinate_not_number"] * 3,
        "coordinate_outside_globe",
    ]
    nulls = arrow_of(lon=[x, None, float("nan"), float("inf")], lat=[y] * 4)
    assert [row["error"] for row in table_of(send(held, nulls, Form.ARROW))] == [
        None,
        "coordinate_missing",
        *["coordinate_not_finite"] * 2,
    ]


def test_each_row_may_say_how_exact_it_is(held: Client) -> None:
    x, y = points()[0]
    values = [(x, y, ""), (x, y, 5000), (x, y, -1), (x, y, "viel"), (x, y, "inf")]

    found = table_of(send(held, csv_of(values, "lon,lat,精度")))

    assert [row["ambiguous"] for row in found] == [False, True, None, None, None]
    assert [row["error"] for row in found] == [None, None, *["accuracy_refused"] * 3]


def problem(response: httpx.Response, status: int = 400) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return response.json()


X, Y = 116.8039, 33.9039
NO_NUMBERS, PACKED = pa.array([], pa.float64()), ipc.IpcWriteOptions(compression="zstd")
ARROW = arrow_of(lon=[X] * 9, lat=[Y] * 9)
GOOD = csv_of([(X, Y)] * 3)
RAGGED = csv_of([(X, Y), (X, Y), (X,), (X, Y)])
GBK = "编号,经度,纬度\n甲,116.8,33.9\n".encode("gbk")
GBK_LATER = "lon,lat,id\n116.8,33.9,a\n116.8,33.9,网格\n".encode("gbk")


@pytest.mark.parametrize(
    ("body", "form", "said"),
    [
        (b"", Form.CSV, "no point in it"),
        (b"lon,lat\n", Form.CSV, "no row below the header .curl must send --data-binary"),
        (b"[]", Form.JSON, "no point in it$"),
        (arrow_of(lon=NO_NUMBERS, lat=NO_NUMBERS), Form.ARROW, "no point"),
        (RAGGED, Form.CSV, "row 3 .* has 1 columns and the header 2"),
        (csv_of([(X, Y), (X, Y, 1)]), Form.CSV, "row 2 .* has 3 columns"),
        (GBK, Form.CSV, "its header, the first line, is in GBK"),
        (b"lon,lat,\xff\n1,2,3\n", Form.CSV, "its header, the first line, is no UTF-8"),
        (GBK_LATER, Form.CSV, "row 2 .* GBK"),
        (b"lon,lat\n1,2\n3,\xff\n", Form.CSV, "row 2 .* no UTF-8"),
        ("lon,lat\n1,2\n".encode("utf-16"), Form.CSV, "UTF-16"),
        (csv_of([(X, Y)], f"{X},{Y}"), Form.CSV, "must name the columns"),
        (b'lon,lat\n"1,2\n' + b"3,4\n" * 400_000, Form.CSV, "longer than"),
        (b"no arrow at all", Form.ARROW, "no Arrow IPC stream"),
        (b"ARROW1\0\0....", Form.ARROW, "Arrow file"),
        (ARROW[:-8], Form.ARROW, "end mark"),
        (ARROW[:-200] + ARROW[-8:], Form.ARROW, "cut off"),
        (arrow_of(lon=["1"], lat=["2"]), Form.ARROW, "'lon' is string"),
        (arrow_of(PACKED, lon=[X] * 900, lat=[Y] * 900), Form.ARROW, "compressed"),
        (b'{"lon": 1}', Form.JSON, "list of points"),
        (b"[[1, 2], [1]]", Form.JSON, "item 2"),
        (b'[[1, 2], {"lon": 1, "lat": 2, "acuracy": 3}]', Form.JSON, "item 2 .* key 'acuracy'"),
        (b'[{"lon": 1, "lng": 2, "lat": 3}]', Form.JSON, "item 1 .* key 'lng'"),
        (b'[{"lon": 1, "lat": 2}, {"lng": 1, "name": 2}]', Form.JSON,
         "item 2 has no lat .its keys are: lng, name."),
        (b"[[1, 2], [3, NaN], [4, NaN]]", Form.JSON, "item 2 holds NaN"),
        (b'[[1e30, 2], [3, 4], {"lon": -Infinity, "lat": 3}]', Form.JSON, "item 3 holds NaN"),
        (b'{"points": [[1e400, 2]]}', Form.JSON, "item 1 holds NaN"),
        (b"[[1, 2], [123456789012345678901234567890, 2]]", Form.JSON, "item 2 holds NaN"),
        (b'[{"lon": 1, "lat": 2, "id": true}]', Form.JSON, "id of item 1"),
    ],
)  # fmt: skip
def test_a_batch_that_cannot_be_read_says_where(
    held: Client, body: bytes, form: Form, said: str
) -> None:
    found = problem(send(held, body, form))

    assert found["code"] == "batch_refused"
    assert re.search(said, found["detail"]), found["detail"]


def test_other_refusals_keep_their_names(held: Client, live: Live) -> None:
    later = (live.now() + timedelta(days=2)).date().isoformat()
    codes = {
        "unknown_crs": {"crs": "mars"},
        "crs_uncertain": {"crs": "EPSG:2433"},
        "moment_refused": {"as_of": later},
        "accuracy_refused": {"accuracy_m": 10_001},
        "column_missing": {"lon_column": "东"},
        "invalid_parameter": {"fields": "code,secret"},
        "team_only_now": {"include": "team", "as_of": "2026-01-01T00:00:00Z"},
    }
    for code, query in codes.items():
        assert problem(send(held, GOOD, **query))["code"] == code
    assert problem(send(held, csv_of([(1, 2)], "a,b")))["code"] == "column_missing"
    assert problem(send(held, csv_of([(1, 2, 3)], "lon,lon,lat")))["code"] == "columns_equal"
    cut = problem(send(held, b"[[1,2],\n[3,4]", Form.JSON))
    assert (cut["code"], "line 2, character 6" in cut["detail"]) == ("body_broken", True)
    assert (
        problem(send(held, GOOD, as_of="2020-01-01T00:00:00Z"), 404)["code"] == "nothing_published"
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/octet-stream"},
        {"content_type": "application/vnd.apache.arrow.file"},
        {"content_type": "text/csv; charset=gbk"},
        {"content_type": "text/csv", "content_encoding": "gzip"},
        {"content_type": ""},
    ],
)
@pytest.mark.parametrize(("lang", "only"), [("en", "only"), ("zh", "只收")])
def test_a_format_that_is_not_taken_is_told_which_are(
    held: Client, sent: dict[str, str], lang: str, only: str
) -> None:
    response = held.request("POST", PATH, GOOD, **sent, accept_language=lang)

    found = problem(response, 415)
    assert found["code"] == "media_type_refused"
    assert all(media in found["detail"] for media in (only, sent["content_type"], *MEDIA.values()))
    assert response.headers["accept"] == ", ".join(MEDIA.values())


def test_a_format_that_cannot_be_given_is_told_which_can(held: Client) -> None:
    found = problem(send(held, GOOD, accept="image/png"), 406)

    assert found["code"] == "not_acceptable"
    assert all(media in found["detail"] for media in ("image/png", *MEDIA.values()))


def test_a_batch_that_is_swapped_says_so_and_is_not_turned(held: Client) -> None:
    swapped = [(y, x) for x, y in points()]

    found = problem(send(held, csv_of(swapped)))

    assert found["code"] == "batch_swapped"
    assert "6 of the first 7 rows" in found["detail"] and "row 1" in found["detail"]
    # One row that is right, and nothing is said of the whole.
    assert table_of(send(held, csv_of([*swapped, points()[0]])))[-1]["code"] == "100A2001"


def test_the_team_is_told_when_asked_for_and_to_whom_it_may_be(
    held: Client, app: FastAPI, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = bodies(points())[Form.JSON]
    told = table_of(send(held, body, Form.JSON, include="team"))
    heads = []
    for x, y in points():
        answer = held.json(f"/api/v1/locate?lon={x}&lat={y}")
        team = answer["team"]
        reason = answer["reason"] if answer["matched"] else None
        heads.append((team[0]["name"] if team else None, reason))
    assert [(row["team"], row["reason"]) for row in told] == heads
    assert "team" not in table_of(send(held, body, Form.JSON))[0]

    runtime = app.state.runtime
    hidden = runtime.settings.model_copy(update={"public_team": False})
    monkeypatch.setattr(runtime, "settings", hidden)
    withheld = table_of(send(held, body, Form.JSON, include="team"))
    assert {row["team"] for row in withheld} == {None}
    assert [row["reason"] for row in withheld] == [h and "withheld" for _, h in heads]
    staff = as_role(Role.DISTRICT_ADMIN)
    known = table_of(send(staff, body, Form.JSON, include="team"))
    assert [(row["team"], row["reason"]) for row in known] == heads


def test_columns_are_chosen(held: Client) -> None:
    body = bodies(points())[Form.CSV]

    few = csv.reader(io.StringIO(send(held, body, fields="border_m,code").text))
    more = csv.reader(
        io.StringIO(send(held, body, fields="code", include="names,point,version").text)
    )

    assert next(few) == ["row", "code", "border_m", "error", "detail"]
    assert next(more) == [
        "row", "code", "name", "names", "lon", "lat", "version", "error", "detail",
    ]  # fmt: skip
    _, *named = next(more)
    assert named[0] == "100A2001" and named[2].startswith("测试区 > 甲街道 > ")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_document_names_every_column_that_may_be_asked_for(lang: Lang) -> None:
    named = set(re.findall(r"[a-z_]+", text("api.query.fields", lang)))

    assert {*COLUMNS, "row", "id"} <= named


def test_the_past_is_asked_by_its_own_grid(held: Client, live: Live) -> None:
    then = (live.now() - timedelta(seconds=0.5)).isoformat()

    response = send(held, GOOD, as_of=then)

    assert response.headers["wangge-as-of"][:19] == then[:19]


def test_what_goes_wrong_late_ends_the_answer_in_its_middle(
    held: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "HELD_ROWS", 1)
    monkeypatch.setattr("api.batches.csv.BLOCK", 64)
    body = csv_of([*[(X, Y)] * 40, (X,)])

    with pytest.raises((httpx.RemoteProtocolError, AssertionError, RuntimeError)):
        response = send(held, body)
        raise AssertionError(response.text[-200:])


def test_the_last_line_of_a_broken_answer_is_a_line_of_csv() -> None:
    writer = CsvWriter(Facts(1, "2026-11-22T08:00:00+08:00", "wgs84"))
    first = writer.part(pa.RecordBatch.from_pydict({"row": [1], "error": [None], "detail": ["x"]}))

    last = writer.broken("batch_refused", 'row 3 has "1" column', 2).decode()

    assert bytes(first).endswith(b"\n") and last.endswith("\n")
    assert next(csv.reader([last])) == ["2", "batch_refused", "row 3 has '1' column"]
    assert last.startswith("2,"), "a number, as in every other line"


def test_no_more_rows_than_may_be(held: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("csv", "arrow"):
        monkeypatch.setattr(f"api.batches.{module}.ROWS_MAX", 5)
    for form in (Form.CSV, Form.ARROW):
        assert "more than 5 rows" in problem(send(held, bodies(points())[form], form))["detail"]
    monkeypatch.setattr("api.batches.objects.JSON_MAX", 10)
    assert "CSV or Arrow" in problem(send(held, bodies(points())[Form.JSON], Form.JSON))["detail"]
    monkeypatch.setattr("api.batches.body.BODY_MAX", 10)
    assert problem(send(held, GOOD), 413)["code"] == "body_too_large"


def test_a_long_body_waits_in_a_file(
    held: Client, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batches.body.KEPT_MAX", 16)
    for form in Form:
        assert len(table_of(send(held, bodies(points())[form], form))) == len(PLACES)
    assert list((app.state.runtime.settings.home / "batches").iterdir()) == []


def test_a_batch_costs_by_its_size(
    held: Client, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(1.0, lambda _limit: None, clock=lambda: 0.0)
    limits._buckets[Limit.ANONYMOUS] = Buckets(Rate(1.0, 10), clock=lambda: 0.0)
    monkeypatch.setattr("api.batches.answering.BYTES_A_TOKEN", len(GOOD) / 4)
    monkeypatch.setitem(app.state._state, "limits", limits)

    statuses = [send(held, GOOD).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_chunks_and_blocks_are_one_answer(held: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    values = [
        (place.x, place.y)
        for place in (world.at(*at) for at in random.uniform(-0.2, 2.2, (300, 2)))
    ]
    whole = {form: table_of(send(held, body, form)) for form, body in bodies(values).items()}
    assert whole[Form.CSV] == whole[Form.JSON] == whole[Form.ARROW]

    monkeypatch.setattr(answers, "HELD_ROWS", 50)
    monkeypatch.setattr("api.batches.csv.BLOCK", 1000)
    monkeypatch.setattr("api.batches.objects.CHUNK_ROWS", 31)
    for form, body in bodies(values).items():
        response = send(held, body, form)
        assert "content-length" not in response.headers
        assert table_of(response) == whole[form]
    assert rows.CHUNK_ROWS >= 1
    assert json.loads(send(held, bodies(values)[Form.JSON], Form.JSON).text)["version"] == 1


def test_without_a_grid_in_memory_the_database_is_asked(anyone: Client) -> None:
    assert table_of(send(anyone, GOOD))[0]["code"] is not None
