"""The table that knows which keys a database was written with, without having them."""

from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base


class DataKey(Base):
    """A key by which values of this database were encrypted, or its blind indexes made."""

    __tablename__ = "data_key"
    __table_args__ = ({"comment": "Keys the data were written with: their proofs, never the keys"},)

    id: Mapped[str] = mapped_column(Text, primary_key=True, comment="k1, k2 … or blind")
    cipher: Mapped[str] = mapped_column(Text, comment="Cipher, or hash of the blind indexes")
    proof: Mapped[bytes] = mapped_column(
        LargeBinary, comment="Keyed hash of a fixed text: tells another key of the same name"
    )
    added_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), comment="When first used here"
    )
