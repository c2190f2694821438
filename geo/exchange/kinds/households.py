"""Households: which flat of which building, how it is held, by how many persons.

A file says who lives in the units it names; units it does not name stay as they are. Households
that were only counted (``geo.exchange.kinds.counted``) give way to the ones a file names.
"""

from functools import partial

import numpy as np
import pandas as pd

from geo.crypto.fields import HEAD_ID_NUMBER, HEAD_NAME, HEAD_PHONE
from geo.crypto.id_numbers import id_number_flaw
from geo.exchange import standing, words
from geo.exchange.columns import Field, Sheet, sheet
from geo.exchange.differences import Differences, completed, differences, with_blind
from geo.exchange.kinds.codes import refuse_unknown
from geo.exchange.kinds.counted import only_counted
from geo.exchange.kinds.staged import Staged
from geo.exchange.run import Count, Run
from geo.exchange.table import Table
from geo.exchange.values import code, door, floor, integer, plain, word
from geo.people import service as people

_stairwell = partial(integer, low=0, high=100, units="单元 号门 门")
_persons = partial(integer, low=0, high=1000, units="人 口")

FIELDS = (
    Field(
        "building_code",
        ("楼栋编号", "楼栋编码", "楼编号", "建筑编码", "building_code", "building", "所属楼栋"),
        code,
        key=True,
    ),
    Field("stairwell", ("单元", "单元号", "stairwell", "entrance"), _stairwell, empty=0),
    Field(
        "number",
        ("房号", "室号", "户号", "门牌", "房间号", "number", "room", "door", "flat"),
        door,
        key=True,
    ),
    Field("floor", ("楼层", "所在楼层", "floor", "storey"), floor),
    Field(
        "occupancy",
        ("住房性质", "使用状态", "房屋状态", "居住状态", "occupancy", "status"),
        plain,
        empty="unknown",
    ),
    Field(
        "persons",
        ("人数", "人口", "人口数", "常住人口", "persons", "residents", "people"),
        _persons,
    ),
    Field(
        "head_name",
        ("户主", "户主姓名", "head_name", "head", "householder"),
        plain,
        empty="",
        protected=HEAD_NAME,
    ),
    Field(
        "head_phone",
        (
            *(
                "户主电话",
                "户主手机",
                "户主联系电话",
                "联系电话",
                "电话",
                "手机",
                "手机号",
                "手机号码",
            ),
            *("联系方式", "head_phone", "phone", "mobile", "telephone"),
        ),
        code,
        empty="",
        protected=HEAD_PHONE,
    ),
    Field(
        "head_id_number",
        (
            *(
                "户主身份证号",
                "户主证件号码",
                "身份证号",
                "身份证号码",
                "身份证",
                "证件号码",
                "证件号",
            ),
            *("公民身份号码", "head_id_number", "id_number", "id_card", "identity_number"),
        ),
        code,
        empty="",
        protected=HEAD_ID_NUMBER,
    ),
)
UNIT = ["building_code", "stairwell", "number"]
_WRITTEN = ("floor", "occupancy", "persons")
_FLOOR_DIGITS = 2


def check(run: Run, table: Table) -> Staged:
    """Return a table's households in the shape the domain takes; what is wrong is in the report."""
    made = sheet(table, _fields(run), run.report)
    if not (made.has("building_code") and made.has("number")):
        return Staged(made, pd.DataFrame())
    codes = made.values["building_code"]
    known_codes = set(standing.buildings(run.work.session, codes.dropna()).index)
    known_codes |= run.promised.get("buildings", set())
    refuse_unknown(made, codes, "building_code", known_codes, "unknown_building")
    named = made.values.assign(stairwell=_column(made, "stairwell", 0))
    place = named.groupby(UNIT, dropna=False).cumcount()
    stood = standing.households(run.work.session, codes.dropna())
    old = _beside(named.assign(place=place), stood)
    rows = completed(made, FIELDS, old, old["id"].notna().to_numpy()).assign(place=place)
    rows["floor"] = _floors(rows)
    _check_persons(made, rows)
    _check_repeated(made, rows)
    _check_id_numbers(made, rows)
    return Staged(made, rows)


