"""Buildings: where they stand and what they are; their households for who may see people."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api import geojson
from api.access import API
from api.params import Words, window_of
from api.reading import Read
from api.routes.households import listed as households_listed
from api.schemas.buildings import BuildingBody, BuildingListBody, BuildingsQuery, FormatQuery
from api.schemas.households import HouseholdListBody, OfBuildingQuery
from geo.places import store
from geo.places.store import BuildingFilter

router = APIRouter(prefix=f"{API}/buildings", tags=["buildings"])

Code = Annotated[Words, Path()]

_KIND, _KEY = "buildings", (str, int)


@router.get("", response_model=BuildingListBody, responses=geojson.RESPONSE)
def list_buildings(
    query: Annotated[BuildingsQuery, Query()], read: Read
) -> BuildingListBody | Response:
    """List buildings in the order of their cells."""
    wanted = BuildingFilter(
        area=read.area(query.cell),
        estate_id=store.estate_id(read.session, query.estate) if query.estate else None,
        kind=query.kind,
        window=window_of(query.bbox),
        words=query.q,
        code=query.code,
    )
    shapes = geojson.is_wanted(read.request, query.f)
    page = read.page(query, _KIND, *_KEY)
    found = store.buildings(read.session, read.current, wanted, page, shapes=shapes)
    following = read.following(_KIND, found.after)
    bodies = [BuildingBody.of(row) for row in found.rows]
    if not shapes:
        return BuildingListBody(items=bodies, next=following)
    pairs = zip(bodies, found.rows, strict=True)
    return geojson.collection((geojson.feature(body, row.shape) for body, row in pairs), following)


@router.get("/{code}", response_model=BuildingBody, responses=geojson.RESPONSE)
def read_building(
    code: Code, query: Annotated[FormatQuery, Query()], read: Read
) -> BuildingBody | Response:
    """Return the building that bears a code."""
    shapes = geojson.is_wanted(read.request, query.f)
    row = store.building_by_code(read.session, code, read.current, shapes=shapes)
    body = BuildingBody.of(row)
    return geojson.answer(geojson.feature(body, row.shape)) if shapes else body


@router.get("/{code}/households", response_model=HouseholdListBody, tags=["people"])
def list_building_households(
    code: Code, query: Annotated[OfBuildingQuery, Query()], read: Read
) -> HouseholdListBody:
    """List the households of a building."""
    return households_listed(query, read, building_id=read.own_building(code))
