"""Layers of files for a division, and the one system all of them are brought to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from geo.crs.systems import Datum, UnknownCrs, system
from geo.exchange.columns import header_key
from geo.exchange.formats import format_of, split
from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.exchange.values import folded
from geo.spatial.storage import Geometries, Points

_DEGREES = "EPSG:4326"
# Names by which a layer of --data is known, folded.
LAYERS = {
    "area": ("area", "areas", "boundary", "outline", "范围", "边界", "辖区", "区域"),
    "parents": ("parents", "parent", "communities", "community", "社区", "上级网格", "父网格"),
    "buildings": ("buildings", "building", "楼栋", "房屋", "建筑", "建筑物"),
    "streets": ("streets", "street", "roads", "road", "道路", "路网", "街路", "街道"),
    "barriers": ("barriers", "rivers", "rails", "water", "railways", "河流", "铁路", "水系"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A layer of a file.

    Parameters
    ----------
    file : its name, for messages
    table : its rows, with geometries
    """

    file: str
    table: Table

    @property
    def shapes(self) -> Geometries:
        """Geometries, (n,)."""
        shapes = self.table.geometry
        return np.empty(0, dtype=object) if shapes is None else shapes

    def column(self, names: Sequence[str]) -> tuple[str, list[str]] | None:
        """Return the header and texts of the first of some columns that is there."""
        headers = self.table.headers or ()
        keys = [header_key(header) for header in headers]
        for name in names:
            if folded(name) in keys:
                place = keys.index(folded(name))
                return headers[place], self.table.cells[place].tolist()
        return None


def read_source(source: str) -> Source:
    """Return the layer that ``FILE`` or ``FILE::LAYER`` names.

    Raises
    ------
    FileRefused
        When the file or the layer cannot be read, holds no geometries, or it is not clear which.
    """
    path, layer = split(source)
    names = format_of(path).names(path)
    if layer is not None and layer not in names:
        raise FileRefused("layer_unknown", file=path.name, layer=layer, layers=_listed(names))
    if layer is None and len(names) != 1:
        raise FileRefused("layer_unclear", file=path.name, layers=_listed(names))
    return _read(path, layer or names[0])


def read_layer_of(data: str, role: str) -> Source | None:
    """Return the layer of a file that is called after its role, None when there is none."""
    path, _ = split(data)
    called = {folded(name) for name in LAYERS[role]}
    found = [name for name in format_of(path).names(path) if folded(name) in called]
    return _read(path, found[0]) if found else None


def _read(path: Path, layer: str) -> Source:
    table = format_of(path).read(path, layer, None)
    label = f"{path.name}::{layer}" if layer else path.name
    if table.geometry is None:
        raise FileRefused("division_no_geometry", file=label)
    if table.unreadable is not None and table.unreadable.any():
        row = int(table.cells.index[np.argmax(table.unreadable)])
        raise FileRefused("division_unreadable", file=label, row=row)
    return Source(label, table)


def crs_of(source: Source, asked: str | None) -> pyproj.CRS:
    """Return the system of a layer.

    Raises
    ------
    FileRefused
        When it names none and none is asked for, or its own contradicts what is asked for.
    UnknownCrs
        When what is asked for is none.
    """
    table = source.table
    wanted = _asked(asked) if asked else None
    if table.system is None:
        if wanted is None:
            raise FileRefused("division_no_crs", file=source.file)
        return wanted
    if wanted is not None and table.assumed:
        return wanted
    try:
        own = pyproj.CRS.from_user_input(table.system)
    except CRSError as error:
        raise FileRefused("division_no_crs", file=source.file) from error
    if wanted is not None and not own.equals(wanted, ignore_axis_order=True):
        raise FileRefused(
            "crs_contradicted", file=source.file, own=own.name, asked=asked or wanted.name
        )
    return own


def brought_to(source: Source, target: pyproj.CRS, asked: str | None) -> Source:
    """Return a layer in a system.

    Raises
    ------
    FileRefused
        When PROJ knows no way there.
    """
    own = crs_of(source, asked)
    if own.equals(target, ignore_axis_order=True):
        return source
    try:
        way = pyproj.Transformer.from_crs(own, target, always_xy=True)
    except ProjError as error:
        raise FileRefused("division_no_way", file=source.file, own=own.name) from error

    moved = shapely.transform(source.shapes, _Way(way))
    return replace(source, table=replace(source.table, geometry=np.asarray(moved, dtype=object)))


class _Way:
    """A transformer for points in rows."""

    def __init__(self, transformer: pyproj.Transformer) -> None:
        self._transformer = transformer

    def __call__(self, points: Points) -> Points:
        return np.column_stack(self._transformer.transform(points[:, 0], points[:, 1]))


def _asked(name: str) -> pyproj.CRS:
    """Return a system by name; GCJ-02 and BD-09 are degrees like any other here."""
    try:
        known = system(name)
    except UnknownCrs:
        raise
    if known.datum in (Datum.WGS84, Datum.GCJ02, Datum.BD09):
        return pyproj.CRS.from_user_input(_DEGREES)
    return pyproj.CRS.from_epsg(known.epsg or 4490)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "–"