def write(run: Run, staged: Staged) -> list[Count]:
    """Write the units in which something differs; what a unit holds beyond the file ends today."""
    rows = staged.rows
    stood = standing.households(run.work.session, rows["building_code"])
    old = _beside(rows, stood)
    compared, blinds = with_blind(staged.sheet, rows, run.work.keyring)
    step = differences(compared, old, old["id"].notna().to_numpy(), [*_WRITTEN, *blinds])
    in_file = _units(stood).isin(set(_units(rows)))
    left = stood[in_file.to_numpy() & ~stood["id"].isin(old["id"]).to_numpy()]
    counted = stood[only_counted(stood) & ~in_file.to_numpy()]
    touched = set(_units(rows)[step.written]) | set(_units(left))
    units = rows[_units(rows).isin(touched).to_numpy()]
    if len(units):
        people.add_households(run.work, units, zone=run.zone)
    if len(counted):
        layer = staged.sheet.table.name
        run.report.note("counted_give_way", layer=layer, count=len(counted))
        people.end_households(run.work, counted["id"].tolist(), zone=run.zone)
    ended = len(left) + len(counted)
    return [Count("households", *_sums(step), ended)]


def _sums(step: Differences) -> tuple[int, int, int]:
    return int(step.new.sum()), int(step.changed.sum()), step.unchanged


def _fields(run: Run) -> tuple[Field, ...]:
    own = words.table(dict(standing.occupancy_words(run.work.session)))
    parse = partial(word, words=words.OCCUPANCY | own)
    return tuple(
        Field(field.name, field.headers, parse, empty=field.empty)
        if field.name == "occupancy"
        else field
        for field in FIELDS
    )


def _beside(rows: pd.DataFrame, stood: pd.DataFrame) -> pd.DataFrame:
    """Return what stands in the place of each row, in the order of the rows."""
    keys = [*UNIT, "place"]
    left = rows[keys].reset_index(drop=True)
    return left.merge(stood.astype(left.dtypes.to_dict()), on=keys, how="left").set_index(
        rows.index
    )


def _units(frame: pd.DataFrame) -> pd.Series:
    """Return the unit of each row as one value that can be looked up."""
    return pd.Series(
        list(
            zip(frame["building_code"], frame["stairwell"].map(int), frame["number"], strict=True)
        ),
        index=frame.index,
        dtype=object,
    )


def _column(made: Sheet, name: str, empty: object) -> pd.Series:
    if made.has(name):
        return made.values[name].fillna(empty)
    return pd.Series([empty] * len(made.values), index=made.values.index, dtype=object)


def _floors(rows: pd.DataFrame) -> pd.Series:
    """Return floors: as given by the first row of a unit, else from a number like 301, else 0."""
    first = rows.groupby(UNIT, dropna=False)["floor"].transform("first")
    numbers = rows["number"].fillna("").astype(str)
    telling = numbers.str.fullmatch(r"\d{3,4}")
    implied = numbers.where(telling, "000").str[:-_FLOOR_DIGITS].astype(int).astype(object)
    return first.where(first.notna(), implied).astype(object)


def _check_persons(made: Sheet, rows: pd.DataFrame) -> None:
    vacant = (rows["occupancy"] == "vacant").to_numpy()
    given = rows["persons"].notna().to_numpy()
    made.note("vacant_with_persons", vacant & given & (rows["persons"].fillna(0) > 0).to_numpy())
    rows.loc[vacant & ~given, "persons"] = 0


def _check_repeated(made: Sheet, rows: pd.DataFrame) -> None:
    """Two households may share a flat, but the same head of household is one row too many."""
    repeated = rows.duplicated([*UNIT, "head_name"]).to_numpy() & rows["number"].notna().to_numpy()
    bare = (rows["head_name"].fillna("") == "").to_numpy()
    made.refuse("household_twice", repeated & ~bare, "number")
    made.note("unit_shared", repeated & bare)


def _check_id_numbers(made: Sheet, rows: pd.DataFrame) -> None:
    """Note rows whose ID number cannot be right; it is taken in as it stands, and never told."""
    flaws = [bool(text) and id_number_flaw(text) is not None for text in rows["head_id_number"]]
    made.note("id_number_doubtful", np.array(flaws, dtype=bool))
