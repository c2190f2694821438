"""Points of any frame to cells of any frame, without a database.

    found = locate(frame, cells)         # a GeoDataFrame of cells: code, parent_code, geometry
    frame.join(found)

``grid_of`` makes the grid of the cells once, for who locates several frames.
"""

import warnings
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs.systems import System
from geo.crs.transform import geometries_to_storage
from geo.errors import Invalid
from geo.locate.batch import CODES, Batch, Column, Doubts, Flaw, Flaws, locate_points
from geo.locate.cells import DEPTH, cells_of, chains
from geo.locate.columns import accuracy_flaws, chosen, joint, numbers
from geo.locate.snapshot import Snapshot
from geo.spatial.coverage import overlaps
from geo.spatial.index import build
from geo.spatial.storage import Geometries
from geo.texts import Lang, text

# Overlaps that are thinner on average come of rounding.
ROUNDING_M = 0.1
# Between the codes of neighbours that may be meant as well.
BETWEEN = ";"
_POINT = 0
_FLAWS = pd.Index(CODES.values())


class CrsMissing(Invalid):
    """A frame says in no way which coordinate system it is in."""

    code = "crs_missing"


class CellsOverlap(UserWarning):
    """Leaves share ground; a point on it belongs to the one with the lower code."""


class CellsRefused(Invalid):
    """There are no cells, or they have no code, one twice, or parents in a circle or too deep."""

    code = "cells_refused"

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what is wrong in it."""
        reason = text(f"locate.cells.{self.facts['reason']}", lang)
        return text(f"errors.{self.code}", lang, value=self.facts["value"], reason=reason)


def locate(
    frame: pd.DataFrame,
    cells: gpd.GeoDataFrame | Snapshot,
    *,
    lon: str | None = None,
    lat: str | None = None,
    crs: str | System | None = None,
    accuracy_m: str | float | None = None,
    code: str = "code",
    parent: str = "parent_code",
    threads: int = 1,
) -> pd.DataFrame:
    """Return the cell of each row of a frame of points.

    Parameters
    ----------
    frame : a GeoDataFrame of points, or a frame with columns of numbers; a row that cannot be used
        says why in ``error``, and the others go on
    cells : leaves and, if they are there, the cells above them, in any system; or a grid of
        ``grid_of``
    lon, lat : columns of the points, guessed by their headers (经度, lng, x …) when not named;
        unused for a GeoDataFrame
    crs : of the points; None for the frame's own, and for WGS-84 where columns hold the points
    accuracy_m : metres, or the column that holds them: how far off points may be, 0 to 10000
    code, parent : columns of the cells: code, and code of the cell above, which may be missing
    threads : how many may look for cells at once

    Returns
    -------
    DataFrame with the frame's index

    ``code``, ``codes`` : categories; the leaf and its chain from the root, "340603 > 340603002"
    ``border_m`` : float64, metres to the nearest border of the leaf, 0 on it
    ``ambiguous`` : boolean, the border is nearer than the point is accurate, or the point is on it;
        missing outside every cell
    ``candidates`` : text, codes of the neighbours that may be meant then, nearest first
    ``nearest_code``, ``nearest_m`` : of a point outside every cell
    ``error`` : category, missing where nothing is wrong; ``geo.locate.batch.CODES``

    Raises
    ------
    ColumnMissing, ColumnsEqual
        When the points' columns are not there, or not to be told apart.
    CrsMissing, UnknownCrs, CrsUncertain
        When a system is not said, not known, or its way to WGS-84 is not.
    CellsRefused, ShapesRefused, CoordinateRefused
        When the cells are no grid.

    Examples
    --------
    >>> boxes = [shapely.box(116, 33, 117, 34), shapely.box(117, 33, 118, 34)]
    >>> grid = gpd.GeoDataFrame({"code": ["b", "a"]}, geometry=boxes, crs=4326)
    >>> points = pd.DataFrame({"经度": [116.5, 117.0, 33.5], "纬度": [33.5, 33.5, 116.5]})
    >>> found = locate(points, grid)
    >>> found["code"].tolist()[:2], found["ambiguous"].tolist(), found["error"].tolist()
    (['b', 'a'], [False, True, <NA>], [nan, nan, 'axes_swapped'])
    """
    grid = cells if isinstance(cells, Snapshot) else grid_of(cells, code=code, parent=parent)
    named = {"lon": lon, "lat": lat, "accuracy_m": _column_named(accuracy_m)}
    xs, ys, flaws, known = _points(frame, named, crs)
    accurate_m, wrong = _accuracies(frame, accuracy_m)
    batch = locate_points(
        grid,
        xs,
        ys,
        crs=known,
        accuracy_m=accurate_m,
        flaws=joint(flaws, wrong),
        threads=threads,
    )
    return table(grid, batch).set_index(frame.index)


def grid_of(
    cells: gpd.GeoDataFrame,
    *,
    crs: str | System | None = None,
    code: str = "code",
    parent: str = "parent_code",
) -> Snapshot:
    """Return the grid of a frame of cells; its leaves are the cells that are nobody's parent.

    A parent that is not among the cells is left out; names are those of a column ``name``.

    Parameters
    ----------
    crs : of the cells, None for the frame's own

    Raises
    ------
    CellsRefused, ColumnMissing, CrsMissing, UnknownCrs, CrsUncertain, CoordinateRefused
        As for ``locate``.

    Warns
    -----
    CellsOverlap
        When leaves overlap by more than what rounding leaves; a point there belongs to the one
        with the lower code.
    """
    if not len(cells):
        raise CellsRefused(reason="none", value="")
    known = crs or _crs_of(cells)
    if code not in cells.columns:
        raise CellsRefused(reason="code", value=code)
    codes = cells[code].to_numpy(dtype=object)
    above = _above(cells, codes, parent)
    levels = _levels(codes, above)
    order = sorted(range(len(codes)), key=lambda row: (levels[row], codes[row].encode()))
    parents = set(above) - {None}
    names = cells["name"].astype(str).tolist() if "name" in cells.columns else codes.tolist()
    number = {codes[row]: place + 1 for place, row in enumerate(order)}
    rows = [
        (
            number[codes[row]],
            codes[row],
            names[row],
            levels[row],
            None if above[row] is None else number[above[row]],
            None if codes[row] in parents else number[codes[row]],
        )
        for row in order
    ]
    found = cells_of(rows)
    leaves = np.flatnonzero(found.shape_ids).astype(np.int32)
    shapes = np.asarray(cells.geometry, dtype=object)[np.array(order, dtype=np.int64)[leaves]]
    stored, own = geometries_to_storage(shapes, known), [found.code(row) for row in leaves.tolist()]
    index = build(stored, own, ancestors=chains(found.parents, leaves))
    _warn_of_overlaps(stored, own)
    return Snapshot(0, found, index)


def table(grid: Snapshot, batch: Batch) -> pd.DataFrame:
    """Return what points resolve to as a frame, the columns of ``locate``."""
    labels = grid.labels
    return pd.DataFrame(
        {
            "code": pd.Categorical.from_codes(batch.leaves, categories=labels.codes),
            "codes": pd.Categorical.from_codes(batch.leaves, categories=labels.chains),
            "border_m": batch.border_m,
            "ambiguous": pd.arrays.BooleanArray(batch.ambiguous, batch.leaves < 0),
            "candidates": candidates(grid, batch.doubts, len(batch)),
            "nearest_code": pd.Categorical.from_codes(batch.nearest, categories=labels.codes),
            "nearest_m": batch.nearest_m,
            "error": pd.Categorical.from_codes(batch.flaws - 1, categories=_FLAWS),
        }
    )


def candidates(grid: Snapshot, doubts: Doubts, number: int) -> npt.NDArray[np.object_]:
    """Return the codes of each point's neighbours in one text, None where there is none."""
    found = np.full(number, None, dtype=object)
    codes = grid.labels.codes
    for place, cells in zip(doubts.places.tolist(), doubts.cells.tolist(), strict=True):
        found[place] = BETWEEN.join(codes[cell] for cell in cells if cell >= 0) or None
    return found


