"""Tables of those who answer: posts, workers, their leaves, and assignments to places.

Personal, so under the row policy. An assignment names exactly one target; at any moment a target
has at most one primary worker, and a worker is on one leave, which constraints hold, not the code.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.crypto.columns import protected_columns
from geo.db.base import Base, Id
from geo.db.types import CodeText, PathText

_VALIDITY = text("tstzrange(valid_from, valid_to)")
# When a leave is over; one that was ended before it began is empty, and stands in nobody's way.
_OVER = "LEAST(ends_at, ended_at, 'infinity'::timestamptz)"
_AWAY = text(f"tstzrange(begins_at, GREATEST(begins_at, {_OVER}))")


def _one_primary(name: str, where: str, *columns: str) -> ExcludeConstraint:
    elements = [(text(column), "=") for column in columns]
    return ExcludeConstraint(
        *elements,
        (_VALIDITY, "&&"),
        name=f"ex_assignment_primary_{name}",
        using="gist",
        where=text(f"is_primary AND {where}"),
    )


class Post(Base):
    """A post 岗位 a worker may hold at a place."""

    __tablename__ = "post"
    __table_args__ = ({"comment": "Posts: grid worker, building head …; may be extended"},)

    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="grid_worker …")
    name_zh: Mapped[str] = mapped_column(Text, comment="Name in Chinese")
    name_en: Mapped[str] = mapped_column(Text, comment="Name in English")
    rank: Mapped[int] = mapped_column(SmallInteger, comment="Order within a team")
    overlay: Mapped[bool] = mapped_column(
        Boolean,
        server_default=text("false"),
        comment="Stands beside the team (police, legal, property); never answers first",
    )


class Worker(Base):
    """Somebody who works in a cell."""

    __tablename__ = "worker"
    __table_args__ = (
        CheckConstraint("employed_to IS NULL OR employed_to >= employed_from", "employed"),
        Index("ix_worker_path", "path", "id"),
        {"comment": "Workers; personal, under the row policy"},
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(CodeText, unique=True, comment="Code for exchange")
    name: Mapped[str] = mapped_column(Text, comment="Name")
    duty_phone_cipher, duty_phone_masked, duty_phone_blind = protected_columns(
        "duty_phone", "Phone on duty"
    )
    cell_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Cell in which employed"
    )
    employed_from: Mapped[date | None] = mapped_column(Date, comment="First day, if known")
    employed_to: Mapped[date | None] = mapped_column(Date, comment="Day it ended")
    path: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the cell in which employed"
    )


class WorkerWord(Base):
    """A word by which a worker is found, see ``search``; triggers write it with the worker.

    No foreign key: it would be looked up for each of some twenty rows, and a trigger takes them
    away with the worker anyway.
    """

    __tablename__ = "worker_word"
    __table_args__ = (
        Index("ix_worker_word_word", "word", "path", "worker_id"),
        {
            "comment": "Words by which workers are found, kept by triggers; personal, under the"
            " row policy"
        },
    )

    worker_id: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="Who is found; the row goes with the worker",
    )
    word: Mapped[str] = mapped_column(
        CodeText,
        primary_key=True,
        comment="One to three characters of the name that follow each other, or a beginning of the"
        " code",
    )
    path: Mapped[str] = mapped_column(
        PathText, comment="Path of the worker: a search reads its page in the order of areas"
    )


class Assignment(Base):
    """Who answers for what, in which post, from when to when."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(cell_id, estate_id, building_id, unit_id, household_id) = 1", "one_target"
        ),
        CheckConstraint("stairwell IS NULL OR building_id IS NOT NULL", "stairwell"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", "validity"),
        _one_primary("cell", "cell_id IS NOT NULL", "cell_id"),
        _one_primary("estate", "estate_id IS NOT NULL", "estate_id"),
        _one_primary(
            "building", "building_id IS NOT NULL", "building_id", "COALESCE(stairwell, 0::smallint)"
        ),
        _one_primary("unit", "unit_id IS NOT NULL", "unit_id"),
        _one_primary("household", "household_id IS NOT NULL", "household_id"),
        Index("ix_assignment_path", "path", "id"),
        Index("ix_assignment_worker_id", "worker_id"),
        Index("ix_assignment_cell_id", "cell_id"),
        Index("ix_assignment_estate_id", "estate_id"),
        Index("ix_assignment_building_id", "building_id"),
        Index("ix_assignment_unit_id", "unit_id"),
        Index("ix_assignment_household_id", "household_id"),
        {"comment": "Who answers for what; personal, under the row policy"},
    )

    id: Mapped[Id]
    worker_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("worker.id"), comment="Who answers"
    )
    post: Mapped[str] = mapped_column(Text, ForeignKey("post.code"), comment="In which post")
    is_primary: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="The one who answers first"
    )
    cell_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="For a cell"
    )
    estate_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("estate.id"), comment="For an estate"
    )
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id"), comment="For a building or one of its stairwells"
    )
    stairwell: Mapped[int | None] = mapped_column(
        SmallInteger, comment="Only this stairwell of the building"
    )
    unit_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("dwelling_unit.id"), comment="For a dwelling unit"
    )
    household_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("household.id"), comment="For a household"
    )
    valid_from: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), comment="From when, included"
    )
    valid_to: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Until when, excluded; open if none"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the target's cell"
    )


class Leave(Base):
    """A time in which a worker is away, and who stands in meanwhile.

    Why somebody is away is nobody's business: it is not kept.
    """

    __tablename__ = "worker_leave"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > begins_at", "times"),
        CheckConstraint("substitute_id IS NULL OR substitute_id <> worker_id", "substitute"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", "ended"),
        ExcludeConstraint(
            (text("worker_id"), "="),
            (_AWAY, "&&"),
            name="ex_worker_leave_once",
            using="gist",
        ),
        Index("ix_worker_leave_path", "path", "id"),
        Index("ix_worker_leave_over", text(_OVER)),
        Index("ix_worker_leave_worker_id", "worker_id", "begins_at"),
        Index("ix_worker_leave_substitute_id", "substitute_id"),
        {"comment": "Who is away from when to when; personal, under the row policy"},
    )

    id: Mapped[Id]
    worker_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("worker.id"), comment="Who is away"
    )
    substitute_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("worker.id"), comment="Who takes the place meanwhile"
    )
    begins_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), comment="From when, included"
    )
    ends_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Until when, excluded; open if none"
    )
    added_by: Mapped[str] = mapped_column(Text, comment="Who entered it")
    added_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When"
    )
    ended_by: Mapped[str | None] = mapped_column(Text, comment="Who ended it early")
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was ended early; before it began: it never holds"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the worker's cell"
    )
