"""The pages that show the occupancy map: the home page, the public map, and the map as one file.

The map is the page; the frame around it (bar, cards) is a template of fixed sentences, all that
is data is written by the modules of the page.
"""

from collections.abc import Mapping

from markupsafe import Markup

from geo.access.roles import Permission
from geo.people.sight import Sight
from geo.places.picture import OccupancyPicture
from geo.texts import Lang
from maps.atlas.occupancy import occupancy_map
from maps.pages.shell import API, View, bar_block, topbar
from maps.render import Drawn, drawn, fragment, self_contained_file, served_page


def occupancy_drawn(
    picture: OccupancyPicture,
    *,
    lang: Lang,
    api_root: str | None = API,
    cell_address: str | None = "/?cell=",
    people_address: str | None = None,
    sights: Mapping[str, Sight] | None = None,
) -> Drawn:
    """Return the occupancy map of a cell, ready for :func:`home_page`.

    Parameters
    ----------
    picture
        The cell to show.
    api_root
        Where the page asks who answers (``{api_root}/locate``); None: it does not ask.
    cell_address
        Address of another cell's page, its code is appended; None: no way to other cells.
    people_address
        Address of the households of a building, its code is appended; None: no way to them.
    sights
        How much of each cell the reader may see, by code; None: all.
    """
    links = {"api": api_root, "cell": cell_address, "people": people_address}
    given = {name: address for name, address in links.items() if address}
    return drawn(occupancy_map(picture, lang=lang, links=given, sights=sights))


def home_page(town: Drawn, view: View) -> str:
    """Return the page of a map: the user's own area, or what everybody may see.

    Who may name places is shown the names of a building, and finds it by them.
    """
    names = view.viewer is not None and Permission.PLACE_NAME in view.viewer.permissions
    frame = fragment(
        "frame.html",
        lang=view.lang,
        topbar=topbar(view, current="/", search=True),
        bar=bar_block(view, texts=("names.",) if names else ()),
        names=names,
        static_root=view.static_root,
    )
    return served_page(town, frame=frame, nonce=view.nonce, static_root=view.static_root)


def occupancy_file(picture: OccupancyPicture, *, lang: Lang) -> str:
    """Return the occupancy map as one HTML file that asks for nothing.

    The text is to be written as UTF-8.
    """
    bar = topbar(None, lang=lang, search=True)
    frame = fragment(
        "frame.html", lang=lang, topbar=bar, bar=Markup(""), names=False, static_root=""
    )
    return self_contained_file(occupancy_map(picture, lang=lang), frame=frame)
