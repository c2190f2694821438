"""What persons ask about the data kept on them, and how they are answered."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.params import RowId
from api.reading import Read, Reading
from api.schemas.data_requests import (
    DataRequestBody,
    DataRequestListBody,
    DataRequestsQuery,
    DecisionBody,
    NewRequestBody,
    WishBody,
)
from api.schemas.persons import ReasonBody
from api.writing import Write
from geo.people.rights import reading, service
from geo.people.rights.store import RequestFilter
from geo.people.rights.wishes import Wish

router = APIRouter(prefix=f"{API}/data-requests", tags=["people"])

RequestId = Annotated[RowId, Path(alias="id")]

_KIND, _KEY = "data-requests", (int, str, int)


@router.get("", response_model=DataRequestListBody)
def list_data_requests(
    query: Annotated[DataRequestsQuery, Query()], read: Read
) -> DataRequestListBody:
    """List data requests, the open ones first."""
    wanted = RequestFilter(
        area=read.own_area(query.cell),
        state=query.state,
        kind=query.kind,
        household_id=query.household,
        late_on=read.today if query.overdue else None,
    )
    page = read.page(query, _KIND, *_KEY)
    found = reading.list_requests(read.work, read.current, wanted, page)
    return DataRequestListBody(
        items=[DataRequestBody.of(row, read.today) for row in found.rows],
        next=read.following(_KIND, found.after),
    )


@router.get("/{id}", response_model=DataRequestBody)
def read_data_request(request: RequestId, read: Read) -> DataRequestBody:
    """Return one data request."""
    return _body(request, read)


@router.post("", response_model=DataRequestBody, status_code=201)
def add_data_request(body: NewRequestBody, write: Write) -> DataRequestBody:
    """Take down what a person asks about their data."""
    if write.made is not None:
        return _body(int(write.made), write)
    made = service.take_down(
        write.work,
        body.household,
        body.kind,
        Wish(body.wish, body.corrections.given),
        days=write.settings.request_days,
        zone=write.settings.time_zone,
    )
    write.done(201, str(made))
    return _body(made, write)


@router.post("/{id}/decide", response_model=DataRequestBody)
def decide_data_request(request: RequestId, body: DecisionBody, write: Write) -> DataRequestBody:
    """Answer a data request, with all that follows from the answer."""
    if write.made is None:
        service.decide(write.work, request, body.state, body.outcome)
        write.done()
    return _body(request, write)


@router.post("/{id}/reveal", response_model=WishBody)
def reveal_data_request(request: RequestId, body: ReasonBody, write: Write) -> WishBody:
    """Return what a person asks in clear."""
    wish = reading.reveal_wish(write.work, request, reason=body.reason)
    write.done()
    write.not_kept()
    return WishBody.of(request, wish)


def _body(request: int, read: Reading) -> DataRequestBody:
    row = reading.read_request(read.work, request, read.current)
    return DataRequestBody.of(row, read.today)
