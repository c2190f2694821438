"""The guide to boundary plans: its commands run in a row as they stand, its requests are known."""

import json
import re
import shlex
from pathlib import Path

import pytest
from pydantic import BaseModel

from api.access import ACCESS
from api.schemas.plan_requests import ApprovalBody, ExcuseBody, NewPlanBody, PlanReasonBody
from geo.access.roles import Role
from geo.grid.plans.lifecycle import STEPS, PlanState, Step
from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command
from tests.api.client import signed_in

GUIDE = (Path(__file__).parents[3] / "docs/guides/adjust-boundaries.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", GUIDE, flags=re.DOTALL)
SHELL = "\n".join(body for kind, body in BLOCKS if kind == "sh").replace("\\\n", " ")
# The community of the demo and its groups → those of the small town.
CODES = {"34060300200900101": "100B1", "34060300200900102": "100B2", "340603002009": "100B"}
BODIES: dict[str, type[BaseModel]] = {
    "plans": NewPlanBody,
    "excuse": ExcuseBody,
    "return": PlanReasonBody,
    "approve": ApprovalBody,
}


def lines(begin: str) -> list[list[str]]:
    """Return the words of the lines that begin so, without their remarks."""
    return [shlex.split(one, comments=True) for one in SHELL.splitlines() if one.startswith(begin)]


def in_town(said: str) -> str:
    for code, ours in CODES.items():
        said = said.replace(code, ours)
    return said


@pytest.mark.db
def test_the_commands_run(
    runtime: Runtime, wangge: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store(runtime)
    signed_in(runtime, Role.COMMUNITY_ADMIN, "100B", login="community_admin")
    signed_in(runtime, Role.STREET_DISPATCHER, "100", login="street_dispatcher")
    monkeypatch.chdir(tmp_path)
    (operations,) = [body for kind, body in BLOCKS if kind == "json"]
    Path("operations.json").write_text(in_town(operations), encoding="utf-8")

    ran = []
    for _, *words in lines("./wangge plan"):
        if "cells.gpkg" in words:  # edited in between with another program
            continue
        done = wangge(*map(in_town, words))
        if words[1] == "excuse":  # no size rule holds for the few cells of the town
            assert "100B1" in done.err
            assert "size rule" in done.err
        else:
            assert done.status == 0, (words, done.out, done.err)
        ran.append(words[1])

    assert ran == [
        "new", "apply", "check", "diff", "excuse", "submit", "publish", "publish", "revert",
    ]  # fmt: skip


def test_the_requests_are_those_of_the_api() -> None:
    shown = re.findall(r"^(POST|DELETE|PUT) +(/api/\S+)(.*)", GUIDE, flags=re.MULTILINE)
    typed = [words for words in lines("curl") if "POST" in words]
    sent = set()
    for verb, path, rest in shown:
        known = re.sub(r"/plans/\d+", "/plans/{id}", path)
        known = re.sub(r"/division/\d+", "/division/{job}", known)
        assert f"{verb} {known}" in ACCESS
        last, body = path.rpartition("/")[2], re.search(r"\{.*\}", rest)
        if body and last in BODIES:
            BODIES[last].model_validate_json(body[0])
            sent.add(last)
    for words in typed:
        if "-d" in words and (url := next(w for w in words if "/plans" in w)):
            BODIES[url.rpartition("/")[2]].model_validate(json.loads(words[words.index("-d") + 1]))
            assert any(word.startswith("Idempotency-Key: ") for word in words)
            assert "Authorization: Bearer $TOKEN" in words

    assert sent == set(BODIES)
    assert len(typed) == 2
    assert "../reference/api.md#conventions" in GUIDE


def test_its_diagram_says_which_plans_may_be_withdrawn_and_which_have_ended() -> None:
    withdrawn = {str(state) for state, step in STEPS if step is Step.WITHDRAW}
    ended = {*PlanState} - {state for state, _ in STEPS}

    (line,) = re.findall(r"^(.+) ──withdraw──▶ withdrawn$", GUIDE, flags=re.MULTILINE)
    assert set(line.split(", ")) == withdrawn
    assert ended == {PlanState.PUBLISHED, PlanState.WITHDRAWN}
    assert "\nPublished and withdrawn are for good" in GUIDE
