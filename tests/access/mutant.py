"""Walks the matrix over one mutant in a process of its own: ``python -m tests.access.mutant``.

Says the first wrong answer and ends with status 1 when the mutant is caught, with 0 when it
survives. Nothing of the project is imported before the mutant is planted.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing

from tests.access.mutants import mutants, planted

Near = Callable[[str], bool]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", help="of the mutant; empty for the code as it is")
    parser.add_argument("near", help="part of a route to ask first; empty for the mutant's own")
    parser.add_argument("app_url", help="of a database without row policies, for this run alone")
    parser.add_argument("owner_url")
    given = parser.parse_args()
    mutant = next((mutant for mutant in mutants() if mutant.name == given.name), None)
    near: Near = (lambda route: given.near in route) if given.near or not mutant else mutant.is_near
    if mutant is not None:
        planted(mutant)
    story = walk(given.app_url, given.owner_url, near) or by_themselves()
    sys.stdout.write(story or "survived")
    sys.stdout.flush()
    sys.exit(1 if story else 0)


def walk(app_url: str, owner_url: str, near: Near) -> str:
    """Return the first wrong answer; empty when there is none."""
    from geo.runtime import Runtime
    from geo.settings import Settings
    from tests.access import seats, world
    from tests.access.asking import served
    from tests.access.matrix import Walk
    from tests.access.routes import groups

    urls = {"database_url": app_url, "database_owner_url": owner_url}
    runtime = Runtime(Settings(**urls, pool_size=5, public_team=False, rate_factor=0.0))
    known = world.known(runtime)
    *movable, last = groups(known)
    movable.sort(key=lambda group: not any(near(ask.route) for ask in group))
    # What only reads may be asked at any time, so what is near is asked before all else.
    first = [ask for group in movable for ask in group if ask.method == "GET" and near(ask.route)]
    every = [*first, *(ask for group in movable for ask in group if ask not in first), *last]
    with closing(runtime), served(runtime) as app, closing(Walk(app, known)) as walk:
        # A request by everybody, then the next: what is wrong with a route is soon seen.
        asked = (one for ask in every for one in walk.go(seats.seats(), [ask], thin=True))
        return next((one.story for one in asked if one.faults), "")


def by_themselves() -> str:
    """Return what the tests of the rules by themselves say, for what no answer can show."""
    import contextlib
    import io

    import pytest

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main(["-q", "--assert=plain", "-p", "no:cacheprovider", "tests/geo/access"])
    return said.getvalue()[-2000:] if status else ""


if __name__ == "__main__":
    main()
