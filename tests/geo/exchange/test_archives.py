import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.exchange.archives import check_workbook
from geo.exchange.formats import format_of
from geo.exchange.report import FileRefused
from geo.exchange.sheets import read_sheet
from tests.geo.exchange import files

SHEET = "xl/worksheets/sheet1.xml"


def changed(source: Path, path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Copy a workbook with its sheet changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        check_workbook(path)
    return str(refused.value.facts["reason"])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return files.xlsx(tmp_path / "plain.xlsx", [["code"], ["b1"]])


def test_a_usual_workbook_passes(workbook: Path) -> None:
    check_workbook(workbook)


def test_a_sheet_that_unpacks_to_half_a_gigabyte_is_refused_at_once(
    tmp_path: Path, workbook: Path
) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(SHEET, "w") as sheet,
    ):
        for _ in range(520):
            sheet.write(b" " * 2**20)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    assert refusal(bomb) == "unpacks_to_too_much"
    assert time.monotonic() - start < 2.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


def test_a_sheet_packed_beyond_reason_is_refused(tmp_path: Path, workbook: Path) -> None:
    bomb = changed(workbook, tmp_path / "bomb.xlsx", lambda xml: xml + b" " * (40 * 2**20))

    assert refusal(bomb) == "unpacks_to_too_much"


def test_one_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "code"
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "corner.xlsx")
    book.close()

    assert refusal(tmp_path / "corner.xlsx") == "too_many_cells"


def test_a_million_empty_rows_are_read_as_none(tmp_path: Path, workbook: Path) -> None:
    rows = b"".join(b'<row r="%d"/>' % row for row in range(3, 1_048_577))
    path = changed(
        workbook,
        tmp_path / "rows.xlsx",
        lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"),
    )

    assert read_sheet(path, "Sheet1").cells[0].tolist() == ["code", "b1"]


def test_a_corner_that_is_only_formatted_does_no_harm(tmp_path: Path, workbook: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = changed(workbook, tmp_path / "far.xlsx", lambda xml: xml.replace(b"</sheetData>", far))

    assert read_sheet(path, "Sheet1").cells[0].tolist() == ["code", "b1"]


def test_an_external_entity_is_not_followed(tmp_path: Path, workbook: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    evil = b'<row r="9"><c r="A9" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>'
    path = changed(
        workbook,
        tmp_path / "xxe.xlsx",
        lambda xml: xml.replace(b"<worksheet", head + b"<worksheet").replace(b"</sheetData>", evil),
    )

    try:
        texts = read_sheet(path, "Sheet1").cells.to_numpy().ravel().tolist()
    except FileRefused:
        texts = []
    assert "secret" not in texts


def test_a_workbook_cut_off_is_damaged(tmp_path: Path, workbook: Path) -> None:
    (tmp_path / "cut.xlsx").write_bytes(workbook.read_bytes()[:2000])

    assert refusal(tmp_path / "cut.xlsx") == "file_damaged"


def test_a_workbook_whose_content_was_altered_is_damaged(tmp_path: Path, workbook: Path) -> None:
    raw = bytearray(workbook.read_bytes())
    raw[raw.index(SHEET.encode()) + len(SHEET) + 40] ^= 0xFF
    (tmp_path / "altered.xlsx").write_bytes(bytes(raw))

    with pytest.raises(FileRefused) as refused:
        check_workbook(tmp_path / "altered.xlsx")
    assert refused.value.facts["reason"] in {"file_damaged", "unpacks_to_too_much"}


def test_a_password_is_said_as_such() -> None:
    with pytest.raises(FileRefused) as refused:
        format_of(files.DATA / "password.xlsx")

    assert refused.value.facts["reason"] == "has_password"
    assert "密码" in refused.value.message("zh")
