"""What one cell looks like to a map: the data behind the occupancy map, as plain frames.

Knows no table and no session: ``geo.places.frames`` fills it from the database, ``maps`` draws
it. Colours, words on the page and zoom rules belong to ``maps``.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import geopandas as gpd

Detail = Literal["buildings", "cells"]


@dataclass(frozen=True, slots=True)
class OccupancyKind:
    """One kind of household occupancy as the catalogue names it.

    Parameters
    ----------
    code
        Column of the frames that holds its count, ``owner_occupied``.
    zh, en
        The word in both languages.
    short
        One character for the smallest places, ``自``.
    rank
        Place in the legend, lowest first.
    """

    code: str
    zh: str
    en: str
    short: str
    rank: int


@dataclass(frozen=True, slots=True)
class PictureCell:
    """The cell a picture was asked for, and the boundary version it shows.

    Parameters
    ----------
    crumbs
        ``(code, name)`` of the ancestors, the district first.
    version, version_date
        The publication number and the local day it took effect.
    demo
        Whether the data are invented.
    """

    code: str
    name: str
    level: int
    crumbs: tuple[tuple[str, str], ...]
    version: int
    version_date: date
    demo: bool


@dataclass(frozen=True, slots=True)
class OccupancyPicture:
    """Cells, buildings and ground of one cell, with households counted by kind.

    Parameters
    ----------
    cell
        The cell asked for.
    cells
        It, all its descendants and its siblings: ``code, name, level, parent_code, buildings,
        households, persons``, one count column per kind, geometry (EPSG:4326, storage grid).
        The finest cells are a valid coverage.
    buildings
        ``code, name, cell_code`` (leaf), ``grid_code, households, persons``, one count column per
        kind, ``head`` (name on duty or ``""``), optionally ``address``; geometry is the
        footprint, or a point where there is none.
    ground
        ``kind, rank, name, width_m``, geometry; streets, water, parks and the like around it.
    kinds
        The kinds in legend order.
    detail
        ``"cells"`` when buildings are withheld from the reader; then the frame is empty.
    """

    cell: PictureCell
    cells: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame
    kinds: tuple[OccupancyKind, ...]
    detail: Detail = "buildings"

    def without_buildings(self) -> "OccupancyPicture":
        """Return the picture that may be shown to everybody: counts by cell, no building."""
        return replace(self, buildings=self.buildings.iloc[:0], detail="cells")
