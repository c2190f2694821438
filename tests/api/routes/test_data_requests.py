"""What persons ask about their data: taken down, listed, answered, and what the answer does."""

from typing import Any

import pytest

from geo.access.actors import Actor
from geo.access.roles import Role
from geo.grid.service import publish_cells
from tests import residents, world
from tests.api.client import Client
from tests.api.routes.conftest import Office
from tests.residents import YI

pytestmark = pytest.mark.db

REQUESTS = "/api/v1/data-requests"
HOUSEHOLDS = "/api/v1/households"
DOOR, NEXT_DOOR, FOREIGN = ("b2", 1, "201"), ("b1", 1, "101"), ("b3", 1, "101")
NEW_PHONE = "13900001111"
WORKER, ADMIN, DISTRICT = Role.GRID_WORKER, Role.COMMUNITY_ADMIN, Role.DISTRICT_ADMIN


def ask_for(
    client: Client,
    household: int,
    kind: str = "correction",
    *,
    key: str = "",
    **corrections: str,
) -> Any:
    given = corrections or ({"head_phone": NEW_PHONE} if kind == "correction" else {})
    body = {"household": str(household), "kind": kind, "wish": "请办理", "corrections": given}
    return client.post(REQUESTS, body, key=key)


def taken(office: Office, kind: str = "correction", door: Any = DOOR) -> str:
    """Return the id of a request that a grid worker took down."""
    response = ask_for(office.of(WORKER, "100"), office.ids[door], kind)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def decide(client: Client, request: str, state: str = "done", outcome: str = "") -> Any:
    return client.post(f"{REQUESTS}/{request}/decide", {"state": state, "outcome": outcome})


class TestTakingDown:
    def test_a_request_is_kept_sealed_and_shown_masked(self, office: Office) -> None:
        response = ask_for(office.of(WORKER), office.ids[DOOR])
        body = response.json()

        assert response.status_code == 201
        assert (body["kind"], body["state"], body["overdue"]) == ("correction", "open", False)
        assert body["household_id"] == str(office.ids[DOOR])
        assert body["corrections"] == {"head_phone": "139****1111"}
        assert body["cell_code"] == "100A2001"
        assert body["recorded_by"].startswith("grid_worker")
        named = dict(residents.ask(office.runtime, "SELECT login, name FROM account"))
        assert (body["recorded_name"], body["decided_name"]) == (named[body["recorded_by"]], None)
        kept = residents.dump(office.runtime)
        assert NEW_PHONE not in kept
        assert "请办理" not in kept
        assert "139****1111" in kept

    def test_it_must_be_answered_within_thirty_days(self, office: Office) -> None:
        taken(office)
        query = "SELECT due_on - (received_at AT TIME ZONE 'Asia/Shanghai')::date FROM data_request"

        assert residents.ask(office.runtime, query) == [(30,)]

    def test_the_same_key_makes_one_request(self, office: Office) -> None:
        client = office.of(WORKER)
        first = ask_for(client, office.ids[DOOR], key="request-1")
        again = ask_for(client, office.ids[DOOR], key="request-1")

        assert first.json() == again.json()
        assert len(client.items(REQUESTS)) == 1

    def test_it_is_recorded_with_masked_values(self, office: Office) -> None:
        taken(office)
        (record,) = residents.records(office.runtime, "data_request.add")

        assert record["after"] == {
            "kind": "correction",
            "household": office.ids[DOOR],
            "corrections": {"head_phone": "139****1111"},
        }

    @pytest.mark.parametrize("door", [FOREIGN, None])
    def test_a_household_beyond_the_areas_is_missed(self, office: Office, door: Any) -> None:
        household = office.ids[door] if door else 999_999
        response = ask_for(office.of(WORKER), household)
        (record,) = residents.records(office.runtime, "lookup")

        assert (response.status_code, response.json()["code"]) == (404, "household_unknown")
        assert (record["outcome"], record["subjects"]) == ("missed", [household])

    @pytest.mark.parametrize(
        ("kind", "corrections"),
        [("correction", {}), ("access", {"head_phone": "1"}), ("erasure", {"head_name": ""})],
    )
    def test_values_to_correct_belong_to_a_correction(
        self, bureau: Office, kind: str, corrections: dict[str, str]
    ) -> None:
        body = {"household": str(bureau.ids[DOOR]), "kind": kind, "corrections": corrections}
        response = bureau.of(WORKER).post(REQUESTS, body)

        assert (response.status_code, response.json()["code"]) == (400, "corrections_misplaced")

    @pytest.mark.parametrize(
        ("field", "value"),
        [("head_phone", "abc"), ("head_id_number", "110105194912310021"), ("head_name", "138")],
    )
    def test_a_value_that_cannot_be_right_is_refused_by_its_field(
        self, bureau: Office, field: str, value: str
    ) -> None:
        response = ask_for(bureau.of(WORKER), bureau.ids[DOOR], **{field: value})
        said = response.json()

        assert (response.status_code, said["code"]) == (400, field.replace("head", "correction"))
        assert field in said["detail"]
        assert value not in response.text

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "rumour"},
            {"household": "0"},
            {"corrections": {"persons": "3"}},
            {"corrections": {"head_phone": "1" * 101}},
            {"state": "done"},
        ],
    )
    def test_a_broken_request_is_refused(self, bureau: Office, change: dict[str, Any]) -> None:
        sound = {"household": str(bureau.ids[DOOR]), "kind": "access"}

        assert bureau.of(WORKER).post(REQUESTS, {**sound, **change}).status_code == 400

    @pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.DUTY_LEADER, Role.SYSTEM_CLIENT])
    def test_who_may_not_take_it_down_is_refused(self, bureau: Office, role: Role) -> None:
        assert ask_for(bureau.of(role), bureau.ids[DOOR]).status_code == 403
        assert bureau.of(role).get(REQUESTS).status_code == 403


