"""The one job table: imports, publications at a date, reports, deadlines are kinds of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id

# The error of a job that somebody cancelled.
CANCELLED = "cancelled"
# What a result holds for who asked for it; whoever watches over jobs sees the counts beside it.
ANSWER = "answer"


class JobState(StrEnum):
    """Where a job stands; a running one whose lease has passed may be taken again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """A piece of long work with its progress and outcome."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", "state"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", "lease"),
        Index(
            "uq_job_kind_unique_key",
            "kind",
            "unique_key",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_job_state_run_at", "state", "run_at"),
        {"comment": "Long work: one row a job; rows are kept as its record"},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Text, comment="import, demo, check …")
    unique_key: Mapped[str | None] = mapped_column(
        Text, comment="At most one open job of a kind has a given key"
    )
    payload: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'"), comment="What to do"
    )
    state: Mapped[str] = mapped_column(
        Text, server_default=JobState.QUEUED.value, comment="queued, running, done or failed"
    )
    actor: Mapped[str] = mapped_column(Text, comment="Who asked for it")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When asked for"
    )
    run_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="Not before"
    )
    lease_until: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Whoever runs it renews this; past it, it is free again"
    )
    attempts: Mapped[int] = mapped_column(
        Integer, server_default=text("0"), comment="How often it was begun"
    )
    step: Mapped[str] = mapped_column(Text, server_default="", comment="What it is doing")
    done: Mapped[int] = mapped_column(
        Integer, server_default=text("0"), comment="Units of the step done"
    )
    total: Mapped[int] = mapped_column(
        Integer, server_default=text("0"), comment="Units of the step in all; 0 unknown"
    )
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="Its outcome, counts only")
    error: Mapped[str | None] = mapped_column(Text, comment="Why it failed")
    finished_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it ended"
    )
