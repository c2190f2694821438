"""Households, masked, and the ways in which they hold their dwelling."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.params import RowId
from api.reading import Read, Reading
from api.schemas.households import (
    FoundListBody,
    HouseholdBody,
    HouseholdListBody,
    HouseholdsQuery,
    OccupancyBody,
    OccupancyListBody,
    OfBuildingQuery,
)
from api.schemas.persons import SearchBody
from api.writing import Write
from geo.people import reading, store
from geo.people.store import HouseholdFilter

router = APIRouter(prefix=API, tags=["people"])

_KIND, _KEY = "households", (str, int)


@router.get("/households", response_model=HouseholdListBody)
def list_households(query: Annotated[HouseholdsQuery, Query()], read: Read) -> HouseholdListBody:
    """List the standing households in the order of their cells."""
    building = read.own_building(query.building)
    return listed(query, read, area=read.own_area(query.cell), building_id=building)


@router.get("/households/{id}", response_model=HouseholdBody)
def read_household(household: Annotated[RowId, Path(alias="id")], read: Read) -> HouseholdBody:
    """Return one household."""
    return HouseholdBody.of(reading.read_household(read.work, household, read.current))


@router.post("/households/search", response_model=FoundListBody)
def search_households(body: SearchBody, write: Write) -> FoundListBody:
    """Find households by a phone, an ID number or a name, which never stand in an address."""
    found = reading.search(write.work, body.asked, write.current, today=write.today)
    write.done()
    write.not_kept()
    return FoundListBody(items=[HouseholdBody.of(row) for row in found])


@router.get("/occupancies", response_model=OccupancyListBody)
def list_occupancies(read: Read) -> OccupancyListBody:
    """List the ways of holding a dwelling."""
    kinds = store.occupancies(read.session)
    return OccupancyListBody(items=[OccupancyBody.of(kind) for kind in kinds], next=None)


def listed(
    query: OfBuildingQuery,
    read: Reading,
    *,
    area: str | None = None,
    building_id: int | None = None,
) -> HouseholdListBody:
    """Return a page of households of an area or a building."""
    occupancy = query.occupancy and store.occupancy_code(read.session, query.occupancy)
    wanted = HouseholdFilter(
        today=read.today,
        area=area,
        building_id=building_id,
        occupancy=occupancy,
        vacant=query.vacant,
    )
    page = read.page(query, _KIND, *_KEY)
    found = reading.list_households(read.work, read.current, wanted, page)
    return HouseholdListBody(
        items=[HouseholdBody.of(row) for row in found.rows],
        next=read.following(_KIND, found.after),
    )
