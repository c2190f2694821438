"""From polygons to an index that says which cell owns a point, with no database.

The index itself is ``geo.spatial.tiles``; only this file knows geometry objects.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import Invalid
from geo.spatial.storage import to_grid
from geo.spatial.tiles import point_index, refresh
from geo.spatial.tiles.build import COMPACT, FAST, Borders
from geo.spatial.tiles.point_index import PointIndex
from geo.spatial.tiles.refresh import Change
from geo.texts import Lang, text

_PRESETS = {"compact": COMPACT, "fast": FAST}
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


# Degrees that are those of the storage system; CGCS2000 is equal to it at this scale.
_STORAGE = {("EPSG", "4326"), ("OGC", "CRS84"), ("EPSG", "4490")}


class ShapesRefused(Invalid):
    """Shapes of cells are no areas, not in degrees of the storage system, or have too few codes.

    Facts
    -----
    reason : key of the sentence, ``index.shapes.<reason>``, filled from the other facts
    """

    code = "shapes_refused"

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason=reason, **facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what was wrong in it."""
        others = {name: value for name, value in self.facts.items() if name != "reason"}
        reason = text(f"index.shapes.{self.facts['reason']}", lang, **others)
        return text(f"errors.{self.code}", lang, reason=reason)


def build(
    polygons: npt.ArrayLike,
    codes: Sequence[str] | None = None,
    *,
    ancestors: npt.ArrayLike | None = None,
    preset: Literal["compact", "fast"] = "compact",
) -> PointIndex:
    """Return the index of cells, numbered as they are given.

    Parameters
    ----------
    polygons : (n,) polygons or multipolygons, an array, GeoSeries or the like; degrees, storage
        CRS, snapped here to the storage grid; a null or empty one covers nothing
    codes : (n,) of two cells that cover a point the bytewise lower code owns it; None: the first
    ancestors : (n, levels) int32, what ``chain`` gives for a point
    preset : ``compact``, or ``fast``, which takes about twice the memory

    Raises
    ------
    ShapesRefused
        When a shape is neither polygon nor multipolygon, a GeoSeries says that it is not in the
        storage CRS, numbers are no degrees, or there are more or fewer codes than polygons.

    Examples
    --------
    >>> index = build([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], ["b", "a"])
    >>> index.find([[0.5, 0.5], [1.0, 0.5], [9.0, 9.0]]).tolist()  # on the border: a
    [0, 1, -1]
    >>> index.locate(0.5, 0.5)
    0
    """
    array = _shapes(polygons, codes)
    return point_index.build(
        borders(array),
        encoded(codes, len(array)),
        ancestors=None if ancestors is None else np.ascontiguousarray(ancestors, dtype=np.int32),
        preset=_PRESETS[preset],
    )


def borders(polygons: npt.NDArray[np.object_]) -> Borders:
    """Return the borders of polygons in grid numbers, of a null or empty one none.

    Parameters
    ----------
    polygons : (n,) polygons or multipolygons, degrees

    Raises
    ------
    ShapesRefused
        When a shape is neither polygon nor multipolygon, or its numbers are no degrees.

    Examples
    --------
    >>> borders(np.array([shapely.box(0, 0, 2**-23, 2**-23), None])).cells.tolist()
    [[0, 5, 0, 1], [5, 5, 1, 1]]
    """
    present = ~(shapely.is_missing(polygons) | shapely.is_empty(polygons))
    strange = np.flatnonzero(present & ~np.isin(shapely.get_type_id(polygons), _POLYGONAL))
    if len(strange):
        first = int(strange[0])
        raise ShapesRefused("kind", count=len(strange), row=first, kind=polygons[first].geom_type)
    parts, cell_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates = shapely.get_coordinates(rings)
    _check_degrees(coordinates, cell_of_part[part_of_ring], rings)
    ring_ends = np.cumsum(shapely.get_num_coordinates(rings), dtype=np.int64)
    ring_counts = np.bincount(cell_of_part[part_of_ring], minlength=len(polygons))
    ends = np.concatenate([[0], np.cumsum(ring_counts)])
    vertex_ends = np.concatenate([[0], ring_ends])[ends]
    cells = np.column_stack([vertex_ends[:-1], vertex_ends[1:], ends[:-1], ends[1:]])
    return Borders(to_grid(coordinates), ring_ends.astype(np.int32), cells.astype(np.int32))


def encoded(codes: Iterable[str] | None, number: int) -> list[bytes]:
    """Return codes in UTF-8; without codes, such that keep the order given.

    Examples
    --------
    >>> encoded(["340603"], 1), encoded(None, 2), encoded([340603], 1)
    ([b'340603'], [b'0', b'1'], [b'340603'])
    """
    if codes is None:
        width = len(str(max(number - 1, 0)))
        return [f"{place:0{width}}".encode() for place in range(number)]
    # Codes that were read as numbers are codes still.
    return [str(code).encode() for code in codes]


def refreshed(
    index: PointIndex,
    polygons: npt.ArrayLike,
    codes: Sequence[str],
    *,
    gone: Sequence[str] = (),
    ancestors: npt.ArrayLike | None = None,
) -> PointIndex:
    """Return an index with some cells changed, added or gone; the given one stays as it is.

    Parameters
    ----------
    polygons, codes : (n,) the cells that are new or have another shape; a known code keeps its
        number, a new one gets the next
    gone : codes of cells that are no more; their numbers are never used again
    ancestors : (n, levels) int32, of the changed cells

    Raises
    ------
    ShapesRefused
        As for ``build``.

    Examples
    --------
    >>> index = build([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], ["a", "b"])
    >>> wider = refreshed(index, [shapely.box(0, 0, 2, 1)], ["c"], gone=["a", "b"])
    >>> index.locate(0.5, 0.5), wider.locate(0.5, 0.5), wider.codes.tolist()
    (0, 2, [b'', b'', b'c'])
    """
    array = _shapes(polygons, codes)
    change = Change(
        borders(array),
        encoded(codes, len(array)),
        encoded(gone, len(gone)),
        None if ancestors is None else np.asarray(ancestors, dtype=np.int32),
    )
    return refresh.refreshed(index, change)


def _shapes(polygons: npt.ArrayLike, codes: Sequence[str] | None) -> npt.NDArray[np.object_]:
    """Return shapes as an array; what says of itself that it is in another system is refused."""
    crs = getattr(polygons, "crs", None)
    if crs is not None and crs.to_authority(min_confidence=20) not in _STORAGE:
        raise ShapesRefused("crs", crs=crs.to_string()[:60])
    array = np.asarray(polygons, dtype=object)
    if codes is not None and len(codes) != len(array):
        raise ShapesRefused("codes", codes=len(codes), count=len(array))
    return array


def _check_degrees(
    coordinates: npt.NDArray[np.float64],
    cell_of_ring: npt.NDArray[np.intp],
    rings: npt.NDArray[np.object_],
) -> None:
    good = np.all(np.abs(coordinates) <= (180.0, 90.0), axis=1)
    if good.all():
        return
    first = int(np.argmin(good))
    row = np.repeat(cell_of_ring, shapely.get_num_coordinates(rings))[first]
    lon, lat = coordinates[first].tolist()
    raise ShapesRefused("bounds", row=int(row), lon=lon, lat=lat)
