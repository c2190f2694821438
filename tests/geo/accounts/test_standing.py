"""What a token opens: roles that stand, where they stand, and for how long."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.actors import Actor, ActorKind, Grant
from geo.access.roles import Permission, Role
from geo.access.scope import Scope
from geo.accounts.model import Account, ApiKey, RoleGrant, SignIn
from geo.accounts.rules import SignInRules
from geo.accounts.standing import Standing, standing
from geo.accounts.tokens import TokenKind, digest, new_token
from geo.grid.service import publish_cells
from geo.runtime import Runtime
from tests import world
from tests.geo.accounts.conftest import RULES, Add, shift
from tests.geo.accounts.conftest import SignIn as Enter

pytestmark = pytest.mark.db


@pytest.fixture
def cells(runtime: Runtime) -> dict[str, str]:
    """The cells of the small town, their paths by code."""
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, world.cells(), note="world")
    return world.paths(runtime)


def cell_id(path: str) -> int:
    return int(path.split(".")[-2])


def give(runtime: Runtime, account: Account, role: str, path: str = "", **fields: Any) -> None:
    with runtime.work(Actor.system("test")) as work:
        where = cell_id(path) if path else None
        work.session.add(
            RoleGrant(account_id=account.id, role=role, cell_id=where, granted_by="test", **fields)
        )


def opened(runtime: Runtime, token: str, rules: SignInRules = RULES) -> Standing | None:
    with runtime.work(Actor.system("test")) as work:
        return standing(work, token, rules)


def actor(runtime: Runtime, token: str) -> Actor:
    found = opened(runtime, token)
    assert found is not None
    return found.actor


class TestRoles:
    def test_a_role_stands_in_its_cell_and_below(
        self, runtime: Runtime, cells: dict[str, str], add: Add, enter: Enter
    ) -> None:
        account = add()
        give(runtime, account, "grid_worker", cells["100A2001"])
        found = actor(runtime, enter().token)

        assert (found.name, found.kind, found.account_id) == ("zhao", ActorKind.PERSON, account.id)
        assert found.grants == (Grant(Role.GRID_WORKER, cells["100A2001"]),)
        assert found.scope == Scope.nothing()
        assert found.acting(Permission.PEOPLE_READ).scope.areas == (cells["100A2001"],)

    def test_several_roles_stand_each_in_its_own_area(
        self, runtime: Runtime, cells: dict[str, str], add: Add, enter: Enter
    ) -> None:
        account = add()
        give(runtime, account, "duty_leader", cells["100A"])
        give(runtime, account, "volunteer", cells["100B1"])
        found = actor(runtime, enter().token)

        assert found.areas(Permission.PEOPLE_READ).areas == (cells["100B1"],)
        assert found.areas(Permission.COUNTS_READ).areas == (cells["100A"],)
        assert found.areas(Permission.MAP_READ).areas == (cells["100A"], cells["100B1"])

    def test_case_types_stay_with_their_role(
        self, runtime: Runtime, cells: dict[str, str], add: Add, enter: Enter
    ) -> None:
        account = add()
        give(runtime, account, "department_officer", cells["100"], case_types=["fire", "flood"])

        (grant,) = actor(runtime, enter().token).grants
        assert grant.case_types == {"fire", "flood"}

    def test_without_roles_somebody_may_look_at_the_own_account_alone(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        found = actor(runtime, enter().token)

        assert {one for one in Permission if found.may(one)} == {Permission.SELF}

    @pytest.mark.parametrize(
        "fields",
        [
            {"valid_from": text("now() - interval '2 days'"),
             "valid_to": text("now() - interval '1 second'")},
            {"valid_from": text("now() + interval '1 hour'")},
            {"valid_from": text("now() - interval '1 day'"), "valid_to": text("now()")},
        ],
    )  # fmt: skip
    def test_a_former_or_future_post_gives_nothing(
        self,
        runtime: Runtime,
        cells: dict[str, str],
        add: Add,
        enter: Enter,
        fields: dict[str, Any],
    ) -> None:
        account = add()
        give(runtime, account, "community_admin", cells["100A2"], **fields)

        assert actor(runtime, enter().token).grants == ()

    @pytest.mark.parametrize("role", ["grid_worker", "system_admin"])
    def test_a_role_in_a_cell_that_is_gone_gives_nothing(
        self, runtime: Runtime, cells: dict[str, str], add: Add, enter: Enter, role: str
    ) -> None:
        account = add()
        give(runtime, account, role, cells["100A2001"])
        with runtime.engine.begin() as connection:
            # What a publication does that merges the cell into its neighbour.
            connection.exec_driver_sql(
                "INSERT INTO publication (number, effective_at, note, actor)"
                " VALUES (2, now(), 'merged', 'test')"
            )
            connection.exec_driver_sql(
                "UPDATE cell_version SET during = '[1,2)' WHERE code = '100A2001'"
            )

        assert actor(runtime, enter().token).grants == ()

    def test_a_role_moves_with_its_cell(
        self, runtime: Runtime, cells: dict[str, str], add: Add, enter: Enter
    ) -> None:
        account = add()
        give(runtime, account, "community_admin", cells["100B1"])
        moved = world.cells()
        moved.loc[moved["code"] == "100B1", "parent_code"] = "100A"
        with runtime.work(Actor.system("test")) as work:
            publish_cells(work, moved, note="moved")

        (grant,) = actor(runtime, enter().token).grants
        assert grant.area == f"{cells['100A']}{cell_id(cells['100B1'])}."

    @pytest.mark.parametrize(
        ("role", "where"),
        [("system_admin", "100"), ("grid_worker", ""), ("king", "100"), ("anonymous", "100")],
    )
    def test_a_role_that_does_not_fit_its_area_or_is_none_gives_nothing(
        self,
        runtime: Runtime,
        cells: dict[str, str],
        add: Add,
        enter: Enter,
        role: str,
        where: str,
    ) -> None:
        account = add()
        give(runtime, account, role, cells.get(where, ""))

        assert actor(runtime, enter().token).grants == ()

    def test_before_the_first_publication_roles_of_the_whole_deployment_stand(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        account = add()
        give(runtime, account, "system_admin")

        assert actor(runtime, enter().token).grants == (Grant(Role.SYSTEM_ADMIN),)


class TestSignIns:
    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("account", "locked_at = now()"),
            ("account", "ended_at = now()"),
            ("account", "demo = true"),
            ("sign_in", "ended_at = now()"),
            ("sign_in", "token_until = now()"),
            ("sign_in", "expires_at = now()"),
        ],
    )
    @pytest.mark.parametrize("kind", ["page", "token"])
    def test_what_has_ended_opens_nothing(
        self, runtime: Runtime, add: Add, enter: Enter, table: str, change: str, kind: str
    ) -> None:
        add()
        token = enter(kind=kind).token
        with runtime.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {table} SET {change}")

        assert opened(runtime, token) is None

    def test_a_refresh_token_opens_nothing_by_itself(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()

        assert opened(runtime, enter().refresh or "") is None

    def test_a_page_token_is_no_access_token(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        token = enter(kind="page").token

        assert opened(runtime, token.replace("wgp_", "wgt_")) is None

    def test_an_account_of_the_demo_opens_in_a_demo(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        token = enter().token
        with runtime.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE account SET demo = true")
        in_demo = SignInRules(
            RULES.page_idle, RULES.page_most, RULES.access, RULES.refresh, demo=True
        )

        found = opened(runtime, token, in_demo)
        assert found is not None
        assert found.demo

    def test_use_prolongs_a_page_once_a_minute_and_not_beyond_its_end(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        page = enter(kind="page")
        begun = row(runtime, page.sign_in_id)
        opened(runtime, page.token)
        soon = row(runtime, page.sign_in_id)
        shift(runtime, "sign_in", "seen_at", 1)
        shift(runtime, "sign_in", "token_until", 10)
        opened(runtime, page.token)
        later = row(runtime, page.sign_in_id)
        shift(runtime, "sign_in", "seen_at", 1)
        shift(runtime, "sign_in", "expires_at", 12 * 60 - 5)
        opened(runtime, page.token)
        last = row(runtime, page.sign_in_id)

        assert (soon.seen_at, soon.token_until) == (begun.seen_at, begun.token_until)
        assert later.seen_at > begun.seen_at
        assert later.token_until - later.seen_at == timedelta(minutes=30)
        assert last.token_until == last.expires_at

    def test_use_does_not_prolong_a_clients_token(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        client = enter()
        before = row(runtime, client.sign_in_id)
        shift(runtime, "sign_in", "seen_at", 1)
        opened(runtime, client.token)
        after = row(runtime, client.sign_in_id)

        assert after.token_until == before.token_until
        assert after.seen_at > before.seen_at


def row(runtime: Runtime, sign_in_id: int) -> SignIn:
    with runtime.work(Actor.system("test")) as work:
        return work.session.get_one(SignIn, sign_in_id)


class TestKeys:
    @pytest.fixture
    def key(self, runtime: Runtime, cells: dict[str, str], add: Add) -> str:
        """A key of a system that may all a system may, in one community."""
        account = add("ledger", kind="client", password_hash=None)
        give(runtime, account, "system_client", cells["100A2"])
        return self.made(runtime, account)

    def made(self, runtime: Runtime, account: Account, **fields: Any) -> str:
        token = new_token(TokenKind.KEY)
        values = {"expires_at": text("now() + interval '1 day'"), **fields}
        with runtime.work(Actor.system("test")) as work:
            work.session.add(
                ApiKey(
                    account_id=account.id, name="x", shown=token[:12], token_hash=digest(token),
                    created_by="test", **values,
                )
            )  # fmt: skip
        return token

    def test_a_key_opens_what_its_account_may(
        self, runtime: Runtime, cells: dict[str, str], key: str
    ) -> None:
        found = actor(runtime, key)

        assert (found.name, found.kind, found.allowed) == ("ledger", ActorKind.CLIENT, None)
        assert found.areas(Permission.PEOPLE_READ).areas == (cells["100A2"],)
        assert not found.may(Permission.SELF)

    def test_a_key_may_say_less(self, runtime: Runtime, cells: dict[str, str], add: Add) -> None:
        account = add("ledger", kind="client", password_hash=None)
        give(runtime, account, "system_client", cells["100A2"])
        narrow = self.made(runtime, account, permissions=["counts.read", "no.more"])
        found = actor(runtime, narrow)

        assert {one for one in Permission if found.may(one)} == {Permission.COUNTS_READ}
        assert found.areas(Permission.PEOPLE_READ) == Scope.nothing()

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("account", "locked_at = now()"),
            ("account", "ended_at = now()"),
            ("api_key", "ended_at = now()"),
            ("api_key", "expires_at = now()"),
        ],
    )
    def test_a_key_that_has_ended_opens_nothing(
        self, runtime: Runtime, key: str, table: str, change: str
    ) -> None:
        with runtime.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {table} SET {change}")

        assert opened(runtime, key) is None

    def test_its_use_is_noted_to_the_hour(self, runtime: Runtime, key: str) -> None:
        opened(runtime, key)
        first = self.used(runtime)
        opened(runtime, key)
        second = self.used(runtime)
        shift(runtime, "api_key", "last_used_at", 60)
        opened(runtime, key)
        third = self.used(runtime)

        assert first == second
        assert third > first

    def used(self, runtime: Runtime) -> datetime:
        with runtime.engine.connect() as connection:
            at: datetime = connection.exec_driver_sql(
                "SELECT last_used_at FROM api_key"
            ).scalar_one()
        return at


@pytest.mark.parametrize("token", ["", "nonsense", "wgt_" + "x" * 43, "wgk_" + "x" * 43])
def test_what_nobody_was_given_opens_nothing(runtime: Runtime, token: str) -> None:
    assert opened(runtime, token) is None
