"""The outcome of a check: counts, measures, every place where something is wrong. Plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere something is wrong.

    Parameters
    ----------
    kind : key of its sentence, ``check.<kind>``
    codes : the cells or buildings concerned
    lon, lat : a point to look at, storage CRS; None where there is none
    area_m2 : size of a gap, overlap or mismatch
    """

    kind: str
    codes: tuple[str, ...]
    lon: float | None = None
    lat: float | None = None
    area_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an area holds.

    Parameters
    ----------
    cells : level → number of cells
    residents : sum of the persons counted by household, until residents are stored one by one
    households_uncounted : households whose persons are not known
    """

    cells: dict[int, int]
    buildings: int
    households: int
    residents: int
    households_uncounted: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of a cell and all below it found.

    Parameters
    ----------
    cell_code, cell_name : the cell checked; empty for the whole forest
    version : publication number
    coverage_valid : leaves share every border vertex and do not overlap
    gap_m2, overlap_m2 : land nobody owns, and land owned twice
    nesting_m2 : by how much upper shapes differ from the union of their children
    buildings_outside : buildings outside every cell
    places : everything that is wrong, worst first within its kind
    """

    cell_code: str
    cell_name: str
    version: int
    counts: Counts
    coverage_valid: bool
    gap_m2: float
    overlap_m2: float
    nesting_m2: float
    buildings_outside: int
    places: tuple[Place, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.coverage_valid and not self.places
