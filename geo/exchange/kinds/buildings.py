"""Buildings: a point or an outline, a code, an address, the estate they belong to."""

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.exchange import standing, words
from geo.exchange.columns import Field, Sheet, refuse_missing_column, sheet
from geo.exchange.differences import completed, differences
from geo.exchange.geometries import fields_for, middles
from geo.exchange.kinds import counted
from geo.exchange.kinds.codes import refuse_repeated
from geo.exchange.kinds.estates import with_estates
from geo.exchange.kinds.staged import Staged
from geo.exchange.locations import POINTS, POLYGONS, Location, hold_to_cells, located
from geo.exchange.run import Count, Run
from geo.exchange.table import Table, kept
from geo.exchange.values import code, folded, integer, plain
from geo.places import service as places
from geo.places.model import BuildingKind
from geo.spatial.storage import Geometries

_floors = partial(integer, low=0, high=200, units="层 楼")
_stairwells = partial(integer, low=0, high=100, units="个单元 单元 个")
_households = partial(integer, low=0, high=10_000, units="户")

CODE = Field(
    "code",
    ("楼栋编号", "楼栋编码", "楼编号", "建筑编码", "building_code", "code", "编号", "编码"),
    code,
)
# Numbers of rows, unique in their file only.
LOCAL = Field("local_code", ("building_id", "osm_id", "id", "fid", "objectid"), code)
ATTRIBUTES = (
    Field(
        "name", ("楼栋名称", "楼名", "建筑名称", "building_name", "name", "名称"), plain, empty=""
    ),
    Field(
        "kind",
        ("建筑类型", "楼栋类型", "building_type", "kind", "building", "类型"),
        plain,
        empty=BuildingKind.OTHER.value,
    ),
    Field("estate_code", ("小区编码", "小区编号", "estate_code"), code),
    Field("road", ("街路", "道路", "街路巷", "road", "street", "addr:street"), plain, empty=""),
    Field(
        "door_no", ("门牌号", "门牌", "door_no", "housenumber", "addr:housenumber"), code, empty=""
    ),
    Field("building_no", ("楼栋号", "栋号", "楼号", "building_no"), code, empty=""),
    Field(
        "floors",
        ("层数", "楼层数", "总层数", "floors", "levels", "building:levels"),
        _floors,
        empty=0,
    ),
    Field("stairwells", ("单元数", "stairwells", "entrances"), _stairwells, empty=0),
)
ESTATE = Field("estate", ("小区", "小区名称", "estate", "estate_name"), plain, empty="")
HOUSEHOLDS = Field("households", ("户数", "households", "住户数"), _households)
FIELDS = (CODE, LOCAL, *ATTRIBUTES, ESTATE, HOUSEHOLDS)
_WRITTEN = (*(field.name for field in ATTRIBUTES), "footprint", "geometry")


def check(run: Run, table: Table) -> Staged:
    """Return a table's buildings in the shape the domain takes; what is wrong is in the report."""
    made = sheet(table, FIELDS + fields_for(table), run.report)
    codes = _codes(run, made)
    place = located(run, made, POINTS | POLYGONS)
    old = standing.buildings(run.work.session, codes.dropna()).reindex(codes)
    known = codes.isin(old.index[old["name"].notna()]).to_numpy()
    rows = completed(made, ATTRIBUTES, old, known).assign(code=codes.to_numpy())
    rows = with_estates(run, made, rows, known)
    rows["kind"] = _kinds(made, rows["kind"])
    rows["name"] = _names(rows, made)
    rows["footprint"], rows["geometry"] = _shapes(made, place, old, known)
    rows["source_crs"] = place.system.name if place else ""
    if place is not None:
        hold_to_cells(run, made, place, rows["geometry"].to_numpy())
    run.promise("buildings", set(codes.dropna()))
    run.stairwells.update(
        rows.dropna(subset=["code", "stairwells"]).set_index("code")["stairwells"]
    )
    return Staged(made, rows, counted=_counted(run, made, codes))


