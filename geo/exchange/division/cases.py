"""A case to divide, made of layers: what is missing or wrong is said, with its place."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import ProjError

from geo.exchange.division import words
from geo.exchange.division.sources import (
    Ground,
    Source,
    brought_to,
    check_asked,
    ground_of,
    read_layer_of,
    read_source,
)
from geo.exchange.report import FileRefused
from geo.grid.division.model import CLASS, Barrier, Case
from geo.spatial.storage import Geometries
from geo.spatial.units.frame import Frame, degree_frame, plane_frame
from geo.texts import Lang, text

_OVERLAP = 1e-6  # of an area: less is the trace of digits
_MOST_WEIGHT = 1e6
_ROLES = ("parents", "area", "buildings", "streets", "barriers", "previous")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a division reads.

    Parameters
    ----------
    data : one file with layers called area, buildings, streets
    area, parents, buildings, streets, barriers, previous : ``FILE`` or ``FILE::LAYER``
    weight : column to balance by
    crs : system of files that name none
    locked : codes of previous cells that stay
    """

    data: str | None = None
    area: str | None = None
    parents: str | None = None
    buildings: str | None = None
    streets: str | None = None
    barriers: str | None = None
    previous: str | None = None
    weight: str | None = None
    crs: str | None = None
    locked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing about what was read: the sentence ``division.<key>``."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        """Return the sentence."""
        return text(f"division.{self.key}", lang, **self.facts)


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with the names of what is in it.

    Parameters
    ----------
    case : Case
    crs : of all coordinates
    weight : header of the column that is balanced
    parents : (p,) codes of the parents, one empty code without any
    buildings : (n,) names of the buildings
    previous : (q,) codes of the previous cells
    remarks : what was mended or left out
    """

    case: Case
    crs: pyproj.CRS
    weight: str
    parents: tuple[str, ...]
    buildings: tuple[str, ...]
    previous: tuple[str, ...]
    remarks: tuple[Remark, ...]


def opened(asked: Asked) -> Opened:
    """Return the case that files hold.

    Raises
    ------
    FileRefused
        When a layer is missing or wrong.
    UnknownCrs
        When the system asked for is none.
    """
    found = {role: _layer(asked, role) for role in _ROLES}
    land = found["parents"] or found["area"]
    if land is None:
        raise FileRefused("division_no_area", file=_file(asked))
    if found["buildings"] is None:
        raise FileRefused("division_no_buildings", file=_file(asked))
    check_asked([source for source in found.values() if source is not None], asked.crs)
    ground = ground_of(land, asked.crs)
    remarks: list[Remark] = []
    areas, owner = _areas(land, whole=found["parents"] is None)
    built = brought_to(found["buildings"], ground, asked.crs)
    shapes, kept = _footprints(built, areas, ground, remarks)
    header, weights = _weights(built, asked.weight, kept, remarks)
    lines, classes = _lines(asked, found["streets"], found["barriers"], ground, remarks)
    previous, codes, locked = _previous(asked, found["previous"], ground)
    parents = _codes(land, len(np.unique(owner))) if found["parents"] is not None else ("",)
    names = _names(built, kept)
    case = Case(
        _frame(ground.crs, areas),
        areas,
        owner,
        shapes,
        weights,
        lines,
        classes,
        previous,
        locked,
        _stairwells(built, kept),
    )
    return Opened(case, ground.crs, header, parents, names, codes, tuple(remarks))


def _file(asked: Asked) -> str:
    return asked.data or asked.buildings or asked.area or "–"


def _layer(asked: Asked, role: str) -> Source | None:
    named = getattr(asked, role)
    if named is not None:
        return read_source(named)
    if asked.data is None or role == "previous":
        return None
    return read_layer_of(asked.data, role)


def _areas(land: Source, *, whole: bool) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """Return polygons and the row each comes from; all one row when the area is one whole."""
    shapes = land.shapes
    polygonal = shapely.get_dimensions(shapes) == 2
    if not len(shapes) or not polygonal.all() or shapely.is_empty(shapes).any():
        raise FileRefused("division_area_not_polygon", file=land.file)
    _check_finite(land)
    _check_valid(land)
    _check_apart(land, whole=whole)
    if whole:
        parts = shapely.get_parts(shapely.union_all(shapes))
        return parts, np.zeros(len(parts), dtype=np.int64)
    parts, row = shapely.get_parts(shapes, return_index=True)
    return parts, row.astype(np.int64)


