"""Cells of the grid: listed, one by one, their children, ancestors and counts."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api import geojson
from api.access import API
from api.kept import Kept
from api.params import Words, window_of
from api.reading import Read, Reading, position
from api.schemas.cells import (
    AncestorsBody,
    AsOfQuery,
    CellCountsBody,
    CellListBody,
    CellQuery,
    CellsQuery,
    ChildrenQuery,
    GridCellBody,
)
from geo.db.paging import Page
from geo.grid import listing
from geo.grid import store as grid
from geo.grid.listing import CellFilter
from geo.people.public import PublicCounts, public_counts_at
from geo.people.reading import count_households
from geo.places.store import building_count

router = APIRouter(prefix=f"{API}/cells", tags=["cells"])

Code = Annotated[Words, Path()]

PublicNumbers = Kept[tuple[int, str, date], PublicCounts]
KEPT_S = 60.0

# The key of a walk names its publication, so that every page shows the same grid.
_KIND, _KEY = "cells", (int, str)


@router.get("", response_model=CellListBody, responses=geojson.RESPONSE)
def list_cells(query: Annotated[CellsQuery, Query()], read: Read) -> CellListBody | Response:
    """List the cells of a publication in the order of their codes."""
    number = _number(query, read)
    parent = query.parent and grid.version_by_code(read.session, query.parent, number).cell_id
    below = query.below and grid.version_by_code(read.session, query.below, number).path
    wanted = CellFilter(
        level=query.level,
        code=query.code,
        parent_id=parent or None,
        below=below or None,
        window=window_of(query.bbox),
        words=query.q,
    )
    return _listed(query, wanted, number, read)


@router.get("/{code}", response_model=GridCellBody, responses=geojson.RESPONSE)
def read_cell(
    code: Code, query: Annotated[CellQuery, Query()], read: Read
) -> GridCellBody | Response:
    """Return the cell that bears a code."""
    shapes = geojson.is_wanted(read.request, query.f)
    row = listing.cell_by_code(read.session, code, read.number(query.as_of), shapes=shapes)
    body = GridCellBody.of(row)
    return geojson.answer(geojson.feature(body, row.shape)) if shapes else body


@router.get("/{code}/children", response_model=CellListBody, responses=geojson.RESPONSE)
def list_children(
    code: Code, query: Annotated[ChildrenQuery, Query()], read: Read
) -> CellListBody | Response:
    """List the cells one level below a cell."""
    number = _number(query, read)
    parent = grid.version_by_code(read.session, code, number)
    return _listed(query, CellFilter(parent_id=parent.cell_id), number, read)


@router.get("/{code}/ancestors", response_model=AncestorsBody)
def list_ancestors(code: Code, query: Annotated[AsOfQuery, Query()], read: Read) -> AncestorsBody:
    """List the cells above a cell, root first."""
    number = read.number(query.as_of)
    path = grid.version_by_code(read.session, code, number).path
    rows = listing.ancestors(read.session, path, number)
    return AncestorsBody(items=[GridCellBody.of(row) for row in rows], version=number)


@router.get("/{code}/counts", response_model=CellCountsBody)
def count_cell(code: Code, read: Read) -> CellCountsBody:
    """Count what a cell and all below it hold now: exactly, or as everybody may know it."""
    number = read.number()
    cell = grid.version_by_code(read.session, code, number)
    buildings = building_count(read.session, cell.path)
    if read.scope.covers(cell.path):  # these are the areas in which the asker may count
        kinds = count_households(read.work, cell.path, read.today)
        return CellCountsBody.exactly(cell.code, number, buildings, kinds)
    told = _everybodys(read, cell.path, number)
    return CellCountsBody.in_fives(cell.code, number, buildings, told)


def _everybodys(read: Reading, path: str, number: int) -> PublicCounts:
    """Return what everybody may know of a cell, worked out once a minute.

    They come from every household below: a second for a district of half a million, which nobody
    who has not even signed in may ask of us twenty times a second.
    """
    kept: PublicNumbers = read.request.app.state.public_counts
    key = (number, path, read.today)
    found = kept.get(key)
    if found is None:
        found = kept.keep(key, public_counts_at(read.work, path, number, today=read.today))
    return found


def _number(query: CellsQuery | ChildrenQuery, read: Reading) -> int:
    """Return the publication to list: the one the walk began with, else that of the moment."""
    key = position(query, _KIND, _KEY)
    if key is None:
        return read.number(query.as_of)
    number = int(key[0])
    return listing.publication_by_number(read.session, number, read.work.now).number


def _listed(
    query: CellsQuery | ChildrenQuery, wanted: CellFilter, number: int, read: Reading
) -> CellListBody | Response:
    shapes = geojson.is_wanted(read.request, query.f)
    page = read.page(query, _KIND, *_KEY)
    after = None if page.after is None else page.after[1:]
    found = listing.cells(read.session, number, wanted, Page(page.limit, after), shapes=shapes)
    following = read.following(_KIND, found.after and (number, *found.after))
    bodies = [GridCellBody.of(row) for row in found.rows]
    if not shapes:
        return CellListBody(items=bodies, next=following, version=number)
    pairs = zip(bodies, found.rows, strict=True)
    features = (geojson.feature(body, row.shape) for body, row in pairs)
    return geojson.collection(features, following, version=number)
