"""A new index after some cells changed, made from the one before: only their tiles are drawn again.

The new index shares with the old one what only grows: vertices, rings, records, nodes and lists are
added behind those that the old one knows. The top raster and what there is one of for each cell are
copied. So whoever still asks the old index gets the old answers.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.spatial.tiles.build import Borders, settle_cells
from geo.spatial.tiles.compiled import compiled, inner
from geo.spatial.tiles.layout import Stored, with_room
from geo.spatial.tiles.parts import NOTHING, Parts, Raster
from geo.spatial.tiles.point_index import PointIndex, build
from geo.spatial.tiles.sides import STRIDE
from geo.spatial.tiles.stretches import STRETCH, rows_until, stretches_of
from geo.spatial.tiles.tree import boxes_of, tree_of

Int32s = npt.NDArray[np.int32]
Letters = npt.NDArray[np.bytes_]

# Only one index may write behind what it shares with others.
_growing = threading.Lock()


class Change(NamedTuple):
    """What is different: cells with their new borders, known by code or new, and cells gone."""

    borders: Borders
    codes: Sequence[bytes]
    gone: Sequence[bytes] = ()
    ancestors: Int32s | None = None


def refreshed(index: PointIndex, change: Change) -> PointIndex:
    """Return an index with some cells changed, added or gone; the given one stays as it is.

    A known code keeps its number, a new one gets the next; a number is never used again. Codes to
    go that are not known are passed over. Where the new borders lie beyond the raster, everything
    is built anew.
    """
    with _growing:
        before = index.stored
        gone = _gone(index, change)
        numbers, order, letters = _numbered(index, change, gone)
        stored = _with_borders(before, change.borders, numbers, len(letters))
        old, boxes = _boxes(before, stored, np.concatenate([numbers, gone]), numbers)
        rank = np.full(len(letters), NOTHING, dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        members, tree = tree_of(boxes, (rank >= 0) & _drawn(stored.arrays.cells))
        arrays = replace(
            stored.arrays,
            rank=rank.reshape(-1, 1),
            codes=letters.view(np.uint8).reshape(len(letters), letters.itemsize),
            ancestors=_ancestors(before.arrays.ancestors, change, numbers, len(letters)),
            members=members.reshape(-1, 1),
            boxes=tree,
        )
        stored = replace(stored, arrays=arrays)
        stored.tail[:] = [stored.used]
        new = boxes[numbers[_drawn(arrays.cells[numbers])]]
        windows = _windows(np.concatenate([old, new]), stored.raster)
        if not _inside(windows, stored.raster):
            return rebuilt(PointIndex(stored))
        stored = _redrawn(stored, windows, order, boxes)
        stored.tail[:] = [stored.used]
        return PointIndex(stored)


def rebuilt(index: PointIndex) -> PointIndex:
    """Return an index of the same cells built anew, without what refreshes left behind."""
    arrays, used = index.arrays, index.used
    present = arrays.rank[:, 0] >= 0
    cells = np.where(present[:, None], arrays.cells, 0)
    counts, ring_counts = cells[:, 1] - cells[:, 0], cells[:, 3] - cells[:, 2]
    ends, ring_ends = np.cumsum(counts), np.cumsum(ring_counts)
    vertex = _ranges(cells[:, 0], counts)
    ring = _ranges(cells[:, 2], ring_counts)
    moved = np.repeat(ends - counts - cells[:, 0], ring_counts)
    borders = Borders(
        arrays.vertices[: used.vertices][vertex],
        (arrays.rings[ring, 0] + moved).astype(np.int32),
        np.column_stack([ends - counts, ends, ring_ends - ring_counts, ring_ends]).astype(np.int32),
    )
    again = build(
        borders, index.codes.tolist(), ancestors=arrays.ancestors, preset=index.stored.preset
    )
    rank = np.where(present, again.arrays.rank[:, 0], -1).astype(np.int32)
    kept = replace(again.arrays, rank=rank.reshape(-1, 1))
    return PointIndex(replace(again.stored, arrays=kept))


def _ranges(first: Int32s, counts: Int32s) -> npt.NDArray[np.int64]:
    """Return first, first + 1, …, as many as counted, one range after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)


