"""What happens to the grid."""

from dataclasses import dataclass

from geo.events import Event


@dataclass(frozen=True, slots=True)
class PublicationWritten(Event):
    """Everything a publication moves is written; it takes effect with the commit that follows.

    Parameters
    ----------
    number : the publication
    """

    number: int


@dataclass(frozen=True, slots=True)
class CellsRepublished(Event):
    """A publication took effect: cells came, changed their meaning or their shape.

    What others own moves in the same transaction: buildings, then households, then assignments.
    Whoever acts looks at what these cells hold, not at everything.

    Parameters
    ----------
    number : the publication
    cell_ids : cells whose version or owned shape is new, that stopped being leaves, or ended
    drawn_ids : cells whose shape is new, be it by a neighbour's vertex, or that ended: where a
        building lies is to be looked at again
    """

    number: int
    cell_ids: tuple[int, ...]
    drawn_ids: tuple[int, ...]
