"""From the tables of the grid to a snapshot of one publication, whole or by what has changed."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from geo.db.sql import statement
from geo.locate.cells import DEPTH, NO_ROW, Cells, Codes, Rows, cells_of, chains
from geo.locate.snapshot import Snapshot
from geo.spatial.index import build, refreshed
from geo.spatial.tiles.point_index import PointIndex

# Shapes are fetched so many at a time.
_BATCH = 2_000
# When more than one of so many cells is new, an index built anew is smaller and hardly later.
_REBUILT_FROM = 4


def loaded(session: Session, number: int) -> Snapshot:
    """Return the snapshot of a publication.

    Parameters
    ----------
    number : of a publication that was committed; one without cells gives an empty snapshot
    """
    cells = _cells(session, number)
    leaves = np.flatnonzero(cells.shape_ids).astype(np.int32)
    index = build(
        _shapes(session, cells.shape_ids[leaves]),
        [code.decode() for code in cells.codes[leaves].tolist()],
        ancestors=chains(cells.parents, leaves),
    )
    return Snapshot(number, cells, index)


def followed(session: Session, before: Snapshot, number: int) -> Snapshot | None:
    """Return the snapshot of another publication, made from one; None where most is different.

    Only shapes that are not the same in both are fetched and drawn. The given snapshot stays good.
    """
    cells = _cells(session, number)
    leaves = np.flatnonzero(cells.shape_ids).astype(np.int32)
    changed = leaves[~np.isin(cells.shape_ids[leaves], before.cells.shape_ids)]
    # A leaf that goes by another code now is another leaf to the index.
    changed = np.union1d(changed, leaves[~np.isin(cells.codes[leaves], before.index.codes)])
    known = before.index.codes
    gone = known[(known != b"") & ~np.isin(known, cells.codes[leaves])]
    if _REBUILT_FROM * (len(changed) + len(gone)) > len(leaves):
        return None
    index = refreshed(
        before.index,
        _shapes(session, cells.shape_ids[changed]),
        [code.decode() for code in cells.codes[changed].tolist()],
        gone=[code.decode() for code in gone.tolist()],
    )
    rows = _rows_by_code(cells, leaves, index.codes)
    return Snapshot(number, cells, _with_ancestors(index, chains(cells.parents, rows)))


def _cells(session: Session, number: int) -> Cells:
    rows = session.execute(statement("geo.locate", "cells"), {"number": number})
    return cells_of([tuple(row) for row in rows])


def _shapes(session: Session, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Return shapes in the order of their ids' places."""
    shapes = np.empty(len(ids), dtype=object)
    for begin in range(0, len(ids), _BATCH):
        wanted = ids[begin : begin + _BATCH].tolist()
        rows = session.execute(statement("geo.locate", "shapes"), {"ids": wanted}).all()
        found = dict(
            zip((row.id for row in rows), _geometries(row.geom for row in rows), strict=True)
        )
        for place, shape_id in enumerate(wanted, begin):
            shapes[place] = found[shape_id]
    return shapes


def _geometries(binary: Iterable[memoryview]) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.from_wkb([bytes(one) for one in binary]), dtype=object)


def _rows_by_code(cells: Cells, leaves: Rows, codes: Codes) -> Rows:
    """Return the leaf of each code, -1 for a code that no leaf bears."""
    order = leaves[np.argsort(cells.codes[leaves], kind="stable")]
    if not len(order):
        return np.full(len(codes), NO_ROW, dtype=np.int32)
    places = np.minimum(np.searchsorted(cells.codes[order], codes), len(order) - 1)
    found = order[places]
    return np.where(cells.codes[found] == codes, found, NO_ROW).astype(np.int32)


def _with_ancestors(index: PointIndex, ancestors: Rows) -> PointIndex:
    assert ancestors.shape[1] == DEPTH
    arrays = replace(index.arrays, ancestors=ancestors)
    return PointIndex(replace(index.stored, arrays=arrays))
