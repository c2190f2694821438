"""What happens to places."""

from dataclasses import dataclass

from geo.events import Event


@dataclass(frozen=True, slots=True)
class BuildingsMoved(Event):
    """Buildings came to lie in another cell, by a new point or new borders.

    Parameters
    ----------
    count : how many
    building_ids : which; None for any
    cell_ids : cells whose path they may have followed; None for any
    publication : that moved them; None when they moved by themselves
    """

    count: int
    building_ids: tuple[int, ...] | None = None
    cell_ids: tuple[int, ...] | None = None
    publication: int | None = None
