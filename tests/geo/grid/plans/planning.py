"""Plans on the small town of ``tests.world``: who drafts, who approves, how one is published."""

from collections.abc import Sequence
from typing import Any

from geo.access.actors import Actor, ActorKind
from geo.access.scope import Scope
from geo.grid.frames import tree
from geo.grid.plans import job, reading, service, store
from geo.grid.plans.kept import Drafts
from geo.grid.plans.opening import Desk, Opened, opened
from geo.grid.plans.publishing import PlanPublished
from geo.runtime import Runtime
from geo.work import Work
from tests import world

EDITOR, APPROVER = (Actor(name, Scope.everything(), ActorKind.SYSTEM) for name in ("zhou", "he"))


class Office:
    """Works on plans of one deployment, each step in a work of its own."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.drafts = Drafts()

    def begin(self, cell: str = "100", actor: Actor = EDITOR) -> int:
        with self.runtime.work(actor) as work:
            return service.begin_plan(work, cell, title="test").id

    def do(self, plan: int, *operations: dict[str, Any], actor: Actor = EDITOR) -> Opened:
        with self.runtime.work(actor) as work:
            return done(self.desk(work), plan, operations)

    def revision(self, plan: int) -> int:
        with self.runtime.work(EDITOR) as work:
            return store.plan_by_id(work.session, work.scope, plan).revision

    def excuse_all(self, plan: int) -> None:
        with self.runtime.work(EDITOR) as work:
            desk = self.desk(work)
            row = store.plan_by_id(work.session, work.scope, plan)
            for problem in service.problems_of(desk, opened(desk, row)):
                if problem.is_open:
                    service.excused(desk, plan, row.revision, problem.code, "a small town")

    def submit(self, plan: int, actor: Actor = EDITOR) -> None:
        self.excuse_all(plan)
        with self.runtime.work(actor) as work:
            row = store.plan_by_id(work.session, work.scope, plan)
            service.submitted(self.desk(work), plan, row.revision)

    def approve(self, plan: int, actor: Actor = APPROVER, moment: Any = None) -> None:
        with self.runtime.work(actor) as work:
            row = store.plan_by_id(work.session, work.scope, plan)
            service.approved(self.desk(work), plan, row.revision, moment)

    def publish(self, plan: int) -> PlanPublished | None:
        return job.publish_now(self.runtime, plan)

    def run(self, *operations: dict[str, Any], cell: str = "100") -> PlanPublished | None:
        """Begin, edit, submit, approve and publish a plan."""
        plan = self.begin(cell)
        self.do(plan, *operations)
        self.submit(plan)
        self.approve(plan)
        return self.publish(plan)

    def tree(self, number: int) -> Any:
        with self.runtime.work(EDITOR) as work:
            return tree(work.session, number)

    def desk(self, work: Work) -> Desk:
        return Desk(work, self.drafts)


def done(desk: Desk, plan: int, operations: Sequence[dict[str, Any]]) -> Opened:
    row = store.plan_by_id(desk.work.session, desk.work.scope, plan)
    read = reading.operations(list(operations), "wgs84")
    return service.edited(desk, plan, row.revision, read).opened


def line(*points: tuple[float, float]) -> list[list[float]]:
    """Return a line through places of the small town, as an operation has it."""
    return [[world.at(*point).x, world.at(*point).y] for point in points]
