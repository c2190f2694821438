"""Encrypt the names and phones that stood in clear, and make room for more protected fields.

What stands is encrypted here, row by row, with the keyring that the runner hands over; where
nothing stands none is needed. Going down decrypts it again; phones and ID numbers of heads of
households, for which the older schema has no room, are lost then.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import context, op

from geo.crypto.cipher import Place, unseal
from geo.crypto.fields import DUTY_PHONE, HEAD_NAME, ProtectedField, protect_column
from geo.crypto.key_file import KeysMissing
from geo.crypto.keyring import Keyring
from geo.db.policies import granted

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"
_BATCH = 50_000
# Column in clear → the field it becomes.
_FIELDS = (HEAD_NAME, DUTY_PHONE)

Rows = list[tuple[int, Any]]


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    _run("0003_protect.sql")
    for field in _FIELDS:
        _move(field, field.name, f"{field.name} <> ''", field.columns, _sealed)
    _run("0003_protected.sql")
    _know_keys()
    for statement in granted("data_key", app_role):
        op.execute(statement)
    # A value is bound to its row, so ids are taken before rows are written.
    for table in ("household", "worker"):
        op.execute(f'GRANT USAGE ON SEQUENCE {table}_id_seq TO "{app_role}"')


def downgrade() -> None:
    app_role = context.config.attributes["app_role"]
    _run("0003_unprotect.sql")
    for field in _FIELDS:
        cipher = field.columns[0]
        _move(field, cipher, f"{cipher} IS NOT NULL", (field.name,), _opened)
    _run("0003_clear.sql")
    for table in ("household", "worker"):
        op.execute(f'REVOKE USAGE ON SEQUENCE {table}_id_seq FROM "{app_role}"')


def _run(name: str) -> None:
    op.get_bind().exec_driver_sql((_SQL / name).read_text(encoding="utf-8"))


def _move(
    field: ProtectedField,
    source: str,
    filled: str,
    columns: tuple[str, ...],
    made: Callable[[Keyring, ProtectedField, Rows], Iterable[tuple[Any, ...]]],
) -> None:
    """Fill some columns of each row from another one; the values are made here, not in SQL."""
    kinds = {"cipher": "bytea", "blind": "bytea"}
    types = ", ".join(f"{c} {kinds.get(c.rpartition('_')[2], 'text')}" for c in columns)
    op.execute(f"CREATE TEMPORARY TABLE moved (id bigint PRIMARY KEY, {types}) ON COMMIT DROP")
    for rows in _batches(field.table, source, filled):
        _copy(zip([row for row, _ in rows], made(_keyring(), field, rows), strict=True))
    op.execute("ANALYZE moved")
    assigned = ", ".join(f"{column} = moved.{column}" for column in columns)
    op.execute(f"UPDATE {field.table} SET {assigned} FROM moved WHERE moved.id = {field.table}.id")
    op.execute("DROP TABLE moved")


def _batches(table: str, column: str, filled: str) -> Iterator[Rows]:
    last = 0
    while True:
        found = op.get_bind().exec_driver_sql(
            f"SELECT id, {column} FROM {table} WHERE {filled} AND id > {last}"
            f" ORDER BY id LIMIT {_BATCH}"
        )
        rows: Rows = [(row[0], row[1]) for row in found]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _sealed(keyring: Keyring, field: ProtectedField, rows: Rows) -> Iterable[tuple[Any, ...]]:
    return protect_column(keyring, field, [row for row, _ in rows], [text for _, text in rows])


def _opened(keyring: Keyring, field: ProtectedField, rows: Rows) -> Iterable[tuple[Any, ...]]:
    return [(unseal(keyring, Place(field.table, field.name, row), value),) for row, value in rows]


def _copy(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> None:
    lines = ("\t".join(map(_copied, (row, *values))) + "\n" for row, values in rows)
    connection: Any = op.get_bind().connection.dbapi_connection
    with closing(connection.cursor()) as cursor:
        cursor.copy_expert("COPY moved FROM STDIN", io.StringIO("".join(lines)))


def _copied(value: Any) -> str:
    """Return a value in PostgreSQL's text format of COPY."""
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _keyring() -> Keyring:
    keyring: Keyring | None = context.config.attributes.get("keyring")
    if keyring is None:
        raise KeysMissing(path="-", reason="the data hold names and phones to encrypt or decrypt")
    return keyring


def _know_keys() -> None:
    """Note by which keys the values were written, so that no other keyring is taken for this."""
    keyring: Keyring | None = context.config.attributes.get("keyring")
    if keyring is None:
        return
    active, blind = keyring.active, keyring.blind
    rows = [(active.id, active.cipher.value, active.check)]
    rows.append(("blind", blind.hash.value, blind.check))
    for row in rows:
        op.get_bind().exec_driver_sql(
            "INSERT INTO data_key (id, cipher, proof) VALUES (%s, %s, %s)", row
        )