class TestRevealing:
    REASON = "核对手机号后再决定"

    def test_who_decides_sees_the_words_and_values_for_a_reason(self, office: Office) -> None:
        request = taken(office)
        admin = office.of(ADMIN, "100A2")
        response = admin.post(f"{REQUESTS}/{request}/reveal", {"reason": self.REASON})
        (record,) = residents.records(office.runtime, "people.reveal")

        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        assert response.json() == {
            "id": request,
            "wish": "请办理",
            "corrections": {"head_phone": NEW_PHONE},
        }
        # It is a look at the person: whoever asks who saw this household finds it.
        assert (record["subject_kind"], record["subjects"]) == ("household", [office.ids[DOOR]])
        assert record["after"] == {"fields": ["head_phone"], "request": int(request)}
        assert record["reason"] == self.REASON

    def test_without_a_reason_nothing_is_shown(self, office: Office) -> None:
        request = taken(office)
        response = office.of(ADMIN, "100A2").post(f"{REQUESTS}/{request}/reveal", {"reason": "看"})

        assert (response.status_code, response.json()["code"]) == (400, "reason_too_short")
        assert residents.records(office.runtime, "people.reveal") == []

    @pytest.mark.parametrize(
        ("role", "cell", "status"),
        [(WORKER, "100A2001", 403), (Role.INTAKE_CLERK, "100A", 403), (ADMIN, "100B", 404)],
    )
    def test_nobody_else_does(self, office: Office, role: Role, cell: str, status: int) -> None:
        request = taken(office)
        body = {"reason": self.REASON}

        assert (
            office.of(role, cell).post(f"{REQUESTS}/{request}/reveal", body).status_code == status
        )

    def test_after_an_erasure_there_is_nothing_to_see(self, office: Office) -> None:
        request, district = taken(office), office.of(DISTRICT, "100")
        erased = district.post(f"{HOUSEHOLDS}/{office.ids[DOOR]}/erase", {"reason": "本人书面申请"})
        response = district.post(f"{REQUESTS}/{request}/reveal", {"reason": self.REASON})

        assert (erased.status_code, response.status_code) == (200, 200)
        assert (response.json()["wish"], response.json()["corrections"]) == ("", {})


