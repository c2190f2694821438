"""Walks the matrix over one mutant in a process of its own: ``python -m tests.access.mutant``.

Says the first wrong answer and ends with status 1 when the mutant is caught, with 0 when it
survives. Nothing of the project is imported before the mutant is planted.
"""

import argparse
import sys

from tests.access.mutants import mutants, planted


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", help="of the mutant")
    parser.add_argument("app_url", help="of a database without row policies, for this run alone")
    parser.add_argument("owner_url")
    given = parser.parse_args()
    planted(next(mutant for mutant in mutants() if mutant.name == given.name))
    story = walk(given.app_url, given.owner_url)
    sys.stdout.write(story or "survived")
    sys.exit(1 if story else 0)


def walk(app_url: str, owner_url: str) -> str:
    """Return the first wrong answer; empty when there is none."""
    from api.app import create_app
    from geo.runtime import Runtime
    from geo.settings import Settings
    from tests.access import seats, world
    from tests.access.matrix import Walk
    from tests.access.routes import asks

    urls = {"database_url": app_url, "database_owner_url": owner_url}
    runtime = Runtime(Settings(**urls, pool_size=5, public_team=False, rate_factor=0.0))
    known = world.known(runtime)
    walk = Walk(create_app(runtime), known)
    # A request by everybody, then the next: what is wrong with a route is soon seen.
    asked = (one for ask in asks(known) for one in walk.go(seats.seats(), [ask], thin=True))
    try:
        return next((one.story for one in asked if one.faults), "")
    finally:
        walk.close()
        runtime.close()


if __name__ == "__main__":
    main()
