"""The ground of a town: fields, blocks, parks, water, streets, railway, and their names.

Drawn by ``js/map/ground.js`` (areas, streets) and ``js/map/names.js`` (names along streets). What
is sent is for the eye: cut to the window, straightened by a metre, open land by three.
"""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from maps.base import Bounds, DataOverlay
from maps.pack import Block, flat, integers, lines_of, words

LINES = ("street", "railway")
MASSES = "other_building"
# Painted in this order; what a frame calls otherwise is left out.
KINDS = ("field", "village", "block", "works", "school", "park", "water", MASSES, *LINES)

# Degrees of straightening (1e-5 is about a metre): open land is one pale colour, streets are not.
TOLERANCE = {"field": 3e-5, "village": 2e-5, "water": 1e-5, MASSES: 3e-6, "street": 5e-6}
OTHERWISE = 1e-5

# The window that shows all of it, across.
WINDOW_PX = 1_870

# Steps of 2**-19 degree, about 20 cm.
SHIFT = 4

# Buildings without counts, nearest to the middle first: those far off only make the page heavy.
MOST_MASSES = 1_200


def ground_overlay(ground: gpd.GeoDataFrame, *, within: Bounds, sharp: Bounds) -> DataOverlay:
    """Return the overlay of the ground.

    Parameters
    ----------
    ground
        ``kind, rank, name, width_m``, lines and polygons in degrees, storage CRS.
    within
        West, south, east, north in degrees: what lies outside is cut away.
    sharp
        The same of the cell asked for: outside it a pixel of the first view is sharp enough.
    """
    return DataOverlay("ground", _block(ground, within, sharp))


def _block(ground: gpd.GeoDataFrame, within: Bounds, sharp: Bounds) -> Block:
    known = ground[ground["kind"].isin(KINDS)]
    frame = gpd.GeoDataFrame(
        {
            "kind": pd.Categorical(known["kind"], categories=KINDS, ordered=True),
            "rank": known["rank"].to_numpy(),
            "name": known["name"].fillna("").to_numpy(),
            "width_m": known["width_m"].to_numpy(),
        },
        geometry=shapely.clip_by_rect(known.geometry.to_numpy(), *within),
        crs=ground.crs,
    )
    frame = frame[~(frame.geometry.is_empty | frame.geometry.isna())]
    frame = _nearest_masses(_joined_lines(frame), within)
    frame = frame.sort_values("kind", kind="stable")
    shapes = shapely.simplify(frame.geometry.to_numpy(), _tolerances(frame, within, sharp))
    return {
        "kind": words(frame["kind"]),
        "name": words(frame["name"]),
        "rank": integers(frame["rank"]),
        "width_dm": integers(frame["width_m"].to_numpy() * 10),
        "shape": flat(lines_of(shapes, shift=SHIFT), shift=SHIFT, geometries=len(frame)),
    }


def _tolerances(frame: gpd.GeoDataFrame, within: Bounds, sharp: Bounds) -> npt.NDArray[np.float64]:
    near = np.array([TOLERANCE.get(kind, OTHERWISE) for kind in frame["kind"]])
    pixel = (within[2] - within[0]) / WINDOW_PX
    is_near = frame.geometry.intersects(shapely.box(*sharp)).to_numpy()
    return np.where(is_near, near, np.maximum(near, pixel))


def _joined_lines(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return streets of one kind, rank, name and width as one feature whose pieces run on."""
    is_line = frame["kind"].isin(LINES)
    alike = ["kind", "rank", "name", "width_m"]
    groups = frame[is_line].groupby(alike, sort=True, observed=True)["geometry"]
    rows = [(*key, _run_on(shapes.to_numpy())) for key, shapes in groups]
    joined = pd.DataFrame(rows, columns=[*alike, "geometry"])
    joined["kind"] = joined["kind"].astype(frame["kind"].dtype)
    parts = [part for part in (frame[~is_line], joined) if len(part)]
    whole = pd.concat(parts, ignore_index=True) if parts else frame
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=frame.crs)


def _run_on(shapes: npt.NDArray[np.object_]) -> shapely.Geometry:
    return shapely.line_merge(shapely.multilinestrings(list(shapely.get_parts(shapes))))


def _nearest_masses(frame: gpd.GeoDataFrame, within: Bounds) -> gpd.GeoDataFrame:
    rows = np.flatnonzero(frame["kind"] == MASSES)
    if len(rows) <= MOST_MASSES:
        return frame
    west, south, east, north = within
    bounds = frame.geometry.iloc[rows].bounds.to_numpy()
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2 - ((west + east) / 2, (south + north) / 2)
    far = np.abs(middle / (east - west, north - south)).max(axis=1)
    left_out = rows[np.argsort(far, kind="stable")[MOST_MASSES:]]
    return frame.drop(frame.index[left_out])
