"""What an address can mean: the values that resolving gives back."""

from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """How narrow an answer is, the narrowest first."""

    UNIT = "unit"
    BUILDING = "building"
    ESTATE = "estate"
    STREET = "street"
    COMMUNITY = "community"
    TOWN = "town"


class PlaceKind(StrEnum):
    """What the answer is."""

    BUILDING = "building"
    ESTATE = "estate"
    STREET = "street"
    SITE = "site"  # school, park, works, gate …
    AREA = "area"  # a cell of the grid


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Parameters
    ----------
    code : of the building, estate or cell; empty for streets and sites
    address : standard address as one line
    path : of the narrowest cell that holds all of it; empty outside every cell or unknown
    lon, lat : where it counts as being, storage degrees
    building_id : of a building
    """

    kind: PlaceKind
    id: int
    code: str
    name: str
    address: str
    path: str
    lon: float
    lat: float
    building_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place an address may mean, and how well they agree.

    Parameters
    ----------
    score : 0 to 1
    precision : how narrow it is, with what the address says
    stairwell : within the building, if the address names one
    room : as on the door, if the address names one
    """

    place: Place
    score: float
    precision: Precision
    stairwell: int | None = None
    room: str = ""


class Doubt(StrEnum):
    """Why a person has to look."""

    NOTHING = "nothing"  # no name was known
    WEAK = "weak"  # too little agrees
    CUT = "cut"  # so short that other names begin so, too
    EQUAL = "equal"  # another place fits as well
    RELATIVE = "relative"  # beside, opposite, 50 m east of …
    NUMBER = "number"  # there is no such number


@dataclass(frozen=True, slots=True)
class Match:
    """What an address means.

    Parameters
    ----------
    candidates : the best first; empty when no name is known
    doubts : why a person has to look; none when the first candidate may be taken
    """

    text: str
    candidates: tuple[Candidate, ...]
    doubts: tuple[Doubt, ...]

    @property
    def needs_person(self) -> bool:
        """Whether the first candidate may not simply be taken."""
        return bool(self.doubts)

    @property
    def best(self) -> Candidate | None:
        """The first candidate."""
        return self.candidates[0] if self.candidates else None
