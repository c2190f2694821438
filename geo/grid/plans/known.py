"""What operations look up besides the cells: codes, buildings, barriers, the grid as it was."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import geopandas as gpd
import shapely

from geo.grid.codes import CodePattern
from geo.grid.plans.draft import Base, Draft
from geo.grid.plans.operations import Operation
from geo.spatial.storage import Geometries

Done = tuple[Draft, Operation]


@dataclass(frozen=True, slots=True)
class BarrierLines:
    """Streets, rivers and rails.

    Parameters
    ----------
    shapes : (n,) lines or polygons, degrees, storage CRS
    told : kind (``street``, ``railway``, ``water``) and rank of each
    """

    shapes: Geometries
    told: tuple[tuple[str, int], ...]


class Known(Protocol):
    """Answers when it is asked: most operations need none of it."""

    @property
    def pattern(self) -> CodePattern:
        """How codes of new cells are made in this deployment."""

    def taken(self, codes: Collection[str]) -> frozenset[str]:
        """Return those of some codes that a cell bore in the base or ever before."""

    def taken_with(self, prefix: str) -> frozenset[str]:
        """Return the codes that begin with a text and that a cell bore in the base or before."""

    def stock(self) -> gpd.GeoDataFrame:
        """Return the buildings of the area, as ``store.stock_of``."""

    def barriers(self) -> Geometries:
        """Return the streets, rivers and rails of the area, (n,) lines or polygons."""

    def further(self, place: shapely.Geometry) -> Mapping[str, shapely.Geometry]:
        """Return the leaves outside the area that meet the box of a place, by code."""

    def past(self, number: int) -> Base:
        """Return the area as it was in an older publication."""
