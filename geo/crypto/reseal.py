"""Encrypting stored values anew, a batch of rows of one table at a time.

Rows are locked while their batch runs and written only as they were read, so that writers and
readers go on meanwhile. Nobody's value is told: a value that cannot be read stays as it is and is
named by its place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    LargeBinary,
    Row,
    Table,
    Text,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from geo.crypto.cipher import Place, Unreadable, seal, unseal
from geo.crypto.fields import PROTECTED, blind
from geo.crypto.keyring import Keyring
from geo.crypto.keys import Key
from geo.crypto.register import sealed_columns, sealed_with


@dataclass(frozen=True)
class Part:
    """What of a table is encrypted: the names its values are bound to."""

    table: Table
    names: tuple[str, ...]

    def waiting(self, active: Key) -> ColumnElement[bool]:
        """Return the condition that a row has a value of another key than the active one."""
        others = [
            self._cipher(name).is_not(None) & ~sealed_with(self.table, name, active)
            for name in self.names
        ]
        return or_(*others)

    def filled(self) -> ColumnElement[bool]:
        """Return the condition that a row has any value."""
        return or_(*(self._cipher(name).is_not(None) for name in self.names))

    def _cipher(self, name: str) -> ColumnElement[Any]:
        return self.table.c[f"{name}_cipher"]


@dataclass(frozen=True)
class Batch:
    """What became of some rows.

    Parameters
    ----------
    seen : rows read
    last : the greatest id among them; 0 when there was none
    unreadable : places whose value could not be read, left as they were
    """

    seen: int = 0
    last: int = 0
    unreadable: tuple[Place, ...] = ()


def parts() -> list[Part]:
    """Return every table with encrypted columns."""
    names: dict[str, list[str]] = {}
    tables = {}
    for table, name in sealed_columns():
        tables[table.name] = table
        names.setdefault(table.name, []).append(name)
    return [Part(tables[table], tuple(found)) for table, found in names.items()]


def count(session: Session, part: Part, where: ColumnElement[bool]) -> int:
    """Return how many rows of a table meet a condition."""
    return session.scalar(select(func.count()).select_from(part.table).where(where)) or 0


def reseal(session: Session, keyring: Keyring, part: Part, *, after: int, limit: int) -> Batch:
    """Encrypt the next rows with the active key; rows that somebody else holds are passed over.

    Parameters
    ----------
    after : rows with greater ids
    """
    wanted = part.waiting(keyring.active)
    columns = {f"{name}_cipher": LargeBinary() for name in part.names}
    rows = _locked(session, part, columns, wanted, after, limit, skip=True)
    return _written(session, keyring, part, rows, columns)


def rewrite(session: Session, keyring: Keyring, part: Part, *, after: int, limit: int) -> Batch:
    """Make all three forms of the next rows anew, by the rules of masks and forms of today."""
    columns: dict[str, TypeEngine[Any]] = {f"{n}_cipher": LargeBinary() for n in part.names}
    for name in part.names:
        if f"{part.table.name}.{name}" in PROTECTED:
            columns |= {f"{name}_masked": Text(), f"{name}_blind": LargeBinary()}
    rows = _locked(session, part, columns, part.filled(), after, limit, skip=False)
    return _written(session, keyring, part, rows, columns)


def _locked(
    session: Session,
    part: Part,
    columns: Iterable[str],
    wanted: ColumnElement[bool],
    after: int,
    limit: int,
    *,
    skip: bool,
) -> Sequence[Row[Any]]:
    key = part.table.c.id
    query = select(key, *(part.table.c[column] for column in columns)).where(wanted, key > after)
    query = query.order_by(key).limit(limit).with_for_update(skip_locked=skip)
    return session.execute(query).all()


def _written(
    session: Session,
    keyring: Keyring,
    part: Part,
    rows: Sequence[Row[Any]],
    columns: dict[str, Any],
) -> Batch:
    if not rows:
        return Batch()
    unreadable: list[Place] = []
    made = [_forms(keyring, part, row, unreadable) for row in rows]
    ids = [row.id for row in rows]
    arrays = [cast(ids, ARRAY(BigInteger))]
    arrays += [cast([forms[c] for forms in made], ARRAY(kind)) for c, kind in columns.items()]
    fresh = func.unnest(*arrays).table_valued("row_id", *columns, name="fresh").render_derived()
    session.execute(
        update(part.table)
        .values({column: fresh.c[column] for column in columns})
        .where(part.table.c.id == fresh.c.row_id)
    )
    return Batch(len(rows), ids[-1], tuple(unreadable))


def _forms(
    keyring: Keyring, part: Part, row: Row[Any], unreadable: list[Place]
) -> dict[str, bytes | str | None]:
    forms: dict[str, bytes | str | None] = dict(row._mapping)
    for name in part.names:
        place, sealed = Place(part.table.name, name, row.id), forms[f"{name}_cipher"]
        if not isinstance(sealed, bytes):
            continue
        try:
            text = unseal(keyring, place, sealed)
        except Unreadable:
            unreadable.append(place)
            continue
        forms[f"{name}_cipher"] = seal(keyring, place, text)
        if field := PROTECTED.get(f"{part.table.name}.{name}"):
            forms[f"{name}_masked"] = field.mask(text)
            forms[f"{name}_blind"] = blind(keyring, field, text)
    return forms
