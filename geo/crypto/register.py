"""Whether the keyring is the one the data were written with: asked at every start.

Each key leaves its proof in ``data_key``. A keyring that lacks a key, or has another one under the
same name, is refused while any row needs that key.
"""

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.crypto.fields import PROTECTED, SEALED
from geo.crypto.keyring import Keyring
from geo.crypto.keys import Key
from geo.crypto.model import DataKey
from geo.db.base import Base
from geo.errors import Refused

BLIND = "blind"
_HEAD_BYTES = 3


class KeysForeign(Refused):
    """The data were written with keys that are not in the keyring."""

    code = "keys_foreign"


def check_keys(session: Session, keyring: Keyring) -> list[str]:
    """Return the names of the keys this database did not know yet; they are known from now on.

    Parameters
    ----------
    session : sees all rows

    Raises
    ------
    KeysForeign
        When rows were written with a key that the keyring does not have.
    """
    ours = {key.id: (key.cipher.value, key.check) for key in keyring.keys.values()}
    ours[BLIND] = (keyring.blind.hash.value, keyring.blind.check)
    known = {row.id: row.proof for row in session.scalars(select(DataKey))}
    foreign = {name for name, proof in known.items() if ours.get(name, ("", b""))[1] != proof}
    for name in sorted(foreign):
        if _is_used(session, name):
            raise KeysForeign(name=name)
    fresh = [name for name in ours if name not in known or name in foreign]
    for name in fresh:
        cipher, proof = ours[name]
        row = insert(DataKey).values(id=name, cipher=cipher, proof=proof)
        session.execute(
            row.on_conflict_do_update(
                index_elements=[DataKey.id], set_={"cipher": cipher, "proof": proof}
            )
        )
    return fresh


def knows_keys(connection: Connection) -> bool:
    """Return whether a database has been written with a keyring before, migrated or not."""
    if connection.scalar(select(func.to_regclass(DataKey.__tablename__))) is None:
        return False
    return bool(connection.scalar(select(select(DataKey.id).exists())))


def sealed_columns() -> list[tuple[Table, str]]:
    """Return every column of sealed values: its table, and the name it is bound to."""
    names = [(field.table, field.name) for field in PROTECTED.values()]
    return [(Base.metadata.tables[table], name) for table, name in (*names, *SEALED)]


def sealed_with(table: Table, name: str, key: Key | int) -> ColumnElement[bool]:
    """Return the condition that a column's value was sealed with a key."""
    number = key if isinstance(key, int) else key.number
    head = func.substring(table.c[f"{name}_cipher"], 1, _HEAD_BYTES)
    return head == bytes((1,)) + number.to_bytes(2, "big")


def _is_used(session: Session, name: str) -> bool:
    if name == BLIND:
        tables = Base.metadata.tables
        for field in PROTECTED.values():
            blind = tables[field.table].c[f"{field.name}_blind"]
            if session.scalar(select(blind.is_not(None)).where(blind.is_not(None)).limit(1)):
                return True
        return False
    number = int(name.removeprefix("k"))
    found = [
        session.scalar(select(table.c.id).where(sealed_with(table, column, number)).limit(1))
        for table, column in sealed_columns()
    ]
    return any(row is not None for row in found)
