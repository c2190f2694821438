"""Whichever check of access is left out, the matrix notices: one process a mutant."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from geo.runtime import Runtime
from tests.access.conftest import Made
from tests.access.guards import without_policies
from tests.access.mutants import ROOT, Mutant, mutants
from tests.databases import Databases

pytestmark = pytest.mark.db

# One of each kind, for every run of CI.
SAMPLE = ("ranges_within(scope, wanted.area)", "P.PEOPLE_READ")
SURVIVED = "survived"
# May be left out without anybody noticing, each with the reason why that is no hole.
HARMLESS: dict[str, str] = {
    "api/map_pages.py own_map: asker.actor.may(Permission.PEOPLE_READ)": (
        "a map leads to a page that refuses whoever may not read people"
    ),
    "api/public_maps.py wish_of: asker.actor.may(Permission.TEAM_READ)": (
        "a map asks who answers at a place, and is not told"
    ),
    "api/public_maps.py _address: asker.actor.may(Permission.MAP_READ)": (
        "by which address a public map leads to others"
    ),
    "api/points.py _then: asker.actor.areas(Permission.TEAM_READ).covers(path)": (
        "whoever may be told the team of then is sent the long way, and is asked again there"
    ),
    "api/points.py _then: asker.actor.areas(Permission.TEAM_READ)": (
        "whoever may be told the team of then is sent the long way, and is asked again there"
    ),
    "api/routes/pages.py _revealed: actor.reveals(area)": (
        "which buttons a page has: what they ask for is refused to whoever may not see it"
    ),
    "geo/workforce/store.py codes_by_id: is_within(Worker.path, scope)": (
        "codes of workers by their ids are asked for as duty facts alone, in a scope of everything"
    ),
    "geo/workforce/store.py assignment_by_id: is_within(Assignment.path, scope)": (
        "what was ended is read again in the own areas for the answer, else all of it is undone"
    ),
    "geo/people/sql/occupancy_by_leaf.sql : path >= :low AND path < :high": (
        "counts of other leaves are read, and added to no cell that is asked about"
    ),
}


@dataclass(frozen=True)
class Laboratory:
    """Tries mutants on copies of the deployment without row policies."""

    databases: Databases
    template: str

    def survives(self, mutant: Mutant) -> bool:
        """Return whether the matrix is walked without a wrong answer."""
        return self.story_of(mutant.name) == SURVIVED

    def story_of(self, name: str, near: str = "") -> str:
        """Return the first wrong answer of a mutant, or that there is none.

        Parameters
        ----------
        name : empty for the code as it is
        near : part of a route that is asked before all others
        """
        database = self.databases.create(template=self.template)
        settings = self.databases.settings(database)
        urls = (str(settings.database_url), str(settings.database_owner_url))
        command = [sys.executable, "-m", "tests.access.mutant", name, near, *urls]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.databases.drop(database)
        # A mutant that does not even run is caught, but not by us: that would be a fault here.
        assert done.stdout, f"{name}\n{done.stderr[-2000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def laboratory(databases: Databases, made: Made) -> Iterator[Laboratory]:
    name = databases.create(template=made.name)
    runtime = Runtime(databases.settings(name))
    without_policies(runtime)
    runtime.close()
    yield Laboratory(databases, name)
    databases.drop(name)


def test_there_is_a_mutant_for_each_kind_of_check() -> None:
    found = [mutant.was.partition("(")[0].rpartition(".")[2] for mutant in mutants()]

    assert {"ranges_within", "in_range", "is_within", "acting", "may", "masked"} <= set(found)
    assert len(found) > 90
    assert set(HARMLESS) <= {mutant.check for mutant in mutants()}


@pytest.mark.long
@pytest.mark.parametrize("was", SAMPLE)
def test_a_check_left_out_is_noticed(laboratory: Laboratory, was: str) -> None:
    mutant = next(mutant for mutant in mutants() if mutant.was.endswith(was))

    assert not laboratory.survives(mutant)


@pytest.mark.long
@pytest.mark.parametrize("near", ["", "/households", "/data-requests", "/workers", "/maps"])
def test_with_nothing_left_out_nothing_is_noticed(laboratory: Laboratory, near: str) -> None:
    assert laboratory.story_of("", near) == SURVIVED


@pytest.mark.long
def test_every_check_left_out_is_noticed(
    laboratory: Laboratory, record_property: Callable[[str, object], None]
) -> None:
    tried, begun = list(mutants()), time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        survived = list(pool.map(laboratory.survives, tried))
    spent = time.monotonic() - begun
    record_property("figure", f"mutation: {len(tried)} checks left out one by one, {spent:.0f} s")
    alive = {mutant.check for mutant, lives in zip(tried, survived, strict=True) if lives}

    assert alive <= set(HARMLESS)
