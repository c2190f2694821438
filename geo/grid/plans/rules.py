"""How large a cell should be: a rule to explain a break of, never one that forbids. Pure.

Source: what cities commonly ask for, household groups of 30–50 households and grids of 300–500;
their own examples break it.
"""

from collections.abc import Mapping

# Level → least and most households of a leaf.
SIZES: Mapping[int, tuple[int, int]] = {4: (300, 500), 5: (30, 50)}


def size_fault(level: int, households: int) -> tuple[str, int] | None:
    """Return how a leaf breaks the size rule, with the bound; None when it keeps it.

    Land that nobody lives on keeps it: empty land has to be somebody's too.

    Examples
    --------
    >>> size_fault(5, 55), size_fault(5, 29), size_fault(5, 0), size_fault(3, 9_000)
    (('size_large', 50), ('size_small', 30), None, None)
    """
    if level not in SIZES or households == 0:
        return None
    least, most = SIZES[level]
    if households > most:
        return "size_large", most
    return ("size_small", least) if households < least else None
