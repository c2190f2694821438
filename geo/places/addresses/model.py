"""Other names of places: aliases that maps know, and what people on the spot say.

Names are facts about places, so no row policy; nicknames are told to staff alone, because people
call a building by who lives there.
"""

from datetime import datetime
from enum import StrEnum

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id
from geo.db.types import PathText, geometry


class NameKind(StrEnum):
    """Who may be told a name."""

    ALIAS = "alias"
    NICKNAME = "nickname"


class PlaceName(Base):
    """Another name of a building, a stairwell, an estate or a point."""

    __tablename__ = "place_name"
    __table_args__ = (
        CheckConstraint("kind IN ('alias', 'nickname')", "kind"),
        CheckConstraint("char_length(name) BETWEEN 2 AND 40", "name"),
        CheckConstraint("num_nonnulls(building_id, estate_id, point) = 1", "target"),
        CheckConstraint(
            "stairwell >= 0 AND (stairwell = 0 OR building_id IS NOT NULL)", "stairwell"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", "ended"),
        Index("ix_place_name_building_id", "building_id"),
        Index("ix_place_name_estate_id", "estate_id"),
        Index("ix_place_name_path", "path", "id"),
        Index("ix_place_name_standing", "id", postgresql_where=sql("ended_at IS NULL")),
        {"comment": "Other names of places; nothing personal"},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Text, comment="alias, or nickname: told to staff alone")
    name: Mapped[str] = mapped_column(Text, comment="As people say it")
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id"), comment="Building it means"
    )
    stairwell: Mapped[int] = mapped_column(
        SmallInteger, server_default=sql("0"), comment="Stairwell of the building; 0 for all of it"
    )
    estate_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("estate.id"), comment="Estate it means"
    )
    point: Mapped[WKBElement | None] = mapped_column(
        geometry("POINT", index=False), comment="Gate or spot it means, storage grid"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default="", comment="Cell of what it meant when it was added"
    )
    added_by: Mapped[str] = mapped_column(Text, comment="Who added it")
    added_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("now()"), comment="When"
    )
    ended_by: Mapped[str | None] = mapped_column(Text, comment="Who ended it")
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it ended"
    )
