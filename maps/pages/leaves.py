"""Leaves: who is away now and soon, and who stands in; entered and ended by who may."""

from geo.access.roles import Permission
from geo.texts import text
from maps.pages.shell import View, shell_page


def leaves_page(view: View) -> str:
    """Return the page of leaves; what writes is left out for who may only read."""
    viewer = view.viewer
    writes = viewer is not None and Permission.WORKFORCE_WRITE in viewer.permissions
    return shell_page(
        view,
        "leaves",
        title=text("pages.leaves.page", view.lang),
        entry="js/leaves/main.js",
        texts=("leaves.",),
        facts={"writes": writes},
        writes=writes,
    )
