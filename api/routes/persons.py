"""One person in clear: fields shown for a reason, everything printed, everything emptied."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.access import API
from api.params import RowId
from api.schemas.persons import (
    ErasedBody,
    PersonFileBody,
    ReasonBody,
    RevealBody,
    RevealedBody,
)
from api.writing import Write
from geo.people.reading import reveal
from geo.people.rights.erasure import erase
from geo.people.rights.printing import person_file

router = APIRouter(prefix=f"{API}/households/{{id}}", tags=["people"])

Household = Annotated[RowId, Path(alias="id")]


@router.post("/reveal", response_model=RevealedBody)
def reveal_household(household: Household, body: RevealBody, write: Write) -> RevealedBody:
    """Return fields of the head of a household in clear."""
    made = reveal(write.work, household, body.fields, reason=body.reason)
    write.done()
    write.not_kept()
    return RevealedBody.of(made)


@router.post("/print", response_model=PersonFileBody)
def print_household(household: Household, body: ReasonBody, write: Write) -> PersonFileBody:
    """Return everything that is stored on a household and its head, in clear."""
    zone = write.settings.time_zone
    file = person_file(write.work, household, write.current, reason=body.reason, zone=zone)
    write.done()
    write.not_kept()
    return PersonFileBody.of(file)


@router.post("/erase", response_model=ErasedBody)
def erase_household(household: Household, body: ReasonBody, write: Write) -> ErasedBody:
    """Empty the personal fields of a household for good."""
    erased_at = erase(write.work, household, reason=body.reason)
    write.done()
    return ErasedBody(id=household, erased_at=erased_at)