def _check_finite(source: Source) -> None:
    corners, row = shapely.get_coordinates(source.shapes, return_index=True)
    bad = ~np.isfinite(corners).all(axis=1)
    if bad.any():
        number = int(source.table.cells.index[row[np.argmax(bad)]])
        raise FileRefused("division_not_finite", file=source.file, row=number)


def _check_valid(source: Source) -> None:
    bad = ~shapely.is_valid(source.shapes)
    if bad.any():
        at = int(np.argmax(bad))
        reason = str(shapely.is_valid_reason(source.shapes[at]))
        number = int(source.table.cells.index[at])
        raise FileRefused("division_area_invalid", file=source.file, row=number, fault=reason)


def _check_apart(source: Source, *, whole: bool) -> None:
    """Refuse parents that overlap; parts of one area are united."""
    if whole:
        return
    shapes = source.shapes
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    bad = shared > _OVERLAP * np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    if bad.any():
        at = int(np.argmax(bad))
        rows = source.table.cells.index
        raise FileRefused(
            "division_parents_overlap",
            file=source.file,
            row=int(rows[first[at]]),
            other=int(rows[second[at]]),
        )


def _footprints(
    built: Source, areas: Geometries, ground: Ground, remarks: list[Remark]
) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """Return footprints inside the areas and the row of each."""
    shapes = built.shapes
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    fits = np.isin(shapely.get_dimensions(shapes), (0, 2))
    _check_finite(built)
    if not (there & fits).any():
        raise FileRefused("division_no_footprints", file=built.file)
    rows = np.flatnonzero(there & fits)
    if len(rows) < len(shapes):
        remarks.append(Remark("no_footprint", {"count": len(shapes) - len(rows)}))
    some = shapes[rows]
    broken = ~shapely.is_valid(some)
    if broken.any():
        remarks.append(Remark("footprints_mended", {"count": int(broken.sum())}))
        some = np.where(broken, shapely.make_valid(some), some)
    inner = shapely.point_on_surface(some)
    near = np.unique(shapely.STRtree(areas).query(inner, predicate="within")[0])
    if not len(near):
        raise FileRefused("division_all_outside", file=built.file, **_boxes(ground, areas, some))
    if len(near) < len(some):
        out = np.setdiff1d(np.arange(len(some)), near)
        row = int(built.table.cells.index[rows[out[0]]])
        remarks.append(Remark("outside", {"count": len(out), "row": row}))
    return np.asarray(some, dtype=object)[near], rows[near].astype(np.int64)


def _boxes(ground: Ground, areas: Geometries, shapes: Geometries) -> dict[str, str]:
    digits = 6 if ground.crs.is_geographic else 1
    said = [
        " ".join(f"{v:.{digits}f}" for v in shapely.total_bounds(some)) for some in (areas, shapes)
    ]
    return {"area": said[0], "buildings": said[1]}


def _weights(
    built: Source, named: str | None, kept: npt.NDArray[np.int64], remarks: list[Remark]
) -> tuple[str, npt.NDArray[np.float64]]:
    found = built.column((named,) if named else words.WEIGHT)
    if found is None:
        headers = ", ".join(built.table.headers or ()) or "–"
        key = "division_column_unknown" if named else "division_no_weight"
        raise FileRefused(key, file=built.file, column=named or "households", headers=headers)
    header, texts = found
    values = np.array([_number(texts[row]) for row in kept], dtype=np.float64)
    bad = ~((values >= 0.0) & (values <= _MOST_WEIGHT))
    empty = np.array([not texts[row].strip() for row in kept], dtype=np.bool_)
    if (bad & ~empty).any():
        row = int(kept[np.argmax(bad & ~empty)])
        raise FileRefused(
            "division_weight_wrong",
            file=built.file,
            row=int(built.table.cells.index[row]),
            column=header,
            value=texts[row][:40],
        )
    if empty.any():
        remarks.append(Remark("weight_empty", {"count": int(empty.sum()), "column": header}))
    values[empty] = 0.0
    if values.sum() <= 0.0:
        raise FileRefused("division_weight_none", file=built.file, column=header)
    return header, values


def _number(words_: str) -> float:
    try:
        return float(words_) if words_.strip() else np.nan
    except ValueError:
        return np.nan


