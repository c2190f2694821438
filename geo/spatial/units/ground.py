"""The ground units of an area, and the ground of some of its buildings."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries
from geo.spatial.units import adjacency, between, faces
from geo.spatial.units.blocks import blocks
from geo.spatial.units.footprints import Ints, apart, standing_together, valid_footprints
from geo.spatial.units.frame import Frame, degree_frame
from geo.spatial.units.pieces import parted

Floats = npt.NDArray[np.float64]

ALONG_M = 5.0  # a border nearer to a street than this runs along it


@dataclass(frozen=True, slots=True)
class Units:
    """Ground units: a valid coverage of the areas.

    Parameters
    ----------
    frame : leads from metres to native coordinates
    shapes : (u,) polygons, metres, on the lattice of the frame, in an order that follows from their
        place alone
    area : (u,) index of the area each lies in
    unit : (n,) unit of each footprint, -1 for one outside every area
    solids : (u,) what stands on each unit, metres; None on empty land
    first, second : (e,) pairs of units that share a border
    length_m : (e,) how long it is
    along : (e, k) share of it along barriers of each class, k = 1 + the highest class
    lines, kinds : the barriers, metres, the most important first, and their classes
    """

    frame: Frame
    shapes: Geometries
    area: Ints
    unit: Ints
    solids: Geometries
    first: Ints
    second: Ints
    length_m: Floats
    along: Floats
    lines: Geometries
    kinds: Ints


def with_pieces(units: Units, chosen: Ints) -> tuple[Units, Ints]:
    """Return units with the land of the chosen ones parted from their buildings.

    Parameters
    ----------
    units : Units
    chosen : (c,) units

    Returns
    -------
    Units, the pieces behind all others
    (v,) int64, the unit each comes from
    """
    shapes, origin = parted(units.frame, units.shapes, units.solids, chosen)
    more = np.full(len(shapes) - len(units.shapes), None, dtype=object)
    made = Units(
        units.frame,
        shapes,
        units.area[origin],
        units.unit,
        np.concatenate([units.solids, more]),
        *_neighbours(shapes, units.lines, units.kinds),
        units.lines,
        units.kinds,
    )
    return made, origin


def ground_units(
    frame: Frame,
    areas: npt.ArrayLike,
    footprints: npt.ArrayLike,
    barriers: npt.ArrayLike = (),
    *,
    classes: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    most: float = np.inf,
    cells: npt.ArrayLike = (),
) -> Units:
    """Return the ground of each building and of each block without one.

    Parameters
    ----------
    frame : Frame of the coordinates
    areas : (a,) valid polygons that do not overlap, native coordinates
    footprints : (n,) polygons or points, native coordinates; one across two areas belongs to the
        one that holds its inner point
    barriers : (m,) lines along which units part, native coordinates
    classes : (m,) small whole numbers, the most important class the highest; None: all 0
    weights, most : overlapping footprints stand on one unit unless it would weigh more than this
    cells : (c,) polygons whose borders are among the barriers, native coordinates; the land of a
        building on a barrier does not reach into another of them

    Returns
    -------
    Units
    """
    ground = frame.metres(_flat(areas))
    buildings, home = _within(ground, valid_footprints(frame.metres(_flat(footprints))))
    inside = np.flatnonzero(home >= 0)
    buildings = _rounded(buildings[inside])
    order = _by_place(buildings)
    inside, buildings = inside[order], buildings[order]
    heavy = None if weights is None else np.asarray(weights, dtype=np.float64)[inside]
    label = standing_together(buildings, heavy, most)
    label = np.unique(home[inside] * len(label) + label, return_inverse=True)[1].astype(np.int64)
    label = np.unique(label, return_index=True)[1][label].astype(np.int64)
    solid, group = apart(buildings, label)
    lines, kind = _lines(frame, ground, barriers, classes)
    shapes, area = _coverage(frame, ground, solid, lines, frame.metres(_flat(cells)))
    unit = np.full(len(home), -1, dtype=np.int64)
    home_of = faces.building_shares(shapes, solid)[0]
    unit[inside] = home_of[group]
    solids = _standing_on(len(shapes), solid, home_of)
    return Units(frame, shapes, area, unit, solids, *_neighbours(shapes, lines, kind), lines, kind)


def building_ground(
    cells: npt.ArrayLike,
    footprints: npt.ArrayLike,
    chosen: npt.ArrayLike,
    barriers: npt.ArrayLike = (),
) -> shapely.Geometry:
    """Return the ground of chosen buildings within cells, what else lies around them left out.

    Parameters
    ----------
    cells : (c,) polygons of a coverage, degrees, storage grid
    footprints : (n,) polygons of all buildings in the cells, degrees, storage CRS
    chosen : (n,) bool
    barriers : (m,) lines the ground should follow, degrees

    Returns
    -------
    polygon or multipolygon, degrees, storage grid; empty when nothing is chosen

    Examples
    --------
    >>> cell = shapely.box(0.0, 0.0, 2.0**-9, 2.0**-9)
    >>> houses = [shapely.Point(2.0**-11, 2.0**-10), shapely.Point(3 * 2.0**-11, 2.0**-10)]
    >>> ground = building_ground([cell], houses, [True, False])
    >>> round(ground.area / cell.area, 2), ground.within(cell)
    (0.5, True)
    """
    area = shapely.coverage_union_all(_flat(cells))
    frame = degree_frame([area], stored=True)
    units = ground_units(frame, [area], footprints, barriers)
    wanted = units.unit[np.asarray(chosen, dtype=bool)]
    some = np.unique(wanted[wanted >= 0])
    return shapely.coverage_union_all(frame.native(units.shapes[some]))


def _flat(geometries: npt.ArrayLike) -> Geometries:
    return np.asarray(shapely.force_2d(np.asarray(geometries, dtype=object)), dtype=object)


def _rounded(geometries: Geometries) -> Geometries:
    """Return footprints in normal form, so that nothing depends on where a ring begins."""
    return np.asarray(shapely.normalize(geometries), dtype=object)


def _by_place(geometries: Geometries) -> Ints:
    """Return the order of geometries that follows from where they lie, west to east."""
    texts = shapely.to_wkb(geometries, byte_order=1)
    _, rank = np.unique(np.asarray(texts, dtype=object), return_inverse=True)
    west, south, east, north = shapely.bounds(geometries).T
    return np.lexsort((rank, north, east, south, west)).astype(np.int64)


def _within(areas: Geometries, footprints: Geometries) -> tuple[Geometries, Ints]:
    """Return footprints cut to the area that holds their inner point, and that area's index."""
    home = np.full(len(footprints), -1, dtype=np.int64)
    tree = shapely.STRtree(areas)
    building, area = tree.query(shapely.point_on_surface(footprints), predicate="within")
    home[building[::-1]] = area[::-1]
    result = footprints.copy()
    rims = shapely.STRtree(shapely.boundary(areas))
    crossing = np.unique(rims.query(footprints, predicate="intersects")[0])
    crossing = crossing[home[crossing] >= 0]
    result[crossing] = shapely.intersection(footprints[crossing], areas[home[crossing]])
    return result, home


