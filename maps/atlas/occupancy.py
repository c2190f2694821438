"""The occupancy map: every footprint cut by the shares of its households.

Takes a picture, returns a Folium map; how it becomes a page is ``maps.render``'s business.
"""

from collections.abc import Mapping

from geo.people.sight import Sight
from geo.places.picture import OccupancyPicture
from geo.texts import Lang, part, text
from maps.atlas.windows import bounds_of, window_around
from maps.base import Bounds, DataOverlay, TownMap
from maps.overlays.buildings import buildings_overlay
from maps.overlays.cells import cells_overlay, in_order
from maps.overlays.ground import ground_overlay
from maps.palette import map_table

ENTRY = "js/map/occupancy.js"

# Above this many buildings a picture shows cells with bars only, and says so.
MOST_BUILDINGS = 30_000
# Cells of this level hold about one building each: no map of cells shows them.
FINEST = 5


def occupancy_map(
    picture: OccupancyPicture,
    *,
    lang: Lang,
    links: Mapping[str, str] | None = None,
    sights: Mapping[str, Sight] | None = None,
) -> TownMap:
    """Return the occupancy map of one cell.

    Parameters
    ----------
    picture
        What to draw; one of cells alone (``detail``) is the public map: counts by cell, coarse,
        none below grids. Above :data:`MOST_BUILDINGS` buildings are left out likewise.
    lang
        Language of the page.
    links
        What the page may ask for: ``api`` (root of the API, for who answers), ``cell`` (address
        of another cell's picture, its code is appended). None: the page asks for nothing.
    sights
        How much of each cell the reader may see, by code; None: all. What is not seen has no
        figures, rather than zeros.
    """
    full = picture
    too_many = len(picture.buildings) > MOST_BUILDINGS
    if too_many:
        picture = picture.without_buildings()
    bounds = bounds_of(picture)
    kinds = [kind.code for kind in picture.kinds]
    by_cell = too_many or picture.detail == "cells"
    cells = picture.cells[picture.cells["level"] < FINEST] if by_cell else picture.cells
    around = window_around(bounds)
    title = text("pages.occupancy_title", lang, cell=picture.cell.name)
    town = TownMap(bounds, entry=ENTRY, title=title, lang=lang)
    page = _page(full, lang, links or {}, bounds, too_many=too_many)
    crumbs = [[code, name, _leads(sights, code)] for code, name in picture.cell.crumbs]
    town.add_child(DataOverlay("page", page | {"crumbs": crumbs}))
    town.add_child(ground_overlay(picture.ground, within=around, sharp=bounds))
    town.add_child(cells_overlay(cells, asked=picture.cell.code, kinds=kinds, sights=sights))
    codes = in_order(cells)["code"].tolist()
    town.add_child(buildings_overlay(picture.buildings, cells=codes, kinds=kinds))
    return town


def _page(
    picture: OccupancyPicture,
    lang: Lang,
    links: Mapping[str, str],
    bounds: Bounds,
    *,
    too_many: bool,
) -> dict[str, object]:
    """Return what the page has to know beside the frames."""
    cell = picture.cell
    return {
        "lang": lang,
        "texts": _lines(lang),
        "palette": map_table([kind.code for kind in picture.kinds]),
        "kinds": [
            {"code": k.code, "word": k.zh if lang == "zh" else k.en, "short": k.short}
            for k in picture.kinds
        ],
        "cell": {"code": cell.code, "name": cell.name, "level": cell.level},
        "version": cell.version,
        "version_date": cell.version_date.isoformat(),
        "demo": cell.demo,
        "links": dict(links),
        "bounds": list(bounds),
        "detail": "too_many" if too_many else picture.detail,
        "hidden_buildings": len(picture.buildings) if too_many else 0,
    }


def _leads(sights: Mapping[str, Sight] | None, code: str) -> bool:
    """Return whether a way up leads to what the reader may see whole."""
    return sights is None or sights.get(code) is Sight.WHOLE


def _lines(lang: Lang) -> dict[str, str]:
    """Return the lines of maps: those of other pages have a second dot."""
    own = {key: line for key, line in part("pages.", lang).items() if key.count(".") == 1}
    return own | part("levels.", lang)
