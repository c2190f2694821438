"""What workers answer for, from the duty columns of a file of workers."""

import re

import numpy as np
import pandas as pd

from geo.exchange import standing
from geo.exchange.columns import Sheet
from geo.exchange.run import Count, Run
from geo.exchange.values import Flaw, code
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
    stood = standing.buildings(run.work.session, buildings)
    known = set(stood.index) | run.promised.get("buildings", set())
    _refuse_unknown(made, buildings, "building_code", known, "unknown_building")
    _refuse_stairwells(made, buildings, {**stood["stairwells"], **run.stairwells})
    on_cells = _targets(made, grids[~grids.index.isin(buildings.index)], "cell")
    on_buildings = _targets(made, buildings, "building")
    beside = on_buildings.index.to_series().map(grids.groupby(level=0).first())
    lies_in = beside.where(beside.notna(), on_buildings["target_code"].map(stood["cell_code"]))
    duties = pd.concat(
        [
            on_cells.assign(cell_code=on_cells["target_code"]),
            on_buildings.assign(cell_code=lies_in.to_numpy()),
        ]
    )
    duties = duties.sort_index(kind="stable").drop_duplicates(_ALL)
    _refuse_overlay_first(run, made, duties)
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
        workforce.assign(run.work, new, version=run.version)
    return Count("assignments", len(new), 0, len(duties) - len(new), len(ended))


def _split(made: Sheet, name: str) -> pd.Series:
    """Return the codes of a column, indexed by the row they stand in; a row may have several."""
    if not made.has(name):
        return pd.Series(dtype=object, index=made.values.index[:0])
    texts = made.values[name].fillna("")
    parts = texts.map(lambda text: [part for part in _SEPARATORS.split(text) if part]).explode()
    return parts.dropna().map(_code)


def _code(text: str) -> str:
    """Return a code, or the text itself where it is none: no cell and no building bears it."""
    found = code(text)
    return text if isinstance(found, Flaw) else found


def _refuse_unknown(made: Sheet, codes: pd.Series, name: str, known: set[str], key: str) -> None:
    unknown = codes[~codes.isin(known)]
    made.refuse(key, made.values.index.isin(unknown.index), name)


def _refuse_stairwells(made: Sheet, codes: pd.Series, counts: dict[str, int]) -> None:
    """Report rows with a stairwell that a building has not, or of no building at all.

    Parameters
    ----------
    counts : code → how many stairwells a building has; 0 when that is not known
    """
    if not made.has("stairwell"):
        return
    asked = made.values["stairwell"].dropna()
    wanted = codes.to_frame("code").join(asked.astype(int).rename("stairwell"), how="inner")
    there = wanted["code"].map(counts).fillna(0).astype(int)
    lacking = wanted.assign(count=there)[(there > 0) & (wanted["stairwell"] > there)]
    first = lacking[~lacking.index.duplicated()].sort_index()
    facts = first.rename(columns={"code": "building"}).to_dict("records")
    made.refuse("stairwell_unknown", made.values.index.isin(first.index), "stairwell", facts)
    alone = made.values.index.isin(asked.index.difference(codes.index))
    made.refuse("stairwell_alone", alone, "stairwell")


def _targets(made: Sheet, codes: pd.Series, kind: str) -> pd.DataFrame:
    """Return the columns of ``workforce.assign`` for targets of a kind, indexed by row."""
    values = made.values.reindex(columns=["code", "stairwell", "post", "primary"]).astype(object)
    rows = values.join(codes.rename("target_code"), how="inner").rename(
        columns={"code": "worker_code", "primary": "is_primary"}
    )
    if kind == "cell":
        rows["stairwell"] = None
    rows["target_kind"] = np.where(rows["stairwell"].notna(), "stairwell", kind)
    usual = rows["target_kind"].map(_DEFAULT_POSTS)
    post = rows["post"].where(rows["post"].notna(), usual)
    return rows.assign(post=post, is_primary=rows["is_primary"].eq(True))


def _refuse_overlay_first(run: Run, made: Sheet, duties: pd.DataFrame) -> None:
    """Report rows in which somebody beside the team would answer first."""
    first = duties["is_primary"] & duties["post"].isin(standing.overlay_posts(run.work.session))
    made.refuse("overlay_first", made.values.index.isin(duties.index[first]), "primary")


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
