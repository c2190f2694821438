"""Who answers when a cell ends: its workers go on in the cells that got its ground.

Nobody is left answering for a cell that is no more, and no ground without those who knew it. What
their accounts may do there goes with it: ``geo.accounts.succession``.
"""

from geo.accounts.succession import succeed_grants
from geo.audit.actions import Action
from geo.audit.notes import Note, in_parts
from geo.db.sql import statement
from geo.events import Event
from geo.places.events import BuildingsMoved
from geo.work import Work


def succeed_cells(work: Work, event: Event) -> None:
    """Let workers, their duties and roles go on in the cells that succeed those that ended."""
    assert isinstance(event, BuildingsMoved)
    if event.publication is None or not event.cell_ids:
        return
    values = {"cell_ids": list(event.cell_ids), "number": event.publication, "now": work.now}
    session = work.session
    session.execute(statement("geo.workforce", "succeed_workers"), values)
    made = session.scalars(statement("geo.workforce", "succeed_assignments"), values).all()
    ended = session.scalars(statement("geo.workforce", "end_of_cells"), values).all()
    for action, ids in ((Action.WORKFORCE_ASSIGN, made), (Action.WORKFORCE_DISMISS, ended)):
        if ids:
            for note in in_parts(Note(action, subject_kind="assignment"), ids):
                work.note(note)
    succeed_grants(work, event.cell_ids, event.publication)
