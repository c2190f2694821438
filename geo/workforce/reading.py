"""Use cases that give out workers and assignments: each notes whom it named."""

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.paging import Page, Slice
from geo.work import Work
from geo.workforce import store
from geo.workforce.store import AssignmentFilter, AssignmentRow, WorkerFilter, WorkerRow

KIND = "worker"


def list_workers(work: Work, number: int, wanted: WorkerFilter, page: Page) -> Slice[WorkerRow]:
    """Return one page of workers with their duty phones.

    Parameters
    ----------
    number : publication whose codes name the cells
    """
    found = store.workers(work.session, work.scope, number, wanted, page)
    work.gave(Action.WORKFORCE_LIST, KIND, found.rows, area=wanted.area)
    return Slice([store.with_phone(work, row) for row in found.rows], found.after)


def read_worker(work: Work, code: str, number: int) -> WorkerRow:
    """Return one worker with the duty phone.

    Raises
    ------
    WorkerUnknown
        When there is none within the actor's areas.
    """
    row = store.worker_by_code(work.session, work.scope, code, number)
    work.gave(Action.WORKFORCE_READ, KIND, [row], area=row.path)
    return store.with_phone(work, row)


def list_assignments(
    work: Work, number: int, wanted: AssignmentFilter, page: Page
) -> Slice[AssignmentRow]:
    """Return one page of assignments; who is employed beyond the actor's areas is not named."""
    found = store.assignments(work.session, work.scope, number, wanted, page)
    named = sorted({row.worker_id for row in found.rows if row.worker_id is not None})
    note = Note(
        Action.WORKFORCE_LIST,
        subject_kind=KIND,
        subjects=tuple(named),
        count=len(found.rows),
        area=work.scope.root if wanted.area is None else wanted.area,
    )
    work.note(note)
    return found


def read_assignment(work: Work, number: int, id: int) -> AssignmentRow:
    """Return one assignment, standing or ended.

    Raises
    ------
    AssignmentUnknown
        When there is none within the actor's areas.
    """
    row = store.assignment_row(work.session, work.scope, number, id)
    named = () if row.worker_id is None else (row.worker_id,)
    work.note(Note(Action.WORKFORCE_READ, subject_kind=KIND, subjects=named, area=row.path))
    return row
