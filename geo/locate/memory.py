"""What a point resolves to by what is held in memory: the same values as ``locate`` from SQL."""

from datetime import datetime

from geo.crypto.fields import HasKeyring
from geo.locate.answer import Located, Point
from geo.locate.live import Sight
from geo.locate.snapshot import Snapshot
from geo.workforce.responsibility import OUTSIDE, WITHHELD, Team, team
from geo.workforce.roster import Place, with_phones
from geo.workforce.standing import Roster


def located(keys: HasKeyring, sight: Sight, point: Point, accuracy_m: float) -> Located:
    """Return the cells of a point, the team that answers there now, and how sure that is.

    The team of a past moment is withheld: who may be told it, is told by the database, which
    records that.

    Parameters
    ----------
    point : on the storage grid
    accuracy_m : how far off it may be
    """
    grid, lon, lat = sight.snapshot, point.lon, point.lat
    cell = grid.index.locate(lon, lat)
    if cell < 0:
        return Located(
            matched=False,
            version=grid.number,
            as_of=sight.moment,
            point=point,
            cells=(),
            team=Team((), OUTSIDE),
            boundary=None,
            nearest=grid.nearest(lon, lat),
        )
    chain = grid.chain(cell)
    return Located(
        matched=True,
        version=grid.number,
        as_of=sight.moment,
        point=point,
        cells=grid.steps(chain),
        team=(
            Team((), WITHHELD)
            if sight.roster is None
            else team_at(keys, grid, chain, sight.roster, sight.moment)
        ),
        boundary=grid.boundary(cell, lon, lat, accuracy_m),
        nearest=None,
    )


def team_at(
    keys: HasKeyring, grid: Snapshot, chain: tuple[int, ...], roster: Roster, moment: datetime
) -> Team:
    """Return who answers at a moment in the last cell of a chain, with their duty phones."""
    cells = {
        int(grid.cells.ids[row]): (grid.cells.code(row), int(grid.cells.levels[row]))
        for row in chain
    }
    return with_phones(keys, team(roster.duties(Place(cells=cells), moment)))
