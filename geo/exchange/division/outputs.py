"""Cells of a division as a file: a valid coverage as written, in the system of the data."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj

from geo.exchange.division.cases import Opened
from geo.exchange.report import FileRefused
from geo.exchange.written import DRIVERS, write_layers
from geo.grid.division.model import Division, Miss, Rules
from geo.spatial.coverage import union_by

_EXACT = {"COORDINATE_PRECISION": "15", "RFC7946": "NO"}  # seven decimals are no coverage


def check_suffix(out: Path) -> None:
    """Pass when cells can be written to such a file.

    Raises
    ------
    FileRefused
        When its suffix is none of ours.
    """
    if out.suffix.lower() not in DRIVERS:
        raise FileRefused("suffix_unknown", file=out.name, suffixes=" ".join(DRIVERS))


def cells_frame(opened: Opened, division: Division, rules: Rules) -> gpd.GeoDataFrame:
    """Return the cells with codes, what they hold and how they stand to their bounds."""
    codes = codes_of(opened, division)
    cause = {miss.cell: cause_of(division, miss) for miss in division.misses}
    buildings = np.bincount(division.cell[division.cell >= 0], minlength=len(division.shapes))
    before = [opened.previous[at] if at >= 0 else None for at in division.previous]
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "parent": [opened.parents[at] for at in division.parent],
            "weight": division.weight,
            "buildings": buildings,
            "state": [_state(division, rules, cell, cause) for cell in range(len(codes))],
            "cause": [cause.get(cell) for cell in range(len(codes))],
            "previous": before,
            "locked": division.locked,
        },
        geometry=division.shapes,
        crs=opened.crs,
    )


def _state(division: Division, rules: Rules, cell: int, cause: dict[int, str]) -> str:
    if division.excused[cell]:
        return "excused"
    if cell not in cause:
        return "locked" if division.locked[cell] else "ok"
    return "below" if division.weight[cell] < rules.low else "above"


def cause_of(division: Division, miss: Miss) -> str:
    """Return the word for why a cell misses its bounds; one that was to stay was not changed."""
    return "locked" if division.locked[miss.cell] else miss.cause.value


def codes_of(opened: Opened, division: Division) -> list[str]:
    """Return a code for each cell: its previous one, else its parent's and a number."""
    taken = set(opened.previous)
    numbers: dict[int, int] = {}
    codes = []
    for parent, before in zip(division.parent.tolist(), division.previous.tolist(), strict=True):
        if before >= 0:
            codes.append(opened.previous[before])
            continue
        code = ""
        while not code or code in taken:
            numbers[parent] = numbers.get(parent, 0) + 1
            code = f"{opened.parents[parent]}{numbers[parent]:03d}"
        taken.add(code)
        codes.append(code)
    return codes


def write_cells(path: Path, frame: gpd.GeoDataFrame, division: Division, opened: Opened) -> None:
    """Write the cells, and beside them their parents, if any, with the vertices they share.

    Raises
    ------
    OSError
        When it cannot be written there.
    """
    layers = {"cells": frame}
    if path.suffix.lower() == ".gpkg" and opened.parents != ("",):
        layers["parents"] = _parents_frame(division, opened)
    write_layers(path, layers, **(_EXACT if path.suffix.lower() == ".geojson" else {}))


def _parents_frame(division: Division, opened: Opened) -> gpd.GeoDataFrame:
    rows = np.unique(division.parent)
    shapes = union_by(division.shapes, division.parent)
    weight = np.bincount(division.parent, division.weight)[rows]
    codes = [opened.parents[row] for row in rows]
    return gpd.GeoDataFrame({"code": codes, "weight": weight}, geometry=shapes, crs=opened.crs)


def name_of(crs: pyproj.CRS) -> str:
    """Return what a system is called: its EPSG code, else its name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)