def write(run: Run, staged: Staged) -> list[Count]:
    """Write the buildings that differ from what stands, the estates and households they bring."""
    rows = staged.rows
    old = standing.buildings(run.work.session, rows["code"]).reindex(rows["code"])
    step = differences(rows, old, old["name"].notna().to_numpy(), _WRITTEN)
    estates = rows.loc[rows["new_estate"].notna(), ["estate_code", "new_estate"]]
    made = estates.drop_duplicates("estate_code").rename(
        columns={"estate_code": "code", "new_estate": "name"}
    )
    if len(made):
        places.add_estates(run.work, made.assign(kind="open"))
    frame = gpd.GeoDataFrame(rows[step.written], geometry="geometry", crs=4326)
    if len(frame):
        crs = str(rows["source_crs"].iloc[0]) or "wgs84"
        places.add_buildings(run.work, frame, source_crs=crs)
    counts = [Count("buildings", int(step.new.sum()), int(step.changed.sum()), step.unchanged)]
    if len(made):
        counts.append(Count("estates", len(made)))
    return counts if staged.counted is None else [*counts, counted.write(run, staged.counted)]


def _counted(run: Run, made: Sheet, codes: pd.Series) -> pd.Series | None:
    """Return households to be counted, for a town; a file of buildings alone brings none."""
    if not made.has("households"):
        return None
    if run.request.kind == "town":
        return counted.check(run, made, codes)
    made.note("households_not_taken", made.values["households"].notna())
    return None


def _codes(run: Run, made: Sheet) -> pd.Series:
    """Return the code of each row; numbers of rows get the prefix of their town."""
    name = "code" if made.has("code") else "local_code"
    if not made.has(name):
        refuse_missing_column(made, CODE)
        return pd.Series(None, index=made.values.index, dtype=object)
    found = made.values[name]
    made.refuse("missing_value", _empty_cells(made, name), name)
    refuse_repeated(made, found, name)
    return (
        found.map(lambda text: run.prefix + text, na_action="ignore") if name != "code" else found
    )


def _empty_cells(made: Sheet, name: str) -> np.ndarray:
    texts = made.table.cells[made.places[name]]
    return texts.str.strip().eq("").to_numpy(dtype=bool)


def _kinds(made: Sheet, kinds: pd.Series) -> list[object]:
    texts = [folded(kind) if isinstance(kind, str) else "" for kind in kinds]
    strange = np.array([bool(text) and text not in words.BUILDINGS for text in texts], dtype=bool)
    seen = ", ".join(pd.unique(kinds[strange])[:5])
    made.note("building_kind_other", strange, words=seen)
    return [words.BUILDINGS.get(text, BuildingKind.OTHER.value) for text in texts]


def _names(rows: pd.DataFrame, made: Sheet) -> pd.Series:
    """Return names as given; else estate and number, road and door number, or the code."""
    estate = made.values["estate"].fillna("") if made.has("estate") else ""
    texts = rows[["road", "door_no", "building_no", "code"]].fillna("").assign(estate=estate)
    in_estate = (texts["estate"] + texts["building_no"]).where(texts["building_no"] != "", "")
    on_road = (texts["road"] + texts["door_no"]).where(texts["road"] != "", "")
    name = rows["name"].where(rows["name"] != "", in_estate)
    name = name.where(name != "", on_road)
    return name.where(name != "", texts["code"])


def _shapes(
    made: Sheet, place: Location | None, old: pd.DataFrame, known: np.ndarray
) -> tuple[Geometries, Geometries]:
    """Return outlines and points; a point alone keeps the outline it still lies in."""
    stood = old["footprint"].to_numpy(dtype=object), old["geometry"].to_numpy(dtype=object)
    before, point_before = (kept(values, ~pd.isna(values)) for values in stood)
    if place is None:
        if not made.has("lon") and not made.has("wkt") and not known.all():
            made.refuse("building_without_place", ~known, "geometry")
        return before, point_before
    points = middles(place.stored)
    outlines = kept(place.stored, shapely.get_dimensions(place.stored) == 2)
    still = shapely.is_missing(outlines) & shapely.covers(before, points)
    return np.where(still, before, outlines), points
