"""What each row asks: a point, a building, or an address; and what is wrong with how it is written.

Coordinates that stand in a row are what it means: when they cannot be read the row is an error,
however good its address is. Only a row without any goes by its building, then by its address.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo.exchange.located.chunks import Chunk, Records
from geo.exchange.located.columns import Choice
from geo.exchange.report import visible
from geo.exchange.table import as_text, kept
from geo.exchange.values import Flaw as Unread
from geo.exchange.values import code, integer
from geo.locate.batch import CODES, Column, Flaw, Flaws
from geo.locate.columns import joint, numbers
from geo.spatial.storage import Geometries
from geo.texts import Lang, text

_MOST_STAIRWELLS = 100
_SHOWN = 60
_BRACKETS = "()（）[]【】{} \t"
_BETWEEN = re.compile(r"\s*[,，;；、|/]\s*|\s+")
_POINT = 0
# What can be said of the one column that is wrong.
_OF_COLUMN: Mapping[int, str] = {
    Flaw.MISSING: "exchange.missing_value",
    Flaw.NOT_NUMBER: "exchange.not_a_number",
}


class By(StrEnum):
    """What a row goes by."""

    NOTHING = ""
    POINT = "point"
    BUILDING = "building"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a row is not located: a sentence of the catalogue, and the column and value it is about.

    Parameters
    ----------
    key : of the sentence, in full
    column : header; empty when no column is to blame
    value : as it stands in the file
    facts : of the sentence
    """

    key: str
    column: str = ""
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        """Return what is wrong, with the column and the value."""
        what = text(self.key, lang, **self.facts)
        shown = visible(" ".join(self.value.split()))[:_SHOWN]
        if not self.column and not shown:
            return what
        where = f"{self.column} “{shown}”" if shown else self.column
        return text("located.where", lang, where=where.strip(), what=what)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows of a chunk ask.

    Parameters
    ----------
    by : (n,) what each row goes by
    lon, lat : (n,) float64, as they stand in the file, NaN where there is none
    flaws : (n,) ``Flaw``; ``MISSING`` for a row that does not go by a point
    accuracy_m : (n,) float64, NaN where the row does not say
    texts : code or address of the rows that go by one
    stairwells : of buildings
    wrong : by row, what is known to be wrong already
    """

    by: list[By]
    lon: Column
    lat: Column
    flaws: Flaws
    accuracy_m: Column
    texts: dict[int, str] = field(default_factory=dict)
    stairwells: dict[int, int] = field(default_factory=dict)
    wrong: dict[int, Wrong] = field(default_factory=dict)


def asked(chunk: Chunk, choice: Choice) -> Asked:
    """Return what the rows of a chunk ask."""
    made = _points(chunk, choice)
    _accuracies(chunk, choice, made)
    left = [row for row, by in enumerate(made.by) if by is By.NOTHING]
    for role, by in (("building", By.BUILDING), ("address", By.ADDRESS)):
        if role in choice.places:
            left = _texts(chunk, choice, made, left, role, by)
    blank = chunk.blank() if left else []
    for row in left:
        if not blank[row]:
            made.wrong.setdefault(row, Wrong("located.nothing"))
    if isinstance(chunk, Records):
        _long_rows(chunk, choice, made)
    return made


def pair(written: str) -> tuple[str, str] | None:
    """Return the two numbers of a text such as ``116.8,33.95``, as texts; None when it is no two.

    Examples
    --------
    >>> pair("（116.8， 33.95）"), pair("116.8 33.95"), pair("116.8")
    (('116.8', '33.95'), ('116.8', '33.95'), None)
    """
    parts = _BETWEEN.split(written.strip(_BRACKETS))
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _points(chunk: Chunk, choice: Choice) -> Asked:
    """Return the points of the rows, by the first role that the file has."""
    shapes = chunk.shapes()
    if shapes is not None:
        return _from_shapes(shapes, chunk)
    for role, read in _READERS.items():
        if role in choice.places:
            return read(chunk, choice)
    return _asked(np.full(len(chunk), np.nan), np.full(len(chunk), np.nan))


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
            made.wrong[row] = _flaw(int(made.flaws[row]), column, given[role][row])
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
                made.wrong[row] = _flaw(int(made.flaws[row]), header, texts[row])
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


def _accuracies(chunk: Chunk, choice: Choice, made: Asked) -> None:
    """Put in how far off each row says it may be."""
    if "accuracy" not in choice.places:
        return
    values = chunk.values(choice.places["accuracy"])
    found, off = numbers(values)
    made.accuracy_m[:] = found
    for row in np.flatnonzero((off != Flaw.NONE) & (off != Flaw.MISSING)).tolist():
        made.wrong.setdefault(row, _flaw(Flaw.ACCURACY, choice.header("accuracy"), values[row]))


def _texts(
    chunk: Chunk, choice: Choice, made: Asked, rows: Sequence[int], role: str, by: By
) -> list[int]:
    """Take the rows that have a building or an address; return those that have none."""
    values = chunk.values(choice.places[role]) if rows else []
    stairs = _stairs(chunk, choice) if rows and by is By.BUILDING else None
    left = []
    for row in rows:
        line = as_text(values[row]).strip()
        if not line:
            left.append(row)
            continue
        made.by[row], made.texts[row] = by, line
        if by is By.BUILDING:
            _building(made, row, choice.header(role), line)
            if stairs is not None and (number := stairs[row]) is not None:
                made.stairwells[row] = number
    return left


def _building(made: Asked, row: int, column: str, line: str) -> None:
    """Mend a code that a spreadsheet made a number of; refuse it when digits are lost."""
    found = code(line)
    if isinstance(found, Unread):
        made.wrong.setdefault(row, Wrong(f"exchange.{found.key}", column, line))
    else:
        made.texts[row] = found


def _stairs(chunk: Chunk, choice: Choice) -> list[int | None] | None:
    if "stairwell" not in choice.places:
        return None
    lines = (as_text(value).strip() for value in chunk.values(choice.places["stairwell"]))
    return [_stair(line) for line in lines]


def _stair(line: str) -> int | None:
    """Return the number of a stairwell; what is none says nothing, the building alone does."""
    number = integer(line, low=1, high=_MOST_STAIRWELLS, units="单元") if line else None
    return number if isinstance(number, int) else None


def _long_rows(chunk: Records, choice: Choice, made: Asked) -> None:
    """Refuse rows that go on beyond the header: a stray delimiter has moved their values."""
    width = len(choice.headers)
    if chunk.formats is not None:  # a worksheet's columns stay where they are
        return
    for row, values in enumerate(chunk.rows):
        if len(values) > width and any(value.strip() for value in values[width:]):
            told = ", ".join(value for value in values[width:] if value.strip())
            made.wrong[row] = Wrong("exchange.value_without_header", "", told)


def _flaw(flaw: int, column: str, value: Any) -> Wrong:
    """Return what is wrong with one of the columns of a point."""
    return Wrong(_OF_COLUMN.get(flaw) or sentence(flaw), column, as_text(value))


def sentence(flaw: int) -> str:
    """Return the key of the sentence that says what is wrong with a point."""
    return f"locate.flaw.{CODES[Flaw(flaw)]}"
