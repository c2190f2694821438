"""People found, shown in clear, printed and erased: by whom, how far, and what is recorded."""

from typing import Any

import pytest

from geo.access.roles import Role
from tests import residents
from tests.api.client import Client
from tests.api.routes.conftest import Office
from tests.residents import YI

pytestmark = pytest.mark.db

HOUSEHOLDS = "/api/v1/households"
DOOR, NEXT_DOOR, FOREIGN = ("b2", 1, "201"), ("b1", 1, "101"), ("b3", 1, "101")
REASON = "电话回访核实住址"
NONE = 999_999
WORKER, ADMIN = Role.GRID_WORKER, Role.COMMUNITY_ADMIN


def search(client: Client, **asked: str) -> list[dict[str, Any]]:
    response = client.post(f"{HOUSEHOLDS}/search", asked)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    found: list[dict[str, Any]] = response.json()["items"]
    return found


class TestMasks:
    @pytest.mark.parametrize(
        ("role", "shown"),
        [
            (Role.GRID_WORKER, ["乙**", "138****1004", "110***********007X"]),
            (Role.COMMUNITY_ADMIN, ["乙**", "138****1004", "110***********007X"]),
            (Role.STREET_DISPATCHER, ["乙**", "138****1004", None]),
            (Role.INTAKE_CLERK, ["乙**", "138****1004", None]),
            (Role.VOLUNTEER, ["乙**", "138****1004", None]),
            (Role.SYSTEM_CLIENT, [None, None, None]),
        ],
    )
    def test_each_role_is_shown_its_masks(
        self, bureau: Office, role: Role, shown: list[str | None]
    ) -> None:
        client = bureau.of(role)
        (listed,) = client.items(f"{HOUSEHOLDS}?building=b2")
        read = client.json(f"{HOUSEHOLDS}/{bureau.ids[DOOR]}")
        (of_building,) = client.items("/api/v1/buildings/b2/households")

        for row in (listed, read, of_building):
            assert [row["head_name"], row["head_phone"], row["head_id_number"]] == shown

    def test_lists_and_rows_record_whom_they_showed(self, office: Office) -> None:
        client = office.of(WORKER)
        client.items(f"{HOUSEHOLDS}?building=b2")
        client.json(f"{HOUSEHOLDS}/{office.ids[DOOR]}")
        listed, read = (residents.records(office.runtime, f"people.{a}") for a in ("list", "read"))

        assert [row["subjects"] for row in listed] == [[office.ids[DOOR]]]
        assert [row["subjects"] for row in read] == [[office.ids[DOOR]]]

    def test_a_cell_beyond_the_areas_is_missed(self, office: Office) -> None:
        response = office.of(WORKER).get(f"{HOUSEHOLDS}?cell=100B1")
        (record,) = residents.records(office.runtime, "lookup")

        assert (response.status_code, response.json()["code"]) == (404, "area_not_yours")
        assert (record["outcome"], record["subject_kind"]) == ("missed", "cell")

    def test_a_wider_cell_shows_what_of_it_is_the_askers(self, bureau: Office) -> None:
        assert len(bureau.of(WORKER).items(f"{HOUSEHOLDS}?cell=100")) == 5

    def test_a_building_beyond_the_areas_has_no_households_to_show(self, bureau: Office) -> None:
        response = bureau.of(WORKER).get("/api/v1/buildings/b3/households")

        assert (response.status_code, response.json()["code"]) == (404, "building_not_yours")

    def test_a_household_beyond_the_areas_is_missed_like_none(self, office: Office) -> None:
        for row in (office.ids[FOREIGN], NONE):
            response = office.of(WORKER).get(f"{HOUSEHOLDS}/{row}")
            assert (response.status_code, response.json()["code"]) == (404, "household_unknown")
        missed = residents.records(office.runtime, "lookup")

        assert [row["subjects"] for row in missed] == [[office.ids[FOREIGN]], [NONE]]


