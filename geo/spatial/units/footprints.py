"""Which footprints are one building's ground: duplicates and overlaps stand together."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries

Ints = npt.NDArray[np.int64]

# Footprints that share more than this are not two buildings side by side drawn badly.
_SHARED = 0.01
_SHARED_M2 = 0.5


def valid_footprints(footprints: Geometries) -> Geometries:
    """Return footprints made valid, their polygons alone; what has no area becomes a small square.

    Parameters
    ----------
    footprints : (n,) polygons, multipolygons or points, metres
    """
    made = np.where(shapely.is_valid(footprints), footprints, shapely.make_valid(footprints))
    mixed = np.flatnonzero(shapely.get_type_id(made) == 7)
    for place in mixed:  # a bow-tie with a spike: the line is no ground
        parts = shapely.get_parts(made[place])
        made[place] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    flat = shapely.area(made) <= 0.0
    made[flat] = shapely.buffer(shapely.centroid(footprints[flat]), 0.5, cap_style="square")
    return np.asarray(made, dtype=object)


def standing_together(
    footprints: Geometries, weights: npt.NDArray[np.float64] | None, most: float
) -> Ints:
    """Return a label for each footprint; footprints that overlap share one.

    Parameters
    ----------
    footprints : (n,) valid polygons, metres
    weights, most : no group weighs more than ``most``, largest overlap first; None: no limit

    Returns
    -------
    (n,) int64, the lowest index of each group
    """
    first, second = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.area(shapely.intersection(footprints[first], footprints[second]))
    least = np.minimum(shapely.area(footprints[first]), shapely.area(footprints[second]))
    doubled = (shared > _SHARED * least) & (shared > np.minimum(_SHARED_M2, 0.5 * least))
    first, second, shared = first[doubled], second[doubled], shared[doubled]
    order = np.lexsort((second, first, -shared))
    label = np.arange(len(footprints), dtype=np.int64)
    weight = np.zeros(len(footprints)) if weights is None else weights.astype(np.float64)
    for a, b in zip(first[order], second[order], strict=True):
        low, high = sorted((label[a], label[b]))
        if low != high and weight[label == low].sum() + weight[label == high].sum() <= most:
            label[label == high] = low
    return label


def apart(footprints: Geometries, label: Ints) -> tuple[Geometries, Ints]:
    """Return one polygon for each group, none overlapping another, and the group of each footprint.

    Where two groups still overlap, the smaller keeps the ground.

    Returns
    -------
    (g,) polygons or multipolygons
    (n,) int64
    """
    groups, inverse = np.unique(label, return_inverse=True)
    shapes = footprints[groups].copy()
    size = np.bincount(inverse)
    for group in np.flatnonzero(size > 1):
        shapes[group] = shapely.union_all(footprints[inverse == group])
    first, second = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    area = shapely.area(shapes)
    larger = (area[first] > area[second]) | ((area[first] == area[second]) & (first > second))
    for a, b in zip(first[larger], second[larger], strict=True):
        rest = shapely.difference(shapes[a], shapes[b])
        if shapely.area(rest) > _SHARED_M2:
            shapes[a] = rest
    return shapes, inverse.astype(np.int64)
