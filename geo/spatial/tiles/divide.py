"""Handing a crowded tile down to sixteen smaller ones."""

import numpy as np

from geo.spatial.tiles.compiled import inner
from geo.spatial.tiles.memory import int64
from geo.spatial.tiles.parts import (
    BASE,
    BEGIN,
    CELL,
    END,
    END_RUN,
    FAN,
    FIRST_RUN,
    OVER,
    SLOT,
    SOUTH,
    TILE,
    WEST,
    Below,
    candidate_at,
    grown,
    run_at,
)
from geo.spatial.tiles.scan import parity_of
from geo.spatial.tiles.sides import sides, touches


@inner
def edges_in(job: np.ndarray, candidates: int, runs: int) -> int:
    """Return how many edges a point may have to be tested against, a run counted as two more."""
    number = 0
    for index in range(job[BEGIN], job[END]):
        first = candidate_at(candidates, index, FIRST_RUN)
        for run in range(first, candidate_at(candidates, index, END_RUN)):
            number += run_at(runs, run)[1] + 2
    return number


@inner
def divide(
    vertices: int,
    shift: int,
    job: np.ndarray,
    candidates: int,
    runs: int,
    node: int,
    nodes: np.ndarray,
    below: Below,
) -> Below:
    """Write a node as if it had no borders, and add a job for each part that has.

    Parameters
    ----------
    candidates, runs : addresses of the finished tables
    node : its row in ``nodes``
    below : the jobs so far
    """
    size = int64(1) << (shift - 2)
    edges = edges_in(job, candidates, runs)
    for part in range(FAN * FAN):
        below = Below(
            grown(below.jobs, below.used[0] + 1),
            grown(below.candidates, below.used[1] + job[END] - job[BEGIN]),
            grown(below.runs, below.used[2] + edges),
            below.used,
        )
        new, begin, over = below.used[0], below.used[1], job[OVER]
        west, south = job[WEST] + (part % FAN) * size, job[SOUTH] + (part // FAN) * size
        for index in range(job[BEGIN], job[END]):
            inside = parity_of(
                vertices, candidates, runs, index, west, south, job[WEST] + (1 << shift)
            )
            touched = _hand_down(
                vertices, candidates, runs, index, inside, west, south, size, below
            )
            if inside and not touched:
                over = candidate_at(candidates, index, CELL)
                break
        nodes[node, part] = over
        below.jobs[new, SLOT], below.jobs[new, OVER] = node * FAN * FAN + part, over
        below.jobs[new, WEST], below.jobs[new, SOUTH] = west, south
        below.jobs[new, BEGIN], below.jobs[new, END] = begin, below.used[1]
        if begin < below.used[1]:
            below.used[0] += 1
    return below


@inner
def _hand_down(
    vertices: int,
    candidates: int,
    runs: int,
    index: int,
    inside: int,
    west: int,
    south: int,
    size: int,
    below: Below,
) -> bool:
    """Write a cell's candidate for a part; return False when none of its edges touches that."""
    first_run, parity = below.used[2], int64(inside)
    for run in range(
        candidate_at(candidates, index, FIRST_RUN), candidate_at(candidates, index, END_RUN)
    ):
        first, count = run_at(runs, run)
        edge, end = first, first + count
        while edge < end:
            begin = edge
            while edge < end and touches(vertices, edge, west, south, size):
                edge += 1
            if edge > begin:
                below.runs[below.used[2], 0], below.runs[below.used[2], 1] = begin, edge - begin
                below.used[2] += 1
                parity ^= sides(vertices, begin, edge - begin, west, south, west + size) & 1
            edge += 1
    if below.used[2] == first_run:
        return False
    new = below.used[1]
    below.candidates[new, TILE] = 0
    below.candidates[new, CELL] = candidate_at(candidates, index, CELL)
    below.candidates[new, BASE] = parity
    below.candidates[new, FIRST_RUN] = first_run
    below.candidates[new, END_RUN] = below.used[2]
    below.used[1] += 1
    return True
