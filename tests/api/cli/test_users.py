"""``wangge user`` as the operator meets it: who may sign in, and what is shown once."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.app import create_app
from api.cli import demo as demo_command
from geo.access.actors import Actor
from geo.accounts.demo import DEMO_PASSWORD
from geo.accounts.passwords import Cost, Hasher
from geo.audit.model import AuditRecord
from geo.db.session import open_log
from geo.runtime import Runtime
from geo.settings import Settings
from tests import world
from tests.api.cli.conftest import Command
from tests.api.client import Client

pytestmark = pytest.mark.db

PASSWORD = "Ludao-xiaoqu-3"
ADMIN = ("user", "add", "admin", "--name", "高以安", "--role", "system_admin")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost nothing to hash."""
    made = Hasher(Cost(memory_kib=8, passes=1))
    monkeypatch.setattr("geo.runtime.Hasher", lambda: made)


def token(runtime: Runtime, login: str, password: str) -> str:
    """Return the token of a sign-in; empty when it is refused."""
    runtime.hasher = Hasher(Cost(memory_kib=8, passes=1))
    wish = {"login": login, "password": password}
    answer = Client(create_app(runtime)).post("/api/v1/sign-ins", wish)
    found: str = answer.json().get("token", "")
    return found


def listed(wangge: Command, *options: str) -> dict[str, dict[str, Any]]:
    return {row["login"]: row for row in json.loads(wangge("user", "list", "--json", *options).out)}


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_the_first_administrator_signs_in_with_what_was_shown(
    wangge: Command, runtime: Runtime
) -> None:
    done = wangge(*ADMIN)
    password = done.out.splitlines()[-1]
    client = Client(create_app(runtime), token=token(runtime, "admin", password))

    assert done.status == 0
    assert client.json("/api/v1/me")["must_change"] is True
    assert listed(wangge)["admin"]["roles"][0]["role"] == "system_admin"


def test_what_it_does_is_recorded_as_the_operators(wangge: Command, runtime: Runtime) -> None:
    wangge(*ADMIN)
    with runtime.work(Actor.system("test")) as work:
        open_log(work.session)
        rows = work.session.scalars(select(AuditRecord).order_by(AuditRecord.id)).all()

    assert {(row.actor, row.action) for row in rows} >= {
        ("system:user", "account.add"), ("system:user", "grant.add"),
    }  # fmt: skip


def test_a_password_from_standard_input_is_not_shown_and_need_not_be_changed(
    wangge: Command, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, f"{PASSWORD}\n")
    done = wangge(*ADMIN, "--password-stdin")

    assert PASSWORD not in done.out + done.err
    assert token(runtime, "admin", PASSWORD)
    assert listed(wangge)["admin"]["state"] == "active"


