"""The declarative base of all tables: constraint names by one convention, bigint identities."""

from typing import Annotated

from sqlalchemy import BigInteger, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[
    int,
    mapped_column(BigInteger, Identity(always=False), primary_key=True, comment="Own key"),
]


class Base(DeclarativeBase):
    """Base of every table; each names its columns in comments, for people with a SQL client."""

    metadata = MetaData(naming_convention=NAMING)