def _numbered(index: PointIndex, change: Change, gone: Int32s) -> tuple[Int32s, Int32s, Letters]:
    """Return the changed cells' numbers, all present cells by code, and every cell's code."""
    known, order = index.codes, _by_code(index)
    texts = np.array(change.codes, dtype="S") if len(change.codes) else np.empty(0, dtype="S1")
    numbers = _numbers_of(texts, known, order)
    fresh = np.flatnonzero(numbers < 0)
    numbers[fresh] = len(known) + np.arange(len(fresh), dtype=np.int32)
    letters = np.concatenate([known, texts[fresh]])
    order = order[~np.isin(order, gone)]
    letters[gone] = b""
    by_code = fresh[np.argsort(texts[fresh], kind="stable")]
    places = np.searchsorted(letters[order], texts[by_code])
    return numbers, np.insert(order, places, numbers[by_code]).astype(np.int32), letters


def _by_code(index: PointIndex) -> Int32s:
    rank = index.arrays.rank[:, 0]
    present = np.flatnonzero(rank >= 0).astype(np.int32)
    return present[np.argsort(rank[present], kind="stable")]


def _numbers_of(texts: Letters, known: Letters, order: Int32s) -> Int32s:
    """Return the numbers of codes, -1 for those not known."""
    if not len(order):
        return np.full(len(texts), NOTHING, dtype=np.int32)
    places = np.minimum(np.searchsorted(known[order], texts), len(order) - 1)
    found = order[places]
    return np.where(known[found] == texts, found, NOTHING).astype(np.int32)


def _gone(index: PointIndex, change: Change) -> Int32s:
    if not len(change.gone):
        return np.empty(0, dtype=np.int32)
    numbers = _numbers_of(np.array(change.gone, dtype="S"), index.codes, _by_code(index))
    return numbers[numbers >= 0]


def _with_borders(before: Stored, borders: Borders, numbers: Int32s, total: int) -> Stored:
    """Return an index with the new borders written behind the old ones, free to be added to."""
    arrays, used, free = before.arrays, before.used, before.tail == [before.used]
    count, ring_count = len(borders.vertices), len(borders.rings)
    until = rows_until(used.vertices + count, used.rings + ring_count)
    grown: dict[str, Any] = {
        name: with_room(getattr(arrays, name), getattr(used, name), rows, free=free)
        for name, rows in {
            **dict.fromkeys(("nodes", "records", "lists"), 0),
            "vertices": count + STRIDE + 1,
            "rings": ring_count,
            "stretches": until - used.stretches + STRETCH,
        }.items()
    }
    grown["vertices"][used.vertices : used.vertices + count] = borders.vertices
    grown["rings"][used.rings : used.rings + ring_count, 0] = borders.rings + used.vertices
    grown["stretches"][used.stretches : until] = stretches_of(
        grown["vertices"][used.vertices :],
        borders.rings,
        vertex=used.vertices,
        ring=used.rings,
    )
    cells = np.zeros((total, 4), dtype=np.int32)
    cells[: len(arrays.cells)] = arrays.cells
    shift = np.array([used.vertices, used.vertices, used.rings, used.rings], dtype=np.int32)
    cells[numbers] = borders.cells + shift
    return replace(
        before,
        arrays=replace(arrays, cells=cells, **grown),
        used=replace(
            used,
            vertices=used.vertices + count,
            rings=used.rings + ring_count,
            stretches=until,
        ),
        tail=before.tail if free else [],
    )


def _drawn(cells: Int32s) -> npt.NDArray[np.bool_]:
    return np.asarray(cells[:, 1] > cells[:, 0])


def _boxes(
    before: Stored, stored: Stored, touched: Int32s, numbers: Int32s
) -> tuple[Int32s, Int32s]:
    """Return the boxes that touched cells had, and those that every cell has now."""
    boxes = np.zeros((len(stored.arrays.cells), 4), dtype=np.int32)
    members = before.arrays.members[:, 0]
    boxes[members] = before.arrays.boxes[: len(members)]
    old = boxes[touched[np.isin(touched, members)]]
    drawn = numbers[_drawn(stored.arrays.cells[numbers])]
    boxes[drawn] = boxes_of(stored.arrays.vertices, stored.arrays.cells[drawn])
    return old, boxes


