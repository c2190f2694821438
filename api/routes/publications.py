"""Publications: the steps of the grid's history that are in effect."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.params import RowId
from api.reading import Read
from api.schemas.cells import PublicationBody, PublicationListBody
from api.schemas.lists import PageQuery
from geo.grid import listing

router = APIRouter(prefix=f"{API}/publications", tags=["cells"])

_KIND, _KEY = "publications", (int,)


@router.get("", response_model=PublicationListBody)
def list_publications(query: Annotated[PageQuery, Query()], read: Read) -> PublicationListBody:
    """List the publications in effect, newest first."""
    page = read.page(query, _KIND, *_KEY)
    found = listing.publications(read.session, read.work.now, page)
    return PublicationListBody(
        items=[PublicationBody.of(row) for row in found.rows],
        next=read.following(_KIND, found.after),
    )


@router.get("/{number}", response_model=PublicationBody)
def read_publication(number: Annotated[RowId, Path()], read: Read) -> PublicationBody:
    """Return one publication."""
    return PublicationBody.of(listing.publication_by_number(read.session, number, read.work.now))
