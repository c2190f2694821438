"""Runs of equal labels in a sorted array, as slices."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt


def runs(labels: npt.NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
    """Yield each label of a sorted array with the slice where it stands.

    Examples
    --------
    >>> [(label, some.start, some.stop) for label, some in runs(np.array([3, 3, 5]))]
    [(3, 0, 2), (5, 2, 3)]
    """
    starts = np.flatnonzero(np.diff(labels, prepend=labels[:1] - 1))
    stops = np.append(starts[1:], len(labels))
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True) if len(labels) else ():
        yield int(labels[start]), slice(start, stop)
