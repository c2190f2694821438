"""A table of residents to come declares a protected field in one line: here tags of category C."""

from collections.abc import Iterator

import pytest
from sqlalchemy import BigInteger, Engine, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from geo.crypto.columns import protected_columns
from geo.crypto.fields import blind, protect, tag_field, unprotect
from geo.crypto.frames import protected_frame, staged_columns
from geo.crypto.keyring import Keyring
from geo.db.bulk import stage
from geo.db.session import make_engine
from tests.databases import Databases

pytestmark = pytest.mark.db

TAG = tag_field("resident", "tag_c")


class Base(DeclarativeBase):
    """Apart from the product's tables."""


class Resident(Base):
    """Somebody with a tag that only a few may read."""

    __tablename__ = "resident"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tag_c_cipher, tag_c_masked, tag_c_blind = protected_columns("tag_c", "Tag of category C")


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    name = databases.create()
    made = make_engine(databases.owner_url(name))
    Base.metadata.create_all(made)
    yield made
    made.dispose()
    databases.drop(name)


def values(keyring: Keyring, row: int, tag: str) -> dict[str, object]:
    return {"id": row, **dict(zip(TAG.columns, protect(keyring, TAG, row, tag), strict=True))}


def test_a_tag_is_stored_found_and_read_and_never_stands_in_clear(
    engine: Engine, keyring: Keyring
) -> None:
    with Session(engine) as session:
        tags = {1: "社区矫正", 2: "低保", 3: "", 4: "社区矫正"}
        session.execute(insert(Resident), [values(keyring, *pair) for pair in tags.items()])
        wanted = Resident.tag_c_blind == blind(keyring, TAG, "社区矫正")
        found = session.scalars(select(Resident).where(wanted).order_by(Resident.id)).all()
        stored = session.scalar(text("SELECT string_agg(resident::text, ' ') FROM resident"))

    assert [row.id for row in found] == [1, 4]
    assert {row.tag_c_masked for row in found} == {"****"}
    work = type("Bearer", (), {"keyring": keyring})()
    assert unprotect(work, TAG, 4, found[1].tag_c_cipher) == "社区矫正"
    assert "社区矫正" not in stored
    assert "社区矫正".encode().hex() not in stored


def test_the_blind_column_has_its_index_and_the_masked_one_is_never_null(engine: Engine) -> None:
    table = Resident.__table__

    assert [index.name for index in table.indexes] == ["ix_resident_tag_c_blind"]  # type: ignore[attr-defined]
    assert [table.c[name].nullable for name in TAG.columns] == [True, False, True]
    assert all("Tag of category C" in str(table.c[name].comment) for name in TAG.columns)


def test_many_rows_are_staged_with_their_bytes(engine: Engine, keyring: Keyring) -> None:
    import pandas as pd

    rows = pd.DataFrame({"id": [1, 2, 3], "tag_c": ["吸毒", None, ""]})
    frame = rows.join(protected_frame(keyring, (TAG,), rows["id"], rows))
    with Session(engine) as session:
        stage(session, "next_resident", {"id": "bigint", **staged_columns(TAG)}, frame)
        query = text("SELECT * FROM pg_temp.next_resident ORDER BY id")
        first, second, third = session.execute(query).all()

    work = type("Bearer", (), {"keyring": keyring})()
    assert unprotect(work, TAG, 1, first.tag_c_cipher) == "吸毒"
    assert bytes(first.tag_c_blind) == blind(keyring, TAG, "吸毒")
    assert tuple(second)[1:] == (None, None, None)
    assert tuple(third)[1:] == (None, "", None)
