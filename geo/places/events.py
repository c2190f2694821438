"""What happens to places."""

from dataclasses import dataclass

from geo.events import Event


@dataclass(frozen=True, slots=True)
class BuildingsMoved(Event):
    """Buildings came to lie in another cell, by a new point or new borders.

    Parameters
    ----------
    count : how many
    """

    count: int
