"""Addresses as they are typed, and the names that people on duty give to places."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.deps import ReadWork
from api.gazetteer import GazetteerOf, KeptOf, told_nicknames
from api.params import RowId
from api.reading import Read
from api.schemas.addresses import (
    MOST,
    AddedNicknameBody,
    AddressesQuery,
    NewNicknameBody,
    NicknameBody,
    NicknameListBody,
    NicknamesQuery,
    SuggestionBody,
    SuggestionsBody,
)
from api.writing import Write, Writing
from geo.places.addresses import store
from geo.places.addresses.completion import complete
from geo.places.addresses.service import add_name, end_name

router = APIRouter(prefix=f"{API}/addresses", tags=["locate"])

_KIND, _KEY = "nicknames", (str, int)
NameId = Annotated[RowId, Path(alias="id")]


@router.get("", response_model=SuggestionsBody)
def complete_address(
    query: Annotated[AddressesQuery, Query()], work: ReadWork, named: GazetteerOf
) -> SuggestionsBody:
    """Go on with an address that is being typed: in characters, pinyin or first letters."""
    found = complete(named, query.q, nicknames=told_nicknames(work), most=MOST)
    return SuggestionsBody(items=[SuggestionBody.of(one) for one in found])


@router.get("/nicknames", response_model=NicknameListBody)
def list_nicknames(query: Annotated[NicknamesQuery, Query()], read: Read) -> NicknameListBody:
    """List the names that people on duty have given to places of the own areas."""
    building = read.own_building(query.building)
    page = read.page(query, _KIND, *_KEY)
    found = store.names(read.session, read.scope, page, building=building, words=query.q or "")
    return NicknameListBody(
        items=[NicknameBody.of(row) for row in found.rows],
        next=read.following(_KIND, found.after),
    )


@router.post(
    "/nicknames",
    response_model=AddedNicknameBody,
    status_code=201,
    responses={200: {"model": AddedNicknameBody, "description": "The same name stands already"}},
)
def add_nickname(body: NewNicknameBody, write: Write, kept: KeptOf) -> AddedNicknameBody:
    """Add what people on the spot call a building, a stairwell, an estate or a gate."""
    if write.made is not None:
        return _added(int(write.made), write.once.status or 201, write)
    made = add_name(write.work, body.asked(), kept.of(write.session).gazetteer)
    kept.look_again()
    status = 201 if made.is_new else 200
    write.done(status, str(made.id))
    return _added(made.id, status, write)


@router.post("/nicknames/{id}/end", response_model=NicknameBody)
def end_nickname(name: NameId, write: Write) -> NicknameBody:
    """End a name of a place."""
    if write.made is None:
        end_name(write.work, name)
        write.done()
    return _body(name, write)


def _added(name: int, status: int, write: Writing) -> AddedNicknameBody:
    write.response.status_code = status
    shown = dict(_body(name, write))
    return AddedNicknameBody.model_validate({**shown, "added": status == 201})


def _body(name: int, write: Writing) -> NicknameBody:
    return NicknameBody.of(store.name_row(write.session, write.scope, name))
