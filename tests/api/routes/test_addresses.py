"""Addresses over HTTP: completed, located, and named by who is on duty."""

from urllib.parse import quote

import pytest

from api.schemas.addresses import LocatedAddressBody
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.locate.addresses import locate_address
from geo.places.addresses.kept import KeptGazetteer
from tests import world
from tests.api.client import Client
from tests.api.routes.conftest import Office
from tests.geo.audit.trail import rows

pytestmark = pytest.mark.db

LOCATE, NAMES = "/api/v1/locate", "/api/v1/addresses/nicknames"
NEW = {"name": "铁路小学后门那栋", "building": "b1", "stairwell": 2}


def test_a_building_by_its_address_is_located_with_its_team(bureau: Office) -> None:
    found = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?address=幸福小区1号楼2单元").json()

    assert found["matched"] is True
    assert [cell["code"] for cell in found["cells"]] == ["100", "100A", "100A2", "100A2001"]
    assert {member["via"] for member in found["team"]} == {"building", "cell"}
    best = found["address"]["candidates"][0]
    assert (best["code"], best["precision"], best["stairwell"]) == ("b1", "unit", 2)
    assert found["address"]["needs_person"] is False


def test_an_estate_has_the_cells_that_hold_all_of_it(bureau: Office) -> None:
    found = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?address=幸福小区").json()

    assert found["address"]["candidates"][0]["precision"] == "estate"
    assert found["cells"][-1]["code"] == "100A2001"
    assert found["boundary"] is None


def test_a_community_by_its_name_has_its_own_team(bureau: Office) -> None:
    found = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?address=下社区").json()

    assert [cell["code"] for cell in found["cells"]] == ["100", "100A", "100A2"]
    assert [member["cell_code"] for member in found["team"]] == ["100A2"]


def test_what_a_person_has_to_look_at_has_candidates_but_no_team(bureau: Office) -> None:
    found = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?address=幸福小区1号楼旁边").json()

    assert (found["matched"], found["cells"], found["team"]) == (False, [], [])
    assert found["address"]["needs_person"] is True
    assert found["address"]["doubts"] == ["relative"]
    assert found["address"]["candidates"][0]["code"] == "b1"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("address=翡翠城", 404, "address_unknown"),
        ("address=幸福小区&building=b1", 400, "place_unclear"),
        ("address=幸福小区&lon=116.8", 400, "place_unclear"),
        ("address=", 400, "invalid_parameter"),
        (f"address={'楼' * 101}", 400, "invalid_parameter"),
        ("address=%00", 400, "invalid_parameter"),
        ("address=幸福小区&as_of=2999-01-01", 400, "moment_refused"),
    ],
)
def test_a_question_that_cannot_be_right_is_refused(
    bureau: Office, query: str, status: int, code: str
) -> None:
    answer = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_point_is_answered_as_before(bureau: Office) -> None:
    point = world.at(0.1, 0.1)
    found = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?lon={point.x}&lat={point.y}").json()

    assert "address" not in found


def test_typing_is_gone_on_with(bureau: Office) -> None:
    found = bureau.of(Role.GRID_WORKER).get("/api/v1/addresses?q=xfx").json()["items"]

    assert (found[0]["text"], found[0]["kind"]) == ("幸福小区", "estate")


def test_a_name_given_on_duty_is_known_to_staff_alone(office: Office) -> None:
    worker, nobody = office.of(Role.GRID_WORKER), Client(office.app)
    office.app.state.gazetteer = KeptGazetteer(look_every_s=0.0)
    made = worker.post(NAMES, NEW)

    question = f"{LOCATE}?address=铁路小学后门那栋"
    assert (made.status_code, made.json()["kind"]) == (201, "nickname")
    assert worker.get(question).json()["address"]["candidates"][0]["code"] == "b1"
    assert nobody.get(question).status_code == 404
    assert nobody.get("/api/v1/addresses?q=铁路小学").json()["items"] == []
    assert worker.get("/api/v1/addresses?q=铁路小学").json()["items"][0]["text"] == NEW["name"]


def test_a_second_press_under_one_key_adds_nothing(office: Office) -> None:
    worker = office.of(Role.GRID_WORKER)
    first = worker.post(NAMES, NEW, key="one-press-1")
    second = worker.post(NAMES, NEW, key="one-press-1")

    assert first.json() == second.json()
    assert len(rows(office.runtime, "SELECT id FROM place_name")) == 1


def test_a_name_that_stands_already_is_told_from_a_new_one(office: Office) -> None:
    worker = office.of(Role.GRID_WORKER)
    first = worker.post(NAMES, NEW, key="one-press-1")
    second = worker.post(NAMES, NEW, key="one-press-2")
    again = worker.post(NAMES, NEW, key="one-press-2")

    assert [one.status_code for one in (first, second, again)] == [201, 200, 200]
    assert [one.json()["added"] for one in (first, second, again)] == [True, False, False]
    assert second.json()["id"] == first.json()["id"]


