"""Households: found by phone, ID number or name, or door by door; masked, one of them beside."""

from collections.abc import Collection, Mapping

from geo.access.roles import Permission
from geo.people.fields import HeadField
from geo.texts import text
from maps.pages.shell import View, shell_page

# Where the page stands.
PEOPLE = "/people"
# By what one searches, in the order it is offered: the names the API has for them.
SEARCHES = ("phone", "id_number", "head_name")


def people_page(view: View, *, kinds: Mapping[str, str], reveals: Collection[HeadField]) -> str:
    """Return the page on which a household is found.

    Parameters
    ----------
    kinds
        Word of each way of holding a dwelling, by its code.
    reveals
        Fields that who looks may see in clear somewhere.
    """
    viewer = view.viewer
    searches = viewer is not None and Permission.PEOPLE_SEARCH in viewer.permissions
    return shell_page(
        view,
        "people",
        title=text("pages.people.page", view.lang),
        entry="js/people/main.js",
        texts=("people.", "requests.", "print."),
        facts={
            "searches": searches,
            "kinds": dict(kinds),
            "reveals": [name.value for name in HeadField if name in reveals],
        },
        searches=SEARCHES if searches else (),
        kinds=kinds,
    )
