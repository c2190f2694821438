"""Tables of people: households and the list of ways in which they hold their dwelling.

Personal, so under the row policy, and without a geometry of their own: their place is a building.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.crypto.columns import protected_columns
from geo.db.base import Base, Id
from geo.db.types import PathText


class Occupancy(Base):
    """A way in which a household holds its dwelling; an office may add its own."""

    __tablename__ = "occupancy"
    __table_args__ = ({"comment": "住房性质: how a dwelling is held; may be extended"},)

    code: Mapped[str] = mapped_column(Text, primary_key=True, comment="owner_occupied, rented …")
    name_zh: Mapped[str] = mapped_column(Text, comment="Name in Chinese")
    name_en: Mapped[str] = mapped_column(Text, comment="Name in English")
    short_zh: Mapped[str] = mapped_column(Text, comment="One character, for narrow places")
    rank: Mapped[int] = mapped_column(SmallInteger, unique=True, comment="Order in every legend")


class Household(Base):
    """A household 户 in a dwelling unit; a vacant one counts with nobody in it."""

    __tablename__ = "household"
    __table_args__ = (
        ForeignKeyConstraint(
            ["unit_id", "building_id"],
            ["dwelling_unit.id", "dwelling_unit.building_id"],
            name="fk_household_unit_id_building_id",
        ),
        CheckConstraint("persons >= 0", "persons"),
        CheckConstraint("ended_on IS NULL OR since IS NULL OR ended_on >= since", "dates"),
        # Counts of an area are read from the index alone.
        Index(
            "ix_household_path",
            "path",
            "id",
            postgresql_include=["occupancy", "persons", "ended_on"],
        ),
        Index("ix_household_building_id", "building_id"),
        Index("ix_household_unit_id", "unit_id"),
        {"comment": "Households; personal, under the row policy"},
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(BigInteger, comment="Dwelling unit it lives in")
    building_id: Mapped[int] = mapped_column(BigInteger, comment="Building of that unit")
    occupancy: Mapped[str] = mapped_column(
        Text, ForeignKey("occupancy.code"), comment="How the dwelling is held"
    )
    persons: Mapped[int | None] = mapped_column(
        Integer, comment="Persons counted, until residents are stored one by one; none unknown"
    )
    head_name_cipher, head_name_masked, head_name_blind = protected_columns(
        "head_name", "Head of household 户主"
    )
    head_phone_cipher, head_phone_masked, head_phone_blind = protected_columns(
        "head_phone", "Phone of the head"
    )
    head_id_number_cipher, head_id_number_masked, head_id_number_blind = protected_columns(
        "head_id_number", "ID number of the head"
    )
    since: Mapped[date | None] = mapped_column(Date, comment="First day, if known")
    ended_on: Mapped[date | None] = mapped_column(
        Date, comment="Day it ended; rows are never deleted"
    )
    objected_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Since when the person's objection to processing stands"
    )
    erased_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When the personal fields were emptied for good"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the building's leaf cell"
    )


class DataRequest(Base):
    """What a person asks about the data kept on them, with a day by which it must be answered."""

    __tablename__ = "data_request"
    __table_args__ = (
        CheckConstraint("kind IN ('access', 'correction', 'objection', 'erasure')", "kind"),
        CheckConstraint("state IN ('open', 'done', 'refused')", "state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", "decided"),
        Index("ix_data_request_path", "path", "id"),
        Index("ix_data_request_open", "path", "id", postgresql_where=text("state = 'open'")),
        Index("ix_data_request_household_id", "household_id"),
        Index("ix_data_request_due_on", "due_on", postgresql_where=text("state = 'open'")),
        {"comment": "Requests of persons about their data; personal, under the row policy"},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Text, comment="access, correction, objection or erasure")
    household_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("household.id"), comment="Household of the person who asks"
    )
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When it came in"
    )
    due_on: Mapped[date] = mapped_column(Date, comment="Last day for an answer")
    recorded_by: Mapped[str] = mapped_column(Text, comment="Who took it down")
    wish_cipher: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="What is asked, and values to correct, encrypted"
    )
    wish_masked: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'"), comment="The same with every personal value masked"
    )
    state: Mapped[str] = mapped_column(Text, server_default="open", comment="open, done, refused")
    outcome: Mapped[str] = mapped_column(Text, server_default="", comment="Answer, in words")
    decided_by: Mapped[str | None] = mapped_column(Text, comment="Who decided")
    decided_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When decided"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the household's cell"
    )
