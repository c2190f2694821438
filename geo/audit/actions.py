"""What is recorded, and how long each kind of record is kept: one table, pure.

Source: Cybersecurity Law as amended 2025 art. 23(3), network logs at least six months; PIPL art.
56, records of processing at least three years.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum


class Keep(Enum):
    """How many days a record is kept."""

    LOG = 190  # six calendar months are at most 184
    PROCESSING = 1_100  # three years are at most 1,096


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    DENIED = "denied"  # known who asked, and may not
    MISSED = "missed"  # an id that does not exist or lies beyond the asker's areas
    FAILED = "failed"  # a wrong password


class Action(StrEnum):
    """What was done; the value is what clients and filters see."""

    SYSTEM_WORK = "system.work"  # a command or job without a record of its own
    ELEVATED = "system.elevated"
    LOOKUP = "lookup"  # an id was asked for that is not the asker's
    REQUEST = "request"  # a route was asked for that no role of the asker allows
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_IN_REUSED = "sign_in.reused"  # a refresh token came a second time
    PASSWORD_SET = "password.set"
    ACCOUNT_ADD = "account.add"
    ACCOUNT_CHANGE = "account.change"
    ACCOUNT_READ = "account.read"
    GRANT_ADD = "grant.add"
    GRANT_END = "grant.end"
    KEY_ADD = "key.add"
    KEY_END = "key.end"
    GRID_PUBLISH = "grid.publish"
    PLAN_DRAFT = "grid.plan.draft"
    PLAN_EDIT = "grid.plan.edit"
    PLAN_DIVIDE = "grid.plan.divide"  # a division of the draft was asked for; it changes nothing
    PLAN_SUBMIT = "grid.plan.submit"
    PLAN_APPROVE = "grid.plan.approve"
    PLAN_RETURN = "grid.plan.return"
    PLAN_WITHDRAW = "grid.plan.withdraw"
    BUILDINGS_IMPORT = "buildings.import"
    PLACE_NAME_ADD = "place_name.add"
    PLACE_NAME_END = "place_name.end"
    PEOPLE_IMPORT = "people.import"
    WORKFORCE_IMPORT = "workforce.import"
    PEOPLE_LIST = "people.list"
    PEOPLE_READ = "people.read"
    PEOPLE_COUNT = "people.count"
    PEOPLE_SEARCH = "people.search"
    PEOPLE_REVEAL = "people.reveal"
    PEOPLE_PRINT = "people.print"
    PEOPLE_CORRECT = "people.correct"
    PEOPLE_ERASE = "people.erase"
    PEOPLE_SHARE = "people.quota"  # more was asked for than an account is given in a day
    REQUEST_ADD = "data_request.add"
    REQUEST_READ = "data_request.read"
    REQUEST_DECIDE = "data_request.decide"
    WORKFORCE_LIST = "workforce.list"
    WORKFORCE_READ = "workforce.read"
    WORKFORCE_ASSIGN = "workforce.assign"
    WORKFORCE_DISMISS = "workforce.dismiss"
    WORKFORCE_LEAVE = "workforce.leave"  # somebody is away; why is kept nowhere
    WORKFORCE_BACK = "workforce.back"
    AUDIT_SEARCH = "audit.search"
    AUDIT_EXPORT = "audit.export"
    AUDIT_REVIEW = "audit.review"
    AUDIT_EXPIRE = "audit.expire"  # what was kept long enough went
    AUDIT_VERIFY = "audit.verify"
    AUDIT_WATCH = "audit.watch"  # unusual reads of a week were looked for
    KEYS_KNOWN = "keys.known"  # from now on the database knows a keyring by these keys
    KEYS_ROTATE = "keys.rotate"


_PROCESSING = (
    "people.", "workforce.", "data_request.", "buildings.", "place_name.", "grid.", "keys.",
    "audit.",
)  # fmt: skip

KEEP: Mapping[Action, Keep] = {
    action: Keep.PROCESSING if action.value.startswith(_PROCESSING) else Keep.LOG
    for action in Action
}


def keep_of(action: str) -> Keep:
    """Return how long a record is kept; one of an action no longer known the longer time.

    Examples
    --------
    >>> keep_of("sign_in"), keep_of("people.read"), keep_of("of.old")
    (<Keep.LOG: 190>, <Keep.PROCESSING: 1100>, <Keep.PROCESSING: 1100>)
    """
    return _KEEP.get(action, Keep.PROCESSING)


_KEEP = {action.value: keep for action, keep in KEEP.items()}
