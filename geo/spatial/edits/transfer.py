"""Transfer land to a cell from those around it: an area, or the ground of chosen buildings."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.assembly import assembled
from geo.spatial.edits.drawing import polygon_drawn
from geo.spatial.edits.faces import Faces, faces_of, given_to, holding
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.places import check_somewhere
from geo.spatial.edits.refusals import BuildingsElsewhere, CutMisses, NothingMoves
from geo.spatial.edits.rings import with_points
from geo.spatial.edits.trim import trimmed
from geo.spatial.edits.working import Working
from geo.spatial.units.ground import building_ground


def transfer(
    working: Working, area: shapely.Geometry, to: str, *, givers: Sequence[str] | None = None
) -> Patch:
    """Return the land of an area given to a cell.

    What of the area no cell covers is passed over; a cell that would lose all its land is refused.

    Parameters
    ----------
    working : the coverage
    area : polygon or multipolygon, degrees lon, lat, storage CRS
    to : code of the cell that gets the land
    givers : codes of the cells that may lose land; None: all

    Raises
    ------
    EditRefused
        ``DrawingInvalid``, ``CutMisses``, ``NothingMoves``, ``CellVanishes``, ``CellFallsApart``,
        ``CoverageWouldBreak``.
    CellMissing
        When there is no such cell.

    Examples
    --------
    >>> working = Working.of(["a", "b"], [shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)])
    >>> patch = transfer(working, shapely.box(1, 0, 3, 1), "b")
    >>> {code: shape.area for code, shape in patch.shapes.items()}
    {'b': 5.0, 'a': 3.0}
    """
    drawn = polygon_drawn(area)
    check_somewhere(working, drawn)
    working.shape(to)
    around = working.touching(drawn)
    losing = [code for code in around if code != to and (givers is None or code in givers)]
    if not losing:
        raise (NothingMoves if around else CutMisses)(drawn)
    land = shapely.coverage_union_all(working.shapes(losing))
    inside = trimmed(shapely.boundary(drawn), land)
    codes = [to, *losing]
    shapes = [with_points(shape, inside.chains) for shape in working.shapes(codes)]
    faces = faces_of(np.array(shapes, dtype=object), inside.lines)
    return assembled(working, codes, faces, _labels(faces, drawn), codes)


def transfer_buildings(
    working: Working,
    footprints: npt.ArrayLike,
    chosen: npt.ArrayLike,
    to: str,
    *,
    barriers: npt.ArrayLike = (),
) -> Patch:
    """Return the ground of chosen buildings given to a cell, no other building touched.

    The ground of a building reaches half way to the next one, and to the streets around it.

    Parameters
    ----------
    working : the coverage
    footprints : (n,) polygons or points of all buildings of the cells the chosen ones stand in;
        degrees, storage CRS
    chosen : (n,) bool; those that stand in ``to`` already, or in no cell, are passed over
    to : code of the cell that gets the ground
    barriers : (m,) streets, rivers and rails that the ground follows, degrees

    Raises
    ------
    BuildingsElsewhere
        When no chosen building stands in another cell.
    EditRefused
        As of ``transfer``; ``CellFallsApart`` names ``to`` when the ground does not border on it.

    Examples
    --------
    >>> west, east = shapely.box(0, 0, 2**-9, 2**-9), shapely.box(2**-9, 0, 2**-8, 2**-9)
    >>> houses = [shapely.Point(2**-11, 2**-10), shapely.Point(3 * 2**-11, 2**-10)]
    >>> patch = transfer_buildings(
    ...     Working.of(["w", "e"], [west, east]), houses, [False, True], "e"
    ... )
    >>> round(patch.shapes["w"].area / west.area, 2)
    0.5
    """
    buildings = np.asarray(footprints, dtype=object)
    wanted = np.asarray(chosen, dtype=bool)
    working.shape(to)
    around = working.touching(shapely.multipoints(shapely.point_on_surface(buildings[wanted])))
    losing = [code for code in around if code != to]
    if not losing:
        raise BuildingsElsewhere(buildings[wanted][0] if wanted.any() else None, cell=to)
    ground = building_ground(working.shapes(losing), buildings, wanted, barriers)
    if ground.is_empty:
        raise BuildingsElsewhere(buildings[wanted][0], cell=to)
    return transfer(working, ground, to, givers=losing)


def _labels(faces: Faces, drawn: shapely.Geometry) -> npt.NDArray[np.intp]:
    """Return 0, the cell that gets, for the faces inside the area; the owner for the others."""
    moving = np.zeros(len(faces.owner), dtype=bool)
    moving[holding(np.array([drawn], dtype=object), faces.shapes)[1]] = True
    moving &= faces.owner > 0
    if not (moving & ~faces.thin).any():
        raise NothingMoves(drawn)
    labels = np.where(moving, 0, faces.owner)
    return given_to(faces.shapes, labels, faces.thin & (labels >= 0))