class TestReading:
    def test_the_open_ones_come_first_whatever_the_page(self, office: Office) -> None:
        answered = [taken(office, "access", DOOR), taken(office, "objection", DOOR)]
        late = taken(office, "access", NEXT_DOOR)
        foreign = taken(office, "access", FOREIGN)
        for request in answered:
            decide(office.of(ADMIN, "100"), request)
        client = office.of(DISTRICT, "100")

        for limit in range(1, 6):
            found = client.items(f"{REQUESTS}?limit={limit}")
            assert [row["id"] for row in found] == [late, foreign, *answered]

    def test_each_sees_those_of_its_areas(self, office: Office) -> None:
        mine, foreign = taken(office, "access", DOOR), taken(office, "access", FOREIGN)

        assert [row["id"] for row in office.of(WORKER).items(REQUESTS)] == [mine]
        assert [row["id"] for row in office.of(WORKER, "100B").items(REQUESTS)] == [foreign]
        assert office.of(WORKER, "100A2002").items(REQUESTS) == []
        assert office.of(WORKER).get(f"{REQUESTS}?cell=100B").status_code == 404

    def test_one_beyond_the_areas_is_missed_like_none(self, office: Office) -> None:
        foreign = taken(office, "access", FOREIGN)
        for request in (foreign, "999999"):
            response = office.of(WORKER).get(f"{REQUESTS}/{request}")
            assert (response.status_code, response.json()["code"]) == (404, "data_request_unknown")
        missed = residents.records(office.runtime, "lookup")

        assert [row["subject_kind"] for row in missed] == ["data_request"] * 2
        assert office.of(WORKER, "100B").json(f"{REQUESTS}/{foreign}")["id"] == foreign

    def test_a_late_one_is_marked_and_can_be_asked_for(self, office: Office) -> None:
        late, _ = taken(office, "access", DOOR), taken(office, "access", NEXT_DOOR)
        residents.ask(
            office.runtime,
            "UPDATE data_request SET due_on = CURRENT_DATE - 2 WHERE id = :id",
            id=int(late),
        )
        client = office.of(WORKER)

        assert [row["id"] for row in client.items(REQUESTS) if row["overdue"]] == [late]
        assert [row["id"] for row in client.items(f"{REQUESTS}?overdue=true")] == [late]
        decide(office.of(ADMIN), late)
        assert client.items(f"{REQUESTS}?overdue=true") == []
        assert client.json(f"{REQUESTS}/{late}")["overdue"] is False

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("state=open", 2),
            ("state=done", 1),
            ("state=refused", 0),
            ("kind=access", 2),
            ("kind=objection", 1),
            ("state=open&kind=objection", 0),
            ("cell=100A", 2),
        ],
    )
    def test_filters_narrow_the_list(self, office: Office, query: str, count: int) -> None:
        taken(office, "access", DOOR)
        taken(office, "access", FOREIGN)
        decide(office.of(ADMIN), taken(office, "objection", NEXT_DOOR))

        assert len(office.of(WORKER, "100").items(f"{REQUESTS}?{query}")) == count

    def test_those_of_one_household_can_be_asked_for(self, office: Office) -> None:
        taken(office, "access", DOOR)
        mine = taken(office, "objection", NEXT_DOOR)
        found = office.of(WORKER).items(f"{REQUESTS}?household={office.ids[NEXT_DOOR]}")

        assert [row["id"] for row in found] == [mine]

    def test_a_clerk_sees_no_mask_of_an_id_number(self, office: Office) -> None:
        ask_for(office.of(WORKER), office.ids[DOOR], head_id_number="110101198001010088")
        (seen,) = office.of(Role.INTAKE_CLERK).items(REQUESTS)

        assert seen["corrections"] == {"head_id_number": None}

    def test_what_was_shown_is_recorded(self, office: Office) -> None:
        request = taken(office, "access")
        office.of(ADMIN).items(REQUESTS)
        shown = residents.records(office.runtime, "data_request.read")

        assert [row["subjects"] for row in shown][-1] == [int(request)]


