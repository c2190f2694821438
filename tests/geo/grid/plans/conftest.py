"""An office on a small town of its own, for tests of plans."""

import pytest

from geo.runtime import Runtime
from tests.geo.grid.plans.planning import Office


@pytest.fixture
def office(small_town: Runtime) -> Office:
    return Office(small_town)
