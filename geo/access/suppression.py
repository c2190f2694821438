"""Counts of people as everybody may see them: nothing below five, nothing that adds up to it.

A count below five is not told, any other is rounded down to a multiple of five, so each number
stands for five values at least. Numbers that add up could still give one away: five groups that
are not told, below a cell that tells 20, hold four each. Therefore a cell never tells more than
its parts, each at its highest possible value, reach together less four: then whoever adds and
subtracts all that is told, and knows this rule, is left with every value of every number.

Why that is enough. Going up the tree, a cell's number ``f`` leaves its count anywhere from ``f``
to ``top``, and ``top - f`` is four or more: either ``f + 4``, or the sum of its parts' tops, which
the rule keeps four above ``f``. Going down again, a part is held from below by what its cell has
at least and its sisters have at most; that is never more than its own top less four. It is held
from above likewise. ``tests/geo/access/test_suppression.py`` tries all of it by brute force.

One tree of numbers at a time: what kinds of households a cell holds is a tree a kind, and their
total is the sum of the numbers told, never a rounding of its own, which would tie the trees
together. There is no filter to subtract by: a cell's number depends on its own subtree alone.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Counts = NDArray[np.int64]

# The step of rounding, and how many values beyond the lowest each number leaves open.
STEP = 5
SPREAD = STEP - 1
_UNBOUND = np.iinfo(np.int64).max // 2


def told(count: int) -> int | None:
    """Return a published count, or None for one that is not told.

    Examples
    --------
    >>> told(0), told(35)
    (None, 35)
    """
    return count or None


def public_counts(paths: Sequence[str], sums: Counts) -> Counts:
    """Return what everybody may know of the counts of a tree of cells.

    Parameters
    ----------
    paths : of each cell; a cell without another below it here is taken for a leaf, so every cell
        below one that is told must be among them
    sums : (n, k) int64, of each cell with all below it, one column a kind; each column is by itself

    Returns
    -------
    (n, k) int64: multiples of five, never above the truth; 0 is not told

    Examples
    --------
    >>> public_counts(["1.", "1.2.", "1.3."], np.array([[40], [37], [3]])).T.tolist()
    [[35, 35, 0]]
    """
    parents = _parents(paths)
    depths = np.array([path.count(".") for path in paths], dtype=np.int64)
    inner = np.zeros(len(paths), dtype=bool)
    inner[parents[parents >= 0]] = True
    published = np.zeros_like(sums)
    reach = np.zeros_like(sums)  # of each cell, the tops of its parts together
    for depth in sorted(set(depths.tolist()), reverse=True):
        rows = np.flatnonzero(depths == depth)
        most = np.where(inner[rows, None], reach[rows] - SPREAD, _UNBOUND)
        numbers = np.minimum(sums[rows], most) // STEP * STEP
        tops = np.where(numbers + STEP <= most, numbers + SPREAD, reach[rows])
        published[rows] = numbers
        below = parents[rows] >= 0
        np.add.at(reach, parents[rows][below], tops[below])
    return published


def public_frame(cells: pd.DataFrame, kinds: Sequence[str], alone: Sequence[str]) -> pd.DataFrame:
    """Return what everybody may know of a frame of cells.

    Parameters
    ----------
    cells : column ``path``, and columns of counts over each cell's subtree; as ``public_counts``
    kinds : columns that add up to ``households``
    alone : columns of their own, for instance ``persons``

    Returns
    -------
    DataFrame, index of ``cells``, Int64: ``households``, ``kinds`` and ``alone``; missing where
    nothing is told
    """
    columns = [*kinds, *alone]
    sums: Counts = cells[columns].to_numpy(dtype=np.int64)
    numbers: Any = pd.DataFrame(
        public_counts(cells["path"].tolist(), sums), columns=columns, index=cells.index
    )
    numbers.insert(0, "households", numbers[list(kinds)].sum(axis=1))
    return numbers.astype("Int64").mask(numbers == 0)


def _parents(paths: Sequence[str]) -> NDArray[np.int64]:
    """Return the place of each cell's parent among the paths; -1 for none."""
    places = {path: place for place, path in enumerate(paths)}
    above = [path[: path[:-1].rfind(".") + 1] for path in paths]
    return np.array([places.get(path, -1) for path in above], dtype=np.int64)
