"""The tables: which event causes what, what each kind of job does, which are prompt, which recur.

The order of handlers is the order of locks: cells, households, assignments.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from geo.checks import job as checks
from geo.grid import service as grid
from geo.grid.events import CellsRepublished, PublicationWritten
from geo.grid.plans import job as plans
from geo.grid.plans import publishing
from geo.grid.plans.divisions import KIND as DIVISION
from geo.grid.plans.service import PUBLISH
from geo.jobs.loop import Kinds
from geo.jobs.recurring import Recurring
from geo.jobs.service import RunningJob
from geo.oversight import jobs as oversight
from geo.people import service as people
from geo.places import service as places
from geo.places.events import BuildingsMoved
from geo.rotation import service as rotation
from geo.work import Handlers
from geo.workforce import service as workforce
from geo.workforce import succession

HANDLERS = Handlers(
    before_commit={
        CellsRepublished: (
            places.follow_cells,
            publishing.follow_cells,
            checks.follow_publication,
            grid.finish_publication,
        ),
        # Recorded by follow_cells, so it also runs for every publication.
        BuildingsMoved: (
            people.follow_buildings,
            succession.succeed_cells,
            workforce.follow_places,
        ),
        # Recorded after all that moves with the cells, so it runs last.
        PublicationWritten: (grid.take_effect,),
    },
)

JOBS: Kinds = {
    checks.KIND: checks.run_check,
    PUBLISH: plans.run_publication,
    DIVISION: plans.run_division,
    oversight.RETENTION: oversight.run_retention,
    oversight.UNUSUAL: oversight.run_unusual,
    rotation.ROTATION: rotation.run_rotation,
    rotation.RENEWAL: rotation.run_renewal,
}

# What is still to be done for a job that is run no more.
GIVEN_UP: Mapping[str, Callable[[Any, RunningJob], None]] = {PUBLISH: plans.give_up_publication}

# What has a moment, or somebody who waits, waits for no division.
PROMPT: Collection[str] = (PUBLISH,)

RECURRING: Sequence[Recurring] = oversight.RECURRING
