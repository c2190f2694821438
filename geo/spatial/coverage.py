"""Coverages: polygons that tile without gap or overlap and share every vertex of their borders.

Checking a coverage, noding one that came from elsewhere, and uniting its groups. The rule for a
point on a border is in ``geo.spatial.covers``.

Source: ``shapely.coverage_*`` (GEOS 3.12 and later); the noding is one ``union_all`` on the storage
grid followed by ``polygonize``.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.measure import area_m2, length_m
from geo.spatial.storage import GRID, Geometries

# A face thinner than this many grid steps on average is the trace of snapping, not a fault.
_TRACE_STEPS = 4.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where polygons do not tile.

    Parameters
    ----------
    kind : ``gap`` or ``overlap``
    owners : indices of the polygons that overlap, or that surround the gap
    area_m2 : its size
    width_m : how wide it is on average; a sliver is long and narrow
    lon, lat : a point inside it, storage CRS
    """

    kind: str
    owners: tuple[int, ...]
    area_m2: float
    width_m: float
    lon: float
    lat: float


def is_valid(polygons: npt.ArrayLike) -> bool:
    """Return whether polygons form a valid coverage: no overlap, all border vertices shared.

    Parameters
    ----------
    polygons : (n,) polygons or multipolygons on the storage grid

    Returns
    -------
    bool; an empty array is valid

    Examples
    --------
    >>> is_valid([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    True
    >>> is_valid([shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 2, 1)])
    False
    """
    return bool(shapely.coverage_is_valid(np.asarray(polygons, dtype=object)))


def union_by(polygons: npt.ArrayLike, groups: npt.ArrayLike) -> Geometries:
    """Return the coverage union of each group, in the order of ``np.unique(groups)``.

    Parameters
    ----------
    polygons : (n,) polygons of a valid coverage
    groups : (n,) labels

    Returns
    -------
    (g,) polygons or multipolygons with exactly the outer vertices of their parts

    Examples
    --------
    >>> halves = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> union_by(halves, ["a", "a"])[0].area
    2.0
    """
    array = np.asarray(polygons, dtype=object)
    _, inverse = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.flatnonzero(np.diff(inverse[order], prepend=-1))
    parts = np.split(array[order], starts[1:])
    united = [part[0] if len(part) == 1 else shapely.coverage_union_all(part) for part in parts]
    return np.asarray([_polygonal(geometry) for geometry in united], dtype=object)


