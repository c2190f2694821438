"""Cells of the grid: code, name, level, parent, and the shape of every leaf."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.exchange import words
from geo.exchange.columns import Field, Sheet, refuse_missing_column, sheet
from geo.exchange.differences import completed, differences
from geo.exchange.geometries import fields_for
from geo.exchange.kinds.codes import refuse_repeated
from geo.exchange.kinds.staged import Staged
from geo.exchange.kinds.tree_faults import refuse_fault, refuse_places, refuse_tree
from geo.exchange.locations import POLYGONS, located
from geo.exchange.run import Count, Run
from geo.exchange.table import Table, kept
from geo.exchange.values import Flaw, Value, code, plain, word
from geo.grid import service as grid
from geo.grid.service import CoverageBroken, LandChanged
from geo.grid.succession import merged
from geo.grid.tree import COLUMNS, DEEPEST


def _level(text: str) -> Value | Flaw:
    return word(text, words=words.LEVELS)


CODE = Field(
    "code",
    ("网格编码", "网格编号", "区划代码", "grid_code", "cell_code", "code", "编码", "编号"),
    code,
)
FIELDS = (
    CODE,
    Field("name", ("网格名称", "grid_name", "cell_name", "name", "名称"), plain, needed=True),
    Field("level", ("级别", "层级", "网格级别", "level"), _level),
    Field(
        "parent_code",
        ("上级编码", "上级网格", "上级网格编码", "父级编码", "parent_code", "parent"),
        code,
    ),
)


def check(run: Run, table: Table) -> Staged:
    """Return a table's cells in the shape the domain takes; what is wrong is in the report."""
    made = sheet(table, FIELDS + fields_for(table), run.report)
    codes = _codes(run, made)
    before = run.grid()
    old = before.reindex(codes)
    known = codes.isin(before.index).to_numpy()
    rows = completed(made, FIELDS, old, known).assign(code=codes.to_numpy())
    place = located(run, made, POLYGONS, optional=True)
    stood = kept(old["geometry"].to_numpy(dtype=object), known)
    rows["geometry"] = place.stored if place else stood
    rows["parent_code"] = (
        rows["parent_code"].replace("", None).where(rows["parent_code"].notna(), None)
    )
    rows["level"] = _levels(rows, before, given=made.has("level"))
    run.promise("cells", set(codes.dropna()))
    _check_tree(run, made, rows)
    return Staged(made, rows)


def write(run: Run, staged: Staged) -> list[Count]:
    """Publish the cells; gaps, overlaps and moved land go to the report.

    Raises
    ------
    ImportRefused
        When the cells do not tile.
    """
    made, rows = staged.sheet, staged.rows
    before, incoming = run.grid(), _frame(rows)
    try:
        done = grid.publish_cells(run.work, incoming, note=f"import {run.file}")
    except CoverageBroken as error:
        refuse_places(made, rows["code"], error.faults, merged(before, incoming))
    except LandChanged as error:
        cell, facts = str(error.facts["cell"]), error.facts
        refuse_fault(made, rows["code"], "cell_land_changed", cell, "parent_code", facts)
    run.report.check()
    run.forget_grid()
    if not (done.new or done.changed):
        return [Count("cells", unchanged=len(rows))]
    codes = rows["code"].to_numpy()
    after, known = run.grid().loc[codes], pd.Index(codes).isin(before.index)
    columns = ("name", "level", "parent_code", "geometry")
    step = differences(after, before.reindex(codes), known, columns)
    return [Count("cells", int(step.new.sum()), int(step.changed.sum()), step.unchanged)]


def slug(name: str) -> str:
    """Return a name as a code: lower case, blanks and signs as hyphens."""
    letters = "".join(letter if letter.isalnum() else "-" for letter in name.strip().lower())
    return "-".join(part for part in letters.split("-") if part)


def _codes(run: Run, made: Sheet) -> pd.Series:
    """Return the code of each row; a town's area without one is called after its name."""
    if made.has("code"):
        found = made.values["code"]
        empty = made.table.cells[made.places["code"]].str.strip().eq("")
        made.refuse("missing_value", empty, "code")
        refuse_repeated(made, found, "code")
        return found
    if run.request.kind == "town" and made.has("name"):
        names = made.values["name"].map(lambda name: slug(name) or None, na_action="ignore")
        if run.request.code and len(names) == 1:
            names.iloc[0] = run.request.code
        refuse_repeated(made, names, "name")
        return names
    refuse_missing_column(made, CODE)
    return pd.Series(None, index=made.values.index, dtype=object)


def _check_tree(run: Run, made: Sheet, rows: pd.DataFrame) -> None:
    """Report breaks of the tree's rules in rows that have no other fault yet."""
    usable = rows[rows["code"].notna() & ~rows["code"].duplicated()]
    if len(usable):
        faulty = run.report.rows(made.table.name)
        codes = rows["code"].where(~rows.index.isin(faulty))
        refuse_tree(made, codes, merged(run.grid(), _frame(usable)), set(rows["code"].dropna()))


def _levels(rows: pd.DataFrame, before: gpd.GeoDataFrame, *, given: bool) -> pd.Series:
    """Return levels as given, else one below the parent; 1 where there is no telling."""
    if given and rows["level"].notna().all():
        return rows["level"].astype("int64")
    levels = before["level"].to_dict() | dict(
        zip(rows["code"], rows["level"].where(rows["parent_code"].notna(), 1), strict=True)
    )
    own = rows["level"]
    for _ in range(DEEPEST):
        above = rows["parent_code"].map(levels, na_action="ignore") + 1
        own = own.where(own.notna(), above.where(rows["parent_code"].notna(), 1))
        levels |= dict(zip(rows["code"], own, strict=True))
    return own.astype("Float64").fillna(1).astype("int64")


def _frame(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = np.asarray(rows["geometry"], dtype=object)
    frame = rows[list(COLUMNS)].assign(geometry=shapes)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=4326)
