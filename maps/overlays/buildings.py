"""Buildings with their households by kind: what the footprints are cut by.

Drawn by ``js/map/buildings.js``; where there is no footprint, a square.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from maps.base import DataOverlay
from maps.coverage import NONE
from maps.pack import DRAWING_SHIFT, Block, flat, integers, lines_of, steps, words


def buildings_overlay(
    buildings: gpd.GeoDataFrame, *, cells: Sequence[str], kinds: Sequence[str]
) -> DataOverlay:
    """Return the overlay of the buildings.

    Parameters
    ----------
    buildings
        ``code, name, cell_code, households, persons, head``, a column a kind, optionally
        ``address``; geometry is a polygon or a point in degrees, storage CRS.
    cells
        Codes of the cells in the order they are sent (:func:`maps.overlays.cells.in_order`).
    kinds
        Count columns in legend order.
    """
    return DataOverlay("buildings", _block(buildings, cells, kinds))


def _block(buildings: gpd.GeoDataFrame, cells: Sequence[str], kinds: Sequence[str]) -> Block:
    row = {code: number for number, code in enumerate(cells)}
    at = np.array([row.get(code, NONE) for code in buildings["cell_code"]], dtype=np.int64)
    addresses = buildings["address"] if "address" in buildings else buildings["code"].map(_nothing)
    return {
        "code": buildings["code"].tolist(),
        "name": buildings["name"].fillna("").tolist(),
        "cell": steps(at),
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
