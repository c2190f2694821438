"""What is wrong with cells that came from elsewhere, and, on request alone, cells made whole.

``examined`` tells and changes nothing. ``cleaned`` closes narrow gaps and parts overlaps; it is
called when a person has read what it would change.

How it is done stands in ``geo.spatial.edits.cleaning``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial import coverage
from geo.spatial.edits.cleaning import clean, slits
from geo.spatial.edits.drawing import place_of_fault
from geo.spatial.edits.refusals import (
    CellVanishes,
    CodeTaken,
    CoverageWouldBreak,
    DrawingKindRefused,
)
from geo.spatial.measure import area_m2
from geo.spatial.storage import Geometries, snap_geometry

GAP_M = 1.0
_LEAST_M2 = 0.01
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where cells do not tile.

    Parameters
    ----------
    kind : ``broken`` (a ring crosses itself), ``gap`` or ``overlap``
    cells : codes of those concerned, sorted
    is_sliver : whether a gap or overlap is narrow, as borders drawn twice leave it
    area_m2, width_m : its size, and its width on average; 0 of a broken cell
    lon, lat : a point to look at, degrees, storage CRS
    """

    kind: str
    cells: tuple[str, ...]
    is_sliver: bool
    area_m2: float
    width_m: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Change:
    """What cleaning changes of a cell.

    Parameters
    ----------
    cell : its code
    gained_m2, lost_m2 : land it gets, and land it gives up or that was counted twice
    """

    cell: str
    gained_m2: float
    lost_m2: float


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, and what cleaning would change.

    Parameters
    ----------
    findings : broken cells first, then gaps and overlaps, largest first; none: a sound coverage
    changes : of the cells that cleaning would change by at least 0.01 m², most first
    left : what cleaning would leave: gaps wider than it closes
    vanishing : codes of cells that would have nothing left, because others cover them wholly
    """

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    left: tuple[Finding, ...]
    vanishing: tuple[str, ...]


def examined(codes: Sequence[str], shapes: npt.ArrayLike, *, gap_m: float = GAP_M) -> Examination:
    """Return what is wrong with cells, and what cleaning them would change.

    Parameters
    ----------
    codes : (n,) unique
    shapes : (n,) polygons or multipolygons, degrees lon, lat, storage CRS; broken ones too
    gap_m : gaps narrower than this would be closed, metres

    Raises
    ------
    DrawingKindRefused, CodeTaken
        When a shape is no polygon, or a code occurs twice.

    Examples
    --------
    >>> cells = [shapely.box(0, 0, 2**-9, 2**-9), shapely.box(2**-10, 0, 2**-8, 2**-9)]
    >>> found = examined(["a", "b"], cells)
    >>> [(f.kind, f.cells, f.is_sliver) for f in found.findings], len(found.changes)
    ([('overlap', ('a', 'b'), False)], 1)
    """
    return _examined(codes, shapes, gap_m)[0]


def cleaned(
    codes: Sequence[str], shapes: npt.ArrayLike, *, gap_m: float = GAP_M
) -> tuple[Geometries, Examination]:
    """Return cells made whole, a valid coverage on the storage grid, and what that changed.

    Of an overlap each piece goes to the cell it shares most border with, a narrow gap likewise.
    Wider gaps stay, and are told as ``left``.

    Parameters
    ----------
    codes, shapes, gap_m : as of ``examined``

    Returns
    -------
    (n,) polygons or multipolygons
    Examination

    Raises
    ------
    CellVanishes
        When nothing would be left of a cell.
    CoverageWouldBreak
        When the cells are no coverage even then.
    DrawingKindRefused, CodeTaken
        As of ``examined``.

    Examples
    --------
    >>> cells = [shapely.box(0, 0, 2**-9, 2**-9), shapely.box(2**-10, 0, 2**-8, 2**-9)]
    >>> clean, _ = cleaned(["a", "b"], cells)
    >>> coverage.is_valid(clean), shapely.union_all(clean).equals(shapely.union_all(cells))
    (True, True)
    """
    found, made = _examined(codes, shapes, gap_m)
    for code in found.vanishing:
        raise CellVanishes(np.asarray(shapes, dtype=object)[list(codes).index(code)], cell=code)
    if not coverage.is_valid(made):
        wrong = shapely.coverage_invalid_edges(made)
        raise CoverageWouldBreak(wrong[np.argmax(~shapely.is_empty(wrong))])
    return made, found


def _examined(
    codes: Sequence[str], shapes: npt.ArrayLike, gap_m: float
) -> tuple[Examination, Geometries]:
    array = _checked(codes, shapes)
    whole = _mended(array)
    _, faults = coverage.noded(whole)
    faults += [coverage.fault_of("gap", whole, slit) for slit in slits(whole, gap_m)]
    made, left = clean(whole, gap_m)
    gone = shapely.is_empty(made)
    found = Examination(
        findings=(*_broken(codes, array), *_findings(codes, faults, gap_m)),
        changes=_changes(codes, whole, made),
        left=_findings(codes, left, gap_m),
        vanishing=tuple(code for code, is_gone in zip(codes, gone, strict=True) if is_gone),
    )
    return found, made


def _checked(codes: Sequence[str], shapes: npt.ArrayLike) -> Geometries:
    array = np.asarray(shapely.force_2d(np.asarray(shapes, dtype=object)), dtype=object)
    for code, shape in zip(codes, array, strict=True):
        if shape is None or shape.is_empty or shapely.get_type_id(shape) not in _POLYGONAL:
            kind = "null" if shape is None else shape.geom_type
            raise DrawingKindRefused(kind=f"{kind} ({code})", wanted="polygon")
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if list(codes).count(code) > 1)
        raise CodeTaken(array[list(codes).index(twice)], value=twice)
    return array


def _mended(shapes: Geometries) -> Geometries:
    """Return shapes on the grid, broken ones with what an odd number of rings encloses."""
    whole = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    flat = np.array([_polygons_of(shape) for shape in whole], dtype=object)
    return snap_geometry(flat)


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    parts = list(shapely.get_parts(shape))
    flat = [part for part in parts if shapely.get_dimensions(part) == 2]
    return shape if len(flat) == len(parts) else shapely.union_all(flat)


def _broken(codes: Sequence[str], shapes: Geometries) -> list[Finding]:
    found = []
    for index in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        spot = place_of_fault(shapes[index])
        found.append(Finding("broken", (codes[index],), False, 0.0, 0.0, spot.x, spot.y))
    return found


def _findings(
    codes: Sequence[str], faults: Sequence[coverage.Fault], sliver_m: float
) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            kind=fault.kind,
            cells=tuple(sorted(codes[owner] for owner in fault.owners)),
            is_sliver=fault.width_m < sliver_m,
            area_m2=fault.area_m2,
            width_m=fault.width_m,
            lon=fault.lon,
            lat=fault.lat,
        )
        for fault in faults
    )


def _changes(codes: Sequence[str], before: Geometries, after: Geometries) -> tuple[Change, ...]:
    gained = area_m2(shapely.difference(after, before))
    lost = area_m2(shapely.difference(before, after))
    found = [
        Change(code, float(more), float(less))
        for code, more, less in zip(codes, gained, lost, strict=True)
        if more + less >= _LEAST_M2
    ]
    return tuple(
        sorted(found, key=lambda change: (-change.gained_m2 - change.lost_m2, change.cell))
    )
