"""Signing in: who gets in, for how long, who is paused; tokens renewed once."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from geo.access.actors import Actor
from geo.accounts import service, store
from geo.accounts.model import Account, RefreshToken, SignIn
from geo.accounts.passwords import Cost, Hasher
from geo.accounts.sign_ins import (
    Attempt,
    FactorNeeded,
    Opened,
    SignInRefused,
    TokenRefused,
    _renewed,
    end,
    end_all,
    renew,
    sign_in,
)
from geo.accounts.standing import standing
from geo.accounts.tokens import TokenKind, digest, kind_of
from geo.runtime import Runtime
from tests.geo.accounts.conftest import (
    ASKER,
    CHEAP,
    PASSWORD,
    RULES,
    Add,
    Meanwhile,
    failures,
    records,
    shift,
)
from tests.geo.accounts.conftest import SignIn as Enter

pytestmark = pytest.mark.db

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def opens(runtime: Runtime, token: str) -> bool:
    with runtime.work(Actor.system("test")) as work:
        return standing(work, token, RULES) is not None


def wrong(enter: Enter, login: str = "zhao", times: int = 1, **more: str) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            enter(login, "Falsch-1234", **more)


def is_paused(enter: Enter, address: str) -> bool:
    try:
        enter(address=address)
    except SignInRefused:
        return True
    return False


class TestSigningIn:
    def test_the_right_password_opens_and_is_recorded(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        account = add()
        opened = enter(device="Chromium 86")

        (record,) = records(runtime, "sign_in")
        assert opens(runtime, opened.token)
        assert (record.actor, record.account_id, record.outcome) == ("zhao", account.id, "done")
        assert (record.subjects, record.address) == ([account.id], "192.0.2.7")
        assert record.request_id == "r-1"

    def test_a_wrong_password_is_refused_and_recorded(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        account = add()
        wrong(enter)

        (record,) = records(runtime, "sign_in")
        assert (record.actor, record.outcome) == ("anonymous", "failed")
        assert record.subjects == [account.id]

    def test_the_login_may_be_typed_in_capitals(self, add: Add, enter: Enter) -> None:
        add()

        assert enter(" Zhao ").account.login == "zhao"

    @pytest.mark.parametrize(
        "fields",
        [
            {"locked_at": NOW},
            {"ended_at": NOW},
            {"demo": True},
            {"kind": "client", "password_hash": None},
        ],
    )
    def test_who_may_not_sign_in_is_told_what_a_wrong_password_is_told(
        self, runtime: Runtime, add: Add, enter: Enter, fields: dict[str, object]
    ) -> None:
        add(**fields)
        with pytest.raises(SignInRefused) as refused:
            enter()
        with pytest.raises(SignInRefused) as unknown:
            enter("nobody")

        assert refused.value.facts == unknown.value.facts == {}
        assert len(failures(runtime)) == 2

    def test_a_login_that_does_not_exist_is_not_kept_in_clear(
        self, runtime: Runtime, enter: Enter
    ) -> None:
        wrong(enter, "my-password-typed-too-early")

        (record,) = records(runtime, "sign_in")
        assert (record.subjects, record.reason, record.after) == ([], "", None)
        assert len(failures(runtime)[0].login_hash) == 32

    def test_a_page_lasts_half_an_hour_unused_and_twelve_hours_at_most(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter(kind="page")

        with runtime.work(Actor.system("test")) as work:
            row = work.session.get_one(SignIn, opened.sign_in_id)
        assert kind_of(opened.token) is TokenKind.PAGE
        assert opened.refresh is None
        assert row.token_until - row.created_at == timedelta(minutes=30)
        assert row.expires_at - row.created_at == timedelta(hours=12)

    def test_a_clients_token_lasts_a_quarter_and_its_refreshing_thirty_days(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter()

        with runtime.work(Actor.system("test")) as work:
            row = work.session.get_one(SignIn, opened.sign_in_id)
        assert kind_of(opened.token) is TokenKind.ACCESS
        assert kind_of(opened.refresh or "") is TokenKind.REFRESH
        assert row.token_until - row.created_at == timedelta(minutes=15)
        assert row.expires_at - row.created_at == timedelta(days=30)

    def test_a_page_that_signs_in_again_ends_its_earlier_sign_in(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        first = enter(kind="page")
        second = enter(kind="page", replaces=first.token)

        assert first.token != second.token
        assert [opens(runtime, opened.token) for opened in (first, second)] == [False, True]

    def test_a_hash_of_an_older_cost_is_made_anew(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        old = Hasher(Cost(memory_kib=16, passes=1)).hash(PASSWORD)
        add(password_hash=old)
        enter()

        with runtime.work(Actor.system("test")) as work:
            now = store.account_by_login(work.session, "zhao").password_hash or ""
        assert now.startswith(CHEAP.prefix)
        assert enter()

    def test_an_account_with_a_second_factor_is_not_opened_by_a_password_alone(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add(factor_cipher=b"x")
        with pytest.raises(FactorNeeded):
            enter()
        wrong(enter)

        with runtime.work(Actor.system("test")) as work:
            assert work.session.scalars(select(SignIn)).all() == []

    def test_what_a_client_calls_itself_is_kept_short_and_printable(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter(device="a\x00b\n" + "x" * 500)

        with runtime.work(Actor.system("test")) as work:
            device = work.session.get_one(SignIn, opened.sign_in_id).device
        assert device == "ab" + "x" * 198

    def test_no_table_holds_a_token_or_password_in_clear(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter()
        dumped = ""
        with runtime.work(Actor.system("test")) as work:
            for table in ("account", "sign_in", "refresh_token", "sign_in_failure"):
                rows = work.session.connection().exec_driver_sql(f"SELECT t::text FROM {table} t")
                dumped += "".join(row[0] for row in rows)

        assert digest(opened.token).hex() in dumped
        for secret in (opened.token, opened.refresh or "", PASSWORD):
            assert secret not in dumped
            assert secret[4:] not in dumped


class TestLockOut:
    """Tries lie in the past by moving their rows: the database's clock is nobody's to set."""

    def test_five_wrong_passwords_pause_the_login(self, add: Add, enter: Enter) -> None:
        add()
        wrong(enter, times=5)

        with pytest.raises(SignInRefused):
            enter()

    def test_four_do_not(self, add: Add, enter: Enter) -> None:
        add()
        wrong(enter, times=4)

        assert enter()

    @pytest.mark.parametrize(("minutes", "is_open"), [(14.9, False), (15.1, True)])
    def test_the_pause_ends_after_a_quarter_of_an_hour(
        self, runtime: Runtime, add: Add, enter: Enter, minutes: float, is_open: bool
    ) -> None:
        add()
        wrong(enter, times=5)
        shift(runtime, "sign_in_failure", "at", minutes)

        if is_open:
            assert enter()
        else:
            with pytest.raises(SignInRefused):
                enter()

    def test_tries_during_the_pause_do_not_prolong_it(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        wrong(enter, times=5)
        shift(runtime, "sign_in_failure", "at", 10)
        wrong(enter, times=5)
        shift(runtime, "sign_in_failure", "at", 5.1)

        assert enter()
        assert len(failures(runtime)) == 10

    def test_tries_spread_over_more_than_a_quarter_pause_nothing(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        for _ in range(6):
            wrong(enter)
            shift(runtime, "sign_in_failure", "at", 4)

        assert enter()

    def test_a_sign_in_forgives_what_was_wrong_before(self, add: Add, enter: Enter) -> None:
        add()
        wrong(enter, times=4)
        enter()
        wrong(enter, times=4)

        assert enter()

    def test_each_login_is_paused_by_itself(self, add: Add, enter: Enter) -> None:
        add()
        add("qian")
        wrong(enter, times=5)

        assert enter("qian")

    def test_many_at_once_get_no_more_tries_than_run_at_once(
        self, runtime: Runtime, add: Add
    ) -> None:
        add()
        hasher = Hasher(CHEAP, slots=1)
        turn = threading.Lock()

        def guess() -> None:
            attempt = Attempt(ASKER, "zhao", "Falsch-1234")
            with turn, pytest.raises(SignInRefused):  # a request waits for its turn at hashing
                sign_in(runtime, hasher, RULES, attempt, "token")

        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sum(not failure.cleared for failure in failures(runtime)) == 5


HOME, FAR = "192.0.2.7", "198.51.100.9"


class TestSomebodyElsesTries:
    """Whoever guesses is stopped; whoever owns the login gets in from where they always do."""

    def test_a_stranger_does_not_keep_the_owner_out_of_the_usual_place(
        self, add: Add, enter: Enter
    ) -> None:
        add()
        enter(address=HOME)
        wrong(enter, times=6, address=FAR)

        assert is_paused(enter, FAR)
        assert not is_paused(enter, HOME)

    def test_tries_spread_over_addresses_are_five_together(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        enter(address=HOME)
        for number in range(12):
            wrong(enter, address=f"198.51.100.{number}")

        assert sum(not failure.cleared for failure in failures(runtime)) == 5
        assert is_paused(enter, "203.0.113.1")

    def test_at_the_usual_place_five_are_the_end_too(self, add: Add, enter: Enter) -> None:
        add()
        enter(address=HOME)
        wrong(enter, times=5, address=HOME)

        assert is_paused(enter, HOME)
        assert not is_paused(enter, FAR)

    def test_a_sign_in_of_the_owner_gives_a_stranger_no_more_tries(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        enter(address=HOME)
        for _ in range(3):
            wrong(enter, times=4, address=FAR)
            enter(address=HOME)

        assert sum(not failure.cleared for failure in failures(runtime)) == 5

    @pytest.mark.parametrize(("days", "paused"), [(29.9, False), (30.1, True)])
    def test_a_place_is_usual_for_thirty_days(
        self, runtime: Runtime, add: Add, enter: Enter, days: float, paused: bool
    ) -> None:
        add()
        enter(address=HOME)
        shift(runtime, "sign_in", "created_at", days * 24 * 60)
        wrong(enter, times=5, address=FAR)

        assert is_paused(enter, HOME) is paused

    def test_a_neighbour_of_the_same_ipv6_network_is_the_same_place(
        self, add: Add, enter: Enter
    ) -> None:
        add()
        enter(address="2001:db8:1:2::7")
        wrong(enter, times=5, address="2001:db8:1:3::7")

        assert not is_paused(enter, "2001:db8:1:2:aaaa::1")
        wrong(enter, times=5, address="2001:db8:1:2:bbbb::1")
        assert is_paused(enter, "2001:db8:1:2:cccc::1")

    def test_the_usual_place_of_one_login_is_nothing_to_another(
        self, add: Add, enter: Enter
    ) -> None:
        add()
        add("qian")
        enter(address=HOME)
        wrong(enter, "qian", times=5, address=FAR)

        with pytest.raises(SignInRefused):
            enter("qian", address=HOME)

    def test_an_unknown_address_is_no_usual_place(self, add: Add, enter: Enter) -> None:
        add()
        enter(address="")
        wrong(enter, times=5, address=FAR)

        assert is_paused(enter, "")


class TestMeanwhile:
    """What is changed while a password is compared counts."""

    @pytest.fixture
    def changed(self, runtime: Runtime, hasher: Hasher) -> Callable[[str], None]:
        def change(how: str) -> None:
            with runtime.work(Actor.system("test")) as work:
                account = store.account_by_login(work.session, "zhao")
                if how == "reset":
                    service.reset_password(work, account, hasher.hash("Other-pass-77"))
                elif how == "lock":
                    service.lock(work, account)
                else:
                    service.end_account(work, account)

        return change

    @pytest.mark.parametrize("how", ["reset", "lock", "end"])
    def test_what_an_admin_changes_keeps_the_old_password_out(
        self, runtime: Runtime, add: Add, changed: Callable[[str], None], how: str
    ) -> None:
        add()
        self._enters_not(runtime, Meanwhile(lambda: changed(how)))

    def test_other_tries_pause_this_one_too(self, runtime: Runtime, add: Add, enter: Enter) -> None:
        add()
        self._enters_not(runtime, Meanwhile(lambda: wrong(enter, times=5)))

    def test_a_hash_made_anew_keeps_nobody_out(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add(password_hash=Hasher(Cost(memory_kib=16, passes=1)).hash(PASSWORD))

        attempt = Attempt(ASKER, "zhao", PASSWORD)
        assert sign_in(runtime, Meanwhile(enter), RULES, attempt, "token")

    def _enters_not(self, runtime: Runtime, hasher: Hasher) -> None:
        with pytest.raises(SignInRefused):
            sign_in(runtime, hasher, RULES, Attempt(ASKER, "zhao", PASSWORD), "token")

        with runtime.work(Actor.system("test")) as work:
            assert work.session.scalar(select(SignIn).where(SignIn.ended_at.is_(None))) is None
        assert records(runtime, "sign_in")[-1].outcome == "failed"


class TestRenewing:
    def test_a_refresh_token_buys_the_next_pair(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        first = enter()
        second = renewed(runtime, first)

        assert second.sign_in_id == first.sign_in_id
        assert [opens(runtime, one.token) for one in (first, second)] == [False, True]
        assert renewed(runtime, second).refresh not in (first.refresh, second.refresh)

    def test_a_second_use_ends_the_whole_sign_in_and_is_recorded(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        account = add()
        first = enter()
        second = renewed(runtime, first)
        with pytest.raises(TokenRefused):
            renewed(runtime, first)

        (record,) = records(runtime, "sign_in.reused")
        assert (record.outcome, record.subjects) == ("denied", [account.id])
        assert not opens(runtime, second.token)
        with pytest.raises(TokenRefused):
            renewed(runtime, second)

    def test_another_sign_in_of_the_same_person_goes_on(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        other, first = enter(), enter()
        renewed(runtime, first)
        with pytest.raises(TokenRefused):
            renewed(runtime, first)

        assert opens(runtime, other.token)

    def test_a_client_that_got_no_answer_asks_again_under_its_key(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        first = enter()
        lost = renewed(runtime, first, key="key-0001")
        got = renewed(runtime, first, key="key-0001")

        assert [opens(runtime, one.token) for one in (lost, got)] == [False, True]
        assert records(runtime, "sign_in.reused") == []

    def test_the_pair_that_was_lost_is_good_for_nothing(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        first = enter()
        lost = renewed(runtime, first, key="key-0001")
        got = renewed(runtime, first, key="key-0001")
        with pytest.raises(TokenRefused):
            renewed(runtime, lost)

        assert not opens(runtime, got.token)
        assert len(records(runtime, "sign_in.reused")) == 1

    @pytest.mark.parametrize(
        ("first", "second", "minutes"),
        [("", "", 0), ("key-0001", "", 0), ("key-0001", "key-0002", 0), ("", "key-0001", 0),
         ("key-0001", "key-0001", 1.1)],
    )  # fmt: skip
    def test_another_key_none_or_a_late_repeat_is_a_second_use(
        self, runtime: Runtime, add: Add, enter: Enter, first: str, second: str, minutes: float
    ) -> None:
        add()
        opened = enter()
        renewed(runtime, opened, key=first)
        shift(runtime, "refresh_token", "used_at", minutes)
        with pytest.raises(TokenRefused):
            renewed(runtime, opened, key=second)

        assert len(records(runtime, "sign_in.reused")) == 1

    def test_repeats_do_not_prolong_the_minute(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter()
        renewed(runtime, opened, key="key-0001")
        shift(runtime, "refresh_token", "used_at", 0.6)
        renewed(runtime, opened, key="key-0001")
        shift(runtime, "refresh_token", "used_at", 0.6)
        with pytest.raises(TokenRefused):
            renewed(runtime, opened, key="key-0001")

    def test_of_two_uses_at_once_one_is_the_second(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter()
        ended: list[object] = []

        def use() -> None:
            try:
                ended.append(renewed(runtime, opened))
            except TokenRefused as refused:
                ended.append(refused)

        second = threading.Thread(target=use)
        with runtime.work(ASKER) as work:
            first = _renewed(work, RULES, opened.refresh or "", "")
            second.start()
            while not waits_for_a_lock(runtime):
                time.sleep(0.01)
        second.join()

        assert first is not None
        assert [type(one) for one in ended] == [TokenRefused]
        assert len(records(runtime, "sign_in.reused")) == 1
        assert not opens(runtime, first.token)

    @pytest.mark.parametrize("token", ["", "nonsense", "wgr_" + "x" * 43])
    def test_an_unknown_token_buys_nothing(self, runtime: Runtime, token: str) -> None:
        with pytest.raises(TokenRefused):
            renew(runtime, RULES, ASKER, token)

    def test_an_access_token_buys_nothing(self, runtime: Runtime, add: Add, enter: Enter) -> None:
        add()
        with pytest.raises(TokenRefused):
            renew(runtime, RULES, ASKER, enter().token)

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("account", "locked_at = now()"),
            ("account", "ended_at = now()"),
            ("account", "demo = true"),
            ("sign_in", "ended_at = now()"),
            ("sign_in", "expires_at = now()"),
            ("refresh_token", "expires_at = now()"),
        ],
    )
    def test_what_has_ended_buys_nothing_and_is_no_second_use(
        self, runtime: Runtime, add: Add, enter: Enter, table: str, change: str
    ) -> None:
        add()
        opened = enter()
        with runtime.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {table} SET {change}")
        with pytest.raises(TokenRefused):
            renewed(runtime, opened)

        assert records(runtime, "sign_in.reused") == []

    def test_an_access_token_never_outlives_its_sign_in(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        opened = enter()
        shift(runtime, "sign_in", "expires_at", 30 * 24 * 60 - 5)

        assert renewed(runtime, opened).until == renewed_ends(runtime, opened)


def waits_for_a_lock(runtime: Runtime) -> bool:
    with runtime.engine.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        waiting: int = connection.exec_driver_sql(
            query + " AND datname = current_database()"
        ).scalar_one()
    return waiting > 0


def renewed(runtime: Runtime, opened: Opened, key: str = "") -> Opened:
    return renew(runtime, RULES, ASKER, opened.refresh or "", key=key)


def renewed_ends(runtime: Runtime, opened: Opened) -> datetime:
    with runtime.work(Actor.system("test")) as work:
        return work.session.get_one(SignIn, opened.sign_in_id).expires_at


class TestEnding:
    def test_what_is_ended_opens_nothing_and_says_why(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        account = add()
        opened = enter()
        with runtime.work(Actor("zhao", account_id=account.id)) as work:
            end(work, store.own_sign_in(work.session, account.id, opened.sign_in_id), "signed_out")

        (record,) = records(runtime, "sign_out")
        assert not opens(runtime, opened.token)
        assert (record.actor, record.reason) == ("zhao", "signed_out")

    def test_all_but_one_are_ended(self, runtime: Runtime, add: Add, enter: Enter) -> None:
        account = add()
        kept, *others = [enter() for _ in range(3)]
        with runtime.work(Actor.system("test")) as work:
            ended = end_all(work, account.id, "password", keep=kept.sign_in_id)

        assert ended == 2
        assert opens(runtime, kept.token)
        assert not any(opens(runtime, other.token) for other in others)

    def test_nobody_ends_what_is_somebody_elses(
        self, runtime: Runtime, add: Add, enter: Enter
    ) -> None:
        add()
        other = add("qian")
        opened = enter()
        asker = Actor("qian", account_id=other.id)
        with pytest.raises(store.SignInUnknown), runtime.work(asker) as work:
            store.own_sign_in(work.session, other.id, opened.sign_in_id)

        (record,) = records(runtime, "lookup")
        assert (record.outcome, record.subject_kind) == ("missed", "sign_in")
        assert opens(runtime, opened.token)


def test_the_last_day_of_a_refresh_token_is_that_of_its_sign_in(
    runtime: Runtime, add: Add, enter: Enter
) -> None:
    add()
    opened = enter()
    with runtime.work(Actor.system("test")) as work:
        (token,) = work.session.scalars(select(RefreshToken))
        family = work.session.get_one(SignIn, opened.sign_in_id)
        accounts = work.session.scalars(select(Account)).all()

    assert token.expires_at == family.expires_at == opened.ends
    assert [account.login for account in accounts] == ["zhao"]
