"""Whichever check of access is left out, the matrix notices: one process a mutant."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from geo.runtime import Runtime
from tests.access.conftest import Made
from tests.access.guards import without_policies
from tests.access.mutants import ROOT, Mutant, mutants
from tests.conftest import Databases

pytestmark = pytest.mark.db

# One of each kind, for every run of CI.
SAMPLE = ("acting(wanted)", "ranges_within(scope, wanted.area)", "P.PEOPLE_READ")
# Left out without anybody noticing, each with the reason why that is no hole.
HARMLESS: dict[str, str] = {}


@dataclass(frozen=True)
class Laboratory:
    """Tries mutants on copies of the deployment without row policies."""

    databases: Databases
    template: str

    def survives(self, mutant: Mutant) -> bool:
        """Return whether the matrix is walked without a wrong answer."""
        name = self.databases.create(template=self.template)
        settings = self.databases.settings(name)
        urls = (str(settings.database_url), str(settings.database_owner_url))
        command = [sys.executable, "-m", "tests.access.mutant", mutant.name, *urls]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.databases.drop(name)
        # A mutant that does not even run is caught, but not by us: that would be a fault here.
        assert done.stdout, f"{mutant.name}\n{done.stderr[-2000:]}"
        return done.returncode == 0


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
    assert len(found) > 40


@pytest.mark.parametrize("was", SAMPLE)
def test_a_check_left_out_is_noticed(laboratory: Laboratory, was: str) -> None:
    mutant = next(mutant for mutant in mutants() if mutant.was.endswith(was))

    assert not laboratory.survives(mutant)


@pytest.mark.long
def test_every_check_left_out_is_noticed(laboratory: Laboratory) -> None:
    tried = list(mutants())
    with ThreadPoolExecutor(2) as pool:
        survived = list(pool.map(laboratory.survives, tried))
    names = {mutant.name for mutant, lives in zip(tried, survived, strict=True) if lives}

    assert names == set(HARMLESS)
