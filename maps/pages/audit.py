"""The audit as it is read: who did what, who saw this household, what looked unusual."""

from geo.access.roles import Permission
from geo.audit.actions import Action, Outcome
from geo.texts import text
from maps.pages.shell import View, shell_page

# In which order actions are offered, by what they are about.
GROUPS = ("people", "workforce", "data_request", "account", "grid", "audit", "system")

_OF: dict[str, str] = {
    "people": "people",
    "workforce": "workforce",
    "data_request": "data_request",
    "grid": "grid",
    "buildings": "grid",
    "audit": "audit",
    "system": "system",
    "lookup": "system",
    "request": "system",
    "keys": "system",
}


def group_of(action: Action) -> str:
    """Return the group an action is offered in; what is about nobody else, is about accounts.

    Examples
    --------
    >>> group_of(Action.PEOPLE_REVEAL), group_of(Action.SIGN_IN)
    ('people', 'account')
    """
    return _OF.get(action.value.partition(".")[0], "account")


def audit_page(view: View) -> str:
    """Return the page of the audit."""
    viewer = view.viewer
    reviews = viewer is not None and Permission.AUDIT_REVIEW in viewer.permissions
    lang = view.lang
    actions = {
        group: {a.value: text(f"audit.action.{a}", lang) for a in Action if group_of(a) == group}
        for group in GROUPS
    }
    return shell_page(
        view,
        "audit",
        title=text("pages.audit.page", view.lang),
        entry="js/audit/main.js",
        texts=("audit.", "permissions.", "roles."),
        facts={"reviews": reviews},
        actions=actions,
        outcomes={one.value: text(f"audit.outcome.{one}", lang) for one in Outcome},
    )
