"""Buildings with their households by kind: what the footprints are cut by.

Drawn by ``js/map/buildings.js``; where there is no footprint, a square.
"""

from collections.abc import Sequence

import geopandas as gpd

from maps.base import DataOverlay
from maps.pack import DRAWING_SHIFT, Block, flat, integers, lines_of, words


def buildings_overlay(buildings: gpd.GeoDataFrame, *, kinds: Sequence[str]) -> DataOverlay:
    """Return the overlay of the buildings.

    Parameters
    ----------
    buildings
        ``code, name, cell_code, households, persons, head``, a column a kind, optionally
        ``address``; geometry is a polygon or a point in degrees, storage CRS.
    kinds
        Count columns in legend order.
    """
    return DataOverlay("buildings", _block(buildings, kinds))


def _block(buildings: gpd.GeoDataFrame, kinds: Sequence[str]) -> Block:
    addresses = buildings["address"] if "address" in buildings else buildings["code"].map(_nothing)
    return {
        "code": buildings["code"].tolist(),
        "name": buildings["name"].fillna("").tolist(),
        "cell": words(buildings["cell_code"].fillna("")),
        "head": words(buildings["head"].fillna("")),
        "address": words(addresses.fillna("")),
        "households": integers(buildings["households"]),
        "persons": integers(buildings["persons"]),
        "counts": [integers(buildings[kind]) for kind in kinds],
        "shape": flat(
            lines_of(buildings.geometry.to_numpy()),
            shift=DRAWING_SHIFT,
            geometries=len(buildings),
        ),
    }


def _nothing(_: object) -> str:
    return ""
