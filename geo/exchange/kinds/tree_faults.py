"""What the grid refuses, said in terms of the file: which row, which column."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.exchange.columns import Sheet
from geo.grid import tree
from geo.spatial.coverage import Fault

_SHOWN_CELLS = 4


def refuse_tree(made: Sheet, codes: pd.Series, cells: pd.DataFrame, of_file: set[str]) -> None:
    """Report every break of the tree's rules by a file together with what stands.

    Parameters
    ----------
    codes : of the rows worth a report; missing where a row has a fault already
    cells : the whole tree as it would be
    of_file : every code of the file
    """
    silent = of_file - set(codes.dropna())
    for fault in tree.tree_faults(cells):
        if fault.code not in silent:
            refuse_fault(made, codes, f"cell_{fault.key}", fault.code, fault.column, fault.facts)


def refuse_places(
    made: Sheet, codes: pd.Series, faults: list[Fault], cells: gpd.GeoDataFrame
) -> None:
    """Report every gap and overlap with its place, its size and the cells around it.

    Parameters
    ----------
    cells : the tree that was refused, whose leaves the faults number
    """
    leaves = tree.leaves(cells)["code"].to_numpy()
    for fault in faults:
        around = [str(code) for code in leaves[list(fault.owners)]]
        facts = {
            "area_m2": round(fault.area_m2, 2),
            "lon": f"{fault.lon:.7f}",
            "lat": f"{fault.lat:.7f}",
            "cells": ", ".join(around[:_SHOWN_CELLS]),
        }
        named = next((code for code in around if (codes == code).any()), around[0])
        refuse_fault(made, codes, f"cell_{fault.kind}", named, "geometry", facts)


def refuse_fault(
    made: Sheet, codes: pd.Series, key: str, code: str, column: str, facts: Mapping[str, Any]
) -> None:
    """Report a fault of one cell in its row, or without a row when it is not in the file."""
    row = codes == code
    told = {"cell": code, **facts}
    if row.any():
        made.refuse(key, row, column, told)
    else:
        made.report.refuse(key, layer=made.table.name, values=[code], facts=told)
