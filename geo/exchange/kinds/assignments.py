"""What workers answer for, from the duty columns of a file of workers."""

import re

import numpy as np
import pandas as pd

from geo.exchange import standing
from geo.exchange.columns import Sheet
from geo.exchange.run import Count, Run
from geo.exchange.values import code
from geo.workforce import service as workforce

_SEPARATORS = re.compile(r"[、,，;；\s]+")
_DEFAULT_POSTS = {"cell": "grid_worker", "building": "building_head", "stairwell": "stair_head"}
_TARGET = ["target_kind", "target_code", "stairwell"]
_ALL = ["worker_code", "post", *_TARGET, "is_primary"]


def of_rows(run: Run, made: Sheet, cells: set[str]) -> pd.DataFrame | None:
    """Return the assignments of a file of workers; None when it has no column of them.

    Several codes in one cell are several assignments. With a building the target is the building,
    and a grid beside it only says where the worker is employed.

    Returns
    -------
    DataFrame, index the row: the columns of ``workforce.assign`` and ``cell_code``, the cell the
    target lies in
    """
    if not (made.has("grid_code") or made.has("building_code")):
        return None
    grids, buildings = _split(made, "grid_code"), _split(made, "building_code")
    _refuse_unknown(made, grids, "grid_code", cells, "unknown_cell")
    stood = standing.buildings(run.work.session, buildings.dropna())
    known = set(stood.index) | run.promised.get("buildings", set())
    _refuse_unknown(made, buildings, "building_code", known, "unknown_building")
    rows = pd.concat([_targets(made, buildings, "building"), _targets(made, grids, "cell")])
    on_building = rows.index.isin(buildings.dropna().index) & (rows["target_kind"] == "cell")
    grid_of_row = grids.groupby(level=0).first()
    own_cell = rows["target_code"].where(rows["target_kind"] == "cell")
    lies_in = own_cell.where(own_cell.notna(), rows.index.to_series().map(grid_of_row))
    lies_in = lies_in.where(lies_in.notna(), rows["target_code"].map(stood["cell_code"]))
    duties = rows.assign(cell_code=lies_in)[~on_building.to_numpy()].sort_index(kind="stable")
    duties = duties.drop_duplicates(_ALL)
    _refuse_two_primaries(run, made, duties)
    return duties


def write(run: Run, duties: pd.DataFrame, workers: pd.Series) -> Count:
    """Assign what is new and end what the file no longer says of its workers."""
    stood = standing.assignments(run.work.session, workers)
    stood = stood[stood["named"]]
    keys, old = _keys(duties), _keys(stood)
    ended = stood.loc[~old.isin(keys), "id"].tolist()
    new = duties[~keys.isin(old)]
    if ended:
        workforce.end_assignments(run.work, ended)
    if len(new):
        workforce.assign(run.work, new)
    return Count("assignments", len(new), 0, len(duties) - len(new), len(ended))


def _split(made: Sheet, name: str) -> pd.Series:
    """Return the codes of a column, each with the row it stands in."""
    if not made.has(name):
        return pd.Series(dtype=object)
    texts = made.values[name].fillna("")
    parts = texts.map(lambda text: [part for part in _SEPARATORS.split(text) if part]).explode()
    return parts.map(code, na_action="ignore")


def _refuse_unknown(made: Sheet, codes: pd.Series, name: str, known: set[str], key: str) -> None:
    unknown = codes[codes.notna() & ~codes.isin(known)]
    made.refuse(key, made.values.index.isin(unknown.index), name)


def _targets(made: Sheet, codes: pd.Series, kind: str) -> pd.DataFrame:
    given = codes.dropna()
    values = made.values.reindex(columns=["code", "stairwell", "post", "primary"])
    values = values.astype(object).loc[given.index]
    stairwell = values["stairwell"] if kind == "building" else values["stairwell"].where(False)
    kinds = np.where(stairwell.notna(), "stairwell", kind)
    posts = values["post"].where(
        values["post"].notna(), pd.Series(kinds, given.index).map(_DEFAULT_POSTS)
    )
    return pd.DataFrame(
        {
            "worker_code": values["code"],
            "post": posts,
            "target_kind": kinds,
            "target_code": given,
            "stairwell": stairwell,
            "is_primary": values["primary"].fillna(False).astype(bool),
        }
    )


def _refuse_two_primaries(run: Run, made: Sheet, duties: pd.DataFrame) -> None:
    """Report rows that make a second worker the primary one of a place."""
    stood = standing.assignments(run.work.session, duties["worker_code"].dropna())
    others = stood[stood["is_primary"] & ~stood["named"]]
    primary = duties[duties["is_primary"]]
    pairs = pd.concat([others[["worker_code", *_TARGET]], primary[["worker_code", *_TARGET]]])
    first = pairs.groupby(_TARGET, dropna=False)["worker_code"].transform("first")
    beaten = (first != pairs["worker_code"]).to_numpy()[len(others) :]
    holder = first.iloc[len(others) :][beaten]
    rows = made.values.index.isin(primary.index[beaten])
    facts = [{"holder": holder.loc[[row]].iloc[0]} for row in made.values.index[rows]]
    made.refuse("second_primary", rows, "primary", facts)


def _keys(frame: pd.DataFrame) -> pd.Index:
    whole = frame[_ALL].astype(object)
    whole["stairwell"] = whole["stairwell"].map(lambda value: 0 if pd.isna(value) else int(value))
    return pd.MultiIndex.from_frame(whole)
