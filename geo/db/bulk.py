"""Many rows at once: a frame is copied into a temporary table, then one statement takes it over.

COPY straight into a table under a row policy is refused by PostgreSQL, and a staged copy also
serves upserts, so every bulk write goes this way.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

_CHUNK_ROWS = 50_000
_MANY_ROWS = 1_000


def stage(session: Session, name: str, columns: Mapping[str, str], frame: pd.DataFrame) -> None:
    """Copy a frame into the temporary table ``name``, which lives until the transaction ends.

    Parameters
    ----------
    name : of the temporary table, chosen by the code, never by a user
    columns : column → SQL type; the frame has these columns, others are left out.
        A ``geometry`` column holds shapely geometries in storage degrees, a ``bytea`` one bytes;
        at least one column is neither, and no text column is alone: a backslash and a dot end COPY
    frame : None, NaN and NaT become NULL
    """
    listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    session.execute(text(f'DROP TABLE IF EXISTS pg_temp."{name}"'))
    session.execute(text(f'CREATE TEMPORARY TABLE "{name}" ({listed}) ON COMMIT DROP'))
    names = ", ".join(f'"{column}"' for column in _in_order(columns))
    copy = f"COPY pg_temp.\"{name}\" ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
    connection = session.connection().connection
    with closing(connection.cursor()) as cursor:
        for start in range(0, len(frame), _CHUNK_ROWS):
            cursor.copy_expert(copy, _csv(frame.iloc[start : start + _CHUNK_ROWS], columns))
    session.execute(text(f'ANALYZE pg_temp."{name}"'))


@contextmanager
def many_rows(session: Session, count: int | None = None) -> Iterator[None]:
    """Plan the block's statements for many rows, whatever the statistics say.

    Statistics are older than the rows a transaction has just written, and say 0 where an import
    was tried and rolled back: nested loops over 8,000 households then take 12 s instead of 0.2 s,
    and four times that for twice as many.

    Parameters
    ----------
    count : rows that are joined; few of them are planned as usual. None: whole tables
    """
    planned = count is None or count >= _MANY_ROWS
    if planned:
        session.execute(text("SELECT set_config('enable_nestloop', 'off', true)"))
    yield
    if planned:
        session.execute(text("SELECT set_config('enable_nestloop', 'on', true)"))


class _Lines(io.StringIO):
    """Lines of CSV with their beginnings: the writer of CSV writes once a row."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        super().__init__()
        self._beginnings = iter(beginnings)

    def write(self, line: str) -> int:
        return super().write(next(self._beginnings)) + super().write(line)


def _in_order(columns: Mapping[str, str]) -> list[str]:
    """Return the columns as they are copied: digits, which need no quotes, before the others."""
    return sorted(columns, key=lambda column: not _is_digits(columns[column]))


def _is_digits(kind: str) -> bool:
    return kind == "bytea" or kind.startswith("geometry")


def _csv(frame: pd.DataFrame, columns: Mapping[str, str]) -> io.StringIO:
    digits = [_digits(frame[name], kind) for name, kind in columns.items() if _is_digits(kind)]
    plain = [name for name, kind in columns.items() if not _is_digits(kind)]
    beginnings = ("".join(f"{one}," for one in row) for row in zip(*digits, strict=True))
    buffer = _Lines(beginnings) if digits else io.StringIO()
    # Only what its lines end with is sure to be quoted: a bare \r ends a line for COPY too.
    frame[plain].to_csv(buffer, header=False, index=False, na_rep="\\N", lineterminator="\r\n")
    buffer.seek(0)
    return buffer


def _digits(column: pd.Series, kind: str) -> list[str]:
    """Return bytes or geometries in hexadecimal digits."""
    if kind == "bytea":
        return ["\\N" if pd.isna(value) else "\\x" + value.hex() for value in column]
    array = shapely.set_srid(np.asarray(column, dtype=object), 4326)
    # Digits that shapely makes take ten times as long.
    return ["\\N" if one is None else one.hex() for one in shapely.to_wkb(array, include_srid=True)]
