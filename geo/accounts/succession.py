"""Roles in a cell that ends go on in the cells that got its ground, as the duties there do.

Whoever worked there goes on working. A cell that was merged goes on in the one it went into, one
that was parted in its parts; where borders were drawn anew, in the one that got most of the ground.
The plan that does so was drafted and approved by two people; each role is recorded as given and
taken back. What ended does not come back when the cell is restored.
"""

from collections.abc import Sequence

from sqlalchemy import select

from geo.accounts import store
from geo.accounts.grants import note_grant
from geo.accounts.model import RoleGrant
from geo.audit.actions import Action
from geo.db.sql import statement
from geo.work import Work


def succeed_grants(work: Work, cell_ids: Sequence[int], publication: int) -> None:
    """Let the roles in cells that ended go on in their successors.

    Parameters
    ----------
    cell_ids : cells that a publication changed or ended
    publication : its number
    """
    values = {"cell_ids": list(cell_ids), "now": work.now}
    found = work.session.scalars(statement("geo.accounts", "grants_of_ended"), values)
    if not (ended := list(found)):
        return
    store.take_turn(work.session)
    moved = {"ids": ended, "number": publication, "now": work.now}
    made = list(work.session.scalars(statement("geo.accounts", "succeed_grants"), moved))
    areas = work.session.execute(statement("geo.accounts", "grant_areas"), {"ids": made + ended})
    paths = {row.id: row.path for row in areas}
    for row in _rows(work, made):
        note_grant(work, Action.GRANT_ADD, row, area=paths[row.id])
    for row in _rows(work, ended):
        row.valid_to = max(work.now, row.valid_from)
        note_grant(work, Action.GRANT_END, row, area=paths[row.id])


def _rows(work: Work, ids: Sequence[int]) -> Sequence[RoleGrant]:
    query = select(RoleGrant).where(RoleGrant.id.in_(ids)).order_by(RoleGrant.id)
    return work.session.scalars(query).all()