def _windows(boxes: Int32s, raster: Raster) -> npt.NDArray[np.int64]:
    """Return the first and last column and row of the tiles that boxes meet, (n, 4)."""
    low = boxes[:, :2].astype(np.int64) - (raster.west, raster.south)
    high = boxes[:, 2:].astype(np.int64) - (raster.west, raster.south)
    # A border on the side of a tile touches the tile before it too, if there is one.
    first = np.where(low == 0, low, low - 1) >> raster.shift
    return np.concatenate([first, high >> raster.shift], axis=1)


def _inside(windows: npt.NDArray[np.int64], raster: Raster) -> bool:
    return bool((windows >= 0).all() and (windows[:, 2:] < (raster.columns, raster.rows)).all())


def _redrawn(
    stored: Stored, windows: npt.NDArray[np.int64], order: Int32s, boxes: Int32s
) -> Stored:
    """Return an index whose tiles in the windows are drawn again."""
    raster, arrays, used = stored.raster, stored.arrays, stored.used
    wanted = np.zeros((raster.rows, raster.columns), dtype=np.bool_)
    root = arrays.root.copy()
    for west, south, east, north in windows.tolist():
        wanted[south : north + 1, west : east + 1] = True
        root[south : north + 1, west : east + 1] = NOTHING
    extents, whole = _extents(windows, raster)
    near = _meeting(boxes, order, extents, whole)
    counts = np.array([used.records, used.nodes, used.lists], dtype=np.int64)
    parts, levels = settle_cells(
        arrays.vertices,
        Borders(arrays.vertices, arrays.rings.reshape(-1), arrays.cells),
        order[near],
        arrays.rank.reshape(-1),
        raster,
        root,
        wanted=wanted,
        preset=stored.preset,
        parts=Parts(arrays.records, arrays.nodes, arrays.lists, counts),
    )
    records, nodes, lists = parts.used.tolist()
    return replace(
        stored,
        arrays=replace(
            arrays, root=root, records=parts.records, nodes=parts.nodes, lists=parts.lists
        ),
        used=replace(used, records=records, nodes=nodes, lists=lists),
        levels=max(stored.levels, levels),
    )


def _extents(
    windows: npt.NDArray[np.int64], raster: Raster
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return windows in grid numbers, west, south, east, north, and what holds them all."""
    low = (windows[:, :2] << raster.shift) + (raster.west, raster.south)
    high = ((windows[:, 2:] + 1) << raster.shift) + (raster.west, raster.south)
    if not len(windows):
        return np.empty((0, 4), dtype=np.int64), np.zeros((1, 4), dtype=np.int64)
    whole = np.concatenate([low.min(axis=0), high.max(axis=0)])
    return np.concatenate([low, high], axis=1), whole.reshape(1, 4)


@compiled
def _meeting(
    boxes: np.ndarray, order: np.ndarray, extents: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """Return which cells of an order have a box that meets one of the extents.

    ``whole`` is the extent of them all, (1, 4).
    """
    result = np.zeros(order.shape[0], np.bool_)
    for place in range(order.shape[0]):
        if not _meets(boxes, order[place], whole, 0):
            continue
        for index in range(extents.shape[0]):
            if _meets(boxes, order[place], extents, index):
                result[place] = True
                break
    return result


@inner
def _meets(boxes: np.ndarray, box: int, extents: np.ndarray, extent: int) -> bool:
    return (
        (boxes[box, 0] <= extents[extent, 2])
        & (boxes[box, 2] >= extents[extent, 0])
        & (boxes[box, 1] <= extents[extent, 3])
        & (boxes[box, 3] >= extents[extent, 1])
    )


def _ancestors(known: Int32s, change: Change, numbers: Int32s, total: int) -> Int32s:
    result = np.full((total, known.shape[1]), NOTHING, dtype=np.int32)
    result[: len(known)] = known
    if change.ancestors is not None:
        result[numbers] = change.ancestors
    return result
