"""Layers of files for a division, and the one system all of them are brought to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from geo.crs.systems import CGCS2000_EPSG, Datum, System, system
from geo.crs.transform import from_storage, to_wgs84
from geo.exchange.columns import header_key
from geo.exchange.division.pairs import with_points
from geo.exchange.formats import format_of, split
from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.exchange.values import folded
from geo.spatial.storage import Geometries, Points

_DEGREES = pyproj.CRS.from_epsg(4326)
_SHIFTED = (Datum.GCJ02, Datum.BD09)
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


@dataclass(frozen=True, slots=True)
class Ground:
    """The system that coordinates are in.

    Parameters
    ----------
    crs : the system, plain degrees where it is shifted
    shifted : GCJ-02 or BD-09, which PROJ does not know, else None
    """

    crs: pyproj.CRS
    shifted: System | None = None

    def equals(self, other: "Ground") -> bool:
        """Return whether numbers of one may stand for numbers of the other.

        What a file calls WGS-84 beside an area in GCJ-02 is taken for cells made of it: no format
        has a name for GCJ-02.
        """
        same = self.crs.equals(other.crs, ignore_axis_order=True)
        return same and (self.shifted is None or self.shifted == other.shifted)


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
    table = with_points(format_of(path).read(path, layer, None))
    label = f"{path.name}::{layer}" if layer else path.name
    if table.geometry is None:
        raise FileRefused("division_no_geometry", file=label)
    if table.unreadable is not None and table.unreadable.any():
        row = int(table.cells.index[np.argmax(table.unreadable)])
        raise FileRefused("division_unreadable", file=label, row=row)
    return Source(label, table)


def check_asked(sources: Sequence[Source], asked: str | None) -> None:
    """Pass when a system asked for is that of some file, or contradicts none.

    Raises
    ------
    FileRefused
        When every file names its own system, and one names another.
    UnknownCrs, CrsUncertain
        When what is asked for is none, or its way to WGS-84 is not known well.
    """
    if asked is None:
        return
    wanted = _ground(asked)
    if any(source.table.system is None or source.table.assumed for source in sources):
        return
    for source in sources:
        own = ground_of(source, asked)
        if not own.crs.equals(wanted.crs, ignore_axis_order=True):
            raise FileRefused(
                "division_crs_unused", file=source.file, own=own.crs.name, asked=asked
            )


def ground_of(source: Source, asked: str | None) -> Ground:
    """Return the system of a layer: its own, else the one asked for.

    Raises
    ------
    FileRefused
        When it names none and none is asked for.
    UnknownCrs, CrsUncertain
        As for ``check_asked``.
    """
    table = source.table
    if asked is not None and (table.system is None or table.assumed):
        return _ground(asked)
    if table.system is None:
        raise FileRefused("division_no_crs", file=source.file)
    try:
        return Ground(pyproj.CRS.from_user_input(table.system))
    except CRSError as error:
        raise FileRefused("division_no_crs", file=source.file) from error


def brought_to(source: Source, target: Ground, asked: str | None) -> Source:
    """Return a layer in a system.

    Raises
    ------
    FileRefused
        When PROJ knows no way there.
    CoordinateRefused
        When coordinates to be shifted are none of their system.
    """
    own = ground_of(source, asked)
    if own.equals(target):
        return source
    try:
        way = pyproj.Transformer.from_crs(own.crs, target.crs, always_xy=True)
    except ProjError as error:
        raise FileRefused("division_no_way", file=source.file, own=own.crs.name) from error

    moved = shapely.transform(source.shapes, _Way(own.shifted, way, target.shifted))
    return replace(source, table=replace(source.table, geometry=np.asarray(moved, dtype=object)))


class _Way:
    """A transformer for points in rows, out of one shifted system and into another."""

    def __init__(
        self, shifted: System | None, transformer: pyproj.Transformer, into: System | None
    ) -> None:
        self._shifted, self._transformer, self._into = shifted, transformer, into

    def __call__(self, points: Points) -> Points:
        plain = points if self._shifted is None else to_wgs84(points, self._shifted)
        there = np.column_stack(self._transformer.transform(plain[:, 0], plain[:, 1]))
        return there if self._into is None else from_storage(there, self._into)


def _ground(name: str) -> Ground:
    """Return a system by name; GCJ-02 and BD-09 are degrees, shifted."""
    known = system(name)
    if known.datum in _SHIFTED:
        return Ground(_DEGREES, known)
    if known.datum is Datum.WGS84:
        return Ground(_DEGREES)
    return Ground(pyproj.CRS.from_epsg(known.epsg or CGCS2000_EPSG))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "–"
