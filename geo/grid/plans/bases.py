"""SELECTs of what a draft begins from: the cells of an area in a publication, and those around."""

from collections.abc import Collection

import geopandas as gpd
import shapely
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geo.access.scope import area_range
from geo.db.sql import statement
from geo.grid import frames
from geo.grid.model import CellVersion
from geo.grid.plans.draft import Base, CellFacts
from geo.grid.plans.reach import Reach
from geo.spatial.edits.working import Working

# Bytewise after every letter, digit and sign that a code may have.
_AFTER_ALL = "~"


def base_of(session: Session, number: int, cell_id: int, path: str) -> Base:
    """Return the cells of an area in a publication, with the leaves around it.

    Parameters
    ----------
    path : of the cell in that publication
    """
    cells = frames.tree(session, number, below=path)
    leaves = cells[~cells["derived"].astype(bool)]
    low, high = area_range(path)
    values = {"number": number, "cell_id": cell_id, "low": low, "high": high}
    around = session.execute(statement("geo.grid.plans", "around"), values).all()
    codes = [*leaves["code"], *(row.code for row in around)]
    shapes = [*leaves.geometry, *frames.read_shapes(row.geom for row in around)]
    return Base(
        number=number,
        area=str(cells["code"].iloc[0]),
        path=path,
        cells={cell.code: cell for cell in _facts(cells)},
        working=Working.of(codes, shapes),
        around=frozenset(row.code for row in around),
    )


def further_from(
    session: Session, number: int, path: str, place: shapely.Geometry
) -> dict[str, shapely.Geometry]:
    """Return the leaves outside an area of a publication that meet the box of a place, by code."""
    low, high = area_range(path)
    values = {"number": number, "low": low, "high": high, "box": shapely.box(*place.bounds).wkt}
    rows = session.execute(statement("geo.grid.plans", "further"), values).all()
    shapes = frames.read_shapes(row.geom for row in rows)
    return dict(zip((row.code for row in rows), shapes, strict=True))


def base_near(session: Session, number: int, path: str, reach: Reach) -> Base:
    """Return the cells of an area with the shapes of those leaves alone that operations can reach.

    Parameters
    ----------
    path : of the area's cell in that publication
    """
    low, high = area_range(path)
    area = {"number": number, "low": low, "high": high}
    found = session.execute(statement("geo.grid.plans", "facts"), area)
    facts = [CellFacts(*row) for row in found]
    # The deepest cell is a leaf: what only tells cells anew reaches none.
    codes = sorted({*reach.codes, facts[-1].code})
    values = {**area, "codes": codes, "boxes": [box.wkt for box in reach.boxes]}
    near = session.execute(statement("geo.grid.plans", "leaves_near"), values).all()
    shapes = frames.read_shapes(row.geom for row in near)
    return Base(
        number=number,
        area=facts[0].code,
        path=path,
        cells={cell.code: cell for cell in facts},
        working=Working.of([row.code for row in near], shapes),
        around=frozenset(row.code for row in near if not row.inside),
    )


def taken(session: Session, number: int, codes: Collection[str]) -> frozenset[str]:
    """Return those of some codes that a cell bore in a publication or before it."""
    return _given(session, number, CellVersion.code.in_(codes)) if codes else frozenset()


def taken_with(session: Session, number: int, prefix: str) -> frozenset[str]:
    """Return the codes that begin with a text and that a cell bore in a publication or before."""
    low, high = prefix, prefix + _AFTER_ALL
    return _given(session, number, CellVersion.code >= low, CellVersion.code < high)


def _given(session: Session, number: int, *which: ColumnElement[bool]) -> frozenset[str]:
    query = select(CellVersion.code).where(*which, func.lower(CellVersion.during) <= number)
    return frozenset(session.scalars(query))


def _facts(cells: gpd.GeoDataFrame) -> list[CellFacts]:
    columns = (cells["code"], cells["name"], cells["level"], cells["parent_code"], cells["cell_id"])
    return [
        CellFacts(code, name, int(level), parent if isinstance(parent, str) else None, int(cell_id))
        for code, name, level, parent, cell_id in zip(*columns, strict=True)
    ]
