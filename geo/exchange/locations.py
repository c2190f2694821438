"""Where rows are: checked one by one, brought to the storage grid, held to the cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.crs.detect import detect
from geo.crs.systems import System
from geo.crs.transform import geometries_to_storage, possible
from geo.crs.zones import other_form, zone_of
from geo.exchange import systems
from geo.exchange.columns import Sheet
from geo.exchange.geometries import column, geometries, single_parts
from geo.exchange.report import FileRefused
from geo.exchange.run import Run
from geo.exchange.table import kept
from geo.spatial.covers import first_covering
from geo.spatial.storage import Geometries, Points

POINTS, LINES, POLYGONS = frozenset({0}), frozenset({1, 5}), frozenset({3, 6})
_REASON = re.compile(r"(.*)\[(\S+) (\S+)\]")
# To a file that lies outside every cell another system is named when it brings in more than this.
_CLEARLY = 0.05


@dataclass(frozen=True)
class Location:
    """Where each row is.

    Parameters
    ----------
    raw : (n,) geometries as in the file, None where missing or faulty
    stored : (n,) the same on the storage grid
    system : the file's coordinate system
    """

    raw: Geometries
    stored: Geometries
    system: System


def located(
    run: Run, sheet: Sheet, types: frozenset[int], *, optional: bool = False
) -> Location | None:
    """Return where the rows are; what is wrong with a place goes to the report.

    Parameters
    ----------
    types : geometry types taken, as shapely numbers them
    optional : a row may have no geometry

    Returns
    -------
    Location, or None when the file has no places, or none that can be understood
    """
    found = geometries(sheet)
    if found is None:
        return None
    raw, unreadable = found
    missing = shapely.is_missing(raw) | shapely.is_empty(raw)
    if not optional:
        _refuse(sheet, "geometry_missing", missing & ~unreadable)
    wrong = ~missing & ~np.isin(shapely.get_type_id(raw), list(types))
    names = [{"found": geometry.geom_type} for geometry in raw[wrong]]
    _refuse(sheet, f"geometry_type_{min(types)}", wrong, names)
    strange = _any_point(raw, ~np.isfinite(shapely.get_coordinates(raw)).all(axis=1))
    _refuse(sheet, "coordinate_not_finite", strange & ~wrong)
    raw = kept(raw, ~(missing | wrong | strange))
    known = _system(run, sheet, shapely.get_coordinates(raw))
    return _stored(sheet, raw, known) if known else None


def hold_to_cells(run: Run, sheet: Sheet, place: Location, points: Geometries) -> None:
    """Report rows with swapped axes, and a file outside every cell; note single rows outside.

    Parameters
    ----------
    points : (n,) where each row counts as being, storage CRS; None where it has no place
    """
    leaves = run.leaf_shapes()
    inside = first_covering(points, leaves) >= 0
    outside = ~shapely.is_missing(points) & ~inside
    if not len(leaves) or not outside.any():
        return
    raw = shapely.get_coordinates(shapely.centroid(place.raw[outside]))
    swapped = outside.copy()
    swapped[outside] = _inside(raw[:, ::-1], place.system, leaves)
    _refuse(sheet, "axes_swapped", swapped)
    outside &= ~swapped
    if not outside.any():
        return
    everything = shapely.get_coordinates(shapely.centroid(place.raw))
    found = detect(everything, leaves, also=[place.system])
    now = found.inside(place.system)
    if not (inside | swapped).any() and not run.request.force_crs:
        facts: dict[str, Any] = {"crs": place.system.name, "now": now, "best": "", "more": 0}
        best = next(iter(found.readings), None)
        if best is not None and not best.swapped and best.inside > _CLEARLY * found.places:
            facts |= {"best": best.system.name, "more": best.inside}
        key = "all_outside_try" if facts["best"] else "all_outside"
        run.report.refuse(key, layer=sheet.table.name, facts=facts)
        return
    sheet.note("outside_every_cell", outside)
    likely = found.likely
    if likely is not None and not likely.swapped and likely.system != place.system:
        seen: dict[str, Any] = {"crs": place.system.name, "now": now}
        seen |= {"best": likely.system.name, "more": likely.inside}
        run.report.note("looks_shifted", layer=sheet.table.name, **seen)


def _system(run: Run, sheet: Sheet, points: Points) -> System | None:
    """Return the system of the sheet's places; None, with a fault, when there is no telling."""
    asked, force = run.request.crs, run.request.force_crs
    local = System(run.local.grid.name, None, None, run.local.grid) if run.local else None
    try:
        known = systems.decided(
            sheet.table, asked=local or asked, force=force, file=run.file, points=points
        )
    except FileRefused as error:
        key, facts = error.facts["reason"], error.facts
        if key.startswith("crs_missing"):
            key, facts = systems.looking_like(points, run.leaf_shapes()) or (key, facts)
        run.report.refuse(key, layer=sheet.table.name, facts=facts)
        return None
    if unit := systems.unit_mismatch(points, known):
        other = zone_of(points) or other_form(known.epsg or 0)
        facts = {"crs": known.name, "other": other.name if other else ""}
        run.report.refuse(f"numbers_are_{unit}", layer=sheet.table.name, facts=facts)
        return None
    return known


def _stored(sheet: Sheet, raw: Geometries, known: System) -> Location:
    points = shapely.get_coordinates(raw)
    off = _any_point(raw, ~possible(points, known))
    turned = _any_point(raw, ~possible(points[:, ::-1], known))
    _refuse(sheet, "axes_swapped", off & ~turned)
    beyond = "coordinate_outside_globe" if known.datum else "coordinate_beyond_crs"
    _refuse(sheet, beyond, off & turned, [{"crs": known.name}] * int((off & turned).sum()))
    invalid = ~shapely.is_missing(raw) & ~off & ~shapely.is_valid(raw)
    facts = [_where_invalid(shape) for shape in raw[invalid]]
    _refuse(sheet, "polygon_invalid", invalid, facts)
    good = kept(raw, ~(off | invalid))
    stored = geometries_to_storage(good, known)
    small = ~shapely.is_missing(good) & shapely.is_empty(stored)
    _refuse(sheet, "geometry_too_small", small)
    return Location(good, single_parts(kept(stored, ~small)), known)


def _inside(points: Points, known: System, leaves: Geometries) -> np.ndarray:
    fit = possible(points, known)
    shapes = kept(shapely.points(np.where(fit[:, None], points, 0.0)), fit)
    return first_covering(geometries_to_storage(shapes, known), leaves) >= 0


def _any_point(shapes: Geometries, marks: np.ndarray) -> np.ndarray:
    """Return which geometries have a marked coordinate."""
    _, owner = shapely.get_coordinates(shapes, return_index=True)
    return np.asarray(np.bincount(owner[marks], minlength=len(shapes)) > 0)


def _where_invalid(shape: shapely.Geometry) -> dict[str, str]:
    found = _REASON.fullmatch(str(shapely.is_valid_reason(shape)))
    reason, x, y = found.groups() if found else ("?", "?", "?")
    return {"reason": reason, "x": x, "y": y}


def _refuse(
    sheet: Sheet,
    key: str,
    rows: np.ndarray,
    facts: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    sheet.refuse(key, rows, column(sheet), facts)