def _lines(
    asked: Asked,
    streets: Source | None,
    walls: Source | None,
    ground: Ground,
    remarks: list[Remark],
) -> tuple[Geometries, npt.NDArray[np.int64]]:
    if streets is None and walls is None:
        remarks.append(Remark("no_streets"))
    shapes, classes = [np.empty(0, dtype=object)], [np.empty(0, dtype=np.int64)]
    for source, all_walls in ((streets, False), (walls, True)):
        if source is None:
            continue
        there = brought_to(source, ground, asked.crs)
        some = ~shapely.is_missing(there.shapes) & (shapely.get_dimensions(there.shapes) > 0)
        _check_finite(there)
        kinds = _kinds(there, all_walls=all_walls)
        shapes.append(there.shapes[some])
        classes.append(np.array([CLASS[kind] for kind in kinds], dtype=np.int64)[some])
    return np.concatenate(shapes), np.concatenate(classes)


def _kinds(source: Source, *, all_walls: bool) -> list[Barrier]:
    count = len(source.shapes)
    if all_walls:
        return [Barrier.WALL] * count
    found = source.column(words.KIND)
    kinds = [words.barrier_of(word) for word in found[1]] if found else [Barrier.STREET] * count
    for name in words.WALLS:
        column = source.column((name,))
        if column is not None:
            for at, word in enumerate(column[1]):
                no_street = found is None or not found[1][at].strip()
                kinds[at] = Barrier.WALL if words.is_wall(word) and no_street else kinds[at]
    return kinds


def _previous(
    asked: Asked, cells: Source | None, ground: Ground
) -> tuple[Geometries, tuple[str, ...], npt.NDArray[np.bool_]]:
    if cells is None:
        if asked.locked:
            raise FileRefused("division_locked_alone", file=_file(asked))
        return np.empty(0, dtype=object), (), np.zeros(0, dtype=np.bool_)
    source = brought_to(cells, ground, asked.crs)
    if not len(source.shapes) or not (shapely.get_dimensions(source.shapes) == 2).all():
        raise FileRefused("division_area_not_polygon", file=source.file)
    _check_finite(source)
    _check_valid(source)
    codes = _codes(source, len(source.shapes))
    unknown = [code for code in asked.locked if code not in codes]
    if unknown:
        raise FileRefused("division_locked_unknown", file=source.file, code=unknown[0])
    column = source.column(words.LOCKED)
    marked = (
        [word.strip().lower() in ("1", "true", "是", "yes") for word in column[1]] if column else []
    )
    locked = np.array(
        [code in asked.locked or (bool(marked) and marked[at]) for at, code in enumerate(codes)]
    )
    return source.shapes, codes, locked


def _codes(source: Source, count: int) -> tuple[str, ...]:
    """Return a code for each row: of the first column that has one each, else its number."""
    for name in words.CODE:
        column = source.column((name,))
        if column is not None and all(column[1]) and len(set(column[1])) == count:
            return tuple(column[1])
    return tuple(str(number) for number in source.table.cells.index.tolist())


def _names(built: Source, kept: npt.NDArray[np.int64]) -> tuple[str, ...]:
    column = built.column(words.BUILDING)
    numbers = built.table.cells.index.tolist()
    return tuple((column[1][row] if column else "") or str(numbers[row]) for row in kept.tolist())


def _stairwells(built: Source, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    column = built.column(words.STAIRWELLS)
    if column is None:
        return np.ones(len(kept), dtype=np.int64)
    values = np.nan_to_num([_number(column[1][row]) for row in kept.tolist()], nan=1.0)
    return np.clip(values, 1, 200).astype(np.int64)


def _frame(crs: pyproj.CRS, areas: Geometries) -> Frame:
    if crs.is_geographic:
        return degree_frame(areas, stored=False)
    unit_m = float(crs.axis_info[0].unit_conversion_factor) if crs.axis_info else 1.0
    return plane_frame(areas, unit_m=unit_m / _scale(crs, areas))


def _scale(crs: pyproj.CRS, areas: Geometries) -> float:
    """Return how many metres of the plane make one on the ground: 2 at 60° in web maps."""
    west, south, east, north = shapely.total_bounds(areas)
    try:
        lon, lat = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(
            (west + east) / 2.0, (south + north) / 2.0
        )
        scale = float(pyproj.Proj(crs).get_factors(lon, lat).meridional_scale)
    except ProjError:
        return 1.0
    return scale if np.isfinite(scale) and scale > 0.0 else 1.0