class TestSearch:
    @pytest.mark.parametrize(
        "asked",
        [
            {"phone": YI.phone},
            {"phone": "+86 138-7700-1004"},
            {"id_number": YI.id_number.lower()},
            {"head_name": " 乙 一 "},
            {"head_name": "乙　一"},
        ],
    )
    def test_a_value_finds_its_household_however_it_is_written(
        self, bureau: Office, asked: dict[str, str]
    ) -> None:
        (found,) = search(bureau.of(WORKER), **asked)

        assert found["id"] == str(bureau.ids[DOOR])
        assert found["head_phone"] == "138****1004"

    def test_nobody_is_found_beyond_the_areas(self, bureau: Office) -> None:
        assert search(bureau.of(WORKER, "100A2002"), phone=YI.phone) == []

    def test_a_part_of_a_value_finds_nobody(self, bureau: Office) -> None:
        assert search(bureau.of(WORKER), phone=YI.phone[:-1]) == []

    def test_the_record_names_whom_it_found_and_not_what_was_asked(self, office: Office) -> None:
        client = office.of(WORKER)
        search(client, phone=YI.phone)
        search(client, phone="13800000000")
        found, nobody = residents.records(office.runtime, "people.search")

        assert found["subjects"] == [office.ids[DOOR]]
        assert nobody["subjects"] == []
        assert "1387700" not in str([*found.values(), *nobody.values()])
        assert residents.dump(office.runtime).count(YI.phone) == 0

    @pytest.mark.parametrize("body", [{}, {"phone": "1", "head_name": "乙一"}, {"phone": " "}])
    def test_none_or_two_values_are_refused(self, bureau: Office, body: dict[str, str]) -> None:
        response = bureau.of(WORKER).post(f"{HOUSEHOLDS}/search", body)

        assert response.status_code == 400
        assert response.json()["code"] == "search_unclear"

    @pytest.mark.parametrize("body", [{"q": "乙一"}, {"phone": "13877001004", "exact": False}])
    def test_other_ways_to_search_are_refused(self, bureau: Office, body: dict[str, Any]) -> None:
        assert bureau.of(WORKER).post(f"{HOUSEHOLDS}/search", body).status_code == 400

    def test_a_value_in_an_address_is_refused(self, bureau: Office) -> None:
        response = bureau.of(WORKER).post(f"{HOUSEHOLDS}/search?phone={YI.phone}", {})

        assert response.status_code == 400

    @pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.DUTY_LEADER, Role.SYSTEM_CLIENT])
    def test_who_may_not_search_is_refused(self, bureau: Office, role: Role) -> None:
        response = bureau.of(role).post(f"{HOUSEHOLDS}/search", {"phone": YI.phone})

        assert (response.status_code, response.json()["code"]) == (403, "permission_missing")


class TestReveal:
    def reveal(
        self, client: Client, row: int, *fields: str, reason: str = REASON, key: str = ""
    ) -> Any:
        body = {"fields": fields, "reason": reason}
        return client.post(f"{HOUSEHOLDS}/{row}/reveal", body, key=key)

    def test_a_reason_shows_the_fields_asked_for_and_is_recorded(self, office: Office) -> None:
        response = self.reveal(office.of(WORKER), office.ids[DOOR], "head_phone", "head_name")
        (record,) = residents.records(office.runtime, "people.reveal")

        assert response.json() == {
            "id": str(office.ids[DOOR]),
            "head_name": YI.name,
            "head_phone": YI.phone,
            "head_id_number": None,
        }
        assert response.headers["cache-control"] == "no-store"
        assert (record["subjects"], record["reason"]) == ([office.ids[DOOR]], REASON)
        assert record["after"] == {"fields": ["head_name", "head_phone"]}

    @pytest.mark.parametrize("reason", ["", "看看", "   a   "])
    def test_without_a_reason_nothing_is_shown(self, office: Office, reason: str) -> None:
        response = self.reveal(office.of(WORKER), office.ids[DOOR], "head_phone", reason=reason)

        assert (response.status_code, response.json()["code"]) == (400, "reason_too_short")
        assert YI.phone not in response.text
        assert residents.records(office.runtime, "people.reveal") == []

    @pytest.mark.parametrize(
        ("role", "field", "status"),
        [
            (Role.GRID_WORKER, "head_phone", 200),
            (Role.GRID_WORKER, "head_id_number", 403),
            (Role.STREET_DISPATCHER, "head_id_number", 403),
            (Role.COMMUNITY_ADMIN, "head_id_number", 200),
            (Role.DISTRICT_ADMIN, "head_id_number", 200),
            (Role.INTAKE_CLERK, "head_name", 403),
            (Role.VOLUNTEER, "head_name", 403),
        ],
    )
    def test_each_role_reveals_up_to_its_class(
        self, bureau: Office, role: Role, field: str, status: int
    ) -> None:
        assert self.reveal(bureau.of(role), bureau.ids[DOOR], field).status_code == status

    def test_a_field_too_closely_kept_is_denied_with_all_others(self, office: Office) -> None:
        client = office.of(WORKER)
        response = self.reveal(client, office.ids[DOOR], "head_phone", "head_id_number")
        (record,) = residents.records(office.runtime, "request")

        assert YI.phone not in response.text
        assert (record["outcome"], record["reason"]) == ("denied", "people.reveal")

    @pytest.mark.parametrize("cell", ["100A2002", "100B"])
    def test_beyond_the_areas_it_is_missed(self, office: Office, cell: str) -> None:
        response = self.reveal(office.of(WORKER, cell), office.ids[DOOR], "head_phone")
        (record,) = residents.records(office.runtime, "lookup")

        assert response.status_code == 404
        assert (record["outcome"], record["subjects"]) == ("missed", [office.ids[DOOR]])

    def test_what_is_not_stored_is_empty(self, bureau: Office) -> None:
        response = self.reveal(bureau.of(WORKER), bureau.ids["b1", 2, "102"], "head_phone")

        assert response.json()["head_phone"] == ""

    @pytest.mark.parametrize("fields", [[], ["head_shoe"], ["head_name"] * 4])
    def test_fields_that_are_none_are_refused(self, bureau: Office, fields: list[str]) -> None:
        assert self.reveal(bureau.of(ADMIN), bureau.ids[DOOR], *fields).status_code == 400

    def test_the_same_key_looks_again_and_is_recorded_again(self, office: Office) -> None:
        for _ in range(2):
            again = self.reveal(office.of(WORKER), office.ids[DOOR], "head_name", key="one-key-1")
            assert again.json()["head_name"] == YI.name

        assert len(residents.records(office.runtime, "people.reveal")) == 2
        assert residents.ask(office.runtime, "SELECT made FROM idempotency_key") == [("",)]


