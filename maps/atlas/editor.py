"""What the boundary editor lies on: ground, buildings with their households, cells around.

The cells that are edited are not here: the page asks for them as arcs, with each revision anew.
"""

from collections.abc import Mapping

from geo.people.sight import Sight
from geo.places.picture import OccupancyPicture
from geo.texts import Lang, text
from maps.atlas.occupancy import MOST_BUILDINGS
from maps.atlas.windows import bounds_of, window_around
from maps.base import DataOverlay, TownMap
from maps.overlays.buildings import buildings_overlay
from maps.overlays.cells import cells_overlay, in_order
from maps.overlays.ground import ground_overlay
from maps.palette import STEPS, map_table

ENTRY = "js/editor/main.js"
SHEETS = ("css/shell.css", "css/sheet.css", "css/editor.css", "css/editor_panel.css")


def editor_map(
    picture: OccupancyPicture, *, lang: Lang, sights: Mapping[str, Sight] | None = None
) -> TownMap:
    """Return the map that borders are drawn on.

    Parameters
    ----------
    picture
        Of the cell whose leaves are edited. Above :data:`MOST_BUILDINGS` it comes without
        buildings: there are no live counts then.
    lang
        Language of the page.
    sights
        How much of each cell the reader may see, by code; None: all.
    """
    if len(picture.buildings) > MOST_BUILDINGS:
        picture = picture.without_buildings()
    bounds = bounds_of(picture)
    kinds = [kind.code for kind in picture.kinds]
    title = text("pages.editor.page", lang, cell=picture.cell.name)
    town = TownMap(bounds, entry=ENTRY, title=title, lang=lang)
    town.default_css += [(sheet, sheet) for sheet in SHEETS]
    cell = picture.cell
    page = {
        "palette": {**map_table(kinds), "sizes": STEPS["light"]["size"]},
        "cell": {"code": cell.code, "name": cell.name, "level": cell.level},
        "crumbs": [list(crumb) for crumb in cell.crumbs],
        "version": cell.version,
        "version_date": cell.version_date.isoformat(),
        "bounds": list(bounds),
    }
    town.add_child(DataOverlay("page", page))
    town.add_child(ground_overlay(picture.ground, within=window_around(bounds), sharp=bounds))
    town.add_child(cells_overlay(picture.cells, asked=cell.code, kinds=kinds, sights=sights))
    codes = in_order(picture.cells)["code"].tolist()
    town.add_child(buildings_overlay(picture.buildings, cells=codes, kinds=kinds))
    return town
