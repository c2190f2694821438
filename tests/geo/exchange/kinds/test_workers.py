from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.exchange.imports import Outcome
from geo.runtime import Runtime
from geo.work import Work
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import Rows, counts, faults, take_in, told

pytestmark = pytest.mark.db

HEADER = ["工号", "姓名", "值班电话", "岗位", "负责网格", "负责楼栋", "主责"]
_DUTIES = text(
    "SELECT worker.code, assignment.post, COALESCE(cell.code, building.code),"
    " assignment.stairwell, assignment.is_primary"
    " FROM assignment JOIN worker ON worker.id = assignment.worker_id"
    " LEFT JOIN cell_version AS cell"
    " ON cell.cell_id = assignment.cell_id AND upper_inf(cell.during)"
    " LEFT JOIN building ON building.id = assignment.building_id"
    " WHERE assignment.valid_to IS NULL ORDER BY 1, 2, 3, 4"
)
STANDING = [
    ("w1", "grid_worker", "100A2001", None, True),
    ("w2", "building_head", "b1", None, False),
    ("w3", "community_secretary", "100A2", None, True),
]


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def duties(work: Work) -> list[tuple[object, ...]]:
    return [tuple(row) for row in work.session.execute(_DUTIES)]


def committed(runtime: Runtime, tmp_path: Path, rows: Rows) -> Outcome:
    path = files.csv(tmp_path / "w.csv", rows)
    with runtime.work(Actor.system("test")) as work:
        return take_in(work, path, "workers")


def test_workers_and_what_they_answer_for_come_in_and_twice_is_once(
    town: Work, tmp_path: Path
) -> None:
    rows = [
        HEADER,
        ["w8", "裴望舒", "0561-555-0108", "网格员", "100B1", "", "是"],
        ["w9", "阮青禾", "", "", "100A2001", "b1、b2", ""],
        ["w9", "阮青禾", "", "单元长", "", "b3", "否"],
    ]
    path = files.csv(tmp_path / "w.csv", rows, encoding="gbk")

    first, again = (take_in(town, path, "workers") for _ in range(2))

    assert counts(first) == {"workers": (2, 0, 0, 0), "assignments": (4, 0, 0, 0)}
    assert counts(again) == {"workers": (0, 0, 2, 0), "assignments": (0, 0, 4, 0)}
    assert [duty for duty in duties(town) if duty[0] > "w3"] == [
        ("w8", "grid_worker", "100B1", None, True),
        ("w9", "building_head", "b1", None, False),
        ("w9", "building_head", "b2", None, False),
        ("w9", "stair_head", "b3", None, False),
    ]


def test_a_worker_is_employed_where_the_file_says_else_where_the_duty_is(
    town: Work, tmp_path: Path
) -> None:
    rows = [
        [*HEADER, "所属网格"],
        ["w7", "甲", "", "", "100B1", "", "", "100B2"],
    ]
    take_in(town, files.csv(tmp_path / "a.csv", rows), "workers")
    rows = [HEADER, ["w8", "乙", "", "", "100B1", "", ""], ["w9", "丙", "", "", "", "b3", ""]]
    take_in(town, files.csv(tmp_path / "b.csv", rows), "workers")

    query = text(
        "SELECT worker.code, cell.code FROM worker JOIN cell_version AS cell"
        " ON cell.cell_id = worker.cell_id AND upper_inf(cell.during) WHERE worker.code > 'w6'"
    )
    assert {tuple(row) for row in town.session.execute(query)} == {
        ("w7", "100B2"), ("w8", "100B1"), ("w9", "100B1"),
    }  # fmt: skip


def test_a_stairwell_is_a_target_of_its_own(town: Work, tmp_path: Path) -> None:
    rows = [["code", "name", "building_code", "单元"], ["w9", "丙", "b1", "2单元"]]

    take_in(town, files.csv(tmp_path / "w.csv", rows), "workers")

    assert ("w9", "stair_head", "b1", 2, False) in duties(town)


def test_a_stairwell_that_the_building_has_not_is_a_fault_as_over_the_api(
    town: Work, tmp_path: Path
) -> None:
    head = ["code", "name", "building_code", "负责网格", "单元"]
    town.session.execute(text("UPDATE building SET stairwells = 0 WHERE code = 'b3'"))
    rows = [
        head,
        ["w7", "甲", "b1", "", "2"],  # the last there is
        ["w8", "乙", "b1", "", "3单元"],
        ["w9", "丙", "b3", "", "9"],  # how many b3 has is not known
        ["w6", "丁", "b3、b2", "", "4"],
        ["w5", "戊", "", "100B1", "1"],
    ]

    found = faults(town, files.csv(tmp_path / "w.csv", rows), "workers")

    assert told(found) == [
        (3, "单元", "3单元", "stairwell_unknown"),
        (5, "单元", "4", "stairwell_unknown"),
        (6, "单元", "1", "stairwell_alone"),
    ]
    assert [fault.facts for fault in found[:2]] == [
        {"building": "b1", "stairwell": 3, "count": 2},
        {"building": "b2", "stairwell": 4, "count": 2},
    ]
    assert "1 到 2" in found[0].message("zh")
    assert "give 1 to 2" in found[1].message("en")
    assert duties(town) == STANDING


