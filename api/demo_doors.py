"""Accounts of a demo as the sign-in page offers them: one press each, in the order of the roles."""

from sqlalchemy.orm import Session

from geo.access.roles import ROLES, Role
from geo.accounts import store
from geo.accounts.store import AccountFilter, GrantRow
from geo.db.paging import Page
from geo.texts import Lang, catalogue, text
from maps.pages.login import DemoAccount

_MOST = 100


def demo_accounts(session: Session, lang: Lang) -> list[DemoAccount]:
    """Return the demo's accounts that may sign in, each by its first role."""
    wanted = AccountFilter(kind="person", state="active")
    rows = [row for row in store.accounts(session, wanted, Page(_MOST, None)).rows if row.demo]
    grants: dict[int, GrantRow] = {}
    for grant in store.grants_of(session, *(row.id for row in rows)):
        if grant.stands:
            grants.setdefault(grant.account_id, grant)
    order = list(ROLES)
    held = [(row, grants[row.id]) for row in rows if row.id in grants]
    held.sort(key=lambda pair: order.index(Role(pair[1].role)))
    return [_door(row.login, row.name, grant, lang) for row, grant in held]


def _door(login: str, name: str, grant: GrantRow, lang: Lang) -> DemoAccount:
    sees = f"pages.login.sees.{grant.role}"
    return DemoAccount(
        login=login,
        role=text(f"roles.{grant.role}", lang),
        name=name,
        area=grant.cell_name or text("pages.roles.everywhere", lang),
        sees=text(sees, lang) if sees in catalogue() else "",
    )
