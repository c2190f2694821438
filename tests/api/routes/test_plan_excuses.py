"""Why a cell may break the size rule: what was said before is shown with what is asked now."""

import pytest

from geo.access.roles import Role
from tests.api.routes.conftest import Office
from tests.api.routes.test_plan_impact import GRIDS, REASON, published
from tests.api.routes.test_plans import Plan, line

pytestmark = pytest.mark.db

CUT = {"op": "split", "cell": "100A2002", "line": line((-0.5, 0.3), (1.5, 0.3))}


def test_the_reason_of_an_earlier_plan_is_shown_until_another_is_given(office: Office) -> None:
    secretary = office.of(Role.COMMUNITY_ADMIN, "100")
    first = Plan(secretary)
    first.do(GRIDS)
    published(office, first, office.of(Role.STREET_DISPATCHER, "100"))
    second = Plan(secretary)
    second.do(CUT)

    problems = {one["code"]: one for one in second.read("/problems")["problems"] if one["open"]}

    # The cell was drawn anew, so it is asked for again; the cell that the cut made has no past.
    assert problems["100A2002"]["earlier"] == {"reason": REASON, "publication": 2}
    assert REASON in problems["100A2002"]["detail"]
    (fresh,) = problems.keys() - {"100A2002"}
    assert problems[fresh]["earlier"] is None
    second.ask("POST", "/excuse", {"cell": "100A2002", "reason": "still one by itself"})
    excused = {one["code"]: one for one in second.read("/problems")["problems"]}["100A2002"]
    assert excused["open"] is False
    assert excused["reason"] == "still one by itself"
    assert REASON not in excused["detail"]
