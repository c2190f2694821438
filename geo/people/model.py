"""Tables of people: households and the list of ways in which they hold their dwelling.

Personal, so under the row policy, and without a geometry of their own: their place is a building.
"""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

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
        Index("ix_household_path", "path", "id"),
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
    head_name: Mapped[str] = mapped_column(
        Text, server_default="", comment="Head of household 户主"
    )
    since: Mapped[date | None] = mapped_column(Date, comment="First day, if known")
    ended_on: Mapped[date | None] = mapped_column(
        Date, comment="Day it ended; rows are never deleted"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default=text("''"), comment="Path of the building's leaf cell"
    )
