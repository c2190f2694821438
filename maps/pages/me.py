"""My account: who I am here, where I am signed in, my password, and how large the type is."""

from geo.texts import text
from maps.pages.shell import Visit, shell_page


def me_page(visit: Visit) -> str:
    """Return the page of one's own account; what it shows comes from the API."""
    return shell_page(
        visit,
        "me",
        title=text("pages.me.page", visit.lang),
        entry="js/me/main.js",
        texts=("me.", "password.", "device.", "roles."),
        facts={"large": visit.large},
    )
