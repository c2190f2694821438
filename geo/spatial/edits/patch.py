"""What an edit changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely


@dataclass(frozen=True, slots=True)
class Patch:
    """The difference between a coverage before and after an edit.

    Parameters
    ----------
    shapes : code → polygon or multipolygon of each cell that is new or has other vertices; storage
        CRS, on the grid, normalised, so that the same edit gives the same bytes
    removed : codes of cells that are no more, sorted
    noded : those codes of ``shapes`` that only took over the vertex of a neighbour, sorted: the
        same land as before
    outline_moved_m2 : by how much a new vertex on the outer border moved it; 0 elsewhere
    """

    shapes: Mapping[str, shapely.Geometry]
    removed: tuple[str, ...] = ()
    noded: tuple[str, ...] = field(default=())
    outline_moved_m2: float = 0.0
