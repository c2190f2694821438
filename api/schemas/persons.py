"""Bodies about one person: what is searched, shown in clear, printed and erased."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.lists import IdText
from geo.people.fields import HeadField
from geo.people.file import PersonFile
from geo.people.reading import Revealed

# Compared by its one written form, so any blank or dash may stand in it.
Value = Annotated[str, Field(max_length=100)]
# What counts as a reason is the domain's to say (``geo.people.reasons``).
Reason = Annotated[str, Field(max_length=1000)]


class SearchBody(BaseModel):
    """What to search for: exactly one of the three."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"phone": "13812345678"}]}
    )

    phone: Value | None = None
    id_number: Value | None = None
    head_name: Value | None = None

    @property
    def asked(self) -> Mapping[HeadField, str]:
        """The values given, by field."""
        values = {
            HeadField.PHONE: self.phone,
            HeadField.ID_NUMBER: self.id_number,
            HeadField.NAME: self.head_name,
        }
        return {name: value for name, value in values.items() if value is not None}


class RevealBody(BaseModel):
    """Which fields to show in clear, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"fields": ["head_phone"], "reason": "电话回访核实住址"}]},
    )

    fields: Annotated[list[HeadField], Field(min_length=1, max_length=len(HeadField))]
    reason: Reason


class RevealedBody(BaseModel):
    """Fields in clear; those that were not asked for are null."""

    id: IdText
    head_name: str | None = None
    head_phone: str | None = None
    head_id_number: str | None = None

    @classmethod
    def of(cls, made: Revealed) -> Self:
        """Return the body of what was revealed."""
        return cls(id=made.id, **{name.value: value for name, value in made.fields.items()})


class ReasonBody(BaseModel):
    """Why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "本人到窗口查询"}]}
    )

    reason: Reason


class ErasedBody(BaseModel):
    """A household whose personal fields are empty for good."""

    id: IdText
    erased_at: datetime


class FileDwellingBody(BaseModel):
    """Where the household lives."""

    model_config = ConfigDict(from_attributes=True)

    building_code: str
    building_name: str
    address: str
    stairwell: int
    floor: int
    number: str
    cells: list[tuple[str, str]]


class FileDutyBody(BaseModel):
    """Somebody who answers for this very household."""

    model_config = ConfigDict(from_attributes=True)

    post: str
    worker_name: str
    valid_from: datetime
    valid_to: datetime | None


class FileRequestBody(BaseModel):
    """What the person has asked about their data, in clear."""

    model_config = ConfigDict(from_attributes=True)

    id: IdText
    kind: str
    received_at: datetime
    due_on: date
    recorded_by: str
    wish: str
    corrections: dict[str, str]
    state: str
    outcome: str
    decided_by: str | None
    decided_at: datetime | None


class FileReaderBody(BaseModel):
    """Somebody who was given data on the person, or changed them: on a day, for a reason."""

    model_config = ConfigDict(from_attributes=True)

    actor: str
    name: str | None
    action: str
    times: int
    first_at: datetime
    last_at: datetime
    reason: str


class PersonFileBody(BaseModel):
    """Everything that is stored on a household and its head, in clear."""

    model_config = ConfigDict(from_attributes=True)

    made_at: datetime
    made_by: str
    made_by_name: str | None
    household_id: IdText
    head_name: str
    head_phone: str
    head_id_number: str
    occupancy: str
    persons: int | None
    since: date | None
    ended_on: date | None
    objected_at: datetime | None
    erased_at: datetime | None
    dwelling: FileDwellingBody
    duties: list[FileDutyBody]
    requests: list[FileRequestBody]
    readers: list[FileReaderBody]

    @classmethod
    def of(cls, file: PersonFile) -> Self:
        """Return the body of a person's file."""
        return cls.model_validate(file)
