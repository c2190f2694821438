"""Many rows at once: a frame is copied into a temporary table, then one statement takes it over.

COPY straight into a table under a row policy is refused by PostgreSQL, and a staged copy also
serves upserts, so every bulk write goes this way.
"""

import io
from collections.abc import Iterator, Mapping
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
        A ``geometry`` column holds shapely geometries in storage degrees, a ``bytea`` one bytes
    frame : None, NaN and NaT become NULL
    """
    listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    session.execute(text(f'DROP TABLE IF EXISTS pg_temp."{name}"'))
    session.execute(text(f'CREATE TEMPORARY TABLE "{name}" ({listed}) ON COMMIT DROP'))
    names = ", ".join(f'"{column}"' for column in columns)
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


def _csv(frame: pd.DataFrame, columns: Mapping[str, str]) -> io.StringIO:
    cells = {column: _cells(frame[column], kind) for column, kind in columns.items()}
    buffer = io.StringIO()
    pd.DataFrame(cells, columns=list(columns)).to_csv(
        buffer, header=False, index=False, na_rep="\\N", quoting=0
    )
    buffer.seek(0)
    return buffer


def _cells(column: pd.Series, kind: str) -> pd.Series | np.ndarray:
    if kind.startswith("geometry"):
        return _wkb(column)
    return column.map(_hex, na_action="ignore") if kind == "bytea" else column


def _hex(value: bytes) -> str:
    return "\\x" + value.hex()


def _wkb(column: pd.Series) -> np.ndarray:
    array = shapely.set_srid(np.asarray(column, dtype=object), 4326)
    return np.asarray(shapely.to_wkb(array, hex=True, include_srid=True), dtype=object)
