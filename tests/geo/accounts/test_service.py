"""Keeping accounts: each change refused, done and recorded; the last administrator stays."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from geo.access.actors import Actor, ActorKind
from geo.access.roles import Role
from geo.accounts import grants, service, store
from geo.accounts.grants import NewGrant
from geo.accounts.model import Account
from geo.accounts.passwords import Hasher
from geo.accounts.service import (
    AccountEnded,
    AccountTaken,
    LastAdmin,
    LoginRefused,
    NameRefused,
    NewAccount,
    NoPassword,
    OwnAccount,
)
from geo.accounts.sign_ins import SignInRefused
from geo.errors import GeoError
from geo.runtime import Runtime
from geo.work import Work
from tests.geo.accounts.conftest import PASSWORD, Add, SignIn, records

pytestmark = pytest.mark.db

SYSTEM = Actor.system("user")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
Change = Callable[[Work, Account], object]


def change(runtime: Runtime, login: str, what: Change, actor: Actor = SYSTEM) -> Account:
    with runtime.work(actor) as work:
        account = store.account_by_login(work.session, login)
        what(work, account)
    return account


def admin(runtime: Runtime, add: Add, login: str) -> Actor:
    account = add(login)
    change(runtime, login, lambda w, a: grants.grant(w, a, NewGrant(Role.SYSTEM_ADMIN)))
    return Actor(login, kind=ActorKind.PERSON, account_id=account.id)


class TestAdding:
    @pytest.mark.parametrize("login", ["zhao", "zhao.min", "a1", "340603_grid-1", "a" * 32])
    def test_a_plain_login_is_added_and_recorded(self, runtime: Runtime, login: str) -> None:
        with runtime.work(SYSTEM) as work:
            account = service.add_account(work, NewAccount(login, "赵敏", password_hash="x"))

        (record,) = records(runtime, "account.add")
        assert (account.login, account.must_change, account.created_by) == (
            login, True, "system:user",
        )  # fmt: skip
        assert record.subjects == [account.id]
        assert record.after == {"login": login, "kind": "person"}

    @pytest.mark.parametrize(
        "login",
        [
            "",
            "a",
            "Zhao",
            "赵敏",
            "zhao min",
            "system:import",
            "-zhao",
            "a" * 33,
            "system",
            "zhao\n",
        ],
    )
    def test_a_login_that_could_be_mistaken_is_refused(self, runtime: Runtime, login: str) -> None:
        with pytest.raises(LoginRefused), runtime.work(SYSTEM) as work:
            service.add_account(work, NewAccount(login, "赵敏"))

    @pytest.mark.parametrize("name", ["", " ", "a\nb", "赵" * 51])
    def test_a_name_that_cannot_be_shown_is_refused(self, runtime: Runtime, name: str) -> None:
        with pytest.raises(NameRefused), runtime.work(SYSTEM) as work:
            service.add_account(work, NewAccount("zhao", name))

    def test_a_login_is_never_given_twice(self, runtime: Runtime, add: Add) -> None:
        add(ended_at=NOW)
        with pytest.raises(AccountTaken), runtime.work(SYSTEM) as work:
            service.add_account(work, NewAccount("zhao", "赵敏"))

    def test_without_a_password_there_is_none_to_change(self, runtime: Runtime) -> None:
        with runtime.work(SYSTEM) as work:
            account = service.add_account(work, NewAccount("ledger", "台账", kind="client"))

        assert (account.must_change, account.password_set_at) == (False, None)

    def test_a_dry_run_adds_nothing(self, runtime: Runtime) -> None:
        with runtime.work(SYSTEM, dry_run=True) as work:
            service.add_account(work, NewAccount("zhao", "赵敏"))
        with runtime.work(SYSTEM) as work:
            assert store.find_account(work.session, "zhao") is None


class TestPasswords:
    def test_the_own_new_password_opens_and_ends_the_other_sign_ins(
        self, runtime: Runtime, add: Add, enter: SignIn, hasher: Hasher
    ) -> None:
        account = add(must_change=True)
        kept, other = enter(), enter()
        fresh = hasher.hash("Qingshan-4-lou")
        actor = Actor("zhao", kind=ActorKind.PERSON, account_id=account.id)
        changed = change(
            runtime,
            "zhao",
            lambda w, a: service.set_password(w, a, fresh, keep=kept.sign_in_id),
            actor,
        )

        assert not changed.must_change
        assert enter(password="Qingshan-4-lou")
        with pytest.raises(SignInRefused):
            enter()
        assert [ended(runtime, one.sign_in_id) for one in (kept, other)] == ["", "password"]
        (record,) = records(runtime, "password.set")
        assert (record.actor, record.after) == ("zhao", {"sign_ins_ended": 1})

    def test_a_reset_password_must_be_changed_ends_every_sign_in_and_lifts_the_pause(
        self, runtime: Runtime, add: Add, enter: SignIn, hasher: Hasher
    ) -> None:
        add()
        opened = enter()
        for _ in range(5):
            with pytest.raises(SignInRefused):
                enter(password="Falsch-1234")
        fresh = hasher.hash("Qingshan-4-lou")
        change(runtime, "zhao", lambda w, a: service.reset_password(w, a, fresh))

        assert enter(password="Qingshan-4-lou").account.must_change
        assert ended(runtime, opened.sign_in_id) == "password"

    def test_a_system_has_no_password_to_reset(self, runtime: Runtime, add: Add) -> None:
        add("ledger", kind="client", password_hash=None)
        with pytest.raises(NoPassword):
            change(runtime, "ledger", lambda w, a: service.reset_password(w, a, "x"))


class TestLocking:
    def test_a_locked_account_opens_nothing_until_it_is_unlocked(
        self, runtime: Runtime, add: Add, enter: SignIn
    ) -> None:
        add()
        opened = enter()
        change(runtime, "zhao", service.lock)
        with pytest.raises(SignInRefused):
            enter()
        change(runtime, "zhao", service.unlock)

        assert enter()
        assert ended(runtime, opened.sign_in_id) == "locked"
        assert [record.after for record in records(runtime, "account.change")] == [
            {"locked": True, "sign_ins_ended": 1}, {"locked": False},
        ]  # fmt: skip

    def test_unlocking_lifts_the_pause_of_wrong_passwords(
        self, runtime: Runtime, add: Add, enter: SignIn
    ) -> None:
        add()
        for _ in range(5):
            with pytest.raises(SignInRefused):
                enter(password="Falsch-1234")
        change(runtime, "zhao", service.unlock)

        assert enter(password=PASSWORD)

    def test_locking_twice_keeps_the_first_moment(self, runtime: Runtime, add: Add) -> None:
        add()
        first = change(runtime, "zhao", service.lock).locked_at
        second = change(runtime, "zhao", service.lock).locked_at

        assert first == second

    def test_an_ended_account_is_never_changed_again(
        self, runtime: Runtime, add: Add, enter: SignIn
    ) -> None:
        add()
        opened = enter()
        change(runtime, "zhao", service.end_account)

        assert ended(runtime, opened.sign_in_id) == "locked"
        for what in (service.lock, service.unlock, service.end_account, reset):
            with pytest.raises(AccountEnded):
                change(runtime, "zhao", what)


def reset(work: Work, account: Account) -> None:
    service.reset_password(work, account, "x")


class TestAdministrators:
    @pytest.mark.parametrize("what", [service.lock, service.unlock, service.end_account, reset])
    def test_nobody_changes_the_own_account(self, runtime: Runtime, add: Add, what: Change) -> None:
        me = admin(runtime, add, "zhao")
        admin(runtime, add, "qian")
        with pytest.raises(OwnAccount):
            change(runtime, "zhao", what, me)

    @pytest.mark.parametrize("what", [service.lock, service.end_account])
    def test_the_last_administrator_is_neither_locked_nor_ended(
        self, runtime: Runtime, add: Add, what: Change
    ) -> None:
        admin(runtime, add, "zhao")
        add("qian")
        with pytest.raises(LastAdmin):
            change(runtime, "zhao", what)
        change(runtime, "qian", what)

    @pytest.mark.parametrize("what", [service.lock, service.end_account])
    def test_one_of_two_may_be(self, runtime: Runtime, add: Add, what: Change) -> None:
        admin(runtime, add, "zhao")
        admin(runtime, add, "qian")
        change(runtime, "zhao", what)
        with pytest.raises(LastAdmin):
            change(runtime, "qian", what)

    @pytest.mark.parametrize("what", [service.lock, service.end_account])
    @pytest.mark.parametrize("role", service.GUARDED)
    @pytest.mark.parametrize(("days", "counts"), [(6.9, False), (7.1, True), (None, True)])
    def test_who_holds_the_role_for_some_days_more_is_not_another(
        self, runtime: Runtime, add: Add, what: Change, role: Role, days: float, counts: bool
    ) -> None:
        with runtime.work(SYSTEM) as work:
            until = None if days is None else work.now + timedelta(days=days)
        holder(runtime, add, "zhao", NewGrant(role))
        holder(runtime, add, "qian", NewGrant(role, valid_to=until))
        if counts:
            change(runtime, "zhao", what)
            return
        with pytest.raises(LastAdmin) as refused:
            change(runtime, "zhao", what)
        assert refused.value.facts == {"value": "zhao", "role": role.value, "days": 7}
        change(runtime, "qian", what)

    def test_whoever_is_the_last_for_some_days_more_stays_too(
        self, runtime: Runtime, add: Add
    ) -> None:
        with runtime.work(SYSTEM) as work:
            soon = work.now + timedelta(days=1)
        holder(runtime, add, "zhao", NewGrant(Role.AUDIT_ADMIN, valid_to=soon))
        with pytest.raises(LastAdmin):
            change(runtime, "zhao", service.lock)

    def test_of_two_that_end_each_other_at_once_one_stays(self, runtime: Runtime, add: Add) -> None:
        people = {login: admin(runtime, add, login) for login in ("zhao", "qian")}
        met, refused = threading.Barrier(2), []

        def end(login: str, actor: Actor) -> None:
            try:
                with runtime.work(actor) as work:
                    account = store.account_by_login(work.session, login)
                    met.wait(5)
                    service.end_account(work, account)
            except GeoError as error:
                refused.append(type(error))

        pairs = (("zhao", people["qian"]), ("qian", people["zhao"]))
        threads = [threading.Thread(target=end, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert refused == [LastAdmin]


def holder(runtime: Runtime, add: Add, login: str, new: NewGrant) -> None:
    """Add somebody who holds a role of the whole deployment."""
    add(login)
    change(runtime, login, lambda work, account: grants.grant(work, account, new))


def resets(runtime: Runtime, login: str) -> list[str]:
    with runtime.work(SYSTEM) as work:
        account = store.account_by_login(work.session, login)
        assert all(datetime.fromisoformat(one["at"]) <= work.now for one in account.resets)
        return [one["by"] for one in account.resets]


def test_an_account_tells_who_reset_its_password_the_last_times(
    runtime: Runtime, add: Add, hasher: Hasher
) -> None:
    add()
    phc = hasher.hash(PASSWORD)
    own = Actor("zhao", kind=ActorKind.PERSON, account_id=1)
    change(runtime, "zhao", lambda work, account: service.set_password(work, account, phc), own)
    assert resets(runtime, "zhao") == []

    for number in range(6):
        actor = Actor(f"admin{number}", kind=ActorKind.PERSON, account_id=90 + number)
        change(
            runtime, "zhao", lambda work, account: service.reset_password(work, account, phc), actor
        )
    # Choosing a password of one's own makes nobody forget.
    change(runtime, "zhao", lambda work, account: service.set_password(work, account, phc), own)

    assert resets(runtime, "zhao") == ["admin1", "admin2", "admin3", "admin4", "admin5"]


def ended(runtime: Runtime, sign_in_id: int) -> str:
    with runtime.engine.connect() as connection:
        why: str = connection.exec_driver_sql(
            "SELECT ended_why FROM sign_in WHERE id = %s", (sign_in_id,)
        ).scalar_one()
    return why
