"""My account: who I am here, where I am signed in, my password, and how large the type is."""

from geo.texts import text
from maps.pages.shell import View, shell_page


def me_page(view: View) -> str:
    """Return the page of one's own account; what it shows comes from the API."""
    return shell_page(
        view,
        "me",
        title=text("pages.me.page", view.lang),
        entry="js/me/main.js",
        texts=("me.", "password.", "device.", "roles."),
        facts={"large": view.large},
    )
