"""Assigning: promoted once, estates follow their worker, one primary a target."""

import pandas as pd
import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.runtime import Runtime
from geo.workforce.service import PrimaryTaken, add_workers, assign
from tests import world

pytestmark = pytest.mark.db


def duty(worker: str, kind: str, code: str, *, primary: bool) -> pd.DataFrame:
    row = {
        "worker_code": worker, "post": "building_head", "target_kind": kind, "target_code": code,
        "stairwell": None, "is_primary": primary,
    }  # fmt: skip
    return pd.DataFrame([row])


def standing(runtime: Runtime) -> list[tuple[bool, str]]:
    query = text(
        "SELECT is_primary, path FROM assignment JOIN worker ON worker.id = worker_id"
        " WHERE post = 'building_head' AND valid_to IS NULL AND code = 'w2' ORDER BY 1"
    )
    with runtime.work(Actor.system("test")) as work:
        rows = work.session.execute(text(query.text.replace("path", "assignment.path", 1)))
        return [(row[0], row[1]) for row in rows]


def test_somebody_promoted_stands_once(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.work(Actor.system("test")) as work:
        assign(work, duty("w2", "building", "b1", primary=True))

    assert [primary for primary, _ in standing(runtime)] == [True]


def test_an_estates_duty_lies_where_its_worker_is_employed(runtime: Runtime) -> None:
    world.store(runtime)
    moved = world.workers().assign(cell_code="100B1")
    with runtime.work(Actor.system("test")) as work:
        assign(work, duty("w2", "estate", "e1", primary=False))
        add_workers(work, moved)

    paths = world.paths(runtime)
    assert {path for _, path in standing(runtime)} == {paths["100A2001"], paths["100B1"]}


def test_two_primaries_of_one_target_are_refused(runtime: Runtime) -> None:
    world.store(runtime)
    with pytest.raises(PrimaryTaken), runtime.work(Actor.system("test")) as work:
        assign(work, duty("w2", "cell", "100A2001", primary=True))
