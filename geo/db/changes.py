"""How often some tables have changed: what tells a process that what it keeps of them is old.

Triggers of the database count, so that no writer can forget it, an SQL client included, and notify
``CHANNEL`` with the kind that changed when the transaction commits. A count has many rows, of which
a writer adds to one: with a single one, writers would wait for each other. The sum over them rises
with every commit.
"""

from sqlalchemy import BigInteger, PrimaryKeyConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base

CHANNEL = "wangge_changes"
# Kinds of changes: of publications; of posts, workers and assignments.
GRID, ROSTER = "grid", "roster"


class ChangeCount(Base):
    """A part of the count of one kind of change."""

    __tablename__ = "change_count"
    __table_args__ = (
        PrimaryKeyConstraint("kind", "shard"),
        {"comment": "How often tables have changed, by triggers; the sum over shards counts"},
    )

    kind: Mapped[str] = mapped_column(Text, comment="grid, roster")
    shard: Mapped[int] = mapped_column(SmallInteger, comment="Keeps writers apart")
    number: Mapped[int] = mapped_column(BigInteger, comment="Statements that wrote")
