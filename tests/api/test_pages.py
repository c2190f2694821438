"""Pages and locate over HTTP: for who has signed in, for others, and where nothing is yet."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi import FastAPI

from api.access import is_local
from api.app import create_app
from geo.access.roles import ROLES, Role
from geo.clock import now
from geo.runtime import Runtime
from maps.assets import static_root
from tests import residents, world
from tests.api.client import Client, signed_in

pytestmark = pytest.mark.db


def block(html: str, name: str) -> Any:
    """A data block of a page."""
    return json.loads(html.split(f'data-block="{name}">')[1].split("</script>")[0])


@pytest.fixture
def browser(app: FastAPI) -> Client:
    """A browser of somebody who may see all people of the small town."""
    return Client.page(app)


def test_the_home_page_shows_the_town(browser: Client) -> None:
    page = browser.get("/", accept_language="zh-CN")

    assert page.status_code == 200
    assert "测试区" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    nonce = page.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">' in page.text


def test_a_role_without_maps_is_shown_the_public_one(app: FastAPI) -> None:
    page = Client.page(app, Role.INTAKE_CLERK).get("/", accept_language="en")

    assert page.status_code == 200
    assert block(page.text, "page")["detail"] == "cells"
    assert block(page.text, "buildings")["code"] == []


def test_a_cell_may_be_named_and_the_language_too(browser: Client) -> None:
    page = browser.get("/?cell=100A2&lang=en")

    assert '<html lang="en">' in page.text
    assert "下社区" in page.text


@pytest.mark.parametrize("path", ["/maps/occupancy", "/me", "/users", "/audit"])
def test_who_has_not_signed_in_is_led_to_the_sign_in_and_back(anyone: Client, path: str) -> None:
    page = anyone.get(f"{path}?cell=100A&lang=en", accept="text/html")

    assert page.status_code == 303
    assert page.headers["location"] == f"/login?next={quote(f'{path}?cell=100A&lang=en', safe='')}"
    assert page.content == b""


def test_the_language_of_the_address_is_kept_on_the_device(app: FastAPI) -> None:
    page = Client(app).get("/login?lang=en", accept_language="zh")
    assert '<html lang="en">' in page.text
    cookie = page.headers["set-cookie"]
    assert cookie.startswith("wangge_lang=en; Max-Age=31536000;")

    again = Client(app, headers={"cookie": "wangge_lang=en"}).get("/login", accept_language="zh")
    assert '<html lang="en">' in again.text
    assert "set-cookie" not in again.headers


def test_a_language_that_is_none_changes_nothing(app: FastAPI) -> None:
    page = Client(app).get("/login?lang=%0d%0aSet-Cookie:x", accept_language="zh")

    assert '<html lang="zh-CN">' in page.text
    assert "set-cookie" not in page.headers


def test_who_is_signed_in_is_led_on_from_the_door(browser: Client) -> None:
    assert browser.get("/login?next=/me").headers["location"] == "/me"
    assert browser.get("/login?next=//elsewhere.example").headers["location"] == "/"


def test_outside_a_demo_no_account_is_offered(app: FastAPI) -> None:
    page = Client(app).get("/login")

    assert page.status_code == 200
    assert "data-login" not in page.text
    assert "wangge-demo" not in page.text


def test_over_an_open_connection_there_is_no_form(anyone: Client) -> None:
    page = anyone.get("/login", accept_language="en")

    assert "<form" not in page.text
    assert "not encrypted" in page.text


def test_a_first_password_opens_the_door_alone(app: FastAPI) -> None:
    opened = signed_in(
        app.state.runtime, Role.GRID_WORKER, "100A2001", kind="page", must_change=True
    )
    new = Client(app, cookie=opened.token)

    for path in ("/", "/maps/occupancy", "/me"):
        page = new.get(path, accept="text/html")
        assert page.headers["location"] == f"/login?next={quote(path, safe='')}", path
    assert block(new.get("/login").text, "bar")["facts"]["must_change"] is True


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.SYSTEM_ADMIN, "/users", 200),
        (Role.AUDIT_ADMIN, "/users", 200),
        (Role.AUDIT_ADMIN, "/audit", 200),
        (Role.SYSTEM_ADMIN, "/audit", 403),
        (Role.DISTRICT_ADMIN, "/users", 403),
        (Role.GRID_WORKER, "/households/1/print", 403),
        (Role.COMMUNITY_ADMIN, "/households/1/print", 200),
        (Role.VOLUNTEER, "/me", 200),
    ],
)
def test_a_page_opens_for_whose_role_it_is(
    app: FastAPI, role: Role, path: str, status: int
) -> None:
    cell = "100" if ROLES[role].has_area else None
    page = Client.page(app, role, cell).get(path, accept="text/html")

    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] in ("private, no-store", "no-store")


def test_a_map_opens_at_the_own_area_and_knows_what_is_not_in_it(app: FastAPI) -> None:
    page = Client.page(app, Role.GRID_WORKER, "100A2001").get("/").text
    cells = block(page, "cells")

    assert block(page, "page")["cell"]["code"] == "100A2001"
    # The neighbour grid is drawn and not seen; no way leads up to what is not whole.
    assert sorted(cells["sight"]) == [0, 2]
    assert [leads for _, _, leads in block(page, "page")["crumbs"]] == [False, False, False]


def test_a_map_of_a_wider_cell_counts_the_own_area_alone(app: FastAPI) -> None:
    page = Client.page(app, Role.GRID_WORKER, "100A2001").get("/?cell=100").text
    cells = block(page, "cells")

    # Five households in b1 and b2; two more in b3 are others' to see.
    assert cells["households"][cells["asked"]] == 5
    assert cells["sight"][cells["asked"]] == 1


def test_a_map_beyond_the_own_area_is_not_there_and_that_is_recorded(
    app: FastAPI, town_runtime: Runtime
) -> None:
    worker = Client.page(app, Role.GRID_WORKER, "100A2001")
    before = len(residents.records(town_runtime, "lookup"))

    assert worker.get("/?cell=100B1").status_code == 404
    (found,) = residents.records(town_runtime, "lookup")[before:]
    assert (found["outcome"], found["subject_kind"]) == ("missed", "cell")


def test_reading_a_map_is_recorded_with_its_cell(app: FastAPI, town_runtime: Runtime) -> None:
    before = len(residents.records(town_runtime, "people.count"))
    Client.page(app, Role.DUTY_LEADER, "100A").get("/")

    (found,) = residents.records(town_runtime, "people.count")[before:]
    assert found["area"] == world.paths(town_runtime)["100A"]
    assert found["subject_kind"] == "cell"


def test_an_empty_database_says_what_to_do(runtime: Runtime) -> None:
    client = Client.page(create_app(runtime), Role.SYSTEM_ADMIN, None)
    page = client.get("/", accept_language="en")

    assert page.status_code == 200
    assert "./wangge import cells FILE --commit" in page.text


def test_an_unknown_cell_is_a_page_with_404(browser: Client) -> None:
    page = browser.get("/?lang=en&cell=%3Cscript%3Ealert(1)%3C/script%3E", accept="text/html")

    assert page.status_code == 404
    assert "<script>alert" not in page.text


def test_an_unknown_map_is_a_page_with_404(browser: Client) -> None:
    assert browser.get("/maps/nothing").status_code == 404


def test_static_files_may_be_kept_for_ever(staff: Client) -> None:
    found = staff.get(f"{static_root()}/css/map.css")

    assert found.status_code == 200
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_locate_answers_in_the_documented_shape(staff: Client) -> None:
    place = world.at(0.25, 0.5)

    found = staff.json(f"/api/v1/locate?lon={place.x}&lat={place.y}")

    assert set(found) == {
        "matched", "version", "as_of", "point", "cells", "team", "reason", "overlays",
        "boundary", "nearest",
    }  # fmt: skip
    assert [cell["code"] for cell in found["cells"]] == ["100", "100A", "100A2", "100A2001"]
    assert found["team"][0] == {
        "worker_id": found["team"][0]["worker_id"], "worker_code": "w1",
        "name": "沈知夏", "role": "grid_worker",
        "primary": True, "via": "cell", "cell_code": "100A2001", "duty_phone": "0561-555-0101",
        "substitute_for": None,
    }  # fmt: skip


def test_anybody_is_told_the_team_where_the_deployment_says_so(anyone: Client) -> None:
    found = anyone.json("/api/v1/locate?building=b1")

    assert "骆平川" in {member["name"] for member in found["team"]}


def test_the_team_may_be_kept_for_those_who_have_signed_in(runtime: Runtime) -> None:
    world.store(runtime)
    runtime.settings = runtime.settings.model_copy(update={"public_team": False})
    app = create_app(runtime)
    withheld = Client(app).json("/api/v1/locate?building=b1")
    told = Client.of(app, Role.VOLUNTEER, "100B").json("/api/v1/locate?building=b1")

    assert (withheld["team"], withheld["reason"]) == ([], "withheld")
    assert withheld["cells"][-1]["code"] == "100A2001"
    assert "骆平川" in {member["name"] for member in told["team"]}


def test_the_team_of_a_past_moment_is_told_to_staff_of_that_area_alone(runtime: Runtime) -> None:
    world.store(runtime)
    app = create_app(runtime)
    asked = f"/api/v1/locate?building=b1&as_of={now().isoformat().replace('+', '%2B')}"
    withheld = [
        Client(app).json(asked),
        Client.of(app, Role.VOLUNTEER, "100B").json(asked),
        Client.of(app, Role.SYSTEM_ADMIN, None).json(asked),
    ]
    told = Client.of(app, Role.VOLUNTEER, "100A2001").json(asked)

    assert [(body["team"], body["reason"]) for body in withheld] == [([], "withheld")] * 3
    assert [body["cells"][-1]["code"] for body in withheld] == ["100A2001"] * 3
    assert {member["name"] for member in told["team"]} == {"沈知夏", "骆平川"}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 400, "place_unclear"),
        ({"lon": "116.8"}, 400, "coordinate_lacking"),
        ({"lat": "33.9"}, 400, "coordinate_lacking"),
        ({"lon": "116.8", "building": "b1"}, 400, "place_unclear"),
        ({"lon": "nan", "lat": "33.9"}, 400, "invalid_parameter"),
        ({"lon": "1e400", "lat": "33.9"}, 400, "invalid_parameter"),
        ({"lon": "116,8", "lat": "33.9"}, 400, "invalid_parameter"),
        ({"lon": "33.9", "lat": "116.8"}, 400, "axes_swapped"),
        ({"lon": "116.8", "lat": "33.9", "crs": "mars"}, 400, "unknown_crs"),
        ({"lon": "116.8", "lat": "33.9", "as_of": "9999-01-01"}, 400, "moment_refused"),
        ({"building": "nowhere"}, 404, "building_unknown"),
        ({"building": "b1", "accuracy_m": "-1"}, 400, "accuracy_refused"),
        ({"building": "b1", "stairwell": "x"}, 400, "invalid_parameter"),
        ({"buildnig": "b1"}, 400, "invalid_parameter"),
    ],
)
def test_a_wrong_question_is_a_clear_problem(
    staff: Client, query: dict[str, str], status: int, code: str
) -> None:
    answer = staff.get(f"/api/v1/locate?{urlencode(query)}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_cell_that_cannot_be_a_code_is_a_page_with_404(browser: Client) -> None:
    assert browser.get("/?cell=%00").status_code == 404


@pytest.mark.parametrize(
    ("version", "headers", "local_"),
    [
        ("1.1", {}, True),
        ("1.0", {}, False),  # what nginx speaks to its backend by default
        ("1.1", {"x-forwarded": "1"}, False),
        ("1.1", {"x-original-forwarded-for": "192.0.2.7"}, False),
        ("1.1", {"fly-client-ip": "192.0.2.7"}, False),
        ("1.1", {"cf-ray": "1"}, False),
        ("1.1", {"x-remote-addr": "192.0.2.7"}, False),
    ],
)
def test_what_came_through_a_proxy_is_not_local(
    version: str, headers: dict[str, str], local_: bool
) -> None:
    given = [(b"host", b"127.0.0.1:8000")]
    given += [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "http_version": version,
        "client": ("127.0.0.1", 1),
        "headers": given,
    }

    assert is_local(scope) is local_
