"""Writing one record: which sub-tiles a cell holds, and what to ask for the others."""

import numpy as np

from geo.spatial.tiles.compiled import inner
from geo.spatial.tiles.memory import int32, int32_at, int64, uint32
from geo.spatial.tiles.parts import (
    BASE,
    BEGIN,
    BORDER,
    CELL,
    COLUMNS,
    END,
    END_RUN,
    FIRST_RUN,
    NOTHING,
    OVER,
    RECORD,
    ROWS,
    SOUTH,
    WEST,
    candidate_at,
    run_at,
)
from geo.spatial.tiles.scan import crossed, parity_of


@inner
def write_record(
    vertices: int,
    shift: int,
    job: np.ndarray,
    candidates: int,
    runs: int,
    record: np.ndarray,
    lists: np.ndarray,
    place: int,
    hits: np.ndarray,
) -> int:
    """Write the record of a job, and its list if it needs one, and return where the next begins.

    Parameters
    ----------
    candidates, runs : addresses of the finished tables
    record : (16,) int32
    lists : (n, 1) int32 with room for the job's list from ``place`` on
    hits : (12,) int64 to work on
    """
    begin, number = job[BEGIN], job[END] - job[BEGIN]
    record[0] = record[1] = record[2] = NOTHING
    named = min(number, 3)
    for index in range(named):
        record[index] = candidate_at(candidates, begin + index, CELL)
    if named < 3:
        record[named] = job[OVER]
        named += 1
    _mark(vertices, shift, job, candidates, runs, hits)
    _write_rows(vertices, shift, job, candidates, runs, hits, record, named)
    only = candidate_at(candidates, begin, FIRST_RUN)
    if number == 1 and candidate_at(candidates, begin, END_RUN) - only == 1:
        first, count = run_at(runs, only)
        record[2] = 2 * count + candidate_at(candidates, begin, BASE)
        record[3] = first
        return place
    record[3] = -1 - place
    return _write_list(job, candidates, runs, lists, place)


@inner
def list_length(job: np.ndarray, candidates: int) -> int:
    """Return how many numbers the list of a job has."""
    length = 2
    for index in range(job[BEGIN], job[END]):
        first = candidate_at(candidates, index, FIRST_RUN)
        length += 2 + 2 * (candidate_at(candidates, index, END_RUN) - first)
    return length


@inner
def _write_list(job: np.ndarray, candidates: int, runs: int, lists: np.ndarray, place: int) -> int:
    lists[place, 0], lists[place + 1, 0] = job[END] - job[BEGIN], job[OVER]
    place += 2
    for index in range(job[BEGIN], job[END]):
        first, end = _runs_of(candidates, index)
        lists[place, 0] = candidate_at(candidates, index, CELL)
        lists[place + 1, 0] = 2 * (end - first) + candidate_at(candidates, index, BASE)
        place += 2
        for run in range(first, end):
            lists[place, 0], lists[place + 1, 0] = run_at(runs, run)
            place += 2
    return place


@inner
def _runs_of(candidates: int, index: int) -> tuple[int, int]:
    return candidate_at(candidates, index, FIRST_RUN), candidate_at(candidates, index, END_RUN)


@inner
def _mark(
    vertices: int, shift: int, job: np.ndarray, candidates: int, runs: int, hits: np.ndarray
) -> None:
    """Set a bit for each sub-tile that an edge touches."""
    for row in range(ROWS):
        hits[row] = 0
    west, south = job[WEST], job[SOUTH]
    for index in range(job[BEGIN], job[END]):
        first_run, end_run = _runs_of(candidates, index)
        for run in range(first_run, end_run):
            first, count = run_at(runs, run)
            for edge in range(first, first + count):
                _mark_edge(vertices, edge, west, south, shift, hits)


@inner
def _mark_edge(
    vertices: int, edge: int, west: int, south: int, shift: int, hits: np.ndarray
) -> None:
    x1 = int64(int32_at(vertices, 2 * edge)) - west
    y1 = int64(int32_at(vertices, 2 * edge + 1)) - south
    x2 = int64(int32_at(vertices, 2 * edge + 2)) - west
    y2 = int64(int32_at(vertices, 2 * edge + 3)) - south
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    size = int64(1) << shift
    slope = (x2 - x1) / (y2 - y1) if y2 > y1 else 0.0
    first_row = (max(min(y1, size) - 1, 0) * ROWS) >> shift
    last_row = min((min(max(y2, 0) + 1, size) * ROWS) >> shift, ROWS - 1)
    for row in range(first_row, last_row + 1):
        low, high = (row * size) // ROWS, ((row + 1) * size + ROWS - 1) // ROWS
        if y2 < low or y1 > high:
            continue
        left, right = crossed(x1, y1, x2, y2, slope, low, high)
        if right < 0 or left > size:
            continue
        first = (max(left - 1, 0) * COLUMNS) >> shift
        last = min((min(right, size) * COLUMNS) >> shift, COLUMNS - 1)
        if first <= last:
            hits[row] |= (2 << last) - (1 << first)


@inner
def _write_rows(
    vertices: int,
    shift: int,
    job: np.ndarray,
    candidates: int,
    runs: int,
    hits: np.ndarray,
    record: np.ndarray,
    named: int,
) -> None:
    """Write what each sub-tile holds; what no edge has touched since the last look is the same."""
    for row in range(ROWS):
        y = job[SOUTH] + ((int64(row) << shift) + ROWS - 1) // ROWS
        word, known, code = int64(0), False, BORDER
        for column in range(COLUMNS):
            if (hits[row] >> column) & 1:
                known = False
                word |= BORDER << (2 * column)
                continue
            if not known:
                x = job[WEST] + ((int64(column) << shift) + COLUMNS - 1) // COLUMNS
                code = _code(vertices, shift, job, candidates, runs, record, named, x, y)
                known = True
            word |= code << (2 * column)
        record[RECORD - ROWS + row] = int32(uint32(word))


@inner
def _code(
    vertices: int,
    shift: int,
    job: np.ndarray,
    candidates: int,
    runs: int,
    record: np.ndarray,
    named: int,
    x: int,
    y: int,
) -> int:
    """Return which of a record's cells holds a point that no edge touches."""
    east = job[WEST] + (int64(1) << shift)
    holder = job[OVER]
    for index in range(job[BEGIN], job[END]):
        if parity_of(vertices, candidates, runs, index, x, y, east):
            holder = candidate_at(candidates, index, CELL)
            break
    for code in range(named):
        if record[code] == holder:
            return code
    return BORDER
