"""The grid that a batch is asked of: what is in memory, the same for all of its rows."""

from datetime import datetime

import anyio
from anyio import to_thread
from starlette.datastructures import State

from api.batches.refusals import GridNotHeld
from geo.grid.store import NothingPublished
from geo.locate.live import Live, Sight, read_sight
from geo.runtime import Runtime

# How long a grid is waited for while it is read: a past one, and the present one by a process that
# has just started; and how often it is looked for.
_WAIT_S, _LOOK_S = 15.0, 0.05


async def sight_of(state: State, runtime: Runtime, as_of: datetime | None) -> Sight:
    """Return what a batch is answered from.

    Raises
    ------
    GridNotHeld
        When it is not in memory in time.
    NothingPublished
        When no grid was in effect at the moment.
    """
    live: Live | None = state.live
    if live is None:
        # A process that holds no grid, for instance in tests.
        return await to_thread.run_sync(read_sight, runtime, runtime.settings.time_zone, as_of)
    with anyio.move_on_after(_WAIT_S):
        while True:
            found = live.sight(as_of)
            if found is not None:
                return found
            held = live.held
            moment = as_of or live.now()
            if held is not None and not held.publications.at(moment):
                raise NothingPublished(moment, min(held.publications.instants, default=None))
            await anyio.sleep(_LOOK_S)
    raise GridNotHeld()
