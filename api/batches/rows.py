"""Rows of a batch on their way from a body to the grid."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from geo.locate.batch import Column, Flaw, Flaws
from geo.locate.columns import accuracy_flaws, joint

# Of one body, and at a time.
ROWS_MAX = 10_000_000
CHUNK_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a batch.

    Parameters
    ----------
    first : number of the first, counted from 1
    lon, lat : (n,) float64, NaN where nothing can be read
    accuracy_m : (n,) float64, where rows say how far off they may be
    flaws : (n,) ``geo.locate.batch.Flaw``
    ids : (n,) as they came, where rows have any
    """

    first: int
    lon: Column
    lat: Column
    accuracy_m: Column | None
    flaws: Flaws
    ids: pa.Array | None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.lon)


# A column of numbers and what is wrong with each.
Numbers = tuple[Column, Flaws]
Stream = Iterator[Rows]


def rows_of(
    first: int, lon: Numbers, lat: Numbers, accuracy_m: Numbers | None, ids: pa.Array | None
) -> Rows:
    """Return rows from their columns; an accuracy that is empty is none."""
    flaws = joint(lon[1], lat[1])
    if accuracy_m is not None:
        flaws = joint(flaws, accuracy_flaws(accuracy_m[1]))
    return Rows(first, lon[0], lat[0], None if accuracy_m is None else accuracy_m[0], flaws, ids)


def numbers_of(values: pa.Array) -> Numbers:
    """Return a column of numbers; null is what is missing."""
    missing = np.asarray(values.is_null()) if values.null_count else np.zeros(len(values), bool)
    found = values.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    return found, np.where(missing, Flaw.MISSING, Flaw.NONE).astype(np.int8)
