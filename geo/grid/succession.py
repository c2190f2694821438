"""From one state of the grid to the next: what incoming cells change, and what became of whom.

Pure. Incoming cells are added, or take the place of the cells with their codes; cells that are not
named stay. A leaf that gets children hands its land to them.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.grid.model import LineageKind
from geo.grid.tree import COLUMNS, leaves
from geo.spatial.coverage import union_by
from geo.spatial.measure import area_m2
from geo.spatial.storage import Geometries

# Ground thinner than the storage grid is the trace of snapping, not land that moved.
_LAND_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Changes:
    """What a publication writes.

    Parameters
    ----------
    cells : the whole next tree, indexed by code: ``name, level, parent_code, geometry, area_m2,
        derived`` and the booleans ``is_new, new_version, new_shape, noded``
    lineage : columns ``from_code, to_code, kind, area_m2``
    """

    cells: gpd.GeoDataFrame
    lineage: pd.DataFrame


def merged(before: gpd.GeoDataFrame, incoming: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the tree after incoming cells joined it; shapes only on leaves.

    Parameters
    ----------
    before, incoming : columns ``code, name, level, parent_code, geometry``

    Returns
    -------
    GeoDataFrame with the same columns; faults of the tree are for ``geo.grid.tree`` to find
    """
    staying = before[~before["code"].isin(incoming["code"])]
    cells = pd.concat([staying[list(COLUMNS)], incoming[list(COLUMNS)]], ignore_index=True)
    has_children = cells["code"].isin(cells["parent_code"].dropna())
    geometry = np.array(cells["geometry"], dtype=object)
    geometry[has_children] = None
    return gpd.GeoDataFrame(cells.assign(geometry=geometry), crs=before.crs or incoming.crs)


def with_derived(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the tree with the shape of each upper cell as the union of its children.

    Parameters
    ----------
    cells : sound tree whose leaves are a valid coverage

    Returns
    -------
    GeoDataFrame indexed by code, with ``derived`` and ``area_m2``
    """
    tree = cells.set_index("code", drop=False).rename_axis(None)
    shapes = pd.Series(np.asarray(tree["geometry"], dtype=object), index=tree.index)
    derived = tree["code"].isin(tree["parent_code"].dropna())
    for level in range(int(tree["level"].max()) - 1, 0, -1):
        children = tree[tree["level"] == level + 1]
        if len(children):
            groups = children["parent_code"].to_numpy(dtype=str)
            shapes[np.unique(groups)] = union_by(shapes[children.index].to_numpy(), groups)
    geometry = shapes.to_numpy()
    return gpd.GeoDataFrame(
        tree.assign(geometry=geometry, derived=derived, area_m2=area_m2(geometry)), crs=cells.crs
    )


def changes(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Changes:
    """Return what differs between two states of the grid, and whose land went where.

    Parameters
    ----------
    before, after : trees as ``with_derived`` returns them; ``before`` may be empty
    """
    old = before.reindex(after.index)
    is_new = ~after.index.isin(before.index)
    meaning = np.zeros(len(after), dtype=bool)
    for column in ("name", "level", "parent_code"):
        meaning |= _differs(old[column], after[column])
    old_shape = np.asarray(old["geometry"], dtype=object)
    new_shape = np.asarray(after["geometry"], dtype=object)
    exact = shapely.equals_exact(shapely.normalize(old_shape), shapely.normalize(new_shape))
    role = _differs(old["derived"], after["derived"])
    changed = is_new | ~exact | role
    land = area_m2(shapely.symmetric_difference(old_shape, new_shape)) > _LAND_M2
    cells = after.assign(
        is_new=is_new,
        new_version=is_new | meaning,
        new_shape=changed,
        noded=changed & ~is_new & ~role & ~land,
    )
    return Changes(cells, _lineage(before, cells))


def _differs(old: pd.Series, new: pd.Series) -> np.ndarray:
    left, right = old.astype(object), new.astype(object)
    same = (left == right) | (left.isna() & right.isna())
    return ~same.to_numpy(dtype=bool)


def _lineage(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> pd.DataFrame:
    columns = ["from_code", "to_code", "kind", "area_m2"]
    if before.empty:
        return pd.DataFrame(columns=columns)
    old, new = leaves(before), leaves(after)
    old = old[~old.index.isin(after.index[~after["new_shape"]])]
    new = new[new["new_shape"] & ~new["noded"]]
    source, target = shapely.STRtree(old.geometry.to_numpy()).query(
        new.geometry.to_numpy(), predicate="intersects"
    )[::-1]
    from_codes, to_codes = old.index.to_numpy()[source], new.index.to_numpy()[target]
    size = area_m2(_common(old, new, source, target))
    moved = (from_codes != to_codes) & (size > _LAND_M2)
    parents = after["parent_code"].to_dict()
    kinds = [
        LineageKind.SPLIT if _descends(to, origin, parents) else LineageKind.MOVED
        for origin, to in zip(from_codes[moved], to_codes[moved], strict=True)
    ]
    rows = {"from_code": from_codes[moved], "to_code": to_codes[moved]}
    return pd.DataFrame({**rows, "kind": [str(k) for k in kinds], "area_m2": size[moved]})


def _common(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, source: np.ndarray, target: np.ndarray
) -> Geometries:
    left, right = old.geometry.to_numpy()[source], new.geometry.to_numpy()[target]
    return np.asarray(shapely.intersection(left, right), dtype=object)


def _descends(code: str, ancestor: str, parents: dict[str, str | None]) -> bool:
    step: str | None = code
    while step is not None:
        if step == ancestor:
            return True
        step = parents.get(step)
    return False
