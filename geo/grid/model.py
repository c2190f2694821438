"""Tables of the grid: publications, cells, their dated versions and shapes, their lineage.

Three facts about a cell are kept apart. ``cell`` is its identity: it never changes and never dies.
``cell_version`` is what people mean by it: code, name, level, parent. ``cell_shape`` is its
geometry; a shape changed only by a neighbour's new vertex is marked ``noded`` and means nothing
to anybody. Versions and shapes hold for a half-open range of *publication numbers*, and
``publication`` alone gives each number its instant, so nothing can be back-dated and a day never
has two truths. Only leaf cells own their shape; shapes of upper cells are ``derived``, the union
of their children, written by the same publication: nesting is exact by construction.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id
from geo.db.types import CodeText, PathText, geometry


class CellKind(StrEnum):
    """What a cell is for: cells of the base grid tile; dedicated ones serve one site."""

    BASE = "base"
    DEDICATED = "dedicated"


class LineageKind(StrEnum):
    """How ground came from one cell to another."""

    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"


class Publication(Base):
    """One step of the grid's history."""

    __tablename__ = "publication"
    __table_args__ = ({"comment": "Steps of the grid's history; each number has one instant"},)

    number: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 … without a gap"
    )
    effective_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), unique=True, comment="From when it holds; never back-dated"
    )
    note: Mapped[str] = mapped_column(Text, comment="Why, in the words of who published it")
    actor: Mapped[str] = mapped_column(Text, comment="Who published it")
    demo: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Invented data, to be labelled as such"
    )


class Cell(Base):
    """A cell's identity."""

    __tablename__ = "cell"
    __table_args__ = (
        CheckConstraint("kind IN ('base', 'dedicated')", "kind"),
        {"comment": "Identity of a grid cell; never changes, never dies"},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(
        Text, server_default=CellKind.BASE.value, comment="base: tiles the land; dedicated: a site"
    )


class CellVersion(Base):
    """What people mean by a cell during some publications."""

    __tablename__ = "cell_version"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", "level"),
        CheckConstraint("(level = 1) = (parent_id IS NULL)", "root"),
        CheckConstraint("NOT isempty(during) AND lower(during) IS NOT NULL", "during"),
        CheckConstraint("code ~ '^[0-9A-Za-z_-]{1,32}$'", "code"),
        ExcludeConstraint(
            ("cell_id", "="), ("during", "&&"), name="ex_cell_version_one_at_a_time", using="gist"
        ),
        # A code dies with its cell: no other cell may ever bear it. "+ 0" keeps the planner from
        # taking this constraint's index for lookups by cell: 0.7 ms there, 0.04 by the right one.
        ExcludeConstraint(
            ("code", "="),
            (text("(cell_id + 0)"), "<>"),
            name="ex_cell_version_code_never_reused",
            using="gist",
        ),
        Index("ix_cell_version_code", "code"),
        Index("ix_cell_version_path", "path"),
        Index("ix_cell_version_parent_id", "parent_id"),
        Index("ix_cell_version_cell_id", "cell_id"),
        {"comment": "Code, name and parent of a cell during a range of publications"},
    )

    id: Mapped[Id]
    cell_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Whose version this is"
    )
    code: Mapped[str] = mapped_column(CodeText, comment="Code for exchange; compared bytewise")
    name: Mapped[str] = mapped_column(Text, comment="Name as people say it")
    level: Mapped[int] = mapped_column(
        SmallInteger, comment="1 district, 2 town, 3 community, 4 grid, 5 household group"
    )
    parent_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Cell one level up; none for a root"
    )
    path: Mapped[str] = mapped_column(
        PathText, comment="Ids from the root down to this cell, each followed by a dot"
    )
    during: Mapped[Range[int]] = mapped_column(
        INT4RANGE, comment="Publications it holds for, half-open"
    )


class CellShape(Base):
    """A cell's geometry during some publications."""

    __tablename__ = "cell_shape"
    __table_args__ = (
        CheckConstraint("NOT isempty(during) AND lower(during) IS NOT NULL", "during"),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", "geom"),
        ExcludeConstraint(
            ("cell_id", "="), ("during", "&&"), name="ex_cell_shape_one_at_a_time", using="gist"
        ),
        Index("ix_cell_shape_geom", "geom", postgresql_using="gist"),
        {"comment": "Geometry of a cell during a range of publications, on the storage grid"},
    )

    id: Mapped[Id]
    cell_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Whose shape this is"
    )
    geom: Mapped[WKBElement] = mapped_column(
        geometry("MULTIPOLYGON", index=False), comment="EPSG:4326 on multiples of 2^-23 degree"
    )
    area_m2: Mapped[float] = mapped_column(Double, comment="Area on the ellipsoid, m²")
    derived: Mapped[bool] = mapped_column(
        Boolean, comment="Union of its children; leaf cells own their shape"
    )
    noded: Mapped[bool] = mapped_column(
        Boolean,
        server_default=text("false"),
        comment="Changed only by a neighbour's vertex: no new meaning",
    )
    during: Mapped[Range[int]] = mapped_column(
        INT4RANGE, comment="Publications it holds for, half-open"
    )


class CellLineage(Base):
    """Ground that went from one cell to another in a publication."""

    __tablename__ = "cell_lineage"
    __table_args__ = (
        CheckConstraint("kind IN ('split', 'merged', 'moved')", "kind"),
        CheckConstraint("area_m2 >= 0", "area"),
        Index("ix_cell_lineage_to_cell_id", "to_cell_id"),
        {"comment": "Which ground came from which cell, for reports across changes"},
    )

    publication: Mapped[int] = mapped_column(
        Integer, ForeignKey("publication.number"), primary_key=True, comment="In which publication"
    )
    from_cell_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("cell.id"), primary_key=True, comment="Whose ground it was"
    )
    to_cell_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("cell.id"), primary_key=True, comment="Whose ground it became"
    )
    kind: Mapped[str] = mapped_column(Text, comment="split, merged or moved")
    area_m2: Mapped[float] = mapped_column(Double, comment="How much ground, m²")


def open_range(first: int) -> Range[Any]:
    """Return the range of publications from ``first`` on."""
    return Range(first, None, bounds="[)")