class TestCorrection:
    def test_done_by_another_person_it_writes_the_values(self, office: Office) -> None:
        request, row = taken(office), office.ids[DOOR]
        response = decide(office.of(ADMIN), request, outcome="已核对身份证")
        body = {"fields": ["head_phone", "head_name"], "reason": "核对更正结果"}
        shown = office.of(WORKER).post(f"{HOUSEHOLDS}/{row}/reveal", body).json()

        assert (response.status_code, response.json()["state"]) == (200, "done")
        assert response.json()["decided_by"].startswith("community_admin")
        assert (shown["head_phone"], shown["head_name"]) == (NEW_PHONE, YI.name)
        assert office.of(WORKER).json(f"{HOUSEHOLDS}/{row}")["head_phone"] == "139****1111"
        found = office.of(WORKER).post(f"{HOUSEHOLDS}/search", {"phone": NEW_PHONE}).json()
        gone = office.of(WORKER).post(f"{HOUSEHOLDS}/search", {"phone": YI.phone}).json()
        assert ([found["items"][0]["id"]], gone["items"]) == ([str(row)], [])

    def test_the_audit_has_both_masks_and_no_clear_value(self, office: Office) -> None:
        decide(office.of(ADMIN), taken(office))
        (record,) = residents.records(office.runtime, "people.correct")

        assert record["before"] == {"head_phone": "138****1004"}
        assert record["after"] == {"head_phone": "139****1111"}
        assert NEW_PHONE not in residents.dump(office.runtime)

    def test_an_empty_value_empties_the_field(self, office: Office) -> None:
        ask_for(office.of(WORKER), office.ids[DOOR], head_phone="")
        (request,) = office.of(ADMIN).items(REQUESTS)
        decide(office.of(ADMIN), request["id"])

        assert office.of(WORKER).json(f"{HOUSEHOLDS}/{office.ids[DOOR]}")["head_phone"] == ""

    def test_whoever_took_it_down_does_not_decide_it(self, office: Office) -> None:
        admin = office.of(ADMIN)
        request = ask_for(admin, office.ids[DOOR]).json()["id"]
        response = decide(admin, request)

        assert (response.status_code, response.json()["code"]) == (409, "second_person_needed")
        assert admin.json(f"{REQUESTS}/{request}")["state"] == "open"
        assert decide(office.of(ADMIN, number=2), request).status_code == 200

    def test_refused_it_changes_nothing_and_says_why(self, office: Office) -> None:
        request = taken(office)
        silent = decide(office.of(ADMIN), request, "refused")
        told = decide(office.of(ADMIN), request, "refused", "号码不属于本人")
        row = office.of(WORKER).json(f"{HOUSEHOLDS}/{office.ids[DOOR]}")

        assert (silent.status_code, silent.json()["code"]) == (400, "outcome_missing")
        assert (told.status_code, told.json()["outcome"]) == (200, "号码不属于本人")
        assert row["head_phone"] == "138****1004"

    def test_what_was_answered_stays_answered(self, office: Office) -> None:
        request = taken(office)
        decide(office.of(ADMIN), request)
        response = decide(office.of(ADMIN), request, "refused", "改主意了")

        assert (response.status_code, response.json()["code"]) == (409, "request_decided")

    def test_an_answer_holds_no_phone_number(self, office: Office) -> None:
        response = decide(office.of(ADMIN), taken(office), outcome=f"改为 {NEW_PHONE}")

        assert (response.status_code, response.json()["code"]) == (400, "reason_personal")

    @pytest.mark.parametrize(
        ("role", "cell", "status"), [(WORKER, "100A2001", 403), (ADMIN, "100B", 404)]
    )
    def test_role_and_area_decide_who_decides(
        self, office: Office, role: Role, cell: str, status: int
    ) -> None:
        assert decide(office.of(role, cell), taken(office)).status_code == status

    @pytest.mark.parametrize("state", ["open", "closed", None])
    def test_an_answer_is_done_or_refused(self, office: Office, state: str | None) -> None:
        body = {"state": state, "outcome": "好的"}
        response = office.of(ADMIN).post(f"{REQUESTS}/{taken(office)}/decide", body)

        assert response.status_code == 400


