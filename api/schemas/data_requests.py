"""Bodies and queries of data requests."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from api.params import Flag, RowId, Words
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.people.fields import HeadField
from geo.people.rights.lifecycle import RequestKind, RequestState, is_overdue
from geo.people.rights.store import RequestRow
from geo.people.rights.wishes import Wish

# As long as the longest of the fields may be; an empty text asks for the field to be emptied.
Value = Annotated[str, Field(max_length=100)]


class DataRequestsQuery(PageQuery):
    """Which requests."""

    cell: Words | None = None
    household: RowId | None = None
    state: RequestState | None = None
    kind: RequestKind | None = None
    overdue: Flag | None = None


class CorrectionsBody(BaseModel):
    """The right values of fields that are wrong; an empty text empties a field."""

    model_config = ConfigDict(extra="forbid")

    head_name: Value | None = None
    head_phone: Value | None = None
    head_id_number: Value | None = None

    @property
    def given(self) -> dict[HeadField, str]:
        """The values given, by field."""
        values = {name: getattr(self, name.value) for name in HeadField}
        return {name: value for name, value in values.items() if value is not None}


class NewRequestBody(BaseModel):
    """What a person asks about their data."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "household": "1203",
                    "kind": "correction",
                    "wish": "手机号已更换",
                    "corrections": {"head_phone": "13900001111"},
                }
            ]
        },
    )

    household: RowId
    kind: RequestKind
    wish: Annotated[str, Field(max_length=1000)] = ""
    corrections: CorrectionsBody = CorrectionsBody()


class DecisionBody(BaseModel):
    """How a request is answered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"state": "done", "outcome": "已按要求更正"}]},
    )

    state: Literal[RequestState.DONE, RequestState.REFUSED]
    outcome: Annotated[str, Field(max_length=500)] = ""


class DataRequestBody(BaseModel):
    """A request, the values to correct masked."""

    id: IdText
    kind: RequestKind
    household_id: IdText
    cell_code: str | None
    cell_name: str | None
    received_at: datetime
    due_on: date
    overdue: bool
    recorded_by: str
    recorded_name: str | None
    corrections: dict[HeadField, str | None]
    state: RequestState
    outcome: str
    decided_by: str | None
    decided_name: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: RequestRow, today: date) -> Self:
        """Return the body of a request as it stands on a day."""
        return cls(
            id=row.id,
            kind=row.kind,
            household_id=row.household_id,
            cell_code=row.cell_code,
            cell_name=row.cell_name,
            received_at=row.received_at,
            due_on=row.due_on,
            overdue=is_overdue(row.state, row.due_on, today),
            recorded_by=row.recorded_by,
            recorded_name=row.recorded_name,
            corrections={HeadField(name): value for name, value in row.corrections.items()},
            state=row.state,
            outcome=row.outcome,
            decided_by=row.decided_by,
            decided_name=row.decided_name,
            decided_at=row.decided_at,
        )


class WishBody(BaseModel):
    """What is asked, in clear: the words and the values to correct."""

    id: IdText
    wish: str
    corrections: dict[HeadField, str]

    @classmethod
    def of(cls, request: int, wish: Wish) -> Self:
        """Return the body of a wish."""
        return cls(id=request, wish=wish.words, corrections=dict(wish.corrections))


class DataRequestListBody(ListBody[DataRequestBody]):
    """A page of requests, the open ones first."""
