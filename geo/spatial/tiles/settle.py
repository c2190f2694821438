"""From candidates to entries: a tile becomes a cell, a record, or a node of sixteen smaller tiles.

When every edge in a tile has its opposite there, the number of cells over a point is the same all
over the tile; if it is not zero, the last cell need not be asked: who is not covered by the others
is covered by it.
"""

import numpy as np

from geo.spatial.tiles.compiled import compiled, inner
from geo.spatial.tiles.divide import divide, edges_in
from geo.spatial.tiles.memory import int32_at, int64
from geo.spatial.tiles.parts import (
    BEGIN,
    CELL,
    END,
    END_RUN,
    FAN,
    FIRST_RUN,
    LEAST_SHIFT,
    OVER,
    RECORD,
    ROWS,
    SLOT,
    SOUTH,
    WEST,
    Below,
    Parts,
    candidate_at,
    grown,
    run_at,
)
from geo.spatial.tiles.records import list_length, write_record
from geo.spatial.tiles.scan import parity_of

# More edges than this are not searched for opposites.
_MOST_MATCHED = 256


@compiled
def settle(
    vertices: int,
    shift: int,
    jobs: np.ndarray,
    candidates: int,
    runs: int,
    rank: np.ndarray,
    most_edges: int,
    most_numbers: int,
    slots: np.ndarray,
    parts: Parts,
) -> tuple[Parts, Below]:
    """Settle tiles of one size, and return what is left to settle below.

    Parameters
    ----------
    vertices : address of int32 pairs
    shift : the tiles' size is 2^shift
    jobs : (n, 6) int64
    candidates, runs : addresses of their int32 tables
    rank : int32, the order of the cells by code
    most_edges : a tile with more is divided, unless it is as small as can be
    most_numbers : when records and lists take so many int32, no more tiles are divided
    slots : int32, where the entries go at the top; below they go into the nodes
    parts : records, nodes and lists so far
    """
    below = Below(
        np.empty((64, 6), np.int64),
        np.empty((64, 5), np.int32),
        np.empty((64, 2), np.int32),
        np.zeros(3, np.int64),
    )
    hits = np.zeros(ROWS, np.int64)
    for job in jobs:
        _drop_hidden(job, candidates, rank)
        if job[BEGIN] == job[END]:
            entry = job[OVER]
        elif (
            shift > LEAST_SHIFT + 1
            and edges_in(job, candidates, runs) > most_edges
            and _numbers(parts, below) < most_numbers
        ):
            node = parts.used[1]
            parts.used[1] += 1
            entry = -3 - 2 * node
            nodes = grown(parts.nodes, node + 1)
            parts = Parts(parts.records, nodes, parts.lists, parts.used)
            below = divide(vertices, shift, job, candidates, runs, node, nodes, below)
        else:
            _close(vertices, shift, job, candidates, runs)
            index, place = parts.used[0], parts.used[2]
            parts.used[0] += 1
            entry = -2 - 2 * index
            records = grown(parts.records, index + 1)
            lists = grown(parts.lists, place + list_length(job, candidates))
            parts = Parts(records, parts.nodes, lists, parts.used)
            parts.used[2] = write_record(
                vertices, shift, job, candidates, runs, records[index], lists, place, hits
            )
        if slots.shape[0] > 0:
            slots[job[SLOT]] = entry
        else:
            parts.nodes[job[SLOT] // (FAN * FAN), job[SLOT] % (FAN * FAN)] = entry
    return parts, below


@inner
def _numbers(parts: Parts, below: Below) -> int:
    """Return how many int32 the records and lists take, of tiles still to be settled at least."""
    settled = RECORD * parts.used[0] + parts.used[2]
    return settled + RECORD * below.used[0] + 4 * below.used[2]


@inner
def _drop_hidden(job: np.ndarray, candidates: int, rank: np.ndarray) -> None:
    """Leave out the candidates behind the cell that lies over the whole tile."""
    if job[OVER] >= 0:
        over = rank[job[OVER]]
        while job[END] > job[BEGIN] and rank[candidate_at(candidates, job[END] - 1, CELL)] > over:
            job[END] -= 1


@inner
def _close(vertices: int, shift: int, job: np.ndarray, candidates: int, runs: int) -> None:
    """Let the last candidate lie over the rest, where the candidates leave no gap."""
    if job[OVER] >= 0 or edges_in(job, candidates, runs) > _MOST_MATCHED:
        return
    depth, east = 0, job[WEST] + (int64(1) << shift)
    for index in range(job[BEGIN], job[END]):
        depth += parity_of(vertices, candidates, runs, index, job[WEST], job[SOUTH], east)
    if depth > 0 and _all_matched(vertices, job, candidates, runs):
        job[END] -= 1
        job[OVER] = candidate_at(candidates, job[END], CELL)


@inner
def _all_matched(vertices: int, job: np.ndarray, candidates: int, runs: int) -> bool:
    """Return whether every edge of the candidates is there as often in one direction as back."""
    for index in range(job[BEGIN], job[END]):
        for run in range(
            candidate_at(candidates, index, FIRST_RUN), candidate_at(candidates, index, END_RUN)
        ):
            first, count = run_at(runs, run)
            for edge in range(first, first + count):
                if _net(vertices, edge, job, candidates, runs) != 0:
                    return False
    return True


@inner
def _net(vertices: int, edge: int, job: np.ndarray, candidates: int, runs: int) -> int:
    """Return how often an edge is among the candidates, less how often its opposite is."""
    net = 0
    for index in range(job[BEGIN], job[END]):
        for run in range(
            candidate_at(candidates, index, FIRST_RUN), candidate_at(candidates, index, END_RUN)
        ):
            first, count = run_at(runs, run)
            for other in range(first, first + count):
                net += _direction(vertices, edge, other)
    return net


@inner
def _direction(vertices: int, edge: int, other: int) -> int:
    """Return 1 for the same edge, -1 for its opposite, 0 for another."""
    x1, y1 = int32_at(vertices, 2 * edge), int32_at(vertices, 2 * edge + 1)
    x2, y2 = int32_at(vertices, 2 * edge + 2), int32_at(vertices, 2 * edge + 3)
    a, b = int32_at(vertices, 2 * other), int32_at(vertices, 2 * other + 1)
    c, d = int32_at(vertices, 2 * other + 2), int32_at(vertices, 2 * other + 3)
    same = (a == x1) & (b == y1) & (c == x2) & (d == y2)
    back = (a == x2) & (b == y2) & (c == x1) & (d == y1)
    return int64(same) - int64(back)
