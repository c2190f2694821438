"""How people live in the cells of an area, as everybody may know it: in fives, never by building.

The numbers come from ``geo.access.suppression``, which says what they keep to themselves. They are
computed from every cell below, whoever asks, and so the same on every page and in every answer.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from geo.access.actors import Reason
from geo.access.scope import area_range
from geo.access.suppression import public_frame
from geo.db.sql import statement
from geo.grid import store as grid
from geo.grid.model import CellVersion
from geo.people.frames import sums_by_cell
from geo.people.store import occupancies
from geo.work import Work

# A cell of level 5 is about one building, and an empty flat is a burglar's news.
FINEST_TOLD = 4
_TOTALS = ["households", "persons"]


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """What everybody may know of one cell; None is not told.

    Parameters
    ----------
    kinds : households by occupancy, in legend order; they add up to ``households``
    """

    households: int | None
    persons: int | None
    kinds: dict[str, int | None]


def public_counts_at(work: Work, path: str, number: int, *, today: date) -> PublicCounts:
    """Return what everybody may know of one cell; nothing of a cell of level 5."""
    numbers = public_counts_of(work, path, number, today=today)
    if path not in numbers.index:
        return PublicCounts(None, None, dict.fromkeys(numbers.columns.drop(_TOTALS)))
    told = {name: None if pd.isna(n) else int(n) for name, n in numbers.loc[path].items()}
    households, persons = (told.pop(name) for name in _TOTALS)
    return PublicCounts(households, persons, told)


def public_counts_of(work: Work, path: str, number: int, *, today: date) -> pd.DataFrame:
    """Return what everybody may know of a cell and of all below it.

    Parameters
    ----------
    path : of the cell
    number : publication whose cells are meant; households are today's

    Returns
    -------
    DataFrame, index path, Int64: ``households``, one column a kind in legend order, ``persons``;
    missing where nothing is told; cells of level 5 are not in it
    """
    cells = _cells(work.session, path, number)
    kinds = [kind.code for kind in occupancies(work.session)]
    with work.elevated(Reason.PUBLIC_COUNTS):
        leaves = _by_leaf(work.session, path, today, kinds)
    columns = [*kinds, "persons"]
    sums = sums_by_cell(cells, leaves, columns)
    return public_frame(cells.join(sums), kinds, ["persons"]).set_axis(cells["path"])


def _cells(session: Session, path: str, number: int) -> pd.DataFrame:
    low, high = area_range(path)
    query = (
        grid.versions_in(number)
        .with_only_columns(CellVersion.path)
        .where(CellVersion.path >= low, CellVersion.path < high, CellVersion.level <= FINEST_TOLD)
    )
    return pd.DataFrame({"path": [row.path for row in session.execute(query)]})


def _by_leaf(session: Session, path: str, today: date, kinds: list[str]) -> pd.DataFrame:
    """Return ``path`` (of a leaf), one column of households a kind and ``persons``."""
    low, high = area_range(path)
    values = {"low": low, "high": high, "today": today}
    rows = session.execute(statement("geo.people", "occupancy_by_leaf"), values).all()
    found = pd.DataFrame(
        [tuple(row) for row in rows], columns=["path", "occupancy", "households", "persons"]
    )
    wide = found.pivot(index="path", columns="occupancy", values="households")
    wide = wide.reindex(columns=kinds).fillna(0).astype("int64")
    persons = found.groupby("path")["persons"].sum().astype("int64")
    return wide.assign(persons=persons).rename_axis(columns=None).reset_index()
