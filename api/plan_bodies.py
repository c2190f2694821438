"""Bodies of boundary plans, for routes and commands alike: what stands beside a plan's own row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.schemas.plans import PEOPLE, PlanBody
from geo.grid.plans import store
from geo.grid.plans.model import BoundaryPlan


def bodies_of(session: Session, rows: Sequence[BoundaryPlan], current: int) -> list[PlanBody]:
    """Return the bodies of plans, with the names of people and the moments of publications.

    Parameters
    ----------
    current : the publication that holds now
    """
    codes = store.area_codes(session, [row.cell_id for row in rows])
    logins = {getattr(row, role) for row in rows for role in PEOPLE} - {None}
    told = (current, store.names_of(session, logins), store.moments_of(session, rows))
    return [PlanBody.of(row, codes.get(row.cell_id, ""), *told) for row in rows]