def test_stairwells_are_those_of_the_buildings_in_the_same_file(town: Work, tmp_path: Path) -> None:
    worker = [["工号", "姓名", "负责楼栋", "单元"], ["w8", "甲", "b1", 5], ["w9", "乙", "b2", 2]]
    path = files.xlsx(
        tmp_path / "town.xlsx",
        [["楼栋编号", "单元数"], ["b1", 5], ["b2", 1]],
        sheet="楼栋",
        more={"网格员": worker},
    )

    found = faults(town, path, "town")

    assert told(found) == [(3, "单元", "2", "stairwell_unknown")]
    assert found[0].facts == {"building": "b2", "stairwell": 2, "count": 1}


def test_a_file_without_duties_touches_no_assignment(town: Work, tmp_path: Path) -> None:
    path = files.csv(tmp_path / "w.csv", [["工号", "电话"], ["w1", "0561-555-0199"]])

    outcome = take_in(town, path, "workers")

    assert counts(outcome) == {"workers": (0, 1, 0, 0)}
    assert duties(town) == STANDING


def test_what_the_file_no_longer_says_of_its_workers_ends(runtime: Runtime, tmp_path: Path) -> None:
    world.store(runtime)
    rows = [
        HEADER,
        ["w1", "沈知夏", "0561-555-0101", "网格员", "100A2002", "", "是"],
        ["w2", "骆平川", "0561-555-0102", "网格员", "100A2001", "", "是"],
    ]

    outcome = committed(runtime, tmp_path, rows)

    with runtime.work(Actor.system("test")) as work:
        left = duties(work)
    assert counts(outcome)["assignments"] == (2, 0, 0, 2)
    assert left == [
        ("w1", "grid_worker", "100A2002", None, True),
        ("w2", "grid_worker", "100A2001", None, True),
        ("w3", "community_secretary", "100A2", None, True),
    ]


def test_a_second_primary_is_a_fault_that_names_the_first(town: Work, tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["w8", "甲", "", "", "100A2001", "", "是"],
        ["w9", "乙", "", "", "100B1", "", "是"],
        ["w7", "丙", "", "", "100B1", "", "是"],
    ]

    found = faults(town, files.csv(tmp_path / "w.csv", rows), "workers")

    assert told(found) == [(2, "主责", "是", "second_primary"), (4, "主责", "是", "second_primary")]
    assert [fault.facts["holder"] for fault in found] == ["w1", "w9"]


def test_every_fault_is_told_with_row_column_and_value(town: Work, tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["w8", "", "", "皇帝", "999", "", "maybe"],
        ["", "乙", "", "", "", "b9", ""],
        ["w1", "沈知秋", "", "", "", "", ""],
        ["w1", "沈知夏", "", "", "", "", ""],
    ]

    found = faults(town, files.csv(tmp_path / "w.csv", rows), "workers")

    assert told(found) == [
        (2, "主责", "maybe", "not_yes_no"),
        (2, "姓名", "", "missing_value"),
        (2, "岗位", "皇帝", "unknown_word"),
        (2, "负责网格", "999", "unknown_cell"),
        (3, "工号", "", "missing_value"),
        (3, "负责楼栋", "b9", "unknown_building"),
        (5, "姓名", "沈知夏", "worker_contradicts"),
    ]
    assert duties(town) == STANDING


def test_a_post_beside_the_team_is_taken_in_by_its_word_and_never_first(
    town: Work, tmp_path: Path
) -> None:
    rows = [HEADER, ["w8", "甲", "", "社区民警", "100A2001、100B1", "", "否"]]
    first = [HEADER, ["w8", "甲", "", "法律顾问", "100B1", "", "是"]]

    found = faults(town, files.csv(tmp_path / "first.csv", first), "workers")
    outcome = take_in(town, files.csv(tmp_path / "w.csv", rows), "workers")

    assert told(found) == [(2, "主责", "是", "overlay_first")]
    assert counts(outcome)["assignments"] == (2, 0, 0, 0)
    assert ("w8", "community_police", "100B1", None, False) in duties(town)
