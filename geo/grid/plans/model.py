"""Tables of boundary plans: the plan, its operations in order, excuses of cells, what it moved.

A plan is a list of operations on the leaf cells of one area, as they stood in a base publication.
Undo is a shorter list: what was undone stays as a row, so that it is known who tried what.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id
from geo.db.types import CodeText, PathText


class BoundaryPlan(Base):
    """A change of the grid on its way to a publication."""

    __tablename__ = "boundary_plan"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'published', 'returned', 'withdrawn')",
            "state",
        ),
        CheckConstraint("revision >= 1", "revision"),
        CheckConstraint("char_length(title) BETWEEN 1 AND 100", "title"),
        CheckConstraint(
            "state NOT IN ('submitted', 'approved', 'published') OR submitter IS NOT NULL",
            "submitted",
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'published') OR (approver IS NOT NULL"
            " AND approver <> author AND approver <> submitter AND effective_at IS NOT NULL)",
            "four_eyes",
        ),
        CheckConstraint("(state = 'published') = (published IS NOT NULL)", "published"),
        Index("ix_boundary_plan_path", "path", "id"),
        Index("ix_boundary_plan_open", "id", postgresql_where=text("state = 'approved'")),
        {"comment": "Changes of the grid on their way to a publication; rows are never deleted"},
    )

    id: Mapped[Id]
    base: Mapped[int] = mapped_column(
        Integer, ForeignKey("publication.number"), comment="Publication the operations begin from"
    )
    cell_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Cell whose leaves it may change"
    )
    path: Mapped[str] = mapped_column(PathText, comment="Path of that cell: who may see the plan")
    title: Mapped[str] = mapped_column(Text, comment="What it is about")
    note: Mapped[str] = mapped_column(
        Text, server_default="", comment="Why, for who approves and for the history"
    )
    state: Mapped[str] = mapped_column(
        Text,
        server_default="draft",
        comment="draft, submitted, approved, published, returned or withdrawn",
    )
    revision: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Rises with every change; the ETag"
    )
    author: Mapped[str] = mapped_column(Text, comment="Who began it")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When it was begun"
    )
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When it last changed"
    )
    submitter: Mapped[str | None] = mapped_column(Text, comment="Who submitted it")
    submitted_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was submitted"
    )
    approver: Mapped[str | None] = mapped_column(
        Text, comment="Who approved it: nobody who has worked on it"
    )
    approved_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was approved"
    )
    effective_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Not before this instant it is published"
    )
    published: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("publication.number"), comment="Publication it became"
    )
    ended_by: Mapped[str | None] = mapped_column(Text, comment="Who returned or withdrew it")
    reason: Mapped[str] = mapped_column(
        Text, server_default="", comment="Why it was returned or withdrawn"
    )


class PlanOperation(Base):
    """One operation of a plan, as it was asked for, on the storage grid."""

    __tablename__ = "plan_operation"
    __table_args__ = (
        CheckConstraint("place >= 1", "place"),
        CheckConstraint("num_nonnulls(undone_at, undone_by, undone_in) IN (0, 3)", "undone"),
        Index(
            "uq_plan_operation_plan_id_place",
            "plan_id",
            "place",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        {"comment": "Operations of boundary plans in order; what was undone stays, marked"},
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("boundary_plan.id"), comment="Whose operation it is"
    )
    place: Mapped[int] = mapped_column(Integer, comment="1, 2, 3 … in the order of doing")
    operation: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="What to do; coordinates in EPSG:4326 on the storage grid"
    )
    made_by: Mapped[str] = mapped_column(Text, comment="Who asked for it")
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When"
    )
    made_in: Mapped[int] = mapped_column(Integer, comment="Revision of the plan that it made")
    undone_by: Mapped[str | None] = mapped_column(Text, comment="Who undid it")
    undone_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was undone"
    )
    undone_in: Mapped[int | None] = mapped_column(
        Integer, comment="Revision of the plan that undid it"
    )


class PlanExcuse(Base):
    """Why a cell of a plan may break the size rule."""

    __tablename__ = "plan_excuse"
    __table_args__ = (
        CheckConstraint("char_length(reason) BETWEEN 4 AND 200", "reason"),
        {"comment": "Why a cell of a boundary plan may be larger or smaller than the rule says"},
    )

    plan_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("boundary_plan.id"), primary_key=True, comment="Of which plan"
    )
    code: Mapped[str] = mapped_column(CodeText, primary_key=True, comment="The cell")
    reason: Mapped[str] = mapped_column(Text, comment="In the words of who excused it")
    made_by: Mapped[str] = mapped_column(Text, comment="Who excused it")
    made_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When"
    )


class PlanImpact(Base):
    """What a published plan moved, as it was counted when it was published."""

    __tablename__ = "plan_impact"
    __table_args__ = (
        {
            "comment": "What published boundary plans moved; written with the publication,"
            " never changed"
        },
    )

    plan_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("boundary_plan.id"), primary_key=True, comment="Which plan"
    )
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        comment="Cells before and after, buildings that moved, whose load changed;"
        " people by id alone",
    )
