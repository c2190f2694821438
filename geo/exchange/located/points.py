"""The points that rows name: in two columns, in one, as WKT, or as a geometry of their own."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo.exchange.located.chunks import Chunk, Records
from geo.exchange.located.columns import Choice
from geo.exchange.located.questions import Asked, By, Wrong, wrong_value
from geo.exchange.table import as_text, kept
from geo.locate.batch import Column, Flaw, Flaws
from geo.locate.columns import joint, numbers
from geo.spatial.storage import Geometries

_BRACKETS = "()（）[]【】{} \t"
_BETWEEN = re.compile(r"\s*[,，;；、|/]\s*|\s+")
_POINT = 0


def points(chunk: Chunk, choice: Choice) -> Asked:
    """Return the points of the rows, by the first role that the file has."""
    shapes = chunk.shapes()
    if shapes is not None:
        return _from_shapes(shapes, chunk)
    for role, read in _READERS.items():
        if role in choice.places:
            return read(chunk, choice)
    return _asked(np.full(len(chunk), np.nan), np.full(len(chunk), np.nan))


def pair(written: str) -> tuple[str, str] | None:
    """Return the two numbers of a text such as ``116.8,33.95``, as texts; None when it is no two.

    Examples
    --------
    >>> pair("（116.8， 33.95）"), pair("116.8 33.95"), pair("116.8")
    (('116.8', '33.95'), ('116.8', '33.95'), None)
    """
    parts = _BETWEEN.split(written.strip(_BRACKETS))
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _asked(lon: Column, lat: Column, flaws: Flaws | None = None) -> Asked:
    """Return rows that go by their point, where they have one."""
    found = np.full(len(lon), Flaw.MISSING, dtype=np.int8) if flaws is None else flaws
    by = [By.NOTHING if flaw == Flaw.MISSING else By.POINT for flaw in found.tolist()]
    return Asked(by, lon, lat, found, np.full(len(lon), np.nan))


def _from_columns(chunk: Chunk, choice: Choice) -> Asked:
    given = [chunk.values(choice.places[role]) for role in ("lon", "lat")]
    (lon, off_lon), (lat, off_lat) = (_numbers(values) for values in given)
    made = _asked(lon, lat, joint(off_lon, off_lat))
    half = (off_lon == Flaw.MISSING) != (off_lat == Flaw.MISSING)
    for row in np.flatnonzero(half).tolist():
        made.by[row] = By.POINT
    for row in np.flatnonzero(made.flaws).tolist():
        if made.by[row] is By.POINT:
            role = 0 if off_lon[row] else 1
            column = choice.header(("lon", "lat")[role])
            made.wrong[row] = wrong_value(int(made.flaws[row]), column, given[role][row])
    return made


def _numbers(values: list[Any]) -> tuple[Column, Flaws]:
    """Return what ``numbers`` returns, many times as fast where all are plain numbers."""
    if set(map(type, values)) == {str}:
        try:
            found = pa.array(values).cast(pa.float64()).to_numpy()
        except pa.ArrowInvalid:
            return numbers(values)
        if np.isfinite(found).all():
            return found, np.zeros(len(found), dtype=np.int8)
    return numbers(values)


def _from_pairs(chunk: Chunk, choice: Choice) -> Asked:
    values = chunk.values(choice.places["point"])
    texts = ["" if value is None else as_text(value) for value in values]
    pairs = [pair(text) for text in texts]
    (lon, off_lon), (lat, off_lat) = (
        _numbers([found[at] if found else None for found in pairs]) for at in (0, 1)
    )
    made = _asked(lon, lat, joint(off_lon, off_lat))
    for row in np.flatnonzero(made.flaws).tolist():
        if texts[row].strip(_BRACKETS):
            made.by[row] = By.POINT
            header = choice.header("point")
            if pairs[row] is None:
                made.wrong[row] = Wrong("located.no_pair", header, texts[row])
            else:
                made.wrong[row] = wrong_value(int(made.flaws[row]), header, texts[row])
    return made


def _from_wkt(chunk: Chunk, choice: Choice) -> Asked:
    texts = [as_text(value).strip() for value in chunk.values(choice.places["wkt"])]
    given = np.array([text or None for text in texts], dtype=object)
    with np.errstate(all="ignore"):
        shapes = shapely.force_2d(shapely.from_wkt(given, on_invalid="ignore"))
    made = _from_shapes(np.asarray(shapes, dtype=object), chunk)
    for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        if texts[row]:
            _unreadable(made, row, choice.header("wkt"), texts[row])
    return made


_READERS: dict[str, Callable[[Chunk, Choice], Asked]] = {
    "lon": _from_columns,
    "point": _from_pairs,
    "wkt": _from_wkt,
}


def _from_shapes(shapes: Geometries, chunk: Chunk) -> Asked:
    """Return the points of geometries: of a line or an area one inside."""
    flaws = np.where(shapely.is_missing(shapes) | shapely.is_empty(shapes), Flaw.MISSING, Flaw.NONE)
    points = np.array(shapes, dtype=object)
    others = np.flatnonzero((flaws == Flaw.NONE) & (shapely.get_type_id(points) != _POINT))
    points[others] = _inside(points[others])
    pairs = np.full((len(points), 2), np.nan)
    known = np.flatnonzero(flaws == Flaw.NONE)
    pairs[known] = shapely.get_coordinates(points[known])
    made = _asked(pairs[:, 0], pairs[:, 1], flaws.astype(np.int8))
    if not isinstance(chunk, Records) and chunk.geometry is not None:
        raw = chunk.batch.column(chunk.geometry)
        for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
            if raw[row].is_valid:
                _unreadable(made, row, "", "")
    return made


def _inside(shapes: Geometries) -> Geometries:
    """Return the middle of each shape, or a point inside where that is not."""
    with np.errstate(all="ignore"):
        middle = shapely.centroid(shapes)
        good = shapely.is_valid(shapes)
        inside = good & shapely.covers(kept(shapes, good), middle)
        areal = kept(shapes, good & (shapely.get_dimensions(shapes) == 2))
        within = shapely.point_on_surface(areal)
    return np.where(inside | shapely.is_missing(within), middle, within)


def _unreadable(made: Asked, row: int, column: str, value: str) -> None:
    made.by[row] = By.POINT
    made.wrong[row] = Wrong("exchange.geometry_unreadable", column, value)