def overlaps(polygons: npt.ArrayLike) -> list[Fault]:
    """Return every pair of polygons whose insides meet, largest first.

    Parameters
    ----------
    polygons : (n,) polygons or multipolygons

    Returns
    -------
    list of Fault

    Examples
    --------
    >>> [f.owners for f in overlaps([shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 2, 1)])]
    [(0, 1)]
    """
    array = np.asarray(polygons, dtype=object)
    first, second = shapely.STRtree(array).query(array, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    common = shapely.intersection(array[first], array[second])
    faults = [
        _fault("overlap", (int(a), int(b)), geometry)
        for a, b, geometry in zip(first, second, common, strict=True)
        if shapely.area(geometry) > 0.0
    ]
    return sorted(faults, key=lambda fault: -fault.area_m2)


def gaps(polygons: npt.ArrayLike) -> list[Fault]:
    """Return the holes that polygons leave between them, largest first.

    Parameters
    ----------
    polygons : (n,) polygons or multipolygons

    Returns
    -------
    list of Fault, ``owners`` the polygons around each

    Examples
    --------
    >>> ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    >>> [(f.kind, f.owners, f.lon) for f in gaps([ring])]
    [('gap', (0,), 1.5)]
    """
    array = np.asarray(polygons, dtype=object)
    if not len(array):
        return []
    whole = shapely.union_all(array)
    bodies = [body for body in shapely.get_parts(whole) if shapely.get_num_interior_rings(body)]
    rings = [ring for body in bodies for ring in body.interiors]
    if not rings:
        return []
    # What stands inside a hole, an island, is no gap.
    holes = shapely.get_parts(shapely.difference(shapely.polygons(rings), whole))
    holes = holes[shapely.area(holes) > 0.0]
    tree = shapely.STRtree(array)
    faults = [
        _fault("gap", tuple(sorted(tree.query(hole, predicate="intersects").tolist())), hole)
        for hole in holes
    ]
    return sorted(faults, key=lambda fault: -fault.area_m2)


def fault_of(kind: str, polygons: Geometries, place: shapely.Geometry) -> Fault:
    """Return the fault that a piece of land is to the polygons that meet it.

    Parameters
    ----------
    kind : ``gap`` or ``overlap``
    polygons : (n,) all of them
    place : polygon

    Examples
    --------
    >>> fault_of("gap", np.array([shapely.box(0, 0, 1, 1)]), shapely.box(1, 0, 2, 1)).owners
    (0,)
    """
    near = np.flatnonzero(shapely.intersects(polygons, place))
    return _fault(kind, tuple(near.tolist()), place)


def noded(polygons: npt.ArrayLike) -> tuple[Geometries, list[Fault]]:
    """Return polygons that share every border vertex, and the gaps and overlaps left to mend.

    All borders are noded once on the storage grid. Faces as thin as the grid, the traces of
    snapping, go to a neighbour; anything wider is a fault and stays as it came.

    Parameters
    ----------
    polygons : (n,) valid polygons or multipolygons, degrees lon, lat

    Returns
    -------
    (n,) polygons or multipolygons on the storage grid, a valid coverage when there is no fault
    list of Fault, largest first

    Examples
    --------
    >>> cells, faults = noded([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 0.5)])
    >>> is_valid(cells), faults
    (True, [])
    """
    array = np.asarray(polygons, dtype=object)
    faces = _faces(array)
    face, owner = _owners(faces, array)
    thin = shapely.area(faces) <= shapely.length(faces) / 2.0 * GRID * _TRACE_STEPS
    counts = np.bincount(face, minlength=len(faces))
    faults = _overlap_faults(faces, face, owner, np.flatnonzero((counts > 1) & ~thin))
    label = np.full(len(faces), -1)
    # Written backwards, so that of several owners the first one stays.
    label[face[::-1]] = owner[::-1]
    label = _adopt(faces, label, np.flatnonzero((counts == 0) & thin))
    kept = label >= 0
    result = array.copy()
    result[np.unique(label[kept])] = union_by(faces[kept], label[kept])
    faults += gaps(result)
    return result, sorted(faults, key=lambda fault: -fault.area_m2)


def _faces(polygons: Geometries) -> Geometries:
    lines = shapely.union_all(shapely.boundary(polygons), grid_size=GRID)
    return np.asarray(shapely.get_parts(shapely.polygonize([lines])), dtype=object)


def _owners(
    faces: Geometries, polygons: Geometries
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    inside = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(polygons).query(inside, predicate="within")
    order = np.lexsort((owner, face))
    return face[order], owner[order]


def _overlap_faults(
    faces: Geometries,
    face: npt.NDArray[np.intp],
    owner: npt.NDArray[np.intp],
    doubled: npt.NDArray[np.intp],
) -> list[Fault]:
    return [
        _fault("overlap", tuple(owner[face == index].tolist()), faces[index]) for index in doubled
    ]


def _adopt(
    faces: Geometries, label: npt.NDArray[np.intp], orphans: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Give each thin orphan the label of the neighbour with which it shares the longest border."""
    result = label.copy()
    tree = shapely.STRtree(faces)
    for index in orphans:
        near = tree.query(faces[index], predicate="intersects")
        near = near[label[near] >= 0]
        if len(near):
            shared = shapely.length(shapely.intersection(faces[near], faces[index]))
            result[index] = label[near[np.argmax(shared)]]
    return result


def _fault(kind: str, owners: tuple[int, ...], place: shapely.Geometry) -> Fault:
    inside = shapely.point_on_surface(place)
    size = float(area_m2([place])[0])
    around = float(length_m([place])[0])
    width = 2.0 * size / around if around else 0.0
    lon, lat = float(shapely.get_x(inside)), float(shapely.get_y(inside))
    return Fault(kind, owners, size, width, lon, lat)


def _polygonal(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
