"""Random cells and the points that are hardest on them, for the tests of the index."""

import numpy as np
import shapely

from geo.spatial.storage import GRID, snap
from geo.spatial.tiles.parts import Preset

# Little memory and few edges: small rasters whose tiles divide often.
CROWDED = Preset(bytes_per_vertex=1, bytes_per_cell=0, most_edges=5, least_bytes=256)
# Places where signs change, degrees end, or numbers are large.
SPOTS = [
    (116.8, 33.9),
    (0.0, 0.0),
    (-0.001, 0.001),
    (179.9999, 10.0),
    (-179.9999, -10.0),
    (30.0, 89.9999),
    (30.0, -89.9999),
    (-77.0, -12.0),
]


def random_cells(seed: int, *, steps: int, spot: tuple[float, float]) -> np.ndarray:
    """Return cells cut by random lines: holes, gaps, several parts, corners of many, slivers.

    Parameters
    ----------
    seed : of the random numbers
    steps : how many grid steps one unit of the drawing is; 1 makes slivers of a grid step
    spot : degrees, about the middle
    """
    random = np.random.default_rng(seed)
    low, high = np.clip(
        np.add.outer((-20 * steps * GRID, 20 * steps * GRID), snap([spot])[0]),
        (-180.0, -90.0),
        (180.0, 90.0),
    )
    corners = random.integers(0, 41, size=(random.integers(4, 24), 2, 2)) * steps * GRID + low
    frame = shapely.boundary(shapely.box(*low, *high))
    lines = [*shapely.linestrings(np.clip(corners, low, high)), frame]
    noded = shapely.union_all(lines, grid_size=GRID)
    faces = np.array(shapely.get_parts(shapely.polygonize([noded])), dtype=object)
    label = random.integers(0, max(len(faces) // 2, 1), len(faces))
    kept = random.random(len(faces)) > 0.15
    kept[0] = True
    cells = [
        shapely.coverage_union_all(faces[kept & (label == value)])
        for value in np.unique(label[kept])
    ]
    return np.array(cells, dtype=object)


def hard_points(cells: np.ndarray, seed: int, number: int = 400) -> np.ndarray:
    """Return points on vertices and edges, beside them by 1e-11 to 1e-5 degrees, and anywhere."""
    random = np.random.default_rng(seed)
    vertices, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(cells)), return_index=True
    )
    edge = random.choice(np.flatnonzero(ring[:-1] == ring[1:]), number)
    along = random.choice([0.0, 0.25, 0.5, 1 / 3, 0.75], size=(number, 1))
    on = vertices[edge] * (1 - along) + vertices[edge + 1] * along
    apart = 10.0 ** random.uniform(-11, -5, (number, 1)) * random.normal(size=(number, 2))
    steps = random.integers(-2, 3, size=(number, 2)) * GRID
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    anywhere = random.uniform(low - (high - low) / 8, high + (high - low) / 8, size=(number, 2))
    level = np.column_stack([anywhere[:, 0], vertices[edge][:, 1]])
    points = np.concatenate([vertices[edge], on, on + apart, on + steps, anywhere, level])
    return np.clip(points, (-180.0, -90.0), (180.0, 90.0))
