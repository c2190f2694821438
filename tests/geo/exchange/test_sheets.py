from datetime import date
from pathlib import Path

import pytest

from geo.exchange import workbooks
from geo.exchange.report import FileRefused
from geo.exchange.sheets import read_sheet, sheet_names
from geo.exchange.table import Table
from tests.geo.exchange import files

ROWS = [["楼栋编号", "楼栋名称"], ["340603002001", "一号楼"], ["340603002002", "二号楼"]]


def cells(table: Table) -> list[list[str]]:
    return [list(row) for row in table.cells.to_numpy()]


def test_cells_of_a_workbook_become_text_without_making_up_digits(tmp_path: Path) -> None:
    row = [340603002001, 340603198001011234, 6.0, 116.8, True, None, date(2026, 11, 21), "007"]
    path = files.xlsx(tmp_path / "t.xlsx", [row])

    assert cells(read_sheet(path, "Sheet1")) == [
        ["340603002001", "3.40603198001011e+17", "6", "116.8", "TRUE", "", "2026-11-21", "007"]
    ]


def test_rows_of_a_workbook_keep_their_numbers_below_blank_ones(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "t.xlsx", [[], [], *ROWS])

    assert read_sheet(path, "Sheet1").cells.loc[4].tolist() == ROWS[1]


def test_a_workbook_of_excel_97_is_read() -> None:
    path = files.DATA / "buildings.xls"

    assert sheet_names(path) == ["楼栋", "填写说明"]
    assert read_sheet(path, "楼栋").cells.loc[4].tolist() == [
        "340603002001", "供电小区1号楼", "116.801", "33.901", "6",
    ]  # fmt: skip


def test_hidden_sheets_are_not_offered(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(tmp_path / "t.xlsx")
    book.close()

    assert sheet_names(tmp_path / "t.xlsx") == ["Sheet"]


@pytest.mark.parametrize("byte", [30, 44, 48, 60, 68, 76])
def test_a_damaged_workbook_ends_only_its_reader(tmp_path: Path, byte: int) -> None:
    # Bytes of the header that say where tables lie and how long they are; on some the reader
    # ends its process or asks for 100 GB.
    raw = bytearray((files.DATA / "buildings.xls").read_bytes())
    raw[byte : byte + 4] = b"\xf1\xff\xff\x7f"
    (tmp_path / "bad.xls").write_bytes(raw)

    try:
        texts = cells(read_sheet(tmp_path / "bad.xls", "楼栋"))
    except FileRefused as refused:
        assert refused.facts["reason"] == "file_damaged"
    else:
        assert texts[3][0] == "340603002001"


def test_a_workbook_that_is_none_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "none.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)

    with pytest.raises(FileRefused) as refused:
        sheet_names(tmp_path / "none.xls")

    assert refused.value.facts["reason"] == "file_damaged"


def test_the_reader_imports_nothing_of_ours() -> None:
    lines = Path(str(workbooks.__file__)).read_text(encoding="utf-8").splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]

    assert imports
    assert not [line for line in imports if "geo" in line]