class TestPrint:
    def test_it_holds_all_that_is_stored_and_who_has_read_it(self, office: Office) -> None:
        row = office.ids[DOOR]
        office.of(WORKER).post(
            f"{HOUSEHOLDS}/{row}/reveal", {"fields": ["head_phone"], "reason": REASON}
        )
        asked = {"household": str(row), "kind": "access", "wish": "想知道存了什么"}
        office.of(WORKER).post("/api/v1/data-requests", asked)
        response = office.of(ADMIN).post(f"{HOUSEHOLDS}/{row}/print", {"reason": "本人到窗口查询"})
        file = response.json()

        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        assert [file["head_name"], file["head_phone"], file["head_id_number"]] == [
            YI.name,
            YI.phone,
            YI.id_number,
        ]
        assert (file["occupancy"], file["persons"]) == ("rented", 4)
        assert file["dwelling"]["address"] == "人民路1号幸福小区2号楼"
        assert file["dwelling"]["cells"][0] == ["100", "测试区"]
        assert file["dwelling"]["cells"][-1] == ["100A2001", "第 1 网格"]
        (request,) = file["requests"]
        assert (request["kind"], request["wish"]) == ("access", "想知道存了什么")
        seen = {(reader["action"], reader["reason"]) for reader in file["readers"]}
        assert ("people.reveal", REASON) in seen
        names = {reader["actor"]: reader["name"] for reader in file["readers"]}
        people = residents.ask(office.runtime, "SELECT login, name FROM account")
        assert all(names[login] == name for login, name in people if login in names)
        assert any(names.values())
        assert file["made_by_name"] == dict(people)[file["made_by"]]
        assert "request_id" not in response.text

    def test_who_answers_for_this_very_household_is_in_it(self, office: Office) -> None:
        row = office.ids[DOOR]
        residents.ask(
            office.runtime,
            "INSERT INTO assignment (worker_id, post, household_id, valid_from, path) SELECT"
            " worker.id, 'building_head', :row, now(), household.path FROM worker, household"
            " WHERE worker.code = 'w3' AND household.id = :row",
            row=row,
        )
        client = office.of(ADMIN)  # w3 is employed one level up, beyond the admin's own area
        file = client.post(f"{HOUSEHOLDS}/{row}/print", {"reason": REASON}).json()

        assert [duty["worker_name"] for duty in file["duties"]] == ["陶一禾"]

    def test_it_is_recorded_with_its_reason(self, office: Office) -> None:
        row = office.ids[DOOR]
        office.of(ADMIN).post(f"{HOUSEHOLDS}/{row}/print", {"reason": "本人到窗口查询"})
        (record,) = residents.records(office.runtime, "people.print")

        assert (record["subjects"], record["reason"]) == ([row], "本人到窗口查询")

    @pytest.mark.parametrize(
        ("role", "cell", "status"),
        [(WORKER, "100A2001", 403), (ADMIN, "100A2002", 404), (Role.DISTRICT_ADMIN, "100", 200)],
    )
    def test_own_area_and_role_decide(
        self, bureau: Office, role: Role, cell: str, status: int
    ) -> None:
        client = bureau.of(role, cell)
        response = client.post(f"{HOUSEHOLDS}/{bureau.ids[DOOR]}/print", {"reason": REASON})

        assert response.status_code == status


