"""Random walks through edits: coverages to begin with, drawings a person might make, the oracle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.spatial.coverage import noded, union_by
from geo.spatial.edits.border import move_border
from geo.spatial.edits.merge import merge
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import EditRefused
from geo.spatial.edits.remainder import add_remainder
from geo.spatial.edits.replace import replace
from geo.spatial.edits.rings import lines, shared
from geo.spatial.edits.split import pieces, split
from geo.spatial.edits.transfer import transfer
from geo.spatial.edits.vertex import move_vertex
from geo.spatial.edits.working import Working
from geo.spatial.measure import area_m2
from geo.spatial.storage import GRID, snap, snap_geometry
from geo.spatial.units.frame import degree_frame
from geo.spatial.units.ground import ground_units

Random = np.random.Generator
Step = Callable[[Working], Patch]

SPOTS = {"equator": (0.0, 0.0), "china": (116.8, 33.9), "north": (27.0, 60.5)}
KINDS = ("squares", "voronoi", "islands", "scattered", "crooked", "karhula")
CELL = 2.0**-9  # degrees, some 200 m
KARHULA = Path(__file__).parents[3] / "data" / "karhula.gpkg"


def coverage(kind: str, spot: str, random: Random) -> Working:
    """Return a coverage of some thirty cells about a place; karhula stays where it is."""
    if kind == "karhula":
        return karhula()
    shapes = {
        "squares": squares,
        "voronoi": voronoi,
        "islands": islands,
        "scattered": scattered,
        "crooked": crooked,
    }[kind](random)
    placed = shapely.transform(shapes, lambda xy: xy * CELL + snap([SPOTS[spot]])[0])
    cells, faults = noded(snap_geometry(placed))
    assert {fault.kind for fault in faults} <= {"gap"}
    return Working.of([f"c{place:02}" for place in range(len(cells))], cells)


def squares(random: Random) -> np.ndarray:
    return np.array([shapely.box(x, y, x + 1, y + 1) for y in range(5) for x in range(6)])


def voronoi(random: Random) -> np.ndarray:
    seeds = shapely.multipoints(random.uniform(0, 6, size=(30, 2)))
    frame = shapely.box(0, 0, 6, 6)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame))
    return np.asarray(shapely.intersection(cells, frame))


def crooked(random: Random) -> np.ndarray:
    """Return Voronoi cells whose walls are bent, with the frame bent too."""
    cells = shapely.segmentize(voronoi(random), 0.2)
    return np.asarray(
        shapely.transform(cells, lambda p: p + 0.08 * np.sin(7.0 * p[:, ::-1] + [0.3, 1.1]))
    )


def islands(random: Random) -> np.ndarray:
    """Return squares, each third of which has an island, one island with a lake of another."""
    found = []
    for place, square in enumerate(squares(random)):
        x, y = square.bounds[:2]
        inner = shapely.box(x + 0.25, y + 0.25, x + 0.75, y + 0.75)
        lake = shapely.box(x + 0.375, y + 0.375, x + 0.5, y + 0.625)
        found += (
            [square.difference(inner), inner.difference(lake), lake] if place % 3 == 0 else [square]
        )
    return np.array(found)


def scattered(random: Random) -> np.ndarray:
    """Return squares of which some belong together, touching or apart, and one is missing."""
    groups = np.array([place if place % 5 else place // 10 + 100 for place in range(30)])
    kept = np.arange(30) != 14
    return union_by(squares(random)[kept], groups[kept])


@cache
def karhula(number: int = 120) -> Working:
    """Return the grounds of buildings of a real suburb as cells."""
    buildings = gpd.read_file(KARHULA, layer="buildings").to_crs(4326).geometry.to_numpy()
    streets = gpd.read_file(KARHULA, layer="streets").to_crs(4326).geometry.to_numpy()
    middle = shapely.centroid(shapely.union_all(shapely.centroid(buildings)))
    near = np.argsort(shapely.distance(shapely.centroid(buildings), middle))[:number]
    land = shapely.buffer(shapely.concave_hull(shapely.multipolygons(buildings[near])), CELL / 20)
    area = snap_geometry([land])[0]
    units = ground_units(degree_frame([area], stored=True), [area], buildings[near], streets)
    shapes = units.frame.native(units.shapes)
    return Working.of([f"k{place:03}" for place in range(len(shapes))], shapes)


@dataclass
class Walk:
    """A walk through edits, what was refused on the way, and how to take it again."""

    start: Working
    now: Working
    steps: list[Step] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    moved_m2: float = 0.0
    added: list[shapely.Geometry] = field(default_factory=list)


def walk(start: Working, random: Random, edits: int) -> Walk:
    """Return a walk of so many attempts, each checked on the spot."""
    way = Walk(start, start)
    kinds = list(DRAWN)
    points = samples(start, random)
    for number in range(edits):
        kind = kinds[int(random.integers(len(kinds)))]
        step = DRAWN[kind](way.now, random, f"n{number:04}")
        try:
            patch = step(way.now)
        except EditRefused as refusal:
            key = f"{kind}: {refusal.code}"
            way.refused[key] = way.refused.get(key, 0) + 1
            assert refusal.message("en") and refusal.message("zh")
            continue
        after = way.now.after(patch)
        check_step(way.now, patch, after, points, kind)
        way.now = after
        way.steps.append(step)
        way.done[kind] = way.done.get(kind, 0) + 1
        way.moved_m2 += patch.outline_moved_m2
        if kind == "add":
            way.added += [shape for code, shape in patch.shapes.items() if code == f"n{number:04}"]
    check_end(way)
    return way


def samples(working: Working, random: Random) -> np.ndarray:
    """Return points all over the coverage and on its vertices' doorstep."""
    west, south, east, north = working.bounds()
    anywhere = random.uniform((west, south), (east, north), size=(300, 2))
    return np.asarray(shapely.points(anywhere))


