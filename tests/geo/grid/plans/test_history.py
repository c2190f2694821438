"""Random edits, publications and restorations against an oracle in plain Python.

The ground is a board of 8 × 8 squares. The oracle knows a cell as a set of squares and nothing of
geometry: a line parts a set, a merger unites two, a restoration is an older copy. After every
publication each square must lie in the cell that the oracle says, then and at every earlier
publication, and the leaves must tile without gap or overlap.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.access.actors import Actor
from geo.errors import GeoError
from geo.grid.frames import tree
from geo.grid.service import publish_cells
from geo.grid.store import publication_at
from geo.runtime import Runtime
from geo.spatial import coverage
from geo.spatial.covers import first_covering
from tests import world
from tests.geo.grid.plans.planning import EDITOR, Office

pytestmark = pytest.mark.db

SIDE = 8
Square = tuple[int, int]
Board = dict[Square, str]


def box(west: int, south: int, east: int, north: int) -> list[list[float]]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[world.at(x / 4, y / 4).x, world.at(x / 4, y / 4).y] for x, y in corners]


@dataclass
class Oracle:
    """What should hold: the board of each publication, every code ever seen."""

    boards: list[Board]
    codes: set[str] = field(default_factory=set)

    @property
    def now(self) -> Board:
        return self.boards[-1]

    def squares(self, code: str) -> set[Square]:
        return {square for square, owner in self.now.items() if owner == code}


def first() -> gpd.GeoDataFrame:
    """Return four communities of four grids each."""
    rows: list[tuple[str, str, int, str | None, Any]] = [("1", "区", 1, None, None)]
    rows += [(f"1{s}", f"街{s}", 2, "1", None) for s in "AB"]
    for x in range(4):
        community = f"1{'AB'[x // 2]}{x}"
        rows.append((community, community, 3, community[:2], None))
        rows += [
            (f"{community}{y}", f"{x}{y}", 4, community, shapely.Polygon(_ring(x, y)))
            for y in range(4)
        ]
    columns = ["code", "name", "level", "parent_code", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=4326)


def _ring(x: int, y: int) -> list[list[float]]:
    return box(2 * x, 2 * y, 2 * x + 2, 2 * y + 2)


def start() -> Board:
    return {(x, y): f"1{'AB'[x // 4]}{x // 2}{y // 2}" for x in range(SIDE) for y in range(SIDE)}


def connected(squares: set[Square]) -> bool:
    if not squares:
        return False
    reached, fresh = set(), [min(squares)]
    while fresh:
        x, y = fresh.pop()
        if (x, y) in squares and (x, y) not in reached:
            reached.add((x, y))
            fresh += [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
    return reached == squares


def splits(oracle: Oracle, chance: random.Random) -> tuple[dict[str, Any], Board] | None:
    """Return a cut along a line of the board, and what becomes of the squares: ``*`` is new."""
    code = chance.choice(sorted(set(oracle.now.values())))
    mine, axis, at = oracle.squares(code), chance.randrange(2), chance.randrange(1, SIDE)
    low = {square for square in mine if square[axis] < at}
    high = mine - low
    if not (connected(low) and connected(high)) or len(low) == len(high):
        return None
    ends = [(at, -1), (at, SIDE + 1)] if axis == 0 else [(-1, at), (SIDE + 1, at)]
    line = [[world.at(x / 4, y / 4).x, world.at(x / 4, y / 4).y] for x, y in ends]
    small = min(low, high, key=len)
    after = {s: "*" if s in small else owner for s, owner in oracle.now.items()}
    return {"op": "split", "cell": code, "line": line}, after


def merges(oracle: Oracle, chance: random.Random) -> tuple[dict[str, Any], Board] | None:
    codes = sorted(set(oracle.now.values()))
    into, other = chance.sample(codes, 2)
    if not connected(oracle.squares(into) | oracle.squares(other)) or len(codes) < 6:
        return None
    after = {s: into if owner == other else owner for s, owner in oracle.now.items()}
    return {"op": "merge", "cells": [into, other], "into": into}, after


def transfers(oracle: Oracle, chance: random.Random) -> tuple[dict[str, Any], Board] | None:
    to = chance.choice(sorted(set(oracle.now.values())))
    x, y = chance.randrange(SIDE), chance.randrange(SIDE)
    wide, high = chance.randrange(1, 3), chance.randrange(1, 3)
    area = {(i, j) for i in range(x, min(x + wide, SIDE)) for j in range(y, min(y + high, SIDE))}
    after = {s: to if s in area else owner for s, owner in oracle.now.items()}
    left = {owner: {s for s, o in after.items() if o == owner} for owner in set(after.values())}
    whole = set(left) == set(oracle.now.values()) and all(map(connected, left.values()))
    if after == oracle.now or not whole:
        return None
    ring = box(x, y, min(x + wide, SIDE), min(y + high, SIDE))
    return {"op": "transfer", "to": to, "area": {"type": "Polygon", "coordinates": [ring]}}, after


def restores(oracle: Oracle, chance: random.Random) -> tuple[dict[str, Any], Board] | None:
    number = chance.randrange(1, len(oracle.boards) + 1)
    after = oracle.boards[number - 1]
    if after == oracle.now:
        return None
    return {"op": "restore", "publication": number}, dict(after)


KINDS = (splits, splits, merges, transfers, transfers, restores)


def steps(oracle: Oracle, chance: random.Random) -> Iterator[tuple[dict[str, Any], Board]]:
    while True:
        found = chance.choice(KINDS)(oracle, chance)
        if found is not None:
            yield found


def centres() -> tuple[list[Square], np.ndarray]:
    squares = [(x, y) for x in range(SIDE) for y in range(SIDE)]
    points = [world.at((x + 0.5) / 4, (y + 0.5) / 4) for x, y in squares]
    return squares, np.array(points, dtype=object)


def stored(work: Any, number: int) -> tuple[Board, gpd.GeoDataFrame]:
    cells = tree(work.session, number)
    leaves = cells[~cells["derived"].astype(bool)].sort_index()
    squares, points = centres()
    owner = first_covering(points, leaves.geometry.to_numpy())
    assert (owner >= 0).all()
    return dict(zip(squares, leaves.index.to_numpy()[owner], strict=True)), cells


def proved(cells: gpd.GeoDataFrame) -> None:
    leaves = cells[~cells["derived"].astype(bool)].geometry.to_numpy()
    assert coverage.is_valid(leaves)
    assert coverage.gaps(leaves) == []
    whole = shapely.coverage_union_all(leaves)
    assert shapely.equals(whole, shapely.Polygon(box(0, 0, SIDE, SIDE)))
    for code, shape in cells[cells["derived"].astype(bool)].geometry.items():
        children = cells[cells["parent_code"] == code].geometry.to_numpy()
        assert shapely.equals(shapely.coverage_union_all(children), shape), code


def played(runtime: Runtime, count: int, seed: int) -> Oracle:
    """Publish so many random plans and hold each to the oracle; return what should hold."""
    office, chance = Office(runtime), random.Random(seed)
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, first(), note="first")
    oracle = Oracle([start()], {*first()["code"]})
    moments = []
    for operation, after in steps(oracle, chance):
        with runtime.work(EDITOR) as work:
            moments.append(work.now)
        made = office.run(operation, cell="1")
        assert made is not None
        assert made.number == len(oracle.boards) + 1
        with runtime.work(EDITOR) as work:
            board, cells = stored(work, made.number)
        fresh = {board[square] for square, owner in after.items() if owner == "*"}
        assert len(fresh) <= 1
        assert not fresh & oracle.codes, "a code was given again"
        oracle.codes |= fresh
        expected = {s: min(fresh) if owner == "*" else owner for s, owner in after.items()}
        assert board == expected, operation
        proved(cells)
        oracle.boards.append(expected)
        if len(oracle.boards) > count:
            break
    with runtime.work(EDITOR) as work:
        for number, moment in enumerate(moments, start=1):
            assert publication_at(work.session, moment).number == number
            assert stored(work, number)[0] == oracle.boards[number - 1]
    return oracle


def test_a_dozen_random_plans_are_what_the_oracle_says(runtime: Runtime) -> None:
    played(runtime, 12, seed=5)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_hundred_random_plans_are_what_the_oracle_says(runtime: Runtime, seed: int) -> None:
    assert len(played(runtime, 100, seed=seed).boards) == 101


def test_a_refused_edit_leaves_the_history_as_it_was(runtime: Runtime) -> None:
    office = Office(runtime)
    with runtime.work(Actor.system("test")) as work:
        publish_cells(work, first(), note="first")
    plan = office.begin("1")
    with pytest.raises(GeoError):
        office.do(plan, {"op": "merge", "cells": ["1A00", "1B33"], "into": "1A00"})

    with runtime.work(EDITOR) as work:
        assert stored(work, 1)[0] == start()
    assert office.revision(plan) == 1
