"""Mapped columns of a protected field, in one line of a model."""

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

Columns = tuple[Mapped[bytes | None], Mapped[str], Mapped[bytes | None]]


def protected_columns(name: str, comment: str) -> Columns:
    """Return the three columns of a protected field; the blind one has an index.

    Equality of ``bytea`` is leakproof, so that a search by it uses the index below a row policy.

    Parameters
    ----------
    name : of the field
    comment : what it holds

    Examples
    --------
    In a model, with the name of the attribute as the name of the column::

        phone_cipher, phone_masked, phone_blind = protected_columns("phone", "Phone")
    """
    return (
        mapped_column(
            f"{name}_cipher", LargeBinary, nullable=True, comment=f"{comment}, encrypted"
        ),
        mapped_column(
            f"{name}_masked", Text, nullable=False, server_default="", comment=f"{comment}, masked"
        ),
        mapped_column(
            f"{name}_blind",
            LargeBinary,
            nullable=True,
            index=True,
            comment=f"{comment}, blind index for equality",
        ),
    )
