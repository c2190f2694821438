"""The bounds of a division from what was asked for: a size, a number of cells, or both."""

import numpy as np

from geo.grid.division.model import Case, DivisionRefused, Oversized, Rules

LOW, HIGH = 30.0, 50.0
# Around the mean, where only a number of cells is asked for.
_SPREAD = 0.25


def rules_of(
    case: Case, low: float | None, high: float | None, count: int | None, oversized: str = "excuse"
) -> Rules:
    """Return the rules for a case.

    Parameters
    ----------
    case : Case
    low, high : bounds of a cell; None: 30 and 50, or within a quarter of the mean where a number of
        cells is asked for
    count : number of cells, None for as many as the bounds suggest
    oversized : ``excuse`` or ``split``

    Raises
    ------
    DivisionRefused
        When the bounds contradict each other, or the number of cells cannot be.
    """
    total = float(case.weights.sum())
    if count is not None and count < 1:
        raise DivisionRefused(reason="count", count=count, least=1, most=len(case.weights))
    if low is None and high is None and count is not None:
        mean = total / count
        low, high = np.floor(mean * (1.0 - _SPREAD)), np.ceil(mean * (1.0 + _SPREAD))
    low = LOW if low is None and (high is None or high >= LOW) else (low or 0.0)
    high = max(HIGH, low) if high is None else high
    if not (0.0 <= low <= high and 0.0 < high < np.inf):
        raise DivisionRefused(reason="bounds", low=low, high=high)
    if count is not None and not low * count <= total <= high * count:
        raise DivisionRefused(reason="count_bounds", count=count, low=low, high=high, total=total)
    return Rules(float(low), float(high), count, Oversized(oversized))
