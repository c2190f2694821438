"""Tables of places: estates, buildings, dwelling units, and the ground they stand on.

Nothing here is personal, so no row policy: who lives somewhere stands in ``geo.people`` and points
here. A building knows its leaf cell and that cell's path, kept true by each publication.
"""

from enum import StrEnum

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id
from geo.db.types import CodeText, PathText, geometry


class EstateKind(StrEnum):
    """How an estate is held together."""

    CLOSED = "closed"
    OPEN = "open"
    VILLAGE = "village"


class BuildingKind(StrEnum):
    """What a building looks like."""

    SLAB = "slab"
    TOWER = "tower"
    HOUSE = "house"
    MIXED = "mixed"
    OTHER = "other"


class GroundKind(StrEnum):
    """What lies on the ground of a map."""

    STREET = "street"
    RAILWAY = "railway"
    WATER = "water"
    PARK = "park"
    SCHOOL = "school"
    BLOCK = "block"
    FIELD = "field"
    VILLAGE = "village"
    WORKS = "works"
    OTHER_BUILDING = "other_building"


def _one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({listed})", column)


class Estate(Base):
    """A housing estate 小区; it may cross cells."""

    __tablename__ = "estate"
    __table_args__ = (
        _one_of("kind", EstateKind),
        {"comment": "Housing estates; an estate may cross cells"},
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(CodeText, unique=True, comment="Code for exchange")
    name: Mapped[str] = mapped_column(Text, comment="Name as people say it")
    kind: Mapped[str] = mapped_column(Text, comment="closed, open or village")


class Building(Base):
    """A building with its place, address and leaf cell."""

    __tablename__ = "building"
    __table_args__ = (
        _one_of("kind", BuildingKind),
        CheckConstraint("floors >= 0 AND stairwells >= 0", "counts"),
        CheckConstraint("footprint IS NULL OR ST_IsValid(footprint)", "footprint"),
        Index("ix_building_point", "point", postgresql_using="gist"),
        Index("ix_building_path", "path", "id"),
        Index("ix_building_cell_id", "cell_id"),
        Index("ix_building_estate_id", "estate_id"),
        {"comment": "Buildings; nothing personal"},
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(CodeText, unique=True, comment="Code for exchange")
    name: Mapped[str] = mapped_column(Text, comment="Name as people say it")
    kind: Mapped[str] = mapped_column(Text, comment="slab, tower, house, mixed or other")
    estate_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("estate.id"), comment="Estate it belongs to, if any"
    )
    road: Mapped[str] = mapped_column(Text, server_default="", comment="Street of the address")
    door_no: Mapped[str] = mapped_column(Text, server_default="", comment="Door number 门牌号")
    building_no: Mapped[str] = mapped_column(
        Text, server_default="", comment="Building number 栋号"
    )
    floors: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="Floors; 0 unknown"
    )
    stairwells: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="Stairwells 单元; 0 unknown"
    )
    point: Mapped[WKBElement] = mapped_column(
        geometry("POINT", index=False), comment="Where it counts as being, storage grid"
    )
    footprint: Mapped[WKBElement | None] = mapped_column(
        geometry("GEOMETRY", index=False), comment="Outline, Polygon or MultiPolygon, if known"
    )
    source_crs: Mapped[str] = mapped_column(
        Text, server_default="wgs84", comment="System its coordinates came in"
    )
    cell_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Leaf cell of the point; none outside every cell"
    )
    path: Mapped[str] = mapped_column(
        PathText, server_default="", comment="Path of the leaf cell; empty outside every cell"
    )


class DwellingUnit(Base):
    """A flat or house door."""

    __tablename__ = "dwelling_unit"
    __table_args__ = (
        UniqueConstraint("building_id", "stairwell", "number"),
        UniqueConstraint("id", "building_id"),
        CheckConstraint("stairwell >= 0", "stairwell"),
        {"comment": "Dwelling units of a building; nothing personal"},
    )

    id: Mapped[Id]
    building_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("building.id"), comment="Building it is in"
    )
    stairwell: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="Stairwell 单元; 0 where there is none"
    )
    floor: Mapped[int] = mapped_column(SmallInteger, comment="Floor; below ground negative")
    number: Mapped[str] = mapped_column(Text, comment="Door, for instance 301")


class GroundFeature(Base):
    """A street, park, water … that a map shows as its ground."""

    __tablename__ = "ground_feature"
    __table_args__ = (
        _one_of("kind", GroundKind),
        Index("ix_ground_feature_geom", "geom", postgresql_using="gist"),
        {"comment": "Own streets, blocks, parks and water: the ground of the maps"},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Text, comment="street, railway, water, park …")
    rank: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="Streets: 1 arterial, 2 secondary, 3 lane"
    )
    name: Mapped[str] = mapped_column(Text, server_default="", comment="Name, if it has one")
    width_m: Mapped[float] = mapped_column(
        Double, server_default=text("0"), comment="Width of a street or railway, m"
    )
    geom: Mapped[WKBElement] = mapped_column(
        geometry(index=False), comment="Line or polygon, storage grid"
    )
