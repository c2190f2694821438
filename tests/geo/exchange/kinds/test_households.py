from pathlib import Path

import pytest
from sqlalchemy import func, select

from geo.people.model import Household
from geo.places.model import DwellingUnit
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import counts, faults, notes, take_in, told

pytestmark = pytest.mark.db

HEADER = ["楼栋编号", "单元", "楼层", "房号", "住房性质", "人数", "户主"]


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def living(work: Work) -> int:
    query = select(func.count()).select_from(Household).where(Household.ended_on.is_(None))
    return work.session.scalar(query) or 0


def test_households_come_in_by_unit_and_twice_is_once(town: Work, tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["b3", "2单元", "3", "301室", "租住", "2人", "丁一"],
        ["b3", "1", "1", "101", "自住", "2", "丙一"],
    ]
    path = files.csv(tmp_path / "h.csv", rows, encoding="gbk")

    first, again = (take_in(town, path, "households") for _ in range(2))

    assert counts(first) == {"households": (1, 0, 1, 0)}
    assert again.changes == 0
    assert living(town) == 8


def test_a_change_of_one_unit_leaves_the_others(town: Work, tmp_path: Path) -> None:
    rows = [HEADER, ["b1", 1, 1, "101", "空置", "", ""], ["b1", 1, 1, "102", "自住", 2, "甲二"]]
    path = files.xlsx(tmp_path / "h.xlsx", rows)

    assert counts(take_in(town, path, "households")) == {"households": (0, 1, 1, 0)}

    changed = town.session.scalars(
        select(Household).join(DwellingUnit, DwellingUnit.id == Household.unit_id)
        .where(DwellingUnit.number == "101", Household.head_name_masked == "")
        .where(Household.occupancy == "vacant")
    ).one()  # fmt: skip
    assert changed.persons == 0


def test_a_second_household_of_a_unit_that_the_file_no_longer_names_ends(
    town: Work, tmp_path: Path
) -> None:
    two = [HEADER, ["b2", 1, 2, "201", "出租", 4, "乙一"], ["b2", 1, 2, "201", "出租", 1, "乙二"]]
    take_in(town, files.csv(tmp_path / "two.csv", two), "households")

    outcome = take_in(town, files.csv(tmp_path / "one.csv", two[:2]), "households")

    assert counts(outcome) == {"households": (0, 0, 1, 1)}
    assert living(town) == 7


def test_columns_the_file_does_not_have_stay(town: Work, tmp_path: Path) -> None:
    rows = [["building_code", "stairwell", "number", "occupancy"], ["b1", 1, "101", "rented"]]
    path = files.csv(tmp_path / "h.csv", rows)

    assert counts(take_in(town, path, "households")) == {"households": (0, 1, 0, 0)}

    first = world.head_blind(town, "甲一")
    changed = town.session.scalars(
        select(Household).where(Household.head_name_blind == first)
    ).one()
    town.session.refresh(changed)
    assert (changed.occupancy, changed.persons) == ("rented", 3)


def test_unknown_stays_unknown(town: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "h.csv", [["楼栋编号", "房号"], ["b4", "1203"]])

    take_in(town, path, "households")

    made, unit = town.session.execute(
        select(Household, DwellingUnit)
        .join(DwellingUnit, DwellingUnit.id == Household.unit_id)
        .where(DwellingUnit.number == "1203")
    ).one()
    assert (made.occupancy, made.persons, made.head_name_cipher) == ("unknown", None, None)
    assert (unit.stairwell, unit.floor) == (0, 12)  # 1203 tells its floor


def test_every_fault_is_told_with_row_column_and_value(town: Work, tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["b9", 1, 1, "101", "自住", 2, ""],
        ["b1", "x", 1, "", "自住", -2, ""],
        ["b1", 1, 1, "101", "宫殿", "two", "甲一"],
        ["b1", 1, 1, "101", "自住", 2, "甲一"],
    ]
    path = files.csv(tmp_path / "h.csv", rows)

    found = faults(town, path, "households")

    assert told(found) == [
        (2, "楼栋编号", "b9", "unknown_building"),
        (3, "人数", "-2", "out_of_range"),
        (3, "单元", "x", "not_a_number"),
        (3, "房号", "", "missing_value"),
        (4, "人数", "two", "not_a_number"),
        (4, "住房性质", "宫殿", "unknown_word"),
        (5, "房号", "101", "household_twice"),
    ]
    assert "./wangge import buildings" in found[0].message("en")
    assert living(town) == 7


def test_persons_in_a_vacant_flat_and_a_shared_flat_are_noted(town: Work, tmp_path: Path) -> None:
    rows = [HEADER, ["b3", 1, 9, "901", "空置", 2, ""], ["b3", 1, 9, "901", "出租", 1, ""]]
    path = files.csv(tmp_path / "h.csv", rows)

    outcome = take_in(town, path, "households")

    assert counts(outcome) == {"households": (2, 0, 0, 0)}
    assert notes(outcome) == {"vacant_with_persons": 1, "unit_shared": 1}


def test_an_occupancy_the_office_added_is_known(town: Work, tmp_path: Path) -> None:
    from geo.people.model import Occupancy

    town.session.add(
        Occupancy(code="dormitory", name_zh="集体宿舍", name_en="dormitory", short_zh="集", rank=9)
    )
    town.session.flush()
    path = files.csv(tmp_path / "h.csv", [HEADER, ["b3", 1, 9, "901", "集体宿舍", 6, ""]])

    assert counts(take_in(town, path, "households")) == {"households": (1, 0, 0, 0)}


def test_a_missing_column_is_named_and_rows_are_not_blamed(town: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "h.csv", [["楼栋编号", "住房性质"], ["b1", "自住"]])

    (fault,) = faults(town, path, "households")

    assert (fault.row, fault.column, fault.key) == (0, "房号", "missing_column")
