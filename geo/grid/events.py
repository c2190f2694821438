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

    Parameters
    ----------
    number : the publication
    cell_ids : cells whose version or owned shape is new, or that stopped being leaves
    """

    number: int
    cell_ids: tuple[int, ...]
