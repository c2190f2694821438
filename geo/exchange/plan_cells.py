"""The cells of a plan as a file for a GIS, and back: GeoPackage or GeoJSON, with their codes."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.crs.systems import STORAGE_EPSG
from geo.crs.transform import geometries_to_storage
from geo.errors import GeoError
from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.exchange.vectors import layer_names, read_geojson, read_layer
from geo.exchange.written import write_layers
from geo.grid.plans.draft import Draft
from geo.grid.plans.given import MOST_CELLS, NAME_MAX, OperationInvalid
from geo.grid.plans.ground import CellsFile
from geo.grid.plans.impact import Load
from geo.grid.plans.matching import Drawn
from geo.spatial.storage import Geometries

LAYER = "cells"
# Each names one point of the storage grid: they snap back to the same one.
_TEXT = {"COORDINATE_PRECISION": "7"}
_CODE, _NAME = ("code", "网格编码", "编码"), ("name", "网格名称", "名称")
_PARENT = ("parent", "parent_code", "上级编码", "上级网格编码")


def cells_frame(draft: Draft, held: Mapping[str, Load]) -> gpd.GeoDataFrame:
    """Return the leaves of a draft: ``code, name, level, parent, buildings, households``, shape."""
    codes = [code for code in draft.working.codes() if code in draft.cells]
    cells = [draft.cells[code] for code in codes]
    loads = [held.get(code, Load()) for code in codes]
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": [cell.name for cell in cells],
            "level": [cell.level for cell in cells],
            "parent": [cell.parent for cell in cells],
            "buildings": [load.buildings for load in loads],
            "households": [load.households for load in loads],
        },
        geometry=draft.working.shapes(codes),
        crs=STORAGE_EPSG,
    )


def write_cells(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write cells as a GeoPackage or as GeoJSON, by the suffix; text has 7 decimals.

    Raises
    ------
    OSError
        When it cannot be written there.
    """
    write_layers(path, {LAYER: frame}, **(_TEXT if path.suffix == ".geojson" else {}))


def read_cells(path: Path, crs: str | None, *, is_sent: bool = False) -> CellsFile:
    """Return the cells of a file, on the storage grid.

    Parameters
    ----------
    path : ``.gpkg`` or ``.geojson``, one layer or one that is named ``cells``
    crs : of a file that names none, or names WGS-84 by default only
    is_sent : over HTTP, where the system is named in the address and not by an option

    Raises
    ------
    FileRefused
        When it cannot be read.
    OperationInvalid
        Names the feature that cannot be a cell.
    """
    table = _table(path)
    system = crs or table.system
    if table.geometry is None or not len(table.cells):
        raise FileRefused("no_rows", file=path.name)
    if system is None:
        key = "cells_without_crs" if is_sent else "crs_missing_unknown"
        raise FileRefused(key, file=path.name)
    if len(table.cells) > MOST_CELLS:
        raise OperationInvalid("/features", "parts", most=MOST_CELLS)
    told = [_column(table, wanted) for wanted in (_CODE, _NAME, _PARENT)]
    shapes = _stored(table.geometry, system)
    rows = zip(range(len(shapes)), shapes, *told, strict=True)
    return CellsFile(tuple(_drawn(*row) for row in rows), table.geometry, system)


def _table(path: Path) -> Table:
    try:
        if path.suffix == ".geojson":
            return read_geojson(path, "", None)
        names = layer_names(path)
        return read_layer(path, LAYER if LAYER in names else names[0], None)
    except FileRefused as refusal:
        if refusal.facts["reason"] != "file_damaged":
            raise
        # What the driver says is English, and speaks of drivers.
        raise FileRefused("cells_unreadable", file=path.name) from refusal


def _column(table: Table, wanted: tuple[str, ...]) -> list[str]:
    headers = [header.strip().lower() for header in table.headers or ()]
    place = next((headers.index(name) for name in wanted if name in headers), None)
    if place is None:
        return [""] * len(table.cells)
    return [str(value).strip() for value in table.cells[place]]


def _stored(shapes: Geometries, system: str) -> Geometries:
    for place, shape in enumerate(shapes):
        pointer = f"/features/{place}/geometry"
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or not shape.area:
            raise OperationInvalid(pointer, "polygon")
        if not shapely.is_valid(shape):
            said = shapely.is_valid_reason(shape).partition("[")[2].rstrip("]").split()
            lon, lat = (round(float(number), 7) for number in said)
            raise OperationInvalid(pointer, "polygon_broken", lon=lon, lat=lat)
    try:
        return geometries_to_storage(shapes, system)
    except GeoError as refusal:
        refusal.facts.setdefault("pointer", "/features")
        raise


def _drawn(place: int, shape: shapely.Geometry, code: str, name: str, parent: str) -> Drawn:
    if len(name) > NAME_MAX or not name.isprintable():
        raise OperationInvalid(f"/features/{place}/properties/name", "name", most=NAME_MAX)
    for column, value in (("code", code), ("parent", parent)):
        if len(value) > 32:
            raise OperationInvalid(f"/features/{place}/properties/{column}", "code")
    parts = shapely.get_parts(np.array([shape], dtype=object))
    whole = parts[0] if len(parts) == 1 else shape
    return Drawn(place, whole, code or None, name or None, parent or None)
