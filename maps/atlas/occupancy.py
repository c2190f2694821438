"""The occupancy map: every footprint cut by the shares of its households.

Takes a picture, returns a Folium map; how it becomes a page is ``maps.render``'s business.
"""

import math
from collections.abc import Mapping

import numpy as np

from geo.people.sight import Sight
from geo.places.picture import OccupancyPicture
from geo.texts import Lang, part, text
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

# A window as it is on a desk, px: the whole, and what cards leave free for the cell asked for.
WINDOW, FREE = (1440, 844), (1024, 740)
# Ground is sent for a somewhat larger window, and at least this far around, degrees.
LARGER, LEAST_MARGIN = 1.3, 0.003


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
    bounds = _bounds(picture)
    kinds = [kind.code for kind in picture.kinds]
    by_cell = too_many or picture.detail == "cells"
    cells = picture.cells[picture.cells["level"] < FINEST] if by_cell else picture.cells
    around = _around(bounds)
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


def _bounds(picture: OccupancyPicture) -> Bounds:
    asked = picture.cells[picture.cells["code"] == picture.cell.code]
    inside = asked if np.isfinite(asked.total_bounds).all() else picture.cells
    west, south, east, north = (float(value) for value in inside.total_bounds)
    return west, south, east, north


def _around(bounds: Bounds) -> Bounds:
    """Return what a window shows in which the bounds just fit the part that cards leave free."""
    west, south, east, north = bounds
    narrow = math.cos(math.radians((south + north) / 2))
    across, down = (east - west) * narrow, north - south
    pixel = LARGER * max(across / FREE[0], down / FREE[1])
    x = max((pixel * WINDOW[0] - across) / 2, LEAST_MARGIN) / narrow
    y = max((pixel * WINDOW[1] - down) / 2, LEAST_MARGIN)
    return west - x, south - y, east + x, north + y


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