class TestErase:
    def erase(self, office: Office, row: int, client: Client | None = None) -> Any:
        chosen = client or office.of(Role.DISTRICT_ADMIN, "100")
        return chosen.post(f"{HOUSEHOLDS}/{row}/erase", {"reason": "本人书面申请删除"})

    def test_nothing_of_the_person_is_left_in_any_table(self, office: Office) -> None:
        row = office.ids[DOOR]
        sealed, masked, blind = residents.ask(
            office.runtime,
            "SELECT head_name_cipher, head_phone_masked, head_phone_blind FROM household"
            " WHERE id = :row",
            row=row,
        )[0]
        asked = {
            "household": str(row),
            "kind": "correction",
            "wish": f"我叫{YI.name}",
            "corrections": {"head_phone": "13900001111"},
        }
        office.of(WORKER).post("/api/v1/data-requests", asked)
        office.of(WORKER).post(f"{HOUSEHOLDS}/search", {"phone": YI.phone})
        before = residents.dump(office.runtime)
        response = self.erase(office, row)
        after = residents.dump(office.runtime)

        assert response.status_code == 200, response.text
        for held in (bytes(sealed).hex(), bytes(blind).hex(), masked):
            assert held in before
            assert held not in after
        for clear in (YI.name, YI.phone, YI.id_number, "13900001111"):
            assert clear not in after
        assert residents.ask(
            office.runtime,
            "SELECT count(*) FROM data_request WHERE wish_cipher IS NOT NULL",
        ) == [(0,)]

    def test_the_audit_says_who_erased_and_why(self, office: Office) -> None:
        row = office.ids[DOOR]
        self.erase(office, row)
        (record,) = residents.records(office.runtime, "people.erase")

        assert record["subjects"] == [row]
        assert record["actor"].startswith("district_admin")
        assert record["reason"] == "本人书面申请删除"
        assert record["after"]["emptied"] == ["head_name", "head_phone", "head_id_number"]

    def test_the_dwelling_still_counts_and_says_that_it_was_erased(self, office: Office) -> None:
        row = office.ids[DOOR]
        counted = office.of(WORKER).json("/api/v1/cells/100A2001/counts")
        self.erase(office, row)
        read = office.of(WORKER).json(f"{HOUSEHOLDS}/{row}")

        assert office.of(WORKER).json("/api/v1/cells/100A2001/counts") == counted
        assert (read["erased"], read["head_name"], read["head_phone"]) == (True, "", "")
        assert search(office.of(WORKER), phone=YI.phone) == []

    def test_once_more_changes_nothing(self, office: Office) -> None:
        row = office.ids[DOOR]
        first, second = self.erase(office, row), self.erase(office, row)

        assert first.json() == second.json()
        assert residents.records(office.runtime, "people.erase")[1]["after"]["emptied"] == []

    def test_open_requests_are_closed(self, office: Office) -> None:
        row = office.ids[DOOR]
        for kind in ("access", "erasure"):
            office.of(WORKER).post("/api/v1/data-requests", {"household": str(row), "kind": kind})
        self.erase(office, row)
        states = residents.ask(office.runtime, "SELECT kind, state FROM data_request ORDER BY kind")

        assert states == [("access", "refused"), ("erasure", "done")]

    @pytest.mark.parametrize(
        ("role", "cell", "status"),
        [
            (WORKER, "100A2001", 403),
            (ADMIN, "100A2", 403),
            (Role.SYSTEM_ADMIN, None, 403),
            (Role.DISTRICT_ADMIN, "100B", 404),
        ],
    )
    def test_only_the_district_may_and_only_its_own(
        self, bureau: Office, role: Role, cell: str | None, status: int
    ) -> None:
        client = bureau.of(role, cell)

        assert self.erase(bureau, bureau.ids[DOOR], client).status_code == status
        assert bureau.of(WORKER).json(f"{HOUSEHOLDS}/{bureau.ids[DOOR]}")["erased"] is False

    def test_a_later_import_of_the_old_file_makes_another_household(self, office: Office) -> None:
        row = office.ids[DOOR]
        self.erase(office, row)
        with office.runtime.work(residents.Actor.system("import")) as work:
            residents.add_households(work, residents.households(), zone=residents.ZONE)
        ((ended, cipher),) = residents.ask(
            office.runtime,
            "SELECT ended_on IS NOT NULL, head_name_cipher FROM household WHERE id = :row",
            row=row,
        )

        assert (ended, cipher) == (True, None)
        assert residents.household_ids(office.runtime)[DOOR] != row
