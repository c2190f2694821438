"""The cells of one publication as arrays, which processes may share as files; knows no borders.

A cell is a *row* here, upper cells before lower ones, so a chain of rows from the root down rises.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.locate.answer import CellStep

Rows = npt.NDArray[np.int32]
Codes = npt.NDArray[np.bytes_]

NO_ROW = -1
# Levels of a chain, as deep as the tree may be.
DEPTH = 5


@dataclass(frozen=True, slots=True)
class Cells:
    """What people mean by the cells of one publication, in the order of level and code.

    Parameters
    ----------
    ids : (n,) int64
    levels : (n,) int8, 1 for a root
    parents : (n,) int32, the row of the cell one level up, -1 for a root
    codes : (n,) in UTF-8
    names, name_ends : uint8, the names in UTF-8 one after the other, and (n,) int64 where each ends
    shape_ids : (n,) int64, of a leaf the row of its shape, 0 for an upper cell
    """

    ids: npt.NDArray[np.int64]
    levels: npt.NDArray[np.int8]
    parents: Rows
    codes: Codes
    names: npt.NDArray[np.uint8]
    name_ends: npt.NDArray[np.int64]
    shape_ids: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.ids)

    def code(self, row: int) -> str:
        """Return the code of a cell."""
        code: bytes = self.codes[row]
        return code.decode()

    def name(self, row: int) -> str:
        """Return the name of a cell."""
        begin = int(self.name_ends[row - 1]) if row else 0
        return self.names[begin : int(self.name_ends[row])].tobytes().decode()

    def step(self, row: int) -> CellStep:
        """Return a cell as one step of a chain."""
        return CellStep(int(self.levels[row]), str(self.ids[row]), self.code(row), self.name(row))

    def path(self, chain: tuple[int, ...]) -> str:
        """Return the path of the last cell of a chain of rows; empty for no chain."""
        return "".join(f"{self.ids[row]}." for row in chain)

    def save(self, folder: Path) -> None:
        """Write each array to a file of the folder."""
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def load(cls, folder: Path) -> "Cells":
        """Return the cells in a folder, mapped: processes share the memory.

        Raises
        ------
        OSError, ValueError
            When a file is missing or none of ours.
        """
        arrays = {
            field.name: np.load(folder / f"{field.name}.npy", mmap_mode="r")
            for field in fields(cls)
        }
        return cls(**arrays)


def cells_of(rows: list[Any]) -> Cells:
    """Return cells from rows ``cell_id, code, name, level, parent_id, shape_id``, in their order.

    Parameters
    ----------
    rows : parents before children; ``shape_id`` is None for an upper cell

    Examples
    --------
    >>> found = cells_of([(7, "a", "甲", 1, None, None), (9, "a1", "乙", 2, 7, 3)])
    >>> found.name(1), found.parents.tolist(), found.path((0, 1))
    ('乙', [-1, 0], '7.9.')
    """
    ids, codes, names, levels, parents, shapes = zip(*rows, strict=True) if rows else ((),) * 6
    row_of = {cell: row for row, cell in enumerate(ids)}
    letters = [name.encode() for name in names]
    return Cells(
        ids=np.array(ids, dtype=np.int64),
        levels=np.array(levels, dtype=np.int8),
        parents=np.array([row_of.get(parent, NO_ROW) for parent in parents], dtype=np.int32),
        codes=np.array([code.encode() for code in codes], dtype="S" if codes else "S1"),
        names=np.frombuffer(b"".join(letters), dtype=np.uint8),
        name_ends=np.cumsum([len(name) for name in letters], dtype=np.int64),
        shape_ids=np.array([shape or 0 for shape in shapes], dtype=np.int64),
    )


def chains(parents: Rows, leaves: Rows) -> Rows:
    """Return the chain of each leaf, root first, filled up with -1.

    Parameters
    ----------
    parents : of all cells
    leaves : (n,) rows; -1 for a cell that is gone

    Returns
    -------
    (n, ``DEPTH``) int32

    Examples
    --------
    >>> chains(np.array([-1, 0, 0], dtype=np.int32), np.array([2, -1, 0], dtype=np.int32)).tolist()
    [[0, 2, -1, -1, -1], [-1, -1, -1, -1, -1], [0, -1, -1, -1, -1]]
    """
    upwards = np.full((DEPTH, len(leaves)), NO_ROW, dtype=np.int32)
    row = leaves
    for step in range(DEPTH):
        upwards[step] = row
        row = np.where(row < 0, NO_ROW, parents[row]) if len(parents) else row
    present = upwards >= 0
    # What is there moves to the front, the root first: a stable sort of absent behind present.
    order = np.argsort(~present[::-1], axis=0, kind="stable")
    return np.ascontiguousarray(np.take_along_axis(upwards[::-1], order, axis=0).T)
