"""How an account stands, in one word: pure."""

from typing import Literal

from geo.accounts.model import Account

State = Literal["active", "must_change", "locked", "ended"]


def state_of(account: Account) -> State:
    """Return the one word for how an account stands."""
    if account.ended_at is not None:
        return "ended"
    if account.locked_at is not None:
        return "locked"
    return "must_change" if account.must_change else "active"
