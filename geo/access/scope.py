"""Which rows an actor sees: areas of the cell tree as ranges of the ``path`` column.

A path is the ids of a cell and its ancestors, root first, each followed by a dot. All of an area
is the bytewise range from its path up to the same path with ``/`` in place of the last dot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas an actor may see; no area means no row.

    Parameters
    ----------
    areas : disjoint path prefixes in order, or ``('*',)`` for everything; see ``of_areas``
    """

    areas: tuple[str, ...] = ()

    @classmethod
    def nothing(cls) -> "Scope":
        """Return the scope that sees no scoped row."""
        return cls()

    @classmethod
    def everything(cls) -> "Scope":
        """Return the scope that sees every row."""
        return cls((EVERYTHING,))

    @classmethod
    def of_areas(cls, paths: Iterable[str]) -> "Scope":
        """Return the scope of some cells and all below them; areas within others fall away."""
        kept: list[str] = []
        for path in sorted(set(paths)):
            if not path or not path.endswith("."):
                raise ValueError(f"not a cell path: {path!r}")
            if not kept or not path.startswith(kept[-1]):
                kept.append(path)
        return cls(tuple(kept))

    @property
    def setting(self) -> str:
        """The value of the transaction setting that the row policies read."""
        return "|".join(self.areas)

    @property
    def root(self) -> str:
        """Path of the narrowest cell that holds all areas; empty for everything, or for nothing.

        Examples
        --------
        >>> Scope.of_areas(["1.2.31.", "1.2.7."]).root
        '1.2.'
        >>> Scope.everything().root
        ''
        """
        if not self.areas or EVERYTHING in self.areas:
            return ""
        # In order, so what the first and the last share, all share.
        ends = zip(self.areas[0].split(".")[:-1], self.areas[-1].split(".")[:-1], strict=False)
        return "".join(f"{mine}." for mine, _ in takewhile(lambda pair: pair[0] == pair[1], ends))

    def covers(self, path: str) -> bool:
        """Return whether a cell, with all below it, lies in the areas; no path lies in none.

        Examples
        --------
        >>> Scope.of_areas(["1.2."]).covers("1.2.31."), Scope.of_areas(["1.2."]).covers("1.")
        (True, False)
        """
        if EVERYTHING in self.areas:
            return True
        return any(path.startswith(area) for area in self.areas)

    @property
    def ranges(self) -> list[tuple[str, str] | None]:
        """The half-open path ranges in order; None stands for all paths."""
        return [None if area == EVERYTHING else area_range(area) for area in self.areas]


def area_range(path: str) -> tuple[str, str]:
    """Return the half-open bytewise range that holds a cell's path and all below it."""
    return path, path[:-1] + "/"
