"""The page on which borders are drawn, checked, approved and published."""

from collections.abc import Mapping

from geo.people.sight import Sight
from geo.places.picture import OccupancyPicture
from maps.atlas.editor import editor_map
from maps.pages.shell import View, bar_block, topbar
from maps.render import drawn, fragment, served_page

# Where the page stands.
EDITOR = "/editor"
# Tools in the order of the row: name, the key that picks it.
TOOLS = (
    ("select", "V"),
    ("split", "C"),
    ("merge", "M"),
    ("move", "B"),
    ("transfer", "T"),
    ("divide", "A"),
    ("undo", "Ctrl Z"),
)


def editor_page(
    picture: OccupancyPicture,
    view: View,
    *,
    plan: int | None = None,
    sights: Mapping[str, Sight] | None = None,
    divides: bool = False,
) -> str:
    """Return the editor of a cell's leaves.

    Parameters
    ----------
    picture
        Of the cell.
    plan
        The plan to work on; None: one is chosen or begun on the page.
    sights
        How much of each cell the reader may see, by code; None: all.
    divides
        Whether the API divides cells by itself.
    """
    town = drawn(editor_map(picture, lang=view.lang, sights=sights))
    facts = {"plan": None if plan is None else str(plan), "demo": view.demo}
    frame = fragment(
        "editor.html",
        lang=view.lang,
        tools=[tool for tool in TOOLS if divides or tool[0] != "divide"],
        topbar=topbar(view, current=EDITOR),
        bar=bar_block(view, texts=("editor.", "levels.", "roles."), facts=facts),
        static_root=view.static_root,
        demo=view.demo,
    )
    page = "map editor large" if view.large else "map editor"
    return served_page(town, frame=frame, nonce=view.nonce, static_root=view.static_root, page=page)