class TestObjection:
    def reveal(self, office: Office, role: Role) -> int:
        body = {"fields": ["head_name"], "reason": "入户前核实"}
        client = office.of(role)
        return client.post(f"{HOUSEHOLDS}/{office.ids[DOOR]}/reveal", body).status_code

    def found(self, office: Office, role: Role) -> int:
        response = office.of(role).post(f"{HOUSEHOLDS}/search", {"phone": YI.phone})
        return len(response.json()["items"])

    def test_granted_it_leaves_the_clear_view_to_who_decides(self, office: Office) -> None:
        assert (self.reveal(office, WORKER), self.found(office, WORKER)) == (200, 1)
        decide(office.of(ADMIN), taken(office, "objection"))

        assert (self.reveal(office, WORKER), self.found(office, WORKER)) == (403, 0)
        assert (self.reveal(office, ADMIN), self.found(office, ADMIN)) == (200, 1)
        assert office.of(WORKER).json(f"{HOUSEHOLDS}/{office.ids[DOOR]}")["objected"] is True
        denied = [row for row in residents.records(office.runtime) if row["outcome"] == "denied"]
        assert [row["action"] for row in denied] == ["request"]

    def test_a_later_one_that_is_refused_opens_it_again(self, office: Office) -> None:
        decide(office.of(ADMIN), taken(office, "objection"))
        decide(office.of(ADMIN), taken(office, "objection"), "refused", "本人撤回")

        assert (self.reveal(office, WORKER), self.found(office, WORKER)) == (200, 1)

    def test_nobody_lifts_one_that_stands_alone(self, office: Office) -> None:
        decide(office.of(ADMIN), taken(office, "objection"))
        lifting = ask_for(office.of(ADMIN), office.ids[DOOR], "objection").json()["id"]
        response = decide(office.of(ADMIN), lifting, "refused", "本人撤回")

        assert (response.status_code, response.json()["code"]) == (409, "second_person_needed")
        assert (self.reveal(office, WORKER), self.found(office, WORKER)) == (403, 0)


class TestErasure:
    def test_done_it_empties_the_household(self, office: Office) -> None:
        request = taken(office, "erasure")
        response = decide(office.of(DISTRICT, "100"), request)
        row = office.of(WORKER).json(f"{HOUSEHOLDS}/{office.ids[DOOR]}")
        (record,) = residents.records(office.runtime, "people.erase")

        assert (response.status_code, response.json()["state"]) == (200, "done")
        assert (row["erased"], row["head_name"]) == (True, "")
        assert record["reason"] == f"data_request {request}"

    def test_what_was_emptied_is_not_filled_again_by_a_correction(self, office: Office) -> None:
        decide(office.of(DISTRICT, "100"), taken(office, "erasure"))
        response = ask_for(office.of(WORKER), office.ids[DOOR])

        assert (response.status_code, response.json()["code"]) == (409, "person_erased")
        assert ask_for(office.of(WORKER), office.ids[DOOR], "access").status_code == 201
        assert NEW_PHONE not in residents.dump(office.runtime)

    def test_it_takes_somebody_who_may_erase(self, office: Office) -> None:
        request = taken(office, "erasure")
        response = decide(office.of(ADMIN), request)

        assert (response.status_code, response.json()["code"]) == (403, "permission_missing")
        assert office.of(ADMIN).json(f"{REQUESTS}/{request}")["state"] == "open"
        assert office.of(WORKER).json(f"{HOUSEHOLDS}/{office.ids[DOOR]}")["erased"] is False
        assert decide(office.of(ADMIN), request, "refused", "法定保存期未满").status_code == 200

    def test_whoever_took_it_down_does_not_erase_by_it(self, office: Office) -> None:
        district = office.of(DISTRICT, "100")
        request = ask_for(district, office.ids[DOOR], "erasure").json()["id"]

        assert decide(district, request).json()["code"] == "second_person_needed"


def test_a_request_follows_its_household_into_another_area(office: Office) -> None:
    request = taken(office, "access")
    cells = world.cells()
    # The first grid, with all that is in it, is given to a new community of town B.
    cells.loc[cells["code"] == "100A2001", "parent_code"] = "100B3"
    cells.loc[len(cells), ["code", "name", "level", "parent_code"]] = ["100B3", "新社区", 3, "100B"]
    with office.runtime.work(Actor.system("test")) as work:
        publish_cells(work, cells, note="moved")

    assert [row["id"] for row in office.of(WORKER, "100B").items(REQUESTS)] == [request]
    assert office.of(WORKER, "100A").items(REQUESTS) == []
