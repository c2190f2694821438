"""The town at the scale of the default demo, built once for all tests of this folder."""

import pytest

from geo.demo.town import Scale, Town, build


@pytest.fixture(scope="session")
def town() -> Town:
    return build(Scale.STREET)
