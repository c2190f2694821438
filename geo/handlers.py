"""Which event causes what: the one table. Order is lock order: cells, households, assignments."""

from geo.grid.events import CellsRepublished
from geo.people import service as people
from geo.places import service as places
from geo.places.events import BuildingsMoved
from geo.work import Handlers
from geo.workforce import service as workforce

HANDLERS = Handlers(
    before_commit={
        CellsRepublished: (places.follow_cells,),
        # Recorded by follow_cells, so it also runs for every publication.
        BuildingsMoved: (people.follow_buildings, workforce.follow_places),
    },
)
