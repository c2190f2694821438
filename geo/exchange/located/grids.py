"""The grid and the roster that a whole file is held to: those of one moment, read once."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geo.access.actors import Actor, Reason
from geo.audit.actions import Action
from geo.audit.notes import Note, in_parts
from geo.grid import frames as grid_frames
from geo.grid import store as grid_store
from geo.grid.tree import leaves
from geo.locate.files import SnapshotFiles
from geo.locate.history import Works, publications, snapshot_of
from geo.locate.service import moment_asked
from geo.locate.snapshot import Snapshot
from geo.spatial.storage import Geometries
from geo.workforce.standing import Roster, standing_roster


@dataclass(frozen=True, slots=True)
class Grid:
    """What held at a moment.

    Parameters
    ----------
    as_of : the moment when the user named one, else None
    moment : that moment, else when it was read
    """

    snapshot: Snapshot
    roster: Roster
    as_of: datetime | None
    moment: datetime


def grid_at(works: Works, actor: Actor, folder: Path, zone: str, as_of: datetime | None) -> Grid:
    """Return the grid and the roster of a moment, now for None.

    Parameters
    ----------
    folder : for files that processes share
    zone : in which days of employment begin

    Raises
    ------
    MomentRefused, NothingPublished
        When it lies in the future, or before the first publication.
    """
    with works.work(actor, long=True, reading=True) as work:
        moment = moment_asked(work, as_of)
        number = grid_store.publication_at(work.session, moment).number
        known = publications(work.session)
        with work.elevated(Reason.DUTY_LOOKUP):
            roster = standing_roster(work.session, moment, zone)
    snapshot = snapshot_of(works, SnapshotFiles(folder), known, number, None)
    return Grid(snapshot, roster, as_of, moment)


def outline(works: Works, actor: Actor, number: int) -> Geometries:
    """Return the leaf cells of a publication, for the question which system data are in."""
    with works.work(actor, long=True, reading=True) as work:
        shapes: Geometries = leaves(grid_frames.tree(work.session, number)).geometry.to_numpy()
    return shapes


def note_told(works: Works, actor: Actor, grid: Grid, workers: set[int], *, file: str) -> None:
    """Record whose past duties a file tells; who answers now is public."""
    if grid.as_of is None or not workers:
        return
    note = Note(Action.WORKFORCE_READ, subject_kind="worker", reason=f"locate {file}")
    with works.work(actor, reading=True) as work:
        for part in in_parts(note, sorted(workers)):
            work.note(part)
