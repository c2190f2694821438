"""The cells of a picture: names, counts, and their borders as arcs.

Drawn by ``js/map/outlines.js`` (borders by level), ``js/map/celllabels.js`` (names, bars).
"""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely

from geo.people.sight import Sight
from geo.spatial.storage import Geometries
from maps.base import DataOverlay
from maps.coverage import NONE, arcs
from maps.pack import (
    DRAWING_SHIFT,
    Block,
    Ints,
    Lines,
    coarser,
    flat,
    integers,
    lines_of,
    steps,
    words,
)

LEVELS = 5

# About 15 cm: a border is drawn, not decided, by what is sent here.
TOLERANCE = 12


def cells_overlay(
    cells: gpd.GeoDataFrame,
    *,
    asked: str,
    kinds: Sequence[str],
    sights: Mapping[str, Sight] | None = None,
) -> DataOverlay:
    """Return the overlay of the cells.

    Parameters
    ----------
    cells
        ``code, name, level, parent_code, buildings, households, persons``, a column a kind,
        geometry in degrees, storage CRS. Cells without children here are the leaves: a coverage.
    asked
        Code of the cell the picture is of.
    kinds
        Count columns in legend order.
    sights
        How much of each cell the reader may see, by code; None: all.
    """
    return DataOverlay("cells", _block(cells, asked, kinds, sights or {}))


def in_order(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the cells as they are sent: parents first, then by code. Buildings count on it."""
    return cells.sort_values(["level", "code"], kind="stable").reset_index(drop=True)


def _block(
    cells: gpd.GeoDataFrame, asked: str, kinds: Sequence[str], sights: Mapping[str, Sight]
) -> Block:
    cells = in_order(cells)
    codes = cells["code"].tolist()
    index = {code: row for row, code in enumerate(codes)}
    parents = np.array([index.get(code, NONE) for code in cells["parent_code"]], dtype=np.int64)
    levels = cells["level"].to_numpy(dtype=np.int64)
    shapes = np.asarray(cells.geometry.to_numpy(), dtype=object)
    leaves = np.setdiff1d(np.arange(len(codes)), parents)
    leaves = leaves[~(shapely.is_missing(shapes[leaves]) | shapely.is_empty(shapes[leaves]))]
    borders = arcs(shapes[leaves], chains(parents, levels)[leaves], tolerance=TOLERANCE)
    return {
        "asked": index[asked],
        "code": _codes(codes, parents),
        "name": words(cells["name"]),
        "level": levels.tolist(),
        "parent": steps(parents),
        **{name: integers(cells[name]) for name in ("buildings", "households", "persons")},
        "counts": [integers(cells[kind]) for kind in kinds],
        "sight": [int(sights.get(code, Sight.WHOLE)) for code in codes],
        "label": flat(_label_points(shapes, parents, leaves), shift=DRAWING_SHIFT),
        "leaves": steps(leaves),
        "left": steps(borders.sides[:, 0]),
        "right": (borders.sides[:, 0] - borders.sides[:, 1]).tolist(),
        "shape": flat(coarser(borders.lines), shift=DRAWING_SHIFT),
    }


def _codes(codes: Sequence[str], parents: Ints) -> Block:
    """Return codes without what they share with the parent's, and whether they share it."""
    above = ["" if parent == NONE else codes[parent] for parent in parents]
    shared = [code.startswith(head) for code, head in zip(codes, above, strict=True)]
    tails = [
        code[len(head) :] if share else code
        for code, head, share in zip(codes, above, shared, strict=True)
    ]
    return {"tail": words(tails), "whole": [row for row, share in enumerate(shared) if not share]}


def chains(parents: Ints, levels: Ints) -> Ints:
    """Return the cell of each level above (and with) every cell.

    Parameters
    ----------
    parents
        (n,) index of the parent, ``NONE`` where it is not in the picture.
    levels
        (n,) 1 … 5.

    Returns
    -------
    (n, 5) int64, ``NONE`` where a level is missing.
    """
    rows = np.arange(len(parents))
    table = np.full((len(parents), LEVELS), NONE)
    at = rows.copy()
    for _ in range(LEVELS):
        there = at != NONE
        table[rows[there], levels[at[there]] - 1] = at[there]
        at = np.where(there, parents[at], NONE)
    return table


def _label_points(shapes: Geometries, parents: Ints, leaves: Ints) -> Lines:
    """Return a point inside each cell; a parent without a shape takes a leaf's."""
    points = shapely.centroid(shapes)
    outside = ~shapely.contains_properly(shapes, points)
    points[outside] = shapely.point_on_surface(shapes[outside])
    missing = shapely.is_missing(points) | shapely.is_empty(points)
    first_leaf = {int(cell): leaf for leaf in leaves[::-1] for cell in chain_of(leaf, parents)}
    for cell in np.flatnonzero(missing):
        points[cell] = points[first_leaf[int(cell)]] if int(cell) in first_leaf else _NOWHERE
    return lines_of(points)


def chain_of(cell: int, parents: Ints) -> list[int]:
    """Return a cell and its ancestors in the picture, finest first."""
    found = []
    while cell != NONE:
        found.append(int(cell))
        cell = int(parents[cell])
    return found


_NOWHERE = shapely.Point(0, 0)
