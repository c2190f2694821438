"""The ground of a town: fields, blocks, parks, water, streets, railway, and their names.

Drawn by ``js/map/ground.js`` (areas, streets) and ``js/map/names.js`` (names along streets).
"""

import geopandas as gpd
import numpy as np
import shapely

from maps.base import Bounds, DataOverlay
from maps.pack import DRAWING_SHIFT, Block, flat, integers, lines_of, words

# Painted in this order; what a frame calls otherwise is left out.
KINDS = (
    "field", "village", "block", "works", "school", "park", "water", "other_building",
    "street", "railway",
)  # fmt: skip


def ground_overlay(ground: gpd.GeoDataFrame, *, within: Bounds) -> DataOverlay:
    """Return the overlay of the ground.

    Parameters
    ----------
    ground
        ``kind, rank, name, width_m``, lines and polygons in degrees, storage CRS.
    within
        West, south, east, north in degrees: what lies outside is cut away.
    """
    return DataOverlay("ground", _block(ground, within))


def _block(ground: gpd.GeoDataFrame, within: Bounds) -> Block:
    shown = ground[ground["kind"].isin(KINDS)]
    cut = shapely.clip_by_rect(shown.geometry.to_numpy(), *within)
    there = ~(shapely.is_empty(cut) | shapely.is_missing(cut))
    shown, cut = shown[there], cut[there]
    order = np.argsort([KINDS.index(kind) for kind in shown["kind"]], kind="stable")
    shown, cut = shown.iloc[order], cut[order]
    return {
        "kind": words(shown["kind"]),
        "name": words(shown["name"].fillna("")),
        "rank": integers(shown["rank"]),
        "width_dm": integers(shown["width_m"].to_numpy() * 10),
        "shape": flat(lines_of(cut), shift=DRAWING_SHIFT, geometries=len(shown)),
    }