def owners(working: Working, points: np.ndarray) -> list[set[str]]:
    """Return for each point the cells whose inside holds it, by plain tests of every cell."""
    codes = np.array(working.codes())
    inside = shapely.contains(working.shapes(codes)[:, None], points[None])
    return [set(codes[column].tolist()) for column in inside.T]


def check_step(
    before: Working, patch: Patch, after: Working, points: np.ndarray, kind: str
) -> None:
    """Hold an edit against what must be true of every edit."""
    shapes = after.shapes(after.codes())
    assert shapely.coverage_is_valid(shapes), kind
    assert shapely.is_valid(shapes).all() and not shapely.is_empty(shapes).any()
    coordinates = shapely.get_coordinates(list(patch.shapes.values()))
    assert (coordinates == snap(coordinates)).all()
    new = set(patch.shapes) - set(before.codes())
    assert set(after.codes()) == (set(before.codes()) | new) - set(patch.removed)
    assert not patch.removed or kind in ("merge", "replace")
    assert set(patch.noded) <= set(patch.shapes) & set(before.codes())
    concerned = (set(patch.shapes) | set(patch.removed)) - set(patch.noded)
    for point, old, now in zip(points, owners(before, points), owners(after, points), strict=True):
        assert len(now) <= 1
        if old == now or ((old | now) <= concerned and len(old) <= len(now)):
            continue
        # A new vertex may have bent a border past the point, but not by more than a step.
        rims = shapely.boundary([*before.shapes(old), *after.shapes(now)])
        assert shapely.distance(rims, point).min() <= GRID


def check_end(way: Walk) -> None:
    """Hold a whole walk against its beginning: land, parents, and the way taken again."""
    first, last = (w.shapes(w.codes()) for w in (way.start, way.now))
    land = shapely.union_all([*first, *way.added])
    apart = shapely.symmetric_difference(land, shapely.union_all(last))
    # Where the outline moved twice the parts may overlap, so this is a bound.
    assert area_m2([apart])[0] <= way.moved_m2 * 1.01 + 1e-6
    if not way.moved_m2:
        assert shapely.equals(land, shapely.union_all(last))
    parents = np.array([code[-1] for code in way.now.codes()])
    upper = union_by(last, parents)
    assert shapely.coverage_is_valid(upper)
    assert shapely.equals(shapely.union_all(upper), shapely.union_all(last))
    again = way.start
    for step in way.steps:
        again = again.after(step(again))
    assert again.codes() == way.now.codes()
    assert (shapely.to_wkb(again.shapes(again.codes())) == shapely.to_wkb(last)).all()


def _pick(working: Working, random: Random) -> str:
    codes = working.codes()
    return codes[int(random.integers(len(codes)))]


def _inside(shape: shapely.Geometry, random: Random) -> np.ndarray:
    west, south, east, north = shape.bounds
    for point in random.uniform((west, south), (east, north), size=(20, 2)):
        if shapely.contains(shape, shapely.Point(point)):
            return point
    return np.array(shapely.point_on_surface(shape).coords[0])


