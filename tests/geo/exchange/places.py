"""Runs and tables for the tests of places, without a database."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.exchange.columns import Field, Sheet, sheet
from geo.exchange.geometries import fields_for
from geo.exchange.locations import POINTS, POLYGONS, Location, located
from geo.exchange.run import Request, Run
from geo.exchange.table import Table, from_records
from geo.exchange.values import plain
from geo.grid.succession import with_derived
from tests import world

FIELDS = (Field("name", ("name",), plain),)


def run(*, grid: bool = True, **asked: Any) -> Run:
    cells = with_derived(world.cells()) if grid else world.cells().iloc[:0]
    request = Request(Path("f.csv"), "buildings", **asked)
    return Run(None, request, "Asia/Shanghai", _grid=cells)  # type: ignore[arg-type]


def rows_of(pairs: list[tuple[Any, Any]]) -> Table:
    return from_records("", [["经度", "纬度"], *pairs])


def shapes_of(*shapes: shapely.Geometry | None, system: str | None = "EPSG:4326") -> Table:
    index = pd.RangeIndex(1, len(shapes) + 1)
    cells = pd.DataFrame({0: ["x"] * len(shapes)}, index=index, dtype=object)
    geometry = np.array(shapes, dtype=object)
    return Table("", cells, ("name",), "feature", geometry, system=system)


def place(
    running: Run, table: Table, types: frozenset[int] = POINTS | POLYGONS
) -> tuple[Sheet, Location | None]:
    made = sheet(table, FIELDS + fields_for(table), running.report)
    return made, located(running, made, types)


def keys(running: Run) -> list[tuple[int, str]]:
    return [(fault.row, fault.key) for fault in running.report.faults]
