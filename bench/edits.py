"""How fast boundaries are edited, the gate included: ``python -m bench.edits``.

A seeded district of 20,000 cells of 81 vertices is edited some hundred times in each way, one edit
on top of the other, with drawings like those of a person: lines across a cell, a border bent, a
vertex dragged, an area painted. Measured in processor time. Afterwards the whole district is proved
once more: valid, and its land unchanged but for what the edits said.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely

from bench.cities import city
from bench.shown import Row, show
from geo.spatial.coverage import is_valid
from geo.spatial.edits.border import move_border
from geo.spatial.edits.merge import merge
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import EditRefused
from geo.spatial.edits.replace import replace
from geo.spatial.edits.rings import lines, shared
from geo.spatial.edits.split import split
from geo.spatial.edits.transfer import transfer
from geo.spatial.edits.vertex import move_vertex
from geo.spatial.edits.working import Working
from geo.spatial.measure import area_m2
from geo.spatial.storage import Points

CELLS = 20_000
EDITS = 300  # in each way

Edit = Callable[[Working], Patch]
Random = np.random.Generator


def across(working: Working, cell: str, code: str, random: Random) -> Edit:
    """Return a bent line through the middle of a cell."""
    middle, size = _middle(working, cell)
    angle = random.uniform(0, np.pi)
    along = size * np.array([np.cos(angle), np.sin(angle)])
    bend = middle + random.normal(scale=size / 20, size=2)
    line = shapely.LineString([middle - along, bend, middle + along])
    return lambda now: split(now, cell, line, code)


def joined(working: Working, cell: str, code: str, random: Random) -> Edit:
    """Return two neighbours as one."""
    other = _beside(working, cell, random)
    return lambda now: merge(now, [cell, other], cell)


def dragged(working: Working, cell: str, code: str, random: Random) -> Edit:
    """Return a border whose middle third is drawn anew."""
    other = _beside(working, cell, random)
    arcs = shapely.line_merge(
        shapely.multilinestrings(lines(shared(working.shapes([cell, other]))))
    )
    arc = max(shapely.get_parts(arcs), key=shapely.length)
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(arc, [1 / 3, 2 / 3], normalized=True)
    )
    _, size = _middle(working, cell)
    bend = ends.mean(axis=0) + random.normal(scale=size / 20, size=2)
    line = shapely.LineString([ends[0], bend, ends[1]])
    return lambda now: move_border(now, cell, other, line)


def pulled(working: Working, cell: str, code: str, random: Random) -> Edit:
    """Return a vertex some metres away."""
    corners = shapely.get_coordinates(working.shape(cell))
    at = corners[random.integers(len(corners))]
    to = at + random.normal(scale=2e-6, size=2)
    return lambda now: move_vertex(now, shapely.Point(at), shapely.Point(to))


def painted(working: Working, cell: str, code: str, random: Random) -> Edit:
    """Return an area around a corner given to one of its cells."""
    corners = shapely.get_coordinates(working.shape(cell))
    _, size = _middle(working, cell)
    area = shapely.buffer(shapely.Point(corners[random.integers(len(corners))]), size / 8)
    return lambda now: transfer(now, area, cell)


def anew(working: Working, cell: str, code: str, random: Random) -> Edit:
    """Return two neighbours divided among each other in another way."""
    other = _beside(working, cell, random)
    land = shapely.coverage_union_all(working.shapes([cell, other]))
    _, size = _middle(working, cell)
    middle, angle = np.array(land.centroid.coords[0]), random.uniform(0, np.pi)
    along = 4 * size * np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-along[1], along[0]])
    half = shapely.Polygon(
        [middle - along, middle + along, middle + along + side, middle - along + side]
    )
    parts = {cell: shapely.intersection(land, half), other: shapely.difference(land, half)}
    return lambda now: replace(now, [cell, other], parts)


WAYS = {
    "split": across,
    "merge": joined,
    "move a border": dragged,
    "move a vertex": pulled,
    "transfer an area": painted,
    "replace two cells": anew,
}


def measure(
    working: Working, way: str, random: Random
) -> tuple[Working, npt.NDArray[np.float64], float]:
    """Return the district after some hundred edits, the seconds of each, and what moved in m²."""
    codes, took, moved = working.codes(), [], 0.0
    while len(took) < EDITS:
        cell = codes[int(random.integers(len(codes)))]
        if cell not in working:
            continue
        edit = WAYS[way](working, cell, f"n{way}{len(took):03}", random)
        begun = time.process_time()
        try:
            patch = edit(working)
        except EditRefused:
            continue
        working = working.after(patch)
        took.append(time.process_time() - begun)
        moved += patch.outline_moved_m2
    return working, np.array(took), moved


def main() -> None:
    random = np.random.default_rng(5)
    cells = city(CELLS, seed=1)
    begun = time.process_time()
    working = start = Working.of([f"c{place:05}" for place in range(CELLS)], cells)
    working.near(cells[0])  # the tree is made with the first question
    rows: list[Row] = [{"taken up": CELLS, "s": round(time.process_time() - begun, 2)}]
    every, moved = [], 0.0
    for way in WAYS:
        working, took, way_moved = measure(working, way, random)
        moved += way_moved
        every.append(took)
        rows.append(_row(way, took))
    rows.append(_row("all", np.concatenate(every)))
    prove(start, working, moved)
    show(rows, as_json="--json" in sys.argv)


def prove(start: Working, end: Working, moved: float) -> None:
    """Hold the district as it is now against how it was."""
    first, last = start.shapes(start.codes()), end.shapes(end.codes())
    if not is_valid(last):
        raise SystemExit("the district is no valid coverage any more")
    land = [shapely.coverage_union_all(shapes) for shapes in (first, last)]
    apart = float(area_m2([shapely.symmetric_difference(*land)])[0])
    if apart > moved * 1.01 + 1e-6:
        raise SystemExit(f"the land differs by {apart} m², the edits said {moved}")


def _middle(working: Working, cell: str) -> tuple[Points, float]:
    shape = working.shape(cell)
    inside = shapely.point_on_surface(shape)
    return np.array([inside.x, inside.y]), float(np.sqrt(shape.area))


def _beside(working: Working, cell: str, random: Random) -> str:
    around = working.neighbours(cell)
    return around[int(random.integers(len(around)))]


def _row(name: str, took: npt.NDArray[np.float64]) -> Row:
    half, last = np.percentile(took * 1e3, [50, 99])
    return {"edit": name, "number": len(took), "median ms": f"{half:.1f}", "p99 ms": f"{last:.1f}"}


if __name__ == "__main__":
    main()
