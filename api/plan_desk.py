"""What routes of boundary plans share: the desk a plan lies on, and how it is shown."""

from collections.abc import Sequence
from dataclasses import asdict

from api.amending import tag_of
from api.errors import lang_of
from api.plan_bodies import bodies_of
from api.reading import Reading
from api.schemas.plan_changes import (
    ChangedCellBody,
    DifferenceBody,
    EditedBody,
    ImpactBody,
    LoadBody,
    PlanCoverageBody,
    ProblemBody,
)
from api.schemas.plans import PlanBody, PlanDetailBody
from geo.checks.outcomes import CheckState, outcome_of
from geo.grid.codes import CodePattern
from geo.grid.plans import service, store
from geo.grid.plans.checks import Problem, Weight
from geo.grid.plans.difference import difference, since
from geo.grid.plans.draft import Draft
from geo.grid.plans.impact import Impact, Load, loads, owners
from geo.grid.plans.kept import Drafts
from geo.grid.plans.model import BoundaryPlan
from geo.grid.plans.moving import kept_cells
from geo.grid.plans.opening import Desk, Opened, opened
from geo.grid.plans.rebasing import clashing
from geo.grid.plans.service import Edited
from geo.spatial.arcs import arcs_of


def desk_of(read: Reading) -> Desk:
    """Return the desk of a request: its transaction and what the process keeps."""
    drafts: Drafts = read.request.app.state.drafts
    return Desk(read.work, drafts, CodePattern.of(read.settings.code_pattern))


def plan_of(read: Reading, plan: int) -> Opened:
    """Return a plan with its draft, and name its revision in the answer's ETag."""
    found = opened(desk_of(read), store.plan_by_id(read.session, read.scope, plan))
    read.response.headers["ETag"] = tag_of(found.plan.revision)
    return found


def listed(read: Reading, rows: Sequence[BoundaryPlan]) -> list[PlanBody]:
    """Return the bodies of plans."""
    return bodies_of(read.session, rows, read.current)


def detail(read: Reading, plan: int) -> PlanDetailBody:
    """Return a plan with all that is in it, and name its revision in the answer's ETag."""
    row = store.plan_by_id(read.session, read.scope, plan)
    (body,) = listed(read, [row])
    operations = store.operations_of(read.session, plan)
    excuses = store.excuses_of(read.session, plan)
    stale = stale_in(read, plan_of(read, plan)) if body.published is None else []
    read.response.headers["ETag"] = tag_of(row.revision)
    check = outcome_of(read.session, body.published) if body.published else None
    return PlanDetailBody.whole(body, operations, excuses, stale, check)


def stale_in(read: Reading, found: Opened) -> list[str]:
    """Return the codes of cells that the plan changes and others have published since."""
    if found.plan.published is not None or found.plan.base == read.current:
        return []
    return sorted(clashing(desk_of(read), found))


def edit_shown(read: Reading, edited: Edited) -> EditedBody:
    """Return what an edit did, and name the new revision in the answer's ETag."""
    found = edited.opened
    changed, removed = since(edited.before, found.draft)
    stock = found.known.stock()
    held = loads(owners(found.draft, stock), stock)
    codes = [one.code for one in changed if found.draft.is_leaf(one.code)]
    read.response.headers["ETag"] = tag_of(found.plan.revision)
    return EditedBody(
        id=found.plan.id,
        revision=found.plan.revision,
        count=len(found.rows),
        changed=[ChangedCellBody.of(one) for one in changed],
        removed=removed,
        counts={code: LoadBody.model_validate(held.get(code, Load())) for code in codes},
        outline_moved_m2=round(found.draft.outline_moved_m2, 4),
        problems=problems_shown(read, found),
    )


def problems_shown(read: Reading, found: Opened) -> list[ProblemBody]:
    """Return the problems of a plan in the asker's language, and what was found after it."""
    lang = lang_of(read.request)
    found_after = checked_after(read, found.plan)
    every = [*found_after, *service.problems_of(desk_of(read), found)]
    return [ProblemBody.of(one, lang) for one in every]


def checked_after(read: Reading, plan: BoundaryPlan) -> list[Problem]:
    """Return what the check of everything found after a plan was published, as a problem of it."""
    check = outcome_of(read.session, plan.published) if plan.published else None
    if check is None or check.state not in (CheckState.BROKEN, CheckState.FAILED):
        return []
    names = store.area_codes(read.session, [plan.cell_id])
    facts = {**asdict(check), "publication": plan.published}
    return [Problem(f"check_{check.state}", Weight.ERROR, names[plan.cell_id], facts=facts)]


def difference_shown(read: Reading, found: Opened) -> DifferenceBody:
    """Return a plan beside the publication it begins from."""
    return DifferenceBody(
        revision=found.plan.revision,
        base=found.plan.base,
        current=read.current,
        stale=stale_in(read, found),
        cells=[ChangedCellBody.of(one) for one in difference(found.draft)],
    )


def impact_shown(read: Reading, found: Opened, moved: Impact | None) -> ImpactBody:
    """Return what a plan moves; None where that was not kept."""
    plan = found.plan
    if moved is None:
        return ImpactBody.unknown(plan.revision, plan.base)
    return ImpactBody.of(moved, plan.revision, plan.base)


def coverage_shown(read: Reading, found: Opened, *, published: bool) -> PlanCoverageBody:
    """Return the leaves of a plan's area as arcs, with what they hold."""
    base = found.base
    draft = Draft(base, base.cells, base.working) if published else found.draft
    codes = [code for code in draft.working.codes() if code in draft.cells]
    cells = [draft.cells[code] for code in codes]
    held = _held(read, found, draft, published=published)
    return PlanCoverageBody(
        revision=found.plan.revision,
        codes=codes,
        names=[cell.name for cell in cells],
        parents=[cell.parent for cell in cells],
        levels=[cell.level for cell in cells],
        buildings=[held.get(code, Load()).buildings for code in codes],
        households=[held.get(code, Load()).households for code in codes],
        arcs=arcs_of(draft.working.shapes(codes)).block(),
    )


def _held(read: Reading, found: Opened, draft: Draft, *, published: bool) -> dict[str, Load]:
    """Return what leaves hold; those that a published plan changed, what they held then."""
    stock = found.known.stock()
    held = loads(owners(draft, stock), stock)
    for cell in kept_cells(read.work, found.plan) if found.plan.published else ():
        then = cell.before if published else cell.after
        if then is not None:
            held[cell.code] = then
    return held
