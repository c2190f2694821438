"""Bodies and queries of the audit: records, where its chain stands, unusual reads."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from api.params import AsOf, Flag, RowId, Words, refused
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.audit.actions import Action, Outcome
from geo.audit.store import Chain, Record
from geo.audit.unusual import Rule
from geo.oversight.store import FindingRow, Names
from geo.texts import Lang, catalogue

REMARK_MAX = 200


def remark(value: str) -> str:
    """Return what a reviewer wrote: one line, not empty."""
    text = value.strip()
    if not text or len(text) > REMARK_MAX:
        raise refused("words_length", most=REMARK_MAX)
    if not text.isprintable():
        raise refused("words_unprintable")
    return text


Remark = Annotated[
    str,
    AfterValidator(remark),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": REMARK_MAX}),
]


class Form(StrEnum):
    """In what form records are exported."""

    CSV = "csv"
    JSONL = "jsonl"


class WhichRecords(BaseModel):
    """Which records; of a day named as ``to`` all of it belongs to them."""

    since: AsOf | None = Field(None, alias="from")
    until: AsOf | None = Field(None, alias="to")
    account: Words | None = None
    action: Action | None = None
    outcome: Outcome | None = None
    subject_kind: Words | None = None
    subject: RowId | None = None
    request_id: Words | None = None


class RecordsQuery(WhichRecords, PageQuery):
    """Which records, page by page."""


class ExportQuery(WhichRecords):
    """Which records, in which form of a file."""

    f: Form = Form.CSV


class FindingsQuery(PageQuery):
    """Which findings."""

    open: Flag | None = None


class AreaBody(BaseModel):
    """A cell by code and name."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str


class RecordBody(BaseModel):
    """A record of the audit; ``seq`` is the number of the link that seals it."""

    id: IdText
    at: datetime
    actor: str
    name: str | None
    action: str
    action_zh: str
    action_en: str
    outcome: Outcome
    subject_kind: str
    subjects: list[IdText]
    subject_login: str | None
    count: int
    area: AreaBody | None
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str
    address: str
    seq: IdText | None

    @classmethod
    def of(cls, row: Record, names: Names) -> Self:
        """Return the body of a record, with the names that are known."""
        area = names.areas.get(row.area)
        return cls(
            id=row.id,
            at=row.at,
            actor=row.actor,
            name=names.accounts.get(row.account_id) if row.account_id is not None else None,
            action=row.action,
            action_zh=_word(row.action, "zh"),
            action_en=_word(row.action, "en"),
            outcome=Outcome(row.outcome),
            subject_kind=row.subject_kind,
            subjects=row.subjects,
            subject_login=_login(row, names),
            count=row.count,
            area=AreaBody.model_validate(area) if area else None,
            reason=row.reason,
            before=row.before,
            after=row.after,
            request_id=row.request_id,
            address=row.address,
            seq=row.seq,
        )


class RecordListBody(ListBody[RecordBody]):
    """A page of records, newest first."""


class HeadBody(BaseModel):
    """The last link of the chain."""

    seq: IdText
    hash: str
    sealed_at: datetime
    record_id: IdText


class VerifiedBody(BaseModel):
    """The last verification that was recorded."""

    at: datetime
    actor: str
    ok: bool
    links: int
    faults: int


class ChainBody(BaseModel):
    """Where the chain stands: its head, how many records wait for a link, the last verification."""

    head: HeadBody | None
    unsealed: int
    verified: VerifiedBody | None

    @classmethod
    def of(cls, row: Chain) -> Self:
        """Return the body of a chain."""
        head = row.head and HeadBody(
            seq=row.head.seq,
            hash=row.head.hash.hex(),
            sealed_at=datetime.fromisoformat(f"{row.head.sealed_at}+00:00"),
            record_id=row.head.record_id,
        )
        return cls(head=head, unsealed=row.unsealed, verified=_verified(row.verified))


class FindingBody(BaseModel):
    """Reads of one account in one week that look unusual, or powerful access it was given.

    ``given_by`` and ``reviewed_by`` are logins.
    """

    id: IdText
    week: date
    rule: Rule
    login: str
    name: str
    count: int
    examples: list[IdText]
    given_by: list[str]
    found_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    remark: str

    @classmethod
    def of(cls, row: FindingRow) -> Self:
        """Return the body of a finding."""
        return cls(
            id=row.id,
            week=row.week,
            rule=Rule(row.rule),
            login=row.login,
            name=row.name,
            count=row.count,
            examples=row.examples,
            given_by=row.given_by,
            found_at=row.found_at,
            reviewed_by=row.reviewer,
            reviewed_at=row.reviewed_at,
            remark=row.remark,
        )


class FindingListBody(ListBody[FindingBody]):
    """A page of findings, newest first."""


class ReviewWish(BaseModel):
    """What the second person found."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"remark": "on duty that night"}]}
    )

    remark: Remark


def _login(row: Record, names: Names) -> str | None:
    """Return the login of the one account that a record is about; None of anything else."""
    is_one = row.subject_kind == "account" and len(row.subjects) == 1
    return names.logins.get(row.subjects[0]) if is_one else None


def _word(action: str, lang: Lang) -> str:
    """Return what an action is called; one that is no longer known, as it was recorded."""
    line = catalogue().get(f"audit.action.{action}")
    return line[lang] if line else action


def _verified(record: Record | None) -> VerifiedBody | None:
    if record is None:
        return None
    verdict = record.after or {}
    return VerifiedBody(
        at=record.at,
        actor=record.actor,
        ok=bool(verdict.get("ok")),
        links=int(verdict.get("links", 0)),
        faults=len(verdict.get("faults", [])),
    )