@pytest.mark.parametrize(("stairwell", "status"), [(0, 200), (2, 200), (3, 404)])
def test_a_stairwell_that_is_not_there_has_no_team(
    bureau: Office, stairwell: int, status: int
) -> None:
    answer = bureau.of(Role.GRID_WORKER).get(f"{LOCATE}?building=b1&stairwell={stairwell}")

    assert answer.status_code == status
    assert answer.json().get("code") == (None if status == 200 else "stairwell_unknown")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**NEW, "stairwell": 9}, 404, "stairwell_unknown"),
        ({**NEW, "name": "幸福小区2号楼"}, 409, "place_name_taken"),
        ({**NEW, "building": "b3"}, 404, "place_not_yours"),
        ({**NEW, "building": "nothing"}, 404, "building_unknown"),
        ({**NEW, "name": "13800138000"}, 400, "place_name_refused"),
        ({**NEW, "estate": "e1"}, 400, "place_name_target_unclear"),
        ({"name": "大红楼"}, 400, "place_name_target_unclear"),
        ({"name": "大红楼", "lon": 116.8}, 400, "place_name_target_unclear"),
        ({"name": "大红楼", "lon": 116.8, "lat": 133.9}, 400, "coordinate_refused"),
        ({**NEW, "stairwell": -1}, 400, "invalid_parameter"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(
    bureau: Office, body: dict[str, object], status: int, code: str
) -> None:
    answer = bureau.of(Role.GRID_WORKER).post(NAMES, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_name_ends_once(office: Office) -> None:
    worker = office.of(Role.GRID_WORKER)
    made = worker.post(NAMES, NEW).json()["id"]

    assert worker.post(f"{NAMES}/{made}/end").json()["ended"] is True
    assert worker.post(f"{NAMES}/{made}/end").status_code == 404
    assert office.of(Role.GRID_WORKER, "100B1").post(f"{NAMES}/{made}/end").status_code == 404


def test_names_are_listed_in_the_own_areas_page_by_page(office: Office) -> None:
    worker = office.of(Role.GRID_WORKER)
    for place, name in enumerate(("大红楼", "后门那栋", "水塔那栋")):
        worker.post(NAMES, {"name": name, "building": f"b{place % 2 + 1}"})

    first = worker.get(f"{NAMES}?limit=2").json()
    second = worker.get(first["next"]).json()
    of_b2 = worker.get(f"{NAMES}?building=b2").json()
    elsewhere = office.of(Role.GRID_WORKER, "100B1").get(NAMES).json()

    assert [item["name"] for item in first["items"]] == ["大红楼", "后门那栋"]
    assert [item["name"] for item in second["items"]] == ["水塔那栋"]
    assert [(item["name"], item["building"]) for item in of_b2["items"]] == [("后门那栋", "b2")]
    assert elsewhere["items"] == []
    assert office.of(Role.GRID_WORKER, "100B1").get(f"{NAMES}?building=b2").status_code == 404


def test_who_runs_the_machine_names_no_place(bureau: Office) -> None:
    assert bureau.of(Role.SYSTEM_ADMIN, None).post(NAMES, NEW).status_code == 403


def test_the_answer_is_what_locate_address_gives(bureau: Office) -> None:
    client, runtime = bureau.of(Role.DISTRICT_ADMIN, "100"), bureau.runtime
    for asked in (
        "幸福小区1号楼2单元",
        "幸福小区",
        "下社区",
        "人民路1号2号楼",
        "幸福小区1号楼旁边",
    ):
        told = client.get(f"{LOCATE}?address={asked}").json()
        with runtime.work(Actor.system("test"), reading=True) as work:
            named = KeptGazetteer().of(work.session)
            found = locate_address(work, named, asked, nicknames=True)
        body = LocatedAddressBody.of_address(found, phones=runtime.settings.show_duty_phone)
        mine = body.model_dump(mode="json")

        assert told.pop("as_of") and mine.pop("as_of")
        assert told == mine


def test_names_are_searched_by_word_address_and_code_within_the_own_areas(bureau: Office) -> None:
    here, above = bureau.of(Role.GRID_WORKER), bureau.of(Role.DISTRICT_ADMIN, "100")
    for name, building in {"铁路小学后门那栋": "b1", "100%的楼": "b1", "对门": "b3"}.items():
        assert above.post(NAMES, {"name": name, "building": building}).status_code == 201

    def found(client: Client, words: str) -> list[str]:
        return sorted(one["name"] for one in client.json(f"{NAMES}?q={quote(words)}")["items"])

    assert found(above, "小学") == ["铁路小学后门那栋"]
    assert found(above, "%") == ["100%的楼"]  # no pattern
    assert found(above, "b3") == ["对门"]
    assert found(above, "幸福小区1号楼") == ["100%的楼", "铁路小学后门那栋"]
    assert found(above, "没有") == []
    assert (found(here, "对门"), found(here, "小学")) == ([], ["铁路小学后门那栋"])
    (one,) = above.json(f"{NAMES}?q={quote('小学')}")["items"]
    assert one["address"] == "人民路1号幸福小区1号楼"
