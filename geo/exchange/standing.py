"""What stands in the database of the things a file names, as frames, for comparing row by row.

Runs within ``work.elevated(Reason.IMPORT)``: a file may name people of the whole deployment.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.db.bulk import many_rows, stage
from geo.db.sql import statement
from geo.people.model import Occupancy
from geo.places.model import Estate
from geo.workforce.model import Post

_ASKED = {"code": 'text COLLATE "C"', "nth": "bigint"}


def buildings(session: Session, codes: Iterable[str]) -> pd.DataFrame:
    """Return the buildings with these codes, indexed by code; point and footprint as geometries."""
    return _frame(session, "buildings", codes, geometry=("geometry", "footprint")).set_index("code")


def households(session: Session, building_codes: Iterable[str]) -> pd.DataFrame:
    """Return the households of these buildings, each with its ``place`` in its unit, from 0.

    Of what is protected the blind indexes: whether a file says the same is seen without decrypting.
    """
    return _frame(session, "households", building_codes)


def workers(session: Session, codes: Iterable[str]) -> pd.DataFrame:
    """Return the workers with these codes, indexed by code."""
    return _frame(session, "workers", codes).set_index("code")


def assignments(session: Session, worker_codes: Iterable[str]) -> pd.DataFrame:
    """Return the open assignments of these workers (``named``), and all other primary ones."""
    return _frame(session, "assignments", worker_codes).astype({"named": bool, "is_primary": bool})


def ground(session: Session, window: tuple[float, float, float, float]) -> pd.DataFrame:
    """Return the ground features that meet a window ``west, south, east, north``."""
    bounds = dict(zip(("west", "south", "east", "north"), map(float, window), strict=True))
    return _frame(session, "ground", None, geometry=("geometry",), values=bounds)


def estates(session: Session) -> pd.DataFrame:
    """Return every estate: ``code, name``."""
    rows = session.execute(select(Estate.code, Estate.name)).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=["code", "name"], dtype=object)


def occupancy_words(session: Session) -> dict[str, str]:
    """Return each word of the occupancy table with its code, the office's own additions too."""
    return _words(session.execute(select(Occupancy.code, Occupancy.name_zh, Occupancy.name_en)))


def post_words(session: Session) -> dict[str, str]:
    """Return each word of the table of posts with its code."""
    return _words(session.execute(select(Post.code, Post.name_zh, Post.name_en)))


def overlay_posts(session: Session) -> list[str]:
    """Return the codes of posts that stand beside a team."""
    return list(session.scalars(select(Post.code).where(Post.overlay)))


def _words(rows: Iterable[Any]) -> dict[str, str]:
    return {word: code for code, *names in rows for word in (code, *names)}


def _frame(
    session: Session,
    name: str,
    codes: Iterable[str] | None,
    *,
    geometry: tuple[str, ...] = (),
    values: dict[str, float] | None = None,
) -> pd.DataFrame:
    asked = pd.unique(pd.Series([] if codes is None else list(codes), dtype=object))
    if codes is not None:
        stage(session, "asked", _ASKED, pd.DataFrame({"code": asked, "nth": range(len(asked))}))
    with many_rows(session, len(asked)):
        result = session.execute(statement("geo.exchange", name), values or {})
        rows = [tuple(row) for row in result]
    frame = pd.DataFrame(rows, columns=list(result.keys()), dtype=object)
    for column in frame.columns[frame.columns.str.endswith("_blind")]:
        frame[column] = frame[column].map(bytes, na_action="ignore")
    for column in geometry:
        frame[column] = _shapes(frame[column])
    return frame


def _shapes(column: pd.Series) -> np.ndarray:
    wkb = [None if value is None else bytes(value) for value in column]
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)
