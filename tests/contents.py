"""What a template holds, so that a copy of it can be set back after a test."""

import io
from dataclasses import dataclass
from typing import Self

from psycopg2.extensions import connection
from psycopg2.extensions import cursor as open_cursor

# Above this a copy is made anew: what was deleted from it would slow down all tests after.
_GROWN_BYTES = 4_000_000

_TABLES = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""

# All that migrations make, and what tests of them change: names, owners, rights and definitions.
_SHAPE = """
SELECT md5(string_agg(part, E'\\n' ORDER BY part)) FROM (
    SELECT row(nspname, nspowner, nspacl)::text FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
    UNION ALL
    SELECT row(c.oid, relname, relkind, relowner, relacl, relrowsecurity, relforcerowsecurity,
               reloptions, relhastriggers)::text
    FROM pg_class AS c WHERE relnamespace <> 'pg_toast'::regnamespace AND relkind <> 't'
    UNION ALL
    SELECT row(attrelid, attname, atttypid, attnotnull, attisdropped, attacl)::text
    FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
    WHERE attnum > 0 AND relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT row(p.oid, polname, pg_get_expr(polqual, polrelid),
               pg_get_expr(polwithcheck, polrelid))::text
    FROM pg_policy AS p
    UNION ALL
    SELECT row(oid, tgname, tgenabled)::text FROM pg_trigger
    UNION ALL
    SELECT row(oid, conname, convalidated)::text FROM pg_constraint
    UNION ALL
    SELECT row(p.oid, proname, proacl, md5(prosrc), provolatile, prosecdef, proconfig)::text
    FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT row(oid, setconfig)::text FROM pg_db_role_setting
    JOIN pg_database ON pg_database.oid = setdatabase AND datname = current_database()
) AS parts (part)
"""

_SEQUENCES = """
SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), start_value, last_value
FROM pg_sequences ORDER BY 1
"""

_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a template.

    Parameters
    ----------
    name : with its schema, quoted
    columns : those that are stored and not generated, quoted
    print_ : of its rows, whatever their order
    rows : as COPY writes them; empty for none
    """

    name: str
    columns: str
    print_: str
    rows: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows and the sequences of a database, and the shape they are held in."""

    shape: str
    tables: tuple[Table, ...]
    sequences: tuple[tuple[str, int, int | None], ...]

    @classmethod
    def of(cls, database: connection) -> Self:
        with database.cursor() as cursor:
            cursor.execute(_TABLES)
            names = [name for (name,) in cursor.fetchall()]
            prints = _prints(cursor, names)
            tables = tuple(_table(cursor, name, prints[name]) for name in names)
            return cls(_shape(cursor), tables, _sequences(cursor))

    def restore(self, database: connection) -> bool:
        """Set rows and sequences back; False where only a new copy would do."""
        with database.cursor() as cursor:
            cursor.execute(_END_OTHERS)
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            if _shape(cursor) != self.shape or _grown(cursor):
                return False
            # Neither triggers nor foreign keys: all of it is put back, or none.
            cursor.execute("SET LOCAL session_replication_role = replica")
            prints = _prints(cursor, [table.name for table in self.tables])
            for table in self.tables:
                if prints[table.name] != table.print_:
                    _put_back(cursor, table)
            for sequence, now in zip(self.sequences, _sequences(cursor), strict=True):
                if now != sequence:
                    name, start, last = sequence
                    value = (start, False) if last is None else (last, True)
                    cursor.execute(f"SELECT setval('{name}', %s, %s)", value)
        return True


def _shape(cursor: open_cursor) -> str:
    cursor.execute(_SHAPE)
    return str(cursor.fetchall()[0][0])


def _grown(cursor: open_cursor) -> bool:
    cursor.execute(
        "SELECT max(pg_relation_size(oid)) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> %s",
        ("spatial_ref_sys",),
    )
    return bool(cursor.fetchall()[0][0] > _GROWN_BYTES)


def _prints(cursor: open_cursor, names: list[str]) -> dict[str, str]:
    """Return what tells the rows of each table from others."""
    cursor.execute(
        " UNION ALL ".join(
            f"SELECT '{name}', count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0)"
            f" FROM {name} AS t"
            for name in names
        )
    )
    return dict(cursor.fetchall())


def _table(cursor: open_cursor, name: str, print_: str) -> Table:
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        (name,),
    )
    columns = cursor.fetchall()[0][0]
    rows = io.BytesIO()
    if not print_.startswith("0:"):
        cursor.copy_expert(f"COPY {name} ({columns}) TO STDOUT", rows)
    return Table(name, columns, print_, rows.getvalue())


def _put_back(cursor: open_cursor, table: Table) -> None:
    cursor.execute(f"DELETE FROM {table.name}")
    if table.rows:
        cursor.copy_expert(
            f"COPY {table.name} ({table.columns}) FROM STDIN", io.BytesIO(table.rows)
        )


def _sequences(cursor: open_cursor) -> tuple[tuple[str, int, int | None], ...]:
    cursor.execute(_SEQUENCES)
    return tuple(cursor.fetchall())
