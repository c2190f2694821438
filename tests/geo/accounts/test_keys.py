"""Keys of other systems: made once, shown once, ended for good."""

from datetime import timedelta

import pytest

from geo.access.actors import Actor, ActorKind
from geo.access.roles import Permission
from geo.accounts import keys, store
from geo.accounts.keys import KeyForPerson, KeyRefused, NewKey
from geo.accounts.model import Account, ApiKey
from geo.accounts.service import AccountEnded, OwnAccount
from geo.accounts.standing import standing
from geo.accounts.tokens import digest
from geo.runtime import Runtime
from tests.geo.accounts.conftest import RULES, Add, records

pytestmark = pytest.mark.db

SYSTEM = Actor.system("user")


@pytest.fixture
def ledger(add: Add) -> Account:
    return add("ledger", kind="client", password_hash=None)


def make(runtime: Runtime, login: str, new: NewKey, actor: Actor = SYSTEM) -> tuple[ApiKey, str]:
    with runtime.work(actor) as work:
        return keys.add_key(work, store.account_by_login(work.session, login), new)


def test_a_key_opens_its_account_and_is_stored_as_a_digest(
    runtime: Runtime, ledger: Account
) -> None:
    row, secret = make(runtime, "ledger", NewKey("台账同步", [Permission.COUNTS_READ], days=30))
    with runtime.work(SYSTEM) as work:
        opened = standing(work, secret, RULES)

    (record,) = records(runtime, "key.add")
    assert opened is not None
    assert opened.actor.allowed == {Permission.COUNTS_READ}
    assert row.token_hash == digest(secret)
    assert secret.startswith(row.shown)
    assert row.expires_at - row.created_at == timedelta(days=30)
    assert record.subjects == [ledger.id]
    assert secret not in str(record.after)


def test_an_ended_key_opens_nothing_and_is_recorded_once(runtime: Runtime, ledger: Account) -> None:
    row, secret = make(runtime, "ledger", NewKey("x"))
    for _ in range(2):
        with runtime.work(SYSTEM) as work:
            keys.end_key(work, store.key_by_id(work.session, row.id))
    with runtime.work(SYSTEM) as work:
        assert standing(work, secret, RULES) is None

    assert len(records(runtime, "key.end")) == 1


@pytest.mark.parametrize(
    "new",
    [
        NewKey(""),
        NewKey(" "),
        NewKey("a\nb"),
        NewKey("x" * 51),
        NewKey("x", days=0),
        NewKey("x", days=731),
        NewKey("x", []),
        NewKey("x", [Permission.PEOPLE_REVEAL]),
        NewKey("x", [Permission.COUNTS_READ, Permission.ACCOUNTS_WRITE]),
    ],
)
def test_a_key_that_cannot_be_is_refused(runtime: Runtime, ledger: Account, new: NewKey) -> None:
    with pytest.raises(KeyRefused):
        make(runtime, "ledger", new)


def test_a_person_has_no_keys(runtime: Runtime, add: Add) -> None:
    add()
    with pytest.raises(KeyForPerson):
        make(runtime, "zhao", NewKey("x"))


def test_a_system_makes_no_key_for_itself(runtime: Runtime, ledger: Account) -> None:
    itself = Actor("ledger", kind=ActorKind.CLIENT, account_id=ledger.id)
    with pytest.raises(OwnAccount):
        make(runtime, "ledger", NewKey("x"), itself)


def test_an_ended_account_gets_no_key(runtime: Runtime, add: Add) -> None:
    with runtime.work(SYSTEM) as work:
        now = work.now
    add("ledger", kind="client", password_hash=None, ended_at=now)
    with pytest.raises(AccountEnded):
        make(runtime, "ledger", NewKey("x"))


def test_an_unknown_key_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(store.KeyUnknown), runtime.work(SYSTEM) as work:
        store.key_by_id(work.session, 999)
