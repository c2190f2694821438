"""What stood in one another's way is tried again, a few times; anything else is raised at once."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from geo.access.actors import Actor
from geo.runtime import DatabaseUnset, Runtime
from geo.settings import Settings
from geo.work import Work

pytestmark = pytest.mark.db

ACTOR = Actor.system("test")


class Failing:
    """A use case that PostgreSQL refuses with a state, some times."""

    def __init__(self, sqlstate: str, times: int) -> None:
        self.sqlstate, self.left, self.turns = sqlstate, times, 0

    def __call__(self, work: Work) -> str:
        self.turns += 1
        if self.left:
            self.left -= 1
            raised = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{self.sqlstate}'; END $$"
            work.session.execute(text(raised))
        return "done"


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_what_was_in_anothers_way_passes_at_the_third_try(
    shared_runtime: Runtime, sqlstate: str
) -> None:
    use_case = Failing(sqlstate, times=2)

    assert (shared_runtime.attempt(ACTOR, use_case), use_case.turns) == ("done", 3)


def test_tries_are_bounded(shared_runtime: Runtime) -> None:
    use_case = Failing("40001", times=9)
    with pytest.raises(OperationalError):
        shared_runtime.attempt(ACTOR, use_case)

    assert use_case.turns == 3


def test_a_fault_of_ours_is_not_tried_again(shared_runtime: Runtime) -> None:
    use_case = Failing("42P01", times=9)
    with pytest.raises(ProgrammingError):
        shared_runtime.attempt(ACTOR, use_case)

    assert use_case.turns == 1


def test_a_runtime_needs_a_database() -> None:
    with pytest.raises(DatabaseUnset):
        Runtime(Settings(database_url=None))
