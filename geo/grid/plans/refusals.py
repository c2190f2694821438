"""Why a plan cannot be worked on: somebody was faster, too much, too little, problems left."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.errors import Invalid, Outdated, Refused
from geo.grid.plans.checks import Problem
from geo.grid.plans.lifecycle import PlanState
from geo.grid.plans.model import BoundaryPlan, PlanOperation
from geo.grid.plans.wording import in_words
from geo.texts import Lang, text

_TOLD = 3


class PlanChanged(Outdated):
    """Somebody has changed the plan since the revision that was named.

    Parameters
    ----------
    since : the operations made and undone since, in order
    names : of those who made them, by login
    """

    code = "plan_changed"

    def __init__(
        self,
        plan: BoundaryPlan,
        revision: int,
        since: Sequence[PlanOperation],
        names: Mapping[str, str],
    ) -> None:
        super().__init__(revision=plan.revision, named=revision, state=plan.state)
        self.since = list(since)
        self._names = names
        self._stepped_by = _stepped_by(plan)

    def message(self, lang: Lang) -> str:
        """Return the sentence, with the last that was done since."""
        said = [self._said(row, lang) for row in self.since[-_TOLD:]]
        made = text("plans.since.mark", lang).join(said) or self._stepped(lang)
        state = text(f"plans.state.{self.facts['state']}", lang)
        return text(f"errors.{self.code}", lang, **{**self.facts, "state": state, "made": made})

    def details(self, lang: Lang) -> list[dict[str, Any]]:
        """Return what was done since, operation by operation, and by whom."""
        return [
            {"pointer": f"#/operations/{row.place - 1}", "detail": self._said(row, lang)}
            for row in self.since
        ]

    def _stepped(self, lang: Lang) -> str:
        """Return who took the plan to its state, when nothing was drawn."""
        login, state = self._stepped_by, self.facts["state"]
        if login is None:
            return text("plans.since.nothing", lang)
        by = self._names.get(login, login)
        return text(f"plans.since.{state}", lang, by=by)

    def _said(self, row: PlanOperation, lang: Lang) -> str:
        login = row.undone_by or row.made_by
        return text(
            f"plans.since.{'made' if row.undone_in is None else 'undone'}",
            lang,
            place=row.place,
            by=self._names.get(login, login),
            what=in_words(row.operation, lang),
        )


def _stepped_by(plan: BoundaryPlan) -> str | None:
    """Return who took a plan to its state; None of a draft."""
    ended = {PlanState.RETURNED: plan.ended_by, PlanState.WITHDRAWN: plan.ended_by}
    approved = {PlanState.APPROVED: plan.approver, PlanState.PUBLISHED: plan.approver}
    steps = {PlanState.SUBMITTED: plan.submitter, **approved, **ended}
    return steps.get(PlanState(plan.state))


class OperationsMany(Invalid):
    """A plan holds as many operations as one may."""

    code = "plan_operations_many"


class UndoBeyond(Invalid):
    """More operations would stay than there are."""

    code = "plan_undo_beyond"


class ExcuseNeedless(Refused):
    """A reason is given for a cell that breaks no size rule, or is not there."""

    code = "plan_excuse_needless"


class ProblemsOpen(Refused):
    """A plan has problems that must be mended or excused before it is submitted."""

    code = "plan_problems_open"

    def __init__(self, open_problems: Sequence[Problem]) -> None:
        codes = ", ".join(sorted({problem.code for problem in open_problems})[:20])
        super().__init__(count=len(open_problems), cells=codes)
        self.problems = list(open_problems)

    def details(self, lang: Lang) -> list[dict[str, Any]]:
        """Return each problem with its place."""
        return [
            {
                "cell": one.code,
                **({} if one.lon is None else {"lon": one.lon, "lat": one.lat}),
                "detail": text(f"plans.problem.{one.kind}", lang, code=one.code, **one.facts),
            }
            for one in self.problems
        ]
