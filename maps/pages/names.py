"""Nicknames: what people on the spot call places of the own areas; searched for and ended."""

from geo.texts import text
from maps.pages.shell import WHO, View, shell_page


def names_page(view: View) -> str:
    """Return the page of nicknames; they are added beside the building on the map."""
    return shell_page(
        view,
        "names",
        title=text("pages.names.page", view.lang),
        entry="js/names/main.js",
        texts=("names.", *WHO),
    )
