"""Names, phones and ID numbers of a file are compared and stored without standing in clear."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select, text

from geo.crypto.fields import (
    DUTY_PHONE,
    HEAD_ID_NUMBER,
    HEAD_NAME,
    HEAD_PHONE,
    ProtectedField,
    unprotect,
)
from geo.exchange.report import Fault
from geo.people.model import Household
from geo.people.service import add_households
from geo.places.model import DwellingUnit
from geo.work import Work
from geo.workforce.model import Worker
from geo.workforce.service import add_workers
from tests import world
from tests.geo.exchange import files
from tests.geo.exchange.files import counts, faults, notes, take_in

pytestmark = pytest.mark.db

HEADER = ["楼栋编号", "单元", "楼层", "房号", "住房性质", "人数", "户主", "联系电话", "身份证号"]
ROW = ["b3", 1, 1, "101", "自住", 2, "丙一", "138 1234 5678", "11010519491231002X"]


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def household(work: Work) -> Household:
    """Return the household of b3-1-101, read anew."""
    work.session.expire_all()
    query = select(Household).join(DwellingUnit, DwellingUnit.id == Household.unit_id)
    found = work.session.scalars(
        query.where(DwellingUnit.number == "101", Household.ended_on.is_(None)).order_by(
            Household.id.desc()
        )
    )
    return next(iter(found))


def clear(work: Work, row: Household, field: ProtectedField) -> str:
    return unprotect(work, field, row.id, getattr(row, f"{field.name}_cipher"))


def csv(path: Path, *rows: list[object], header: list[str] = HEADER) -> Path:
    return files.csv(path / "h.csv", [header, *rows])


def test_a_file_brings_phones_and_id_numbers(town: Work, tmp_path: Path) -> None:
    outcome = take_in(town, csv(tmp_path, ROW), "households")
    made = household(town)

    assert counts(outcome) == {"households": (0, 1, 0, 0)}
    assert (made.head_name_masked, made.head_phone_masked, made.head_id_number_masked) == (
        "丙**",
        "138****5678",
        "110***********002X",
    )
    fields = (HEAD_NAME, HEAD_PHONE, HEAD_ID_NUMBER)
    assert [clear(town, made, field) for field in fields] == [
        "丙一",
        "138 1234 5678",
        "11010519491231002X",
    ]


@pytest.mark.parametrize(
    "headers",
    [
        ["户主", "户主电话", "公民身份号码"],
        ["户主姓名", "手机", "证件号码"],
        ["head_name", "phone", "id_number"],
        ["householder", "手机号码", "户主身份证号"],
    ],
)
def test_the_columns_have_many_names(town: Work, tmp_path: Path, headers: list[str]) -> None:
    take_in(town, csv(tmp_path, ROW, header=[*HEADER[:6], *headers]), "households")
    made = household(town)

    assert clear(town, made, HEAD_PHONE) == "138 1234 5678"
    assert clear(town, made, HEAD_ID_NUMBER) == "11010519491231002X"


def test_the_same_file_changes_nothing_and_decrypts_nothing(
    town: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(town, csv(tmp_path, ROW), "households")
    sealed = household(town).head_phone_cipher
    monkeypatch.delattr("geo.crypto.aead.Sm4Gcm.decrypt")
    monkeypatch.setattr("geo.crypto.fields.unseal", None)
    again = ["b3", 1, 1, "101", "自住", 2, " 丙一", "+86 13812345678", "11010519491231002x"]

    assert take_in(town, csv(tmp_path, again), "households").changes == 0
    assert household(town).head_phone_cipher == sealed


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [(6, "丙二", HEAD_NAME), (7, "13812345679", HEAD_PHONE), (8, "E12345678", HEAD_ID_NUMBER)],
)
def test_a_changed_value_is_a_change_and_the_others_stay(
    town: Work, tmp_path: Path, place: int, value: str, field: ProtectedField
) -> None:
    take_in(town, csv(tmp_path, ROW), "households")
    before = {f: clear(town, household(town), f) for f in (HEAD_NAME, HEAD_PHONE, HEAD_ID_NUMBER)}
    changed = [*ROW[:place], value, *ROW[place + 1 :]]

    assert counts(take_in(town, csv(tmp_path, changed), "households")) == {
        "households": (0, 1, 0, 0)
    }
    row = household(town)
    assert {f: clear(town, row, f) for f in before} == {**before, field: value}


def test_a_column_the_file_does_not_have_leaves_what_stands(town: Work, tmp_path: Path) -> None:
    take_in(town, csv(tmp_path, ROW), "households")
    bare = csv(tmp_path, ["b3", 1, 1, "101", "出租", 3], header=HEADER[:6])

    assert counts(take_in(town, bare, "households")) == {"households": (0, 1, 0, 0)}
    row = household(town)
    assert (row.occupancy, clear(town, row, HEAD_NAME)) == ("rented", "丙一")
    assert clear(town, row, HEAD_PHONE) == "138 1234 5678"
    assert row.head_phone_blind is not None


def test_an_empty_cell_empties_all_three_forms(town: Work, tmp_path: Path) -> None:
    take_in(town, csv(tmp_path, ROW), "households")

    assert take_in(town, csv(tmp_path, [*ROW[:7], "", ""]), "households").changes == 1
    row = household(town)
    assert (row.head_phone_cipher, row.head_phone_masked, row.head_phone_blind) == (None, "", None)
    assert (row.head_id_number_cipher, row.head_id_number_masked) == (None, "")
    assert clear(town, row, HEAD_NAME) == "丙一"


def told(found: list[Fault]) -> str:
    return " ".join(f"{fault} {fault.message('zh')} {fault.message('en')}" for fault in found)


def test_id_numbers_that_cannot_be_right_are_taken_in_and_their_rows_noted(
    town: Work, tmp_path: Path
) -> None:
    rows = [
        ROW,
        ["b3", 1, 2, "201", "自住", 2, "丁一", "", "110105194912310021"],
        ["b3", 1, 2, "202", "自住", 2, "丁二", "", ""],
        ["b3", 1, 2, "203", "自住", 2, "丁三", "", "11010519491331002X"],
        ["b3", 1, 2, "204", "自住", 2, "丁四", "", "E12345678"],
    ]
    outcome = take_in(town, csv(tmp_path, *rows), "households")

    assert notes(outcome) == {"id_number_doubtful": 3}
    (note,) = outcome.notes
    assert note.rows == (3, 5, 6)
    said = f"{note} {note.message('zh')} {note.message('en')}"
    assert "110105194912310021" not in said
    assert "丁一" not in said
    assert "共 3" in said or "3 个" in said


def test_a_fault_in_a_protected_column_shows_its_mask_alone(town: Work, tmp_path: Path) -> None:
    lost = ["b3", 1, 1, "101", "自住", 2, "丙一", "1.3812345678E+10", "1.1010519491231E+17"]
    found = faults(town, csv(tmp_path, lost), "households")

    assert [(f.row, f.column, f.key, f.value) for f in found] == [
        (2, "身份证号", "digits_lost", "****")
    ]


@pytest.mark.parametrize("column", [0, 3, 4, 5])
def test_a_number_in_a_wrong_column_is_masked_in_the_report(
    town: Work, tmp_path: Path, column: int
) -> None:
    for secret in ("13812345678", "11010519491231002X"):
        wrong = [*ROW[:7], "", ""]
        wrong[column] = secret
        found = faults(town, csv(tmp_path, wrong), "households")
        outcome = "" if found else str(take_in(town, csv(tmp_path, wrong), "households"))

        assert secret not in told(found) + outcome


def test_a_file_without_a_header_row_does_not_tell_its_first_person(
    town: Work, tmp_path: Path
) -> None:
    path = files.csv(tmp_path / "h.csv", [["李四", "13812345678", "11010519491231002X", "3"]] * 3)
    found = faults(town, path, "households")

    assert {fault.key for fault in found} >= {"missing_column"}
    for secret in ("李四", "13812345678", "11010519491231002X"):
        assert secret not in told(found)


def test_a_workers_phone_is_compared_by_its_index(town: Work, tmp_path: Path) -> None:
    header = ["工号", "姓名", "值班电话"]
    same = files.csv(tmp_path / "w.csv", [header, ["w1", "沈知夏", "(0561) 5550101"]])
    other = files.csv(tmp_path / "o.csv", [header, ["w1", "沈知夏", "0561-555-0199"]])
    bare = files.csv(tmp_path / "b.csv", [header[:2], ["w1", "沈之夏"]])

    assert counts(take_in(town, same, "workers"))["workers"] == (0, 0, 1, 0)
    assert counts(take_in(town, other, "workers"))["workers"] == (0, 1, 0, 0)
    assert counts(take_in(town, bare, "workers"))["workers"] == (0, 1, 0, 0)
    town.session.expire_all()
    worker = town.session.scalars(select(Worker).where(Worker.code == "w1")).one()
    assert unprotect(town, DUTY_PHONE, worker.id, worker.duty_phone_cipher) == "0561-555-0199"
    assert (worker.name, worker.duty_phone_masked) == ("沈之夏", "0561****199")


def test_a_workers_contradicting_phones_are_told_masked(town: Work, tmp_path: Path) -> None:
    rows = [["工号", "姓名", "电话", "网格编码"]]
    rows += [["w9", "甲", "13812345678", "100A2001"], ["w9", "甲", "13812345679", "100A2002"]]
    found = faults(town, files.csv(tmp_path / "w.csv", rows), "workers")

    assert [(f.key, f.value) for f in found] == [("worker_contradicts", "138****5679")]


def test_ids_follow_the_cells_and_no_id_is_taken_for_what_stands(town: Work) -> None:
    top = "SELECT max(id) FROM household"
    before = town.session.scalar(text(top))
    add_households(town, world.households(), zone="Asia/Shanghai")

    assert town.session.scalar(text(top)) == before
    paths = town.session.scalars(select(Household.path).order_by(Household.id)).all()
    assert list(paths) == sorted(paths)


def test_imports_are_recorded_with_counts_area_and_rows(town: Work) -> None:
    by_action = {(note.action.value, note.subject_kind): note for note in town.notes}
    households = by_action["people.import", "household"]
    buildings = by_action["buildings.import", "building"]

    paths = town.session.scalars(select(Household.path)).all()
    named = set(town.session.scalars(select(Household.id)))
    assert (len(households.subjects), set(households.subjects)) == (7, named)
    assert households.area
    assert all(path.startswith(households.area) for path in paths)
    assert buildings.count == 4
    assert len(by_action["workforce.import", "worker"].subjects) == 3
    assert by_action["workforce.import", "assignment"].count == 3
    assert by_action["grid.publish", "cell"].after == {"number": 1, "new": 9, "changed": 0}
    assert "甲一" not in str(town.notes)


def test_each_of_many_rows_is_named_a_thousand_a_record(town: Work) -> None:
    rows = world.households().iloc[[0] * 1_001].assign(number=[str(n) for n in range(1_001)])
    add_households(town, rows, zone="Asia/Shanghai")
    thousand, last = town.notes[-2:]

    assert (len(thousand.subjects), len(last.subjects)) == (1_000, 1)
    assert set(last.subjects).isdisjoint(thousand.subjects)


def test_workers_without_a_cell_or_a_phone_are_kept(town: Work) -> None:
    rows = pd.DataFrame({"code": ["w7"], "name": ["未定"], "cell_code": [None]})
    assert add_workers(town, rows) == 1
    found = town.session.scalars(select(Worker).where(Worker.code == "w7")).one()

    assert (found.cell_id, found.path, found.duty_phone_masked) == (None, "", "")
    assert town.session.scalar(select(func.count()).select_from(Worker)) == 4
