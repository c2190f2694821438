"""Households that are only counted: a building says how many, nobody knows yet who they are.

Each stands in a unit of its own numbered ``#1``, ``#2`` …, without stairwell or floor, occupancy
and persons unknown. They give way to the households a file names.
"""

import numpy as np
import pandas as pd

from geo.exchange import standing
from geo.exchange.columns import Sheet
from geo.exchange.run import Count, Run
from geo.people import service as people

_MARK = "#"
_MOST = 2_000_000


def only_counted(households: pd.DataFrame) -> np.ndarray:
    """Return which households stand for nobody in particular."""
    marked = households["number"].astype(str).str.fullmatch(_MARK + r"\d+")
    bare = households["head_name_blind"].isna() & households["persons"].isna()
    unknown = households["occupancy"].eq("unknown") & households["stairwell"].eq(0)
    return (marked & bare & unknown).to_numpy(dtype=bool)


def check(run: Run, made: Sheet, codes: pd.Series) -> pd.Series:
    """Return how many households each building of a sheet has, indexed by code.

    A building whose households are named already keeps them, whatever their number. More than two
    million in one file are a fault: a column that counts something else.
    """
    counts = made.values["households"].dropna()
    wanted = pd.Series(counts.astype(int).to_numpy(), index=codes[counts.index].to_numpy())
    stood = standing.households(run.work.session, codes.dropna())
    named = stood[~only_counted(stood)].groupby("building_code").size()
    has_named = codes.isin(named.index)
    differs = codes.map(named) != made.values["households"]
    made.note("households_named_already", has_named & differs)
    wanted = wanted[~wanted.index.isin(named.index)]
    if (total := int(wanted.sum())) > _MOST:
        facts = {"total": total, "most": _MOST}
        run.report.refuse("too_many_households", layer=made.table.name, facts=facts)
        return wanted[:0]
    return wanted


def write(run: Run, wanted: pd.Series) -> Count:
    """Make or end counted households until each building has as many as wanted."""
    stood = standing.households(run.work.session, wanted.index)
    numbers = [(code, place) for code, count in wanted.items() for place in range(1, count + 1)]
    rows = pd.DataFrame(numbers, columns=["building_code", "place"]).assign(
        number=lambda frame: _MARK + frame["place"].astype(str)
    )
    keys = pd.MultiIndex.from_frame(rows[["building_code", "number"]])
    old = pd.MultiIndex.from_frame(stood[["building_code", "number"]])
    new = rows[~keys.isin(old)]
    left = stood[~old.isin(keys)]
    if len(new):
        people.add_households(run.work, _bare(new), zone=run.zone)
    if len(left):
        people.end_households(run.work, left["id"].tolist(), zone=run.zone)
    return Count("households", len(new), 0, len(rows) - len(new), len(left))


def _bare(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(stairwell=0, floor=0, occupancy="unknown", persons=None, head_name="")