def _lines(
    frame: Frame, areas: Geometries, barriers: npt.ArrayLike, classes: npt.ArrayLike | None
) -> tuple[Geometries, Ints]:
    """Return barriers as lines near the areas, the most important first, and their class."""
    array = _flat(barriers)
    kind = np.zeros(len(array), dtype=np.int64) if classes is None else np.asarray(classes)
    array = np.where(shapely.get_dimensions(array) == 2, shapely.boundary(array), array)
    parts, index = shapely.get_parts(frame.metres(array), return_index=True)
    kept = (shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0.0)
    near = np.zeros(len(parts), dtype=bool)
    near[np.unique(shapely.STRtree(parts).query(areas, predicate="intersects")[1])] = True
    parts, kind = parts[kept & near], kind[index[kept & near]].astype(np.int64)
    parts = np.asarray(shapely.normalize(parts), dtype=object)
    order = _by_place(parts)
    order = order[np.argsort(-kind[order], kind="stable")]
    return parts[order], kind[order]


def _coverage(
    frame: Frame, areas: Geometries, footprints: Geometries, lines: Geometries, cells: Geometries
) -> tuple[Geometries, Ints]:
    """Return units sorted by place, and the area of each."""
    land = blocks(frame, areas, footprints, lines, cells)
    drawn = between.halfway_lines(land, footprints)
    found, block = faces.faces_of(frame, land, footprints, drawn)
    owner = faces.owners(found, block, footprints, land)
    shapes, _ = faces.whole_units(found, owner)
    shapes = np.asarray(shapely.normalize(shapes), dtype=object)
    shapes = shapes[_by_place(shapes)]
    inside = shapely.point_on_surface(shapes)
    unit, area = shapely.STRtree(areas).query(inside, predicate="intersects")
    _, first = np.unique(unit, return_index=True)
    return shapes, area[first].astype(np.int64)


def _standing_on(count: int, solid: Geometries, unit: Ints) -> Geometries:
    """Return what stands on each unit."""
    result = np.full(count, None, dtype=object)
    result[unit] = solid
    for shared in np.flatnonzero(np.bincount(unit, minlength=count) > 1):
        result[shared] = shapely.union_all(solid[unit == shared])
    return result


def _neighbours(
    shapes: Geometries, lines: Geometries, kind: Ints
) -> tuple[Ints, Ints, Floats, Floats]:
    first, second, a, b = adjacency.shared_segments(shapes)
    size = np.hypot(*(b - a).T)
    line = adjacency.along(a, b, lines, ALONG_M)
    width = int(kind.max()) + 1 if len(kind) else 1
    met = np.where(line >= 0, kind[line] if len(kind) else 0, -1)
    beside = [np.where(met == k, size, 0.0) for k in range(width)]
    one, two, (length, *parts) = adjacency.summed(first, second, len(shapes), size, *beside)
    return one, two, length, np.column_stack(parts) / length[:, None]
