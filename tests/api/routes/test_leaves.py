"""Leaves, substitutes and those beside the team, over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.lifespan import live_of
from api.point_answers import Answers, Telling, Wish
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.workforce.leaves.service import NewLeave, add_leave
from tests import world
from tests.api.client import Client
from tests.api.routes.conftest import Office
from tests.geo.audit.trail import rows

pytestmark = pytest.mark.db

LEAVES, ASSIGNMENTS, LOCATE = "/api/v1/leaves", "/api/v1/assignments", "/api/v1/locate"
AWAY = {"worker": "w1", "substitute": "w2"}


def answering(client: Client, east: float = 0.25) -> tuple[list[tuple[str, str | None]], str]:
    place = world.at(east, 0.25)
    found = client.json(f"{LOCATE}?lon={place.x}&lat={place.y}")
    members = [
        (member["name"], (member["substitute_for"] or {}).get("name")) for member in found["team"]
    ]
    return members, found["reason"]


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def admin(office: Office, cell: str = "100A2") -> Client:
    return office.of(Role.COMMUNITY_ADMIN, cell)


def test_a_substitute_answers_at_once_and_until_the_leave_is_ended(office: Office) -> None:
    client = admin(office)
    made = client.post(LEAVES, AWAY)

    assert made.status_code == 201
    assert made.json()["away"] is True
    assert answering(client) == ([("骆平川", "沈知夏")], "cell; substitute")
    listed = client.json(LEAVES)["items"]
    assert [(row["worker"]["code"], row["substitute"]["code"]) for row in listed] == [("w1", "w2")]

    ended = client.post(f"{LEAVES}/{made.json()['id']}/end")

    assert (ended.status_code, ended.json()["away"], ended.json()["ended"]) == (200, False, True)
    assert answering(client) == ([("沈知夏", None)], "cell")
    assert client.json(LEAVES)["items"] == []
    assert code(client.post(f"{LEAVES}/{made.json()['id']}/end")) == (404, "leave_unknown")


def test_without_a_substitute_the_next_above_answers_and_it_is_said(office: Office) -> None:
    client = admin(office)
    client.post(LEAVES, {"worker": "w1"})

    assert answering(client) == ([("陶一禾", None)], "parent_cell; away")


def test_memory_answers_the_same_without_the_database(office: Office) -> None:
    client, live = admin(office), live_of(office.runtime)
    live.look()
    office.app.state.live = live
    client.post(LEAVES, AWAY)
    live.look()

    assert live.present() is not None
    assert answering(client) == ([("骆平川", "沈知夏")], "cell; substitute")
    live.stop()
    office.app.state.live = None


def test_kept_answers_follow_a_leave_that_begins_and_ends_by_itself(office: Office) -> None:
    live = live_of(office.runtime)
    live.look()
    now = live.now()
    with office.runtime.work(Actor.system("test")) as work:
        times = now + timedelta(hours=2), now + timedelta(hours=5)
        add_leave(work, NewLeave("w1", "w2", *times))
    live.look()
    held = live.held
    assert held is not None
    place = world.at(0.25, 0.25)
    answers = Answers(office.runtime, office.runtime.settings.time_zone)
    wish, telling = Wish(place.x, place.y), Telling(team=True, phones=False)
    cell = held.snapshot.index.locate(place.x, place.y)

    def first(hours: float) -> str:
        instant = (now + timedelta(hours=hours)).timestamp()
        found: str = json.loads(answers.present(wish, cell, held, instant, telling))["reason"]
        return found

    told = [first(0), first(1.9), first(2), first(4.9), first(5), first(6)]
    live.stop()

    assert told == ["cell", "cell", "cell; substitute", "cell; substitute", "cell", "cell"]


def test_a_leave_to_come_changes_nothing_yet_and_a_day_means_its_beginning(office: Office) -> None:
    client = admin(office)
    today = client.json(f"{LOCATE}?building=b1")["as_of"][:10]
    begins = datetime.fromisoformat(f"{today}T00:00:00+08:00") + timedelta(days=2)
    ends = begins + timedelta(days=3)
    body = {**AWAY, "begins": begins.date().isoformat(), "ends": ends.date().isoformat()}

    made = client.post(LEAVES, body).json()

    assert (made["begins_at"], made["ends_at"]) == (begins.isoformat(), ends.isoformat())
    assert made["away"] is False
    assert answering(client) == ([("沈知夏", None)], "cell")
    # The day of return is free again, the day before is not.
    back = {"worker": "w1", "begins": ends.date().isoformat()}
    clash = {"worker": "w1", "begins": (ends - timedelta(days=1)).date().isoformat()}
    assert code(client.post(LEAVES, clash)) == (409, "leave_overlaps")
    assert client.post(LEAVES, back).status_code == 201


def test_what_was_answered_while_somebody_was_away_stays_the_answer_of_then(
    office: Office,
) -> None:
    client = admin(office)
    made = client.post(LEAVES, AWAY).json()
    client.post(f"{LEAVES}/{made['id']}/end")
    then = datetime.fromisoformat(made["begins_at"]) + timedelta(microseconds=1)
    found = client.json(f"{LOCATE}?building=b1&as_of={then.isoformat().replace('+', '%2B')}")

    assert found["team"][0]["name"] == "骆平川"
    assert found["reason"].endswith("substitute")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"worker": "w1", "begins": "2020-01-01"}, 400, "leave_times_refused"),
        ({"worker": "w1", "begins": "9999-12-31"}, 400, "leave_times_refused"),
        ({"worker": "w1", "ends": "2020-01-01T00:00:00Z"}, 400, "leave_times_refused"),
        ({"worker": "w1", "ends": "9999-12-31"}, 400, "leave_times_refused"),
        ({"worker": "w1", "substitute": "w1"}, 400, "substitute_refused"),
        ({"worker": "none"}, 404, "worker_unknown"),
        ({"worker": "w1", "substitute": "none"}, 404, "worker_unknown"),
        ({"worker": "w1", "ends": "tomorrow"}, 400, "invalid_parameter"),
        ({"worker": "w1", "ends": "2026-11-30T08:00:00"}, 400, "invalid_parameter"),
        ({"worker": "w1", "reason": "ill"}, 400, "invalid_parameter"),
        ({"worker": 7}, 400, "invalid_parameter"),
        ({}, 400, "invalid_parameter"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(
    bureau: Office, body: dict[str, Any], status: int, name: str
) -> None:
    assert code(admin(bureau).post(LEAVES, body)) == (status, name)


def test_somebody_of_another_area_is_not_there(office: Office) -> None:
    client = admin(office, "100B")

    assert code(client.post(LEAVES, AWAY)) == (404, "worker_unknown")
    made = admin(office).post(LEAVES, AWAY).json()
    assert code(client.post(f"{LEAVES}/{made['id']}/end")) == (404, "leave_unknown")
    assert client.json(LEAVES)["items"] == []


def test_a_grid_worker_sees_who_is_away_and_enters_nothing(office: Office) -> None:
    admin(office).post(LEAVES, AWAY)
    client = office.of(Role.GRID_WORKER)

    assert len(client.json(LEAVES)["items"]) == 1
    assert client.post(LEAVES, AWAY).status_code == 403


def test_the_record_names_both_and_a_repeated_press_enters_once(office: Office) -> None:
    client = admin(office)
    first = client.post(LEAVES, AWAY, key="one-press-0001")
    again = client.post(LEAVES, AWAY, key="one-press-0001")

    assert again.json()["id"] == first.json()["id"]
    query = "SELECT cardinality(subjects) FROM audit_record WHERE action = 'workforce.leave'"
    assert [row["cardinality"] for row in rows(office.runtime, query)] == [2]


def test_somebody_beside_the_team_is_told_apart_and_may_stand_anywhere(office: Office) -> None:
    client = admin(office)
    for worker, place in (("w2", {"cell": "100A2"}), ("w3", {"cell": "100A2001"})):
        made = client.post(ASSIGNMENTS, {"worker": worker, "post": "community_police", **place})
        assert made.status_code == 201, made.text
    place = world.at(0.25, 0.25)
    found = client.json(f"{LOCATE}?lon={place.x}&lat={place.y}")

    assert [member["name"] for member in found["team"]] == ["沈知夏"]
    beside = [(m["name"], m["via"], m["primary"]) for m in found["overlays"]]
    assert beside == [("陶一禾", "cell", False), ("骆平川", "parent_cell", False)]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"post": "community_police", "cell": "100A2", "is_primary": True}, 400, "overlay_primary"),
        ({"post": "grid_worker"}, 400, "target_unclear"),
        ({"post": "grid_worker", "cell": "100A2", "building": "b1"}, 400, "target_unclear"),
        ({"post": "grid_worker", "cell": "100A2", "stairwell": 1}, 400, "target_unclear"),
        ({"post": "king", "cell": "100A2"}, 400, "post_unknown"),
        ({"post": "grid_worker", "cell": "none"}, 404, "cell_unknown"),
        ({"post": "grid_worker", "cell": "100B1"}, 404, "target_not_yours"),
        ({"post": "grid_worker", "cell": "100"}, 404, "target_not_yours"),
        ({"post": "grid_worker", "building": "b3"}, 404, "target_not_yours"),
        ({"post": "grid_worker", "cell": "100A2001", "is_primary": True}, 409, "primary_taken"),
        ({"post": "grid_worker", "cell": "100A2002", "version": 7}, 409, "publication_moved"),
        ({"post": "building_head", "building": "b1", "stairwell": 3}, 404, "stairwell_unknown"),
        ({"post": "building_head", "building": "b1", "stairwell": 99}, 404, "stairwell_unknown"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused(
    bureau: Office, body: dict[str, Any], status: int, name: str
) -> None:
    assert code(admin(bureau).post(ASSIGNMENTS, {"worker": "w2", **body})) == (status, name)


def test_a_stairwell_that_is_there_is_taken(office: Office) -> None:
    body = {"worker": "w2", "post": "building_head", "building": "b1", "stairwell": 2}

    made = admin(office).post(ASSIGNMENTS, body).json()

    assert (made["target"]["code"], made["target"]["stairwell"]) == ("b1", 2)


def test_an_assignment_is_given_once_and_ended(office: Office) -> None:
    client = admin(office)
    body = {"worker": "w2", "post": "grid_worker", "cell": "100A2002", "is_primary": True}
    made = client.post(ASSIGNMENTS, {**body, "version": 1}, key="one-press-0002").json()
    again = client.post(ASSIGNMENTS, {**body, "version": 1}, key="one-press-0002")
    assert (again.json(), again.headers["idempotency-replayed"]) == (made, "true")

    assert made["target"] == {
        "kind": "cell", "code": "100A2002", "stairwell": None, "unit_id": None,
        "unit_number": None, "household_id": None,
    }  # fmt: skip
    assert client.post(ASSIGNMENTS, body).json()["id"] == made["id"]
    assert answering(client, 0.75) == ([("骆平川", None)], "cell")

    ended = client.post(f"{ASSIGNMENTS}/{made['id']}/end").json()

    assert ended["valid_to"] is not None
    assert answering(client, 0.75) == ([("陶一禾", None)], "parent_cell")
    assert code(client.post(f"{ASSIGNMENTS}/{made['id']}/end")) == (404, "assignment_unknown")


def test_a_leave_takes_the_codes_that_an_answer_gives(office: Office) -> None:
    client, place = admin(office), world.at(0.25, 0.25)
    question = f"{LOCATE}?lon={place.x}&lat={place.y}"
    head = client.json(question)["team"][0]

    assert client.post(LEAVES, {"worker": head["worker_code"], "substitute": "w2"}).is_success
    instead = client.json(question)["team"][0]
    assert (instead["worker_code"], instead["substitute_for"]["worker_code"]) == ("w2", "w1")


@pytest.mark.parametrize(
    ("words", "names"), [("知夏", ["沈知夏"]), ("w1", ["沈知夏"]), ("%", []), ("没有", [])]
)
def test_workers_are_found_by_a_part_of_the_name_or_the_code(
    bureau: Office, words: str, names: list[str]
) -> None:
    found = admin(bureau).get(f"/api/v1/workers?q={quote(words)}").json()["items"]

    assert [one["name"] for one in found] == names


def test_a_leave_called_off_ends_no_earlier_than_it_would_have_begun(office: Office) -> None:
    client = admin(office)
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
    made = client.post(LEAVES, {"worker": "w1", "begins": soon}).json()

    ended = client.post(f"{LEAVES}/{made['id']}/end").json()

    assert (ended["ends_at"], ended["ended"], ended["away"]) == (made["begins_at"], True, False)
