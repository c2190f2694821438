"""A tree of boxes over the cells, to find what lies near: eight boxes to a box, in Morton order.

``members`` names the cells in the order of the lowest boxes; ``boxes`` holds those, then the boxes
of eight of them, and so on up to one. Boxes are west, south, east, north in grid numbers.
"""

import numpy as np
import numpy.typing as npt

Int32s = npt.NDArray[np.int32]

FANOUT = 8
_MORTON_BITS = 16
# Masks that spread sixteen bits to every second one.
_SPREAD = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))


def boxes_of(vertices: Int32s, cells: Int32s) -> Int32s:
    """Return the boxes of cells, in their order; of a cell without vertices, some box.

    Parameters
    ----------
    vertices : (n, 2) int32, with a row behind the last one that a cell has
    cells : (m, 4) int32, first vertex and end of vertices in front
    """
    if not len(cells):
        return np.empty((0, 4), dtype=np.int32)
    order = np.argsort(cells[:, 0], kind="stable")
    # Every second bound ends a cell; what lies between cells is reduced too, and left out.
    bounds = cells[order][:, :2].reshape(-1)
    low = np.minimum.reduceat(vertices, bounds, axis=0)[::2]
    high = np.maximum.reduceat(vertices, bounds, axis=0)[::2]
    boxes = np.empty((len(cells), 4), dtype=np.int32)
    boxes[order] = np.concatenate([low, high], axis=1)
    return boxes


def tree_of(boxes: Int32s, present: npt.NDArray[np.bool_]) -> tuple[Int32s, Int32s]:
    """Return the members and the boxes of a tree over the cells that are present.

    Parameters
    ----------
    boxes : (m, 4) int32, of each cell
    present : (m,) bool

    Returns
    -------
    members : (k,) int32
    boxes : (j, 4) int32
    """
    members = np.flatnonzero(present).astype(np.int32)
    if not len(members):
        return members, np.empty((0, 4), dtype=np.int32)
    order = np.argsort(_morton(boxes[members]), kind="stable")
    levels = [boxes[members[order]]]
    while len(levels[-1]) > 1:
        levels.append(_grouped(levels[-1]))
    return members[order], np.concatenate(levels)


def _morton(boxes: Int32s) -> npt.NDArray[np.int64]:
    middle = (boxes[:, :2].astype(np.int64) + boxes[:, 2:]) // 2
    middle -= middle.min(axis=0)
    excess = max(int(middle.max()).bit_length() - _MORTON_BITS, 0)
    spread = middle >> excess
    for shift, mask in _SPREAD:
        spread = (spread | (spread << shift)) & mask
    return np.asarray(spread[:, 0] | (spread[:, 1] << 1), dtype=np.int64)


def _grouped(boxes: Int32s) -> Int32s:
    starts = np.arange(0, len(boxes), FANOUT)
    low = np.minimum.reduceat(boxes[:, :2], starts, axis=0)
    high = np.maximum.reduceat(boxes[:, 2:], starts, axis=0)
    return np.concatenate([low, high], axis=1)
