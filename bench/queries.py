"""How long one question takes in SQL: ``WANGGE_DATABASE_URL=… python -m bench.queries``.

Locates 1,000 random points inside the stored grid and reads the home page's picture, on the
database named. Prints one line of JSON with medians and 99th percentiles in ms.
"""

import json
import time
from collections.abc import Callable

import numpy as np

from geo.access.actors import Actor
from geo.grid.frames import tree
from geo.grid.store import publication_at
from geo.locate.service import Question, locate
from geo.people.picture import home_cell, occupancy_picture
from geo.runtime import Runtime
from geo.settings import Settings
from geo.work import Work

POINTS = 1_000
PICTURES = 10


def timed(runtime: Runtime, questions: list[Callable[[Work], object]]) -> dict[str, float]:
    """Return median and 99th percentile of questions, each in a work of its own."""
    spent = []
    for question in questions:
        begun = time.perf_counter()
        with runtime.work(Actor.system("bench")) as work:
            question(work)
        spent.append((time.perf_counter() - begun) * 1000)
    return {
        "median_ms": round(float(np.median(spent)), 1),
        "p99_ms": round(float(np.percentile(spent, 99)), 1),
    }


def main() -> None:
    runtime = Runtime(Settings())
    with runtime.work(Actor.system("bench")) as work:
        cells = tree(work.session, publication_at(work.session, work.now).number)
        home = home_cell(work)
    west, south, east, north = cells.geometry.iloc[0].bounds
    random = np.random.default_rng(1)
    points = random.uniform((west, south), (east, north), size=(POINTS, 2)).tolist()
    zone = runtime.settings.time_zone
    locating = [lambda work, p=p: locate(work, Question(lon=p[0], lat=p[1])) for p in points]
    picturing = [lambda work: occupancy_picture(work, home, zone=zone)] * PICTURES
    figures = {"cells": len(cells), "locate": timed(runtime, locating)}
    figures["picture"] = {"cell": home, **timed(runtime, picturing)}
    runtime.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