def _points(
    frame: pd.DataFrame, named: dict[str, str | None], crs: str | System | None
) -> tuple[Column, Column, Flaws, str | System]:
    """Return the points of a frame, what is wrong with them, and their system."""
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = np.asarray(frame.geometry, dtype=object)
        missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        strange = ~missing & (shapely.get_type_id(shapes) != _POINT)
        flaws = np.where(missing, Flaw.MISSING, np.where(strange, Flaw.NOT_POINT, Flaw.NONE))
        # An empty point has no x to ask for: GEOS stops at the first.
        points = shapes.copy()
        points[flaws != Flaw.NONE] = None
        xs, ys = shapely.get_x(points), shapely.get_y(points)
        return xs, ys, flaws.astype(np.int8), crs or _crs_of(frame)
    headers = [str(header) for header in frame.columns]
    found = chosen(headers, named=named, needed=("lon", "lat"))
    xs, bad_x = _numbers(frame[found.lon])
    ys, bad_y = _numbers(frame[found.lat])
    return xs, ys, joint(bad_x, bad_y), crs or "wgs84"


def _accuracies(
    frame: pd.DataFrame, accuracy_m: str | float | None
) -> tuple[float | Column, Flaws]:
    nothing = np.zeros(len(frame), dtype=np.int8)
    if not isinstance(accuracy_m, str):
        return accuracy_m or 0.0, nothing
    metres, flaws = _numbers(frame[accuracy_m])
    return metres, accuracy_flaws(flaws)


