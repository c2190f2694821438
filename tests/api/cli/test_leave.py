"""``wangge leave`` as the operator meets it."""

import json

import pytest

from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def town(runtime: Runtime) -> Runtime:
    world.store(runtime)
    return runtime


def test_a_leave_is_entered_listed_and_ended(wangge: Command) -> None:
    added = json.loads(wangge("leave", "add", "w1", "--substitute", "w2", "--json").out)

    assert (added["worker"]["name"], added["substitute"]["name"]) == ("沈知夏", "骆平川")
    assert (added["away"], added["ends_at"]) == (True, None)
    (line,) = wangge("leave", "list").out.splitlines()
    assert line.split()[:4] == [added["id"], "away", "沈知夏", "w1"]
    assert line.endswith("→ 骆平川 w2")

    assert "沈知夏 is back" in wangge("leave", "end", added["id"]).out
    assert json.loads(wangge("leave", "list", "--json").out) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("add", "nobody"), "nobody"),
        (("add", "w1", "--substitute", "w1"), "stand in for themselves"),
        (("add", "w1", "--ends", "2020-01-01"), "a leave cannot last"),
        (("add", "w1", "--begins", "明天"), "明天"),
        (("end", "999"), "999"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(
    wangge: Command, options: tuple[str, ...], said: str
) -> None:
    refused = wangge("leave", *options)

    assert refused.status == 2
    assert said in refused.err
    assert json.loads(wangge("leave", "list", "--json").out) == []
