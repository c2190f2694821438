"""Ground of the maps: streets, and whatever else has a kind: railways, water, parks, schools."""

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.exchange import standing, words
from geo.exchange.columns import Field, sheet
from geo.exchange.geometries import fields_for
from geo.exchange.kinds.staged import Staged
from geo.exchange.locations import LINES, POLYGONS, hold_to_cells, located
from geo.exchange.run import Count, Run
from geo.exchange.table import Table, kept
from geo.exchange.values import number, plain, word
from geo.places import service as places
from geo.places.model import GroundKind
from geo.spatial.storage import Geometries

FIELDS = (
    Field("kind", ("地物类型", "类型", "kind", "type"), partial(word, words=words.GROUND)),
    Field("highway", ("highway", "fclass"), plain),
    Field("rank", ("道路等级", "等级", "rank"), partial(word, words=words.RANKS)),
    Field("name", ("道路名称", "路名", "名称", "street_name", "name"), plain, empty=""),
    Field(
        "width_m",
        ("宽度", "路宽", "width_m", "width"),
        partial(number, low=0, high=200, units="m 米"),
    ),
)
_LINEAR = (GroundKind.STREET.value, GroundKind.RAILWAY.value)


def check(run: Run, table: Table) -> Staged:
    """Return a table's ground in the shape the domain takes; what is wrong is in the report."""
    made = sheet(table, FIELDS + fields_for(table), run.report)
    place = located(run, made, LINES | POLYGONS)
    values = made.values.reindex(columns=[field.name for field in FIELDS]).astype(object)
    shapes = place.stored if place else np.full(len(values), None, dtype=object)
    rows = values.assign(geometry=shapes, name=values["name"].fillna(""))
    linear = shapely.get_dimensions(shapes) == 1
    by_shape = kept(np.full(len(rows), GroundKind.STREET.value, dtype=object), linear)
    rows["kind"] = values["kind"].where(values["kind"].notna(), by_shape)
    placed = ~shapely.is_missing(shapes)
    made.refuse("ground_without_kind", placed & rows["kind"].isna().to_numpy(), "kind")
    line_kind = rows["kind"].isin(_LINEAR).to_numpy()
    made.refuse("ground_kind_not_its_shape", placed & (line_kind != linear), "kind")
    rows["rank"], rows["width_m"] = _ranks(values, rows["kind"].eq(GroundKind.STREET.value))
    if place is not None:
        hold_to_cells(run, made, place, _middles(shapes))
    elif table.geometry is None and not run.report.total:
        made.refuse("geometry_missing", np.ones(len(rows), dtype=bool), "wkt")
    return Staged(made, rows)


def write(run: Run, staged: Staged) -> list[Count]:
    """Add what is not there yet; a feature is known by its kind and its exact shape."""
    rows = staged.rows
    window = tuple(shapely.total_bounds(rows["geometry"].to_numpy()))
    stood = standing.ground(run.work.session, window)
    frame = rows.assign(shape=shapely.to_wkb(rows["geometry"].to_numpy()))
    keyed = stood.assign(shape=shapely.to_wkb(stood["geometry"].to_numpy()))
    frame = frame.drop_duplicates(["kind", "shape"])
    both = frame.merge(
        keyed.drop_duplicates(["kind", "shape"]),
        on=["kind", "shape"],
        how="left",
        suffixes=("", "_old"),
    )
    new = both["id"].isna().to_numpy()
    same = np.logical_and.reduce([both[c] == both[f"{c}_old"] for c in ("rank", "name", "width_m")])
    changed = ~new & ~same
    if new.any():
        made = gpd.GeoDataFrame(both[new], geometry="geometry", crs=4326)
        places.add_ground(run.work, made)
    if changed.any():
        places.update_ground(run.work, both[changed])
    return [Count("ground", int(new.sum()), int(changed.sum()), int((~new & same).sum()))]


def _ranks(values: pd.DataFrame, street: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return ranks and widths: as given, else by the class; 0 for what is no street."""
    classes = values["highway"].map(
        lambda name: words.HIGHWAYS.get(name, words.LANE), na_action="ignore"
    )
    by_class = classes.map(lambda pair: pair[0], na_action="ignore")
    rank = values["rank"].where(values["rank"].notna(), by_class).fillna(words.LANE[0]).astype(int)
    usual = classes.map(lambda pair: pair[1], na_action="ignore")
    usual = usual.where(usual.notna(), rank.map(words.WIDTHS_M))
    width = values["width_m"].where(values["width_m"].notna(), usual.where(street, 0.0))
    return rank.where(street, 0), width.astype(float)


def _middles(shapes: Geometries) -> Geometries:
    return np.asarray(shapely.point_on_surface(shapes), dtype=object)