def _through(shape: shapely.Geometry, random: Random) -> shapely.Geometry:
    """Return a line through a cell: straight, bent, from corner to corner, or just short."""
    middle = _inside(shape, random)
    size = max(shape.bounds[2] - shape.bounds[0], shape.bounds[3] - shape.bounds[1])
    angle = random.uniform(0, 2 * np.pi, size=2)
    if random.uniform() < 0.5:
        angle[1] = angle[0] + np.pi
    far = middle + size * np.column_stack([np.cos(angle), np.sin(angle)]) * random.choice([0.3, 2])
    if random.uniform() < 0.3:
        corners = shapely.get_coordinates(shape)
        far = corners[random.integers(len(corners), size=2)]
    return shapely.LineString([far[0], middle, far[1]])


def _blob(middle: np.ndarray, size: float, random: Random) -> shapely.Geometry:
    angle = np.sort(random.uniform(0, 2 * np.pi, size=int(random.integers(3, 9))))
    radius = size * random.uniform(0.3, 1.0, size=len(angle))
    ring = middle + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    return shapely.Polygon(ring)


def _size(shape: shapely.Geometry) -> float:
    return float(np.sqrt(shape.area))


def draw_split(working: Working, random: Random, code: str) -> Step:
    cell = _pick(working, random)
    shape = working.shape(cell)
    cut = _through(shape, random)
    if random.uniform() < 0.25:
        cut = _blob(_inside(shape, random), _size(shape) * random.uniform(0.1, 0.8), random)
    try:
        made = len(pieces(working, cell, cut)) - 1
    except EditRefused:
        made = 1
    codes = [f"{code}{place}" for place in range(made)]
    return lambda now: split(now, cell, cut, codes)


def draw_merge(working: Working, random: Random, code: str) -> Step:
    cell = _pick(working, random)
    around = working.neighbours(cell) or [_pick(working, random)]
    other = around[int(random.integers(len(around)))]
    return lambda now: merge(now, [cell, other], other)


def draw_vertex(working: Working, random: Random, code: str) -> Step:
    shape = working.shape(_pick(working, random))
    corners = shapely.get_coordinates(shape)
    at = corners[random.integers(len(corners))]
    to = at + random.normal(scale=_size(shape) * random.choice([0.02, 0.2]), size=2)
    return lambda now: move_vertex(now, shapely.Point(at), shapely.Point(to))


def draw_border(working: Working, random: Random, code: str) -> Step:
    a = _pick(working, random)
    around = working.neighbours(a) or [_pick(working, random)]
    b = around[int(random.integers(len(around)))]
    edges = shared(working.shapes([a, b]))
    if not len(edges):
        return lambda now: move_border(now, a, b, shapely.LineString([(0, 0), (1, 1)]))
    arcs = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines(edges))))
    arc = arcs[random.integers(len(arcs))]
    share = np.sort(random.uniform(size=2)) if random.uniform() < 0.7 else np.array([0.0, 1.0])
    ends = shapely.get_coordinates(shapely.line_interpolate_point(arc, share, normalized=True))
    bend = ends.mean(axis=0) + random.normal(scale=_size(working.shape(a)) * 0.2, size=2)
    line = shapely.LineString([ends[0], bend, ends[1]])
    return lambda now: move_border(now, a, b, line)


def draw_transfer(working: Working, random: Random, code: str) -> Step:
    to = _pick(working, random)
    shape = working.shape(to)
    rim = shapely.boundary(shape)
    spot = shapely.line_interpolate_point(rim, random.uniform(), normalized=True)
    size = _size(shape) * random.uniform(0.05, 1.0)
    area = _blob(np.array(spot.coords[0]), size, random)
    return lambda now: transfer(now, area, to)


def draw_add(working: Working, random: Random, code: str) -> Step:
    west, south, east, north = working.bounds()
    middle = random.uniform((west - CELL, south - CELL), (east + CELL, north + CELL))
    area = _blob(middle, CELL * random.uniform(0.2, 1.0), random)
    return lambda now: add_remainder(now, area, code)


def draw_replace(working: Working, random: Random, code: str) -> Step:
    cell = _pick(working, random)
    group = [cell, *working.neighbours(cell)[:2]]
    land = shapely.union_all(working.shapes(group))
    seeds = shapely.multipoints(random.uniform(land.bounds[:2], land.bounds[2:], size=(4, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=land))
    parts = [
        p
        for p in shapely.intersection(cells, land)
        if p.area > 0 and p.geom_type != "GeometryCollection"
    ]
    names = [*group, code + "a", code + "b"]
    return lambda now: replace(now, group, dict(zip(names, parts, strict=False)))


DRAWN: dict[str, Callable[[Working, Random, str], Step]] = {
    "split": draw_split,
    "merge": draw_merge,
    "vertex": draw_vertex,
    "border": draw_border,
    "transfer": draw_transfer,
    "add": draw_add,
    "replace": draw_replace,
}