def _numbers(column: "pd.Series[Any]") -> tuple[Column, Flaws]:
    """Return a column as numbers; pandas calls NaN missing, so that is what it is here."""
    if column.dtype.kind in "fiu":
        missing = column.isna().to_numpy()
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return values, np.where(missing, Flaw.MISSING, Flaw.NONE).astype(np.int8)
    values = column.to_numpy(dtype=object)
    return numbers(np.where(column.isna().to_numpy(), None, values))


def _column_named(accuracy_m: str | float | None) -> str | None:
    return accuracy_m if isinstance(accuracy_m, str) else None


def _crs_of(frame: gpd.GeoDataFrame) -> str:
    if frame.crs is None:
        raise CrsMissing()
    authority = frame.crs.to_authority(min_confidence=20)
    return str(frame.crs.name) if authority is None else ":".join(authority)


def _above(cells: gpd.GeoDataFrame, codes: npt.NDArray[np.object_], parent: str) -> list[Any]:
    """Return the code of the cell above each cell, None for none; codes are checked."""
    if any(not isinstance(code, str) or not code for code in codes):
        raise CellsRefused(reason="empty", value="")
    known: set[str] = set()
    for code in codes:
        if code in known:
            raise CellsRefused(reason="twice", value=code)
        known.add(code)
    if parent not in cells.columns:
        return [None] * len(codes)
    return [code if code in known else None for code in cells[parent].to_numpy(dtype=object)]


def _warn_of_overlaps(shapes: Geometries, codes: list[str]) -> None:
    """Warn of leaves that share ground; only those whose borders do not fit are compared."""
    present = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    unfit = present[~shapely.is_empty(shapely.coverage_invalid_edges(shapes[present]))]
    faults = [
        fault for fault in overlaps(shapely.make_valid(shapes[unfit])) if fault.width_m > ROUNDING_M
    ]
    if faults:
        one, other = (codes[unfit[owner]] for owner in faults[0].owners)
        sentence = text(
            "locate.cells.overlap",
            "en",
            count=len(faults),
            one=one,
            other=other,
            area=f"{faults[0].area_m2:,.0f}",
            lon=f"{faults[0].lon:.6f}",
            lat=f"{faults[0].lat:.6f}",
        )
        warnings.warn(sentence, CellsOverlap, stacklevel=3)


def _levels(codes: npt.NDArray[np.object_], above: list[Any]) -> list[int]:
    """Return how deep each cell is, 1 for a root."""
    parent_of = dict(zip(codes, above, strict=True))
    levels = []
    for code in codes:
        level, step = 1, parent_of[code]
        while step is not None:
            level, step = level + 1, parent_of[step]
            if level > DEPTH:
                raise CellsRefused(reason="deep", value=code)
        levels.append(level)
    return levels
