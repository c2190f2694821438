"""The pages that show the occupancy map: the home page, and the same as one file.

The map is the page; the frame around it (bar, cards) is a template of fixed sentences, all that
is data is written by the modules of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.places.picture import OccupancyPicture
from geo.texts import Lang, text
from maps.atlas.occupancy import occupancy_map
from maps.render import fragment, self_contained_file, served_page

OTHER: dict[Lang, Lang] = {"zh": "en", "en": "zh"}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One word of the bar: ``key`` of its text, where it leads, whether one is there."""

    key: str
    href: str
    current: bool = False


# Words of the bar lead to pages that exist: a later page adds its own here.
NAV = (NavItem("nav_map", "/", current=True),)


def home_page(
    picture: OccupancyPicture,
    *,
    lang: Lang,
    nonce: str,
    static_root: str,
    api_root: str | None = "/api/v1",
    cell_address: str | None = "/?cell=",
    nav: Sequence[NavItem] = NAV,
    me: str | None = None,
) -> str:
    """Return the home page: the user's own area on the occupancy map.

    Parameters
    ----------
    picture
        The cell to show.
    nonce
        The one given to :func:`maps.render.content_policy` for the same answer.
    static_root
        :func:`maps.assets.static_root`.
    api_root
        Where the page asks who answers (``{api_root}/locate``); None: it does not ask.
    cell_address
        Address of another cell's page, its code is appended; None: no way to other cells.
    me
        Who is signed in; None: the words for "this machine".
    """
    links = {"api": api_root, "cell": cell_address}
    town = occupancy_map(picture, lang=lang, links={k: v for k, v in links.items() if v})
    code = picture.cell.code
    frame = fragment(
        "frame.html",
        lang=lang,
        home="/",
        nav=nav,
        me=text("pages.local", lang) if me is None else me,
        other_lang=f"{cell_address}{code}&lang={OTHER[lang]}" if cell_address else "",
    )
    return served_page(town, frame=frame, nonce=nonce, static_root=static_root)


def occupancy_file(picture: OccupancyPicture, *, lang: Lang) -> str:
    """Return the occupancy map as one HTML file that asks for nothing.

    The text is to be written as UTF-8.
    """
    frame = fragment("frame.html", lang=lang, home="#", nav=(), me="", other_lang="")
    return self_contained_file(occupancy_map(picture, lang=lang), frame=frame)
