"""What the operator does about one person's data, and what that leaves in the audit."""

import json
import stat
from pathlib import Path

import pytest

from geo.access.actors import Actor
from geo.people.fields import HeadField
from geo.people.rights.lifecycle import RequestKind
from geo.people.rights.service import take_down
from geo.people.rights.wishes import Wish
from geo.runtime import Runtime
from tests import residents
from tests.api.cli.conftest import Command
from tests.residents import YI

pytestmark = pytest.mark.db

REASON = "本人到窗口查询"
DOOR = ("b2", 1, "201")


@pytest.fixture
def household(runtime: Runtime) -> int:
    residents.store(runtime)
    return residents.household_ids(runtime)[DOOR]


def ask_for(runtime: Runtime, household: int, kind: RequestKind) -> int:
    wanted = {HeadField.PHONE: "13900001111"} if kind is RequestKind.CORRECTION else {}
    with runtime.work(Actor.system("test")) as work:
        wish = Wish("请办理", wanted)
        return take_down(work, household, kind, wish, days=30, zone=residents.ZONE)


class TestPrint:
    def test_a_page_holds_everything_and_is_for_its_owner_alone(
        self, runtime: Runtime, household: int, wangge: Command, tmp_path: Path
    ) -> None:
        file = tmp_path / "person.html"
        done = wangge("person", "print", household, "--reason", REASON, "-o", file, lang="zh")
        page = file.read_text("utf-8")
        (record,) = residents.records(runtime, "people.print")

        assert done.status == 0, done.err
        assert YI.phone not in done.out
        for part in (YI.name, YI.phone, YI.id_number, "人民路1号幸福小区2号楼"):
            assert part in page
        assert "http://" not in page
        assert "https://" not in page
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert (record["actor"], record["reason"]) == ("system:person", REASON)

    def test_json_has_the_shape_of_the_api(
        self, runtime: Runtime, household: int, wangge: Command, tmp_path: Path
    ) -> None:
        request = ask_for(runtime, household, RequestKind.CORRECTION)
        file = tmp_path / "person.json"
        file.touch(0o644)
        done = wangge("person", "print", household, "--reason", REASON, "-o", file, "--force")
        body = json.loads(file.read_text("utf-8"))

        assert done.status == 0, done.err
        assert (body["household_id"], body["head_phone"]) == (str(household), YI.phone)
        assert body["requests"][0]["id"] == str(request)
        assert body["requests"][0]["corrections"] == {"head_phone": "13900001111"}
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_without_a_reason_nothing_is_written(
        self, runtime: Runtime, household: int, wangge: Command, tmp_path: Path
    ) -> None:
        file = tmp_path / "person.json"
        done = wangge("person", "print", household, "--reason", "hm", "-o", file)

        assert done.status == 2
        assert not file.exists()
        assert residents.records(runtime, "people.print") == []

    @pytest.mark.parametrize("name", ["person.txt", "person"])
    def test_other_kinds_of_file_are_refused(
        self, household: int, wangge: Command, tmp_path: Path, name: str
    ) -> None:
        file = tmp_path / name

        assert wangge("person", "print", household, "--reason", REASON, "-o", file).status == 2
        assert not file.exists()

    def test_a_household_that_is_none_is_refused(self, household: int, wangge: Command) -> None:
        done = wangge("person", "print", 999_999, "--reason", REASON, "-o", "x.json")

        assert done.status == 2
        assert "999999" in done.err
        assert not Path("x.json").exists()


class TestErase:
    def test_without_commit_it_only_says_what_it_would_do(
        self, runtime: Runtime, household: int, wangge: Command
    ) -> None:
        ask_for(runtime, household, RequestKind.ERASURE)
        before = residents.ask(runtime, "SELECT * FROM household ORDER BY id")
        done = wangge("person", "erase", household, "--reason", REASON)

        assert done.status == 0, done.err
        assert "head_name, head_phone, head_id_number" in done.out
        assert "close 1 requests" in done.out
        assert residents.ask(runtime, "SELECT * FROM household ORDER BY id") == before
        assert residents.records(runtime, "people.erase") == []

    def test_with_commit_the_fields_are_empty_and_recorded(
        self, runtime: Runtime, household: int, wangge: Command
    ) -> None:
        done = wangge("person", "erase", household, "--reason", REASON, "--commit", "--json")
        said = json.loads(done.out)
        (record,) = residents.records(runtime, "people.erase")
        query = "SELECT head_name_cipher, head_name_masked FROM household WHERE id = :id"

        assert (said["committed"], said["id"]) == (True, str(household))
        assert said["emptied"] == ["head_name", "head_phone", "head_id_number"]
        assert residents.ask(runtime, query, id=household) == [(None, "")]
        assert (record["actor"], record["reason"]) == ("system:person", REASON)


class TestRequests:
    def test_the_open_ones_are_listed_and_all_of_them_when_asked(
        self, runtime: Runtime, household: int, wangge: Command
    ) -> None:
        late = ask_for(runtime, household, RequestKind.ACCESS)
        ask_for(runtime, household, RequestKind.OBJECTION)
        residents.ask(
            runtime, "UPDATE data_request SET due_on = CURRENT_DATE - 2 WHERE id = :id", id=late
        )
        residents.ask(
            runtime,
            "UPDATE data_request SET state = 'done', decided_at = now() WHERE id <> :id",
            id=late,
        )

        assert len(json.loads(wangge("person", "requests", "--json").out)) == 1
        assert len(json.loads(wangge("person", "requests", "--json", "--all").out)) == 2
        (row,) = json.loads(wangge("person", "requests", "--json", "--overdue").out)
        assert (row["id"], row["overdue"]) == (str(late), True)
        shown = wangge("person", "requests", lang="zh")
        assert "超期未答复" in shown.out
        assert "100A2001" in shown.out
        assert "共 1 项" in shown.err