def test_a_password_is_asked_for_twice_and_not_shown(
    wangge: Command, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("typer.prompt", lambda _, **how: asked.append(how) or PASSWORD)
    done = wangge(*ADMIN, "--ask-password")

    assert (done.status, PASSWORD in done.out + done.err) == (0, False)
    assert asked[0]["hide_input"]
    assert asked[0]["confirmation_prompt"]
    assert token(runtime, "admin", PASSWORD)


@pytest.mark.parametrize("password", ["", "short-1", "onlysmallletters", "Password123"])
def test_a_bad_password_is_refused(
    wangge: Command, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    typed(monkeypatch, f"{password}\n")

    assert wangge(*ADMIN, "--password-stdin").status == 2
    assert listed(wangge) == {}


def test_a_worker_of_an_area_is_added_with_role_and_end(wangge: Command, runtime: Runtime) -> None:
    world.store(runtime)
    done = wangge(
        "user", "add", "zhao", "--name", "赵敏", "--role", "grid_worker", "--cell", "100A2001",
        "--worker", "w1", "--until", "2099-06-30", "--case-type", "fire",
    )  # fmt: skip

    assert done.status == 0
    (role,) = listed(wangge)["zhao"]["roles"]
    assert (role["role"], role["cell"]) == ("grid_worker", "100A2001")


def test_roles_are_given_and_taken_back(wangge: Command, runtime: Runtime) -> None:
    world.store(runtime)
    wangge("user", "add", "zhao", "--name", "赵敏")
    given = wangge("user", "role", "zhao", "volunteer", "--cell", "100A2")
    after = [row["role"] for row in listed(wangge)["zhao"]["roles"]]
    taken = wangge("user", "role", "zhao", "volunteer", "--cell", "100A2", "--end")
    again = wangge("user", "role", "zhao", "volunteer", "--cell", "100A2", "--end")

    assert (given.status, after, taken.status) == (0, ["volunteer"], 0)
    assert listed(wangge)["zhao"]["roles"] == []
    assert (again.status, "'zhao' holds no such role" in again.err) == (2, True)
    assert "volunteer" in again.err


def test_locked_unlocked_reset_and_ended(wangge: Command, runtime: Runtime) -> None:
    first = wangge("user", "add", "zhao", "--name", "赵敏").out.splitlines()[-1]
    states = []
    for step in ("lock", "unlock"):
        assert wangge("user", step, "zhao").status == 0
        states.append(listed(wangge)["zhao"]["state"])
    second = wangge("user", "reset", "zhao").out.splitlines()[-1]
    opened = [bool(token(runtime, "zhao", word)) for word in (first, second)]
    ended = wangge("user", "end", "zhao").status

    assert states == ["locked", "must_change"]
    assert (opened, ended) == ([False, True], 0)
    assert "zhao" not in listed(wangge)
    assert listed(wangge, "--all")["zhao"]["state"] == "ended"


def test_a_key_is_shown_once_and_ended_by_its_number(wangge: Command, runtime: Runtime) -> None:
    world.store(runtime)
    wangge(
        "user", "add", "ledger", "--name", "台账", "--client", "--role", "system_client",
        "--cell", "100A",
    )  # fmt: skip
    made = wangge("user", "key", "ledger", "--name", "sync", "--permission", "workforce.read")
    secret = made.out.splitlines()[-1]
    client = Client(create_app(runtime), token=secret)
    number = made.out.split()[2].rstrip(",")
    seen = [client.get(f"/api/v1/{path}").status_code for path in ("workers", "households")]
    (key,) = listed(wangge)["ledger"]["keys"]
    shown = wangge("user", "list", "--keys").out
    ended = wangge("user", "key", "ledger", "--end", number)
    over = wangge("user", "list", "--keys").out

    assert seen == [200, 403]
    assert ended.status == 0
    # The number by which it is ended can be looked up; the key itself cannot.
    assert (key["id"], key["name"], key["permissions"]) == (number, "sync", ["workforce.read"])
    assert all(part in shown for part in (number, "ledger", "sync"))
    assert ("ended" in shown, "ended" in over) == (False, True)
    assert secret not in shown
    assert Client(create_app(runtime), token=secret).get("/api/v1/workers").status_code == 401


@pytest.mark.parametrize(
    "arguments",
    [
        ("lock", "nobody"),
        ("role", "nobody", "volunteer"),
        ("add", "Zhao", "--name", "x"),
        ("add", "zhao", "--name", "x", "--role", "king"),
        ("add", "zhao", "--name", "x", "--role", "grid_worker", "--cell", "nowhere"),
        ("add", "zhao", "--name", "x", "--until", "soon", "--role", "volunteer"),
        ("end",),
        ("end", "zhao", "--demo"),
        ("key", "zhao"),
        ("key", "zhao", "--name", "x", "--end", "1"),
        ("key", "zhao", "--name", "x", "--permission", "fly"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    wangge: Command, arguments: tuple[str, ...]
) -> None:
    done = wangge("user", *arguments)

    assert done.status == 2
    assert "Traceback" not in done.err
    assert listed(wangge, "--all") == {}


def test_the_list_is_for_people_in_both_languages(wangge: Command) -> None:
    wangge(*ADMIN)

    assert "system administrator" in wangge("user", "list").out
    assert "系统管理员" in wangge("user", "list", lang="zh").out


class TestDemo:
    @pytest.fixture
    def invented(self, runtime: Runtime) -> Runtime:
        """The small town, called an invention."""
        world.store(runtime)
        with runtime.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE publication SET demo = true")
        return runtime

    def in_demo(self, runtime: Runtime) -> Runtime:
        runtime.settings = runtime.settings.model_copy(update={"demo": True})
        return runtime

    def test_an_invented_town_gets_an_account_a_role(
        self, invented: Runtime, wangge: Command
    ) -> None:
        assert demo_command.add_demo_accounts(self.in_demo(invented)) == 11
        assert token(invented, "grid_worker", DEMO_PASSWORD)
        worker = listed(wangge)["grid_worker"]
        assert worker["demo"] is True
        # Who answers first in that grid, so that the own name stands on the card there.
        assert worker["name"] == "沈知夏"

    def test_a_town_of_real_people_gets_none(self, runtime: Runtime) -> None:
        world.store(runtime)

        assert demo_command.add_demo_accounts(self.in_demo(runtime)) == 0

    def test_outside_a_demo_there_are_none(self, invented: Runtime) -> None:
        assert demo_command.add_demo_accounts(invented) == 0

    def test_a_start_outside_a_demo_is_refused_until_they_have_ended(
        self,
        invented: Runtime,
        wangge: Command,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        demo_command.add_demo_accounts(self.in_demo(invented))
        refused = wangge("serve")
        wangge("user", "add", "admin", "--name", "高以安", "--role", "system_admin")
        monkeypatch.setenv("WANGGE_HOME", str(tmp_path))
        mark = Settings().demo_mark
        mark.touch()
        ended = wangge("user", "end", "--demo")

        assert (refused.status, "user end --demo" in refused.err) == (2, True)
        assert ended.status == 0
        assert not mark.exists()  # an office from now on
        assert list(listed(wangge)) == ["admin"]
