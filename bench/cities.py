"""A seeded city for measuring: cells like bricks with crooked walls that tile without gap.

Each cell has six neighbours and four walls of equally many vertices; the whole is warped, so that
cells differ in size by ten, its corners are cut off, and it has a lake.
"""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, snap

Floats = npt.NDArray[np.float64]

WEST, SOUTH = 116.6, 33.7
METRES_PER_DEGREE = 111_195.0
CELL_M = 283.0
WALL_VERTICES = 20
_CROOKED, _SHAKEN, _WARPED = 0.18, 0.16, 0.06
_LAKE, _LAKE_RADIUS = (0.2, 0.1), 0.055
_KEPT = 0.82


def city(number: int, *, seed: int = 1) -> Geometries:
    """Return so many cells of a valid coverage on the storage grid, south to north."""
    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(number / _KEPT)))
    junctions = _junctions(side, random)
    half, whole = WALL_VERTICES // 2, WALL_VERTICES
    level = _walls(junctions[:, :-1], junctions[:, 1:], half, _CROOKED, random)
    row, wall = np.meshgrid(np.arange(side), np.arange(side + 1), indexing="ij")
    place = 2 * wall + (row & 1)
    upright = _walls(
        junctions[row, place], junctions[row + 1, place], whole, 0.6 * _CROOKED, random
    )
    row, column = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    place = 2 * column + (row & 1)
    rings = np.concatenate(
        [
            level[row, place][:, :, :-1],
            level[row, place + 1][:, :, :-1],
            upright[row, column + 1][:, :, :-1],
            level[row + 1, place + 1][:, :, :0:-1],
            level[row + 1, place][:, :, :0:-1],
            upright[row, column][:, :, ::-1],
        ],
        axis=2,
    )
    cells = shapely.polygons(rings.reshape(side * side, -1, 2))
    return cells[_chosen(row, column, side, number)]


def _junctions(side: int, random: np.random.Generator) -> Floats:
    """Return where walls meet, two to a brick and line, (side + 1, 2 side + 2, 2) degrees."""
    line, place = np.meshgrid(np.arange(side + 1), np.arange(2 * side + 2), indexing="ij")
    shaken = random.uniform(-_SHAKEN, _SHAKEN, size=(*line.shape, 2))
    u, v = place / 2 + shaken[..., 0] * 0.9, line + shaken[..., 1] * 1.2
    turn = 2 * np.pi / side
    x = u + side * (_WARPED * np.sin(turn * u) + 0.02 * np.sin(2 * turn * v))
    y = v + side * (_WARPED * np.sin(turn * v) + 0.02 * np.sin(turn * u))
    east = METRES_PER_DEGREE * np.cos(np.radians(SOUTH))
    degrees = np.stack([WEST + x * CELL_M / east, SOUTH + y * CELL_M / METRES_PER_DEGREE], -1)
    return snap(degrees)


def _walls(
    start: Floats, end: Floats, parts: int, crooked: float, random: np.random.Generator
) -> Floats:
    """Return crooked lines from start to end in so many parts, (…, parts + 1, 2) degrees."""
    along = np.linspace(0, 1, parts + 1)
    walk = np.cumsum(random.normal(size=(*start.shape[:-1], parts)), axis=-1)
    walk = np.concatenate([np.zeros((*start.shape[:-1], 1)), walk], axis=-1)
    bridge = (walk - walk[..., -1:] * along) / np.sqrt(parts)
    bridge = np.clip(bridge, -1, 1) * 2 * np.minimum(along, 1 - along)
    straight = start[..., None, :] * (1 - along)[:, None] + end[..., None, :] * along[:, None]
    step = end - start
    aside = np.stack([-step[..., 1], step[..., 0]], axis=-1)
    return snap(straight + crooked * bridge[..., None] * aside[..., None, :])


def _chosen(
    row: npt.NDArray[np.intp], column: npt.NDArray[np.intp], side: int, number: int
) -> npt.NDArray[np.intp]:
    """Return the bricks nearest to the middle, without those of the lake."""
    middle = np.stack([column.ravel() + 0.5, row.ravel() + 0.5], axis=1) / side * 2 - 1
    apart = (middle**4).sum(axis=1)
    lake = np.hypot(*(middle - _LAKE).T) < _LAKE_RADIUS
    order = np.argsort(np.where(lake, np.inf, apart), kind="stable")
    return np.sort(order[:number])


def uniform(cells: Geometries, number: int, *, seed: int = 7) -> Floats:
    """Return points anywhere in the box of the cells."""
    low, high = np.split(shapely.total_bounds(cells), 2)
    return np.random.default_rng(seed).uniform(low, high, size=(number, 2))


def clustered(cells: Geometries, number: int, *, seed: int = 8) -> Floats:
    """Return points within some 15 m of one of ten places in each cell."""
    random = np.random.default_rng(seed)
    low, high = np.split(shapely.total_bounds(cells), 2)
    places = random.uniform(low, high, size=(10 * len(cells), 2))
    near = random.normal(scale=15.0 / METRES_PER_DEGREE, size=(number, 2))
    return places[random.integers(0, len(places), number)] + near


def adversarial(cells: Geometries, number: int, *, seed: int = 9) -> Floats:
    """Return points 1e-11 to 1e-5 degrees beside edges, one in twenty on a vertex, on its level."""
    random = np.random.default_rng(seed)
    vertices, cell = shapely.get_coordinates(cells, return_index=True)
    edge = random.choice(np.flatnonzero(cell[:-1] == cell[1:]), number)
    along = random.uniform(size=(number, 1))
    points = vertices[edge] * (1 - along) + vertices[edge + 1] * along
    points += 10 ** random.uniform(-11, -5, (number, 1)) * random.choice([-1, 1], (number, 2))
    twentieth = number // 20
    points[:twentieth] = vertices[edge[:twentieth]]
    points[twentieth : 2 * twentieth, 1] = vertices[edge[twentieth : 2 * twentieth], 1]
    return points
