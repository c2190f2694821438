"""People and roles: who may sign in, what they hold where, what each role may do."""

from geo.access.roles import ROLES, Permission
from geo.accounts.service import LOGIN
from geo.texts import text
from maps.pages.shell import WHO, View, shell_page


def users_page(view: View) -> str:
    """Return the page of accounts; parts that write are left out for who may only read."""
    viewer = view.viewer
    writes = viewer is not None and Permission.ACCOUNTS_WRITE in viewer.permissions
    return shell_page(
        view,
        "users",
        title=text("pages.users.page", view.lang),
        entry="js/users/main.js",
        texts=("users.", "roles.", "permissions.", "field_classes.", "picker.", "levels.", *WHO),
        facts={
            "writes": writes,
            "login_form": LOGIN.pattern,
            "with_area": [r.value for r, rule in ROLES.items() if rule.has_area],
        },
        writes=writes,
    )
