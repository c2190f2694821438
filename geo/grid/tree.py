"""Rules of the cell tree: levels in strict order, one parent, one code, shapes on leaves. Pure."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

DEEPEST = 5
COLUMNS = ("code", "name", "level", "parent_code", "geometry")


@dataclass(frozen=True, slots=True)
class TreeFault:
    """A cell that breaks a rule of the tree.

    Parameters
    ----------
    code : the cell
    column : where to look
    key : text key of the sentence, ``check.<key>``
    facts : fill the sentence
    """

    code: str
    column: str
    key: str
    facts: dict[str, Any]


def tree_faults(cells: pd.DataFrame) -> list[TreeFault]:
    """Return every break of the tree's rules, in the order of the rows.

    Parameters
    ----------
    cells : columns ``code, name, level, parent_code, geometry``, the whole tree; ``parent_code``
        None for a root; ``geometry`` may be None for cells that have children

    Returns
    -------
    list of TreeFault, empty when the tree is sound
    """
    parents = cells["parent_code"]
    by_code = cells.drop_duplicates("code").set_index("code")
    is_root = parents.isna()
    known = is_root | parents.isin(by_code.index)
    parent_level = parents.map(by_code["level"])
    has_children = cells["code"].isin(parents.dropna())
    geometry = np.asarray(cells["geometry"], dtype=object)
    polygonal = np.isin(shapely.get_type_id(geometry), (3, 6)) & ~shapely.is_empty(geometry)
    rules: list[tuple[str, str, pd.Series]] = [
        ("code", "code_twice", cells["code"].duplicated(keep=False)),
        ("parent_code", "parent_unknown", ~known),
        ("level", "root_level", is_root & (cells["level"] != 1)),
        ("level", "level_order", ~is_root & known & (cells["level"] != parent_level + 1)),
        ("level", "too_deep", cells["level"] > DEEPEST),
        ("geometry", "leaf_without_shape", ~has_children & ~polygonal),
    ]
    faults = [
        (int(row), TreeFault(code, column, key, {"value": _shown(cells.iloc[row][column])}))
        for column, key, broken in rules
        for row, code in zip(np.flatnonzero(broken), cells["code"][broken], strict=True)
    ]
    return [fault for _, fault in sorted(faults, key=lambda pair: pair[0])]


def leaves(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the cells without children, sorted bytewise by code: the order of the border rule."""
    has_children = cells["code"].isin(cells["parent_code"].dropna())
    found = cells[~has_children]
    return found.iloc[np.argsort(found["code"].to_numpy(dtype=str), kind="stable")]


def top_down(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the same cells with parents before children, codes in order within a level."""
    return cells.sort_values(["level", "code"], kind="stable")


def paths(cells: pd.DataFrame) -> pd.Series:
    """Return each cell's path of ids, root first, each id followed by a dot.

    Parameters
    ----------
    cells : columns ``code, level, parent_code, cell_id`` of a sound tree
    """
    found: dict[str, str] = {}
    for cell in top_down(cells)[["code", "parent_code", "cell_id"]].itertuples(index=False):
        found[cell.code] = f"{found.get(cell.parent_code, '')}{cell.cell_id}."
    return cells["code"].map(found)


def _shown(value: object) -> str:
    if isinstance(value, shapely.Geometry):
        return value.geom_type
    return "" if value is None or value is pd.NA or value != value else str(value)
