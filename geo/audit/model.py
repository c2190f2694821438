"""Tables of the audit: records, the chain that seals them, and what looked unusual.

Nobody updates or deletes a record: the application may only add. A record is sealed after its
transaction has committed, by a link in a second table, because one locked head of a chain would
make every reader wait for the slowest writer. The link holds a digest of the record and the day
until which it must be kept; when that day has passed the record may go and the chain still holds.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id
from geo.db.types import PathText


class AuditRecord(Base):
    """Who did what, when, to whom; written in the transaction of what it records."""

    __tablename__ = "audit_record"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'denied', 'missed', 'failed')", "outcome"),
        Index("ix_audit_record_at", "at", "id"),
        Index("ix_audit_record_account_id", "account_id", "at", "id"),
        Index("ix_audit_record_action", "action", "at", "id"),
        Index(
            "ix_audit_record_refused",
            "outcome",
            "at",
            "id",
            postgresql_where=text("outcome <> 'done'"),
        ),
        Index(
            "ix_audit_record_request_id",
            "request_id",
            postgresql_where=text("request_id <> ''"),
        ),
        # New entries wait in a list of 512 kB, not 4 MB: whoever fills it sorts it in.
        Index(
            "ix_audit_record_subjects",
            "subjects",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 512},
        ),
        Index("ix_audit_record_xid", "xid", "id"),
        {"comment": "Who did what; append-only"},
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="Instant of the transaction"
    )
    xid: Mapped[int] = mapped_column(
        BigInteger,
        server_default=text("pg_current_xact_id()::text::bigint"),
        comment="Transaction, so that the sealer knows which records are final",
    )
    actor: Mapped[str] = mapped_column(Text, comment="Login, or system:task")
    account_id: Mapped[int | None] = mapped_column(BigInteger, comment="Account, if any")
    action: Mapped[str] = mapped_column(Text, comment="What was done")
    outcome: Mapped[str] = mapped_column(Text, comment="done, denied, missed or failed")
    subject_kind: Mapped[str] = mapped_column(
        Text, server_default="", comment="Kind of rows: household, worker, account …"
    )
    subjects: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default=text("'{}'"), comment="Ids of the rows given or changed"
    )
    count: Mapped[int] = mapped_column(Integer, server_default=text("0"), comment="How many rows")
    area: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the cell it was about"
    )
    reason: Mapped[str] = mapped_column(Text, server_default="", comment="Why, as stated")
    before: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Values before, without clear personal data"
    )
    after: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Values after, without clear personal data"
    )
    request_id: Mapped[str] = mapped_column(Text, server_default="", comment="Id of the request")
    address: Mapped[str] = mapped_column(Text, server_default="", comment="Address of the client")


class AuditLink(Base):
    """A link of the chain: it seals one record and the link before."""

    __tablename__ = "audit_link"
    __table_args__ = ({"comment": "Chain over the audit; append-only"},)

    seq: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="1, 2, 3 … without a gap"
    )
    record_id: Mapped[int] = mapped_column(BigInteger, unique=True, comment="The record it seals")
    digest: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the record")
    keep_until: Mapped[date] = mapped_column(
        Date, comment="Day until which the record must be there"
    )
    hash: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of the previous hash and of this link"
    )
    floor: Mapped[int] = mapped_column(
        BigInteger, comment="Transactions below this one were all sealed by then"
    )
    sealed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When sealed"
    )


class AuditFinding(Base):
    """Reads of one account in one week that look unusual, or powerful access it was given."""

    __tablename__ = "audit_finding"
    __table_args__ = (
        UniqueConstraint("week", "account_id", "rule", name="uq_audit_finding_week"),
        CheckConstraint("reviewed_by IS NULL OR reviewed_by <> account_id", "second_person"),
        CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", "reviewed"),
        {"comment": "Unusual reads and access given, for a second person"},
    )

    id: Mapped[Id]
    week: Mapped[date] = mapped_column(Date, comment="Monday of the week")
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id"), comment="Whose reads, or whose access"
    )
    rule: Mapped[str] = mapped_column(
        Text, comment="Why unusual: outside, night, bulk, surname, powers"
    )
    count: Mapped[int] = mapped_column(Integer, comment="How many reads")
    examples: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), comment="Ids of some of the records"
    )
    given_by: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="Of powerful access: who gave it"
    )
    found_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When found"
    )
    reviewed_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id"), comment="Who looked at it; never the reader"
    )
    reviewed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When looked at"
    )
    remark: Mapped[str] = mapped_column(Text, server_default="", comment="What was found")
