from pathlib import Path

import pytest

from geo.exchange import tables
from geo.exchange.report import FileRefused
from geo.exchange.table import Table, as_text
from geo.exchange.tables import read_csv
from tests.geo.exchange import files

ROWS = [["楼栋编号", "楼栋名称"], ["340603002001", "一号楼"], ["340603002002", "二号楼"]]


def cells(table: Table) -> list[list[str]]:
    return [list(row) for row in table.cells.to_numpy()]


def reason(refused: pytest.ExceptionInfo[FileRefused]) -> str:
    return str(refused.value.facts["reason"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = files.csv(tmp_path / "t.csv", ROWS, encoding=encoding)

    assert cells(read_csv(path, None)) == ROWS


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    path = files.csv(tmp_path / "t.csv", [["straße"]], encoding="latin-1")

    assert cells(read_csv(path, "latin-1")) == [["straße"]]


@pytest.mark.parametrize(
    ("encoding", "key"), [("ascii", "encoding_wrong"), ("klingon", "encoding_unknown")]
)
def test_a_named_encoding_that_does_not_fit_is_refused(
    tmp_path: Path, encoding: str, key: str
) -> None:
    path = files.csv(tmp_path / "t.csv", ROWS)

    with pytest.raises(FileRefused) as refused:
        read_csv(path, encoding)

    assert reason(refused) == key


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    (tmp_path / "t.csv").write_text(f"code{mark}name\nb1{mark}a\n", encoding="utf-8")

    assert cells(read_csv(tmp_path / "t.csv", None)) == [["code", "name"], ["b1", "a"]]


def test_a_quoted_line_break_does_not_shift_the_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('code,name\nb1,"two\nlines"\nb2,x\n', encoding="utf-8")

    assert read_csv(tmp_path / "t.csv", None).cells.loc[3].tolist() == ["b2", "x"]


def test_a_quote_that_never_closes_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('code,name\nb1,"cut o', encoding="utf-8")

    with pytest.raises(FileRefused) as refused:
        read_csv(tmp_path / "t.csv", None)

    assert (reason(refused), refused.value.facts["line"]) == ("csv_broken", 2)


def test_a_field_may_hold_a_large_polygon(tmp_path: Path) -> None:
    wkt = "POLYGON ((" + ", ".join(f"{i} {i}" for i in range(50_000)) + "))"
    path = files.csv(tmp_path / "t.csv", [["wkt"], [wkt]])

    assert cells(read_csv(path, None))[1] == [wkt]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = files.csv(tmp_path / "t.csv", [["name"], ["=1+1"], ["@SUM(A1)"], ["+cmd|' /C calc'!A0"]])

    assert cells(read_csv(path, None))[1:] == [["=1+1"], ["@SUM(A1)"], ["+cmd|' /C calc'!A0"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), ""),
        (float("inf"), "inf"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (2**60, str(2**60)),
        (b"x", ""),
    ],
)
def test_single_cells_become_text(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_an_encoding_is_found_out_in_pieces_that_cut_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(tables, "_FEW_BYTES", 5)
    path = tmp_path / "t.csv"
    path.write_text("楼栋编号,𠮷野小区\n", encoding=encoding)

    assert path.read_text(encoding=tables.encoding_of(path, None)) == "楼栋编号,𠮷野小区\n"


@pytest.mark.parametrize("piece", [7, 1 << 20])
def test_a_text_that_changes_its_encoding_is_refused_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(tables, "_FEW_BYTES", piece)
    path = tmp_path / "t.csv"
    rows = "编号,经度,纬度,备注\n1,116.8,33.9,网格\n".encode()
    path.write_bytes(rows + "2,116.8,33.9,网格\n".encode("gbk"))

    for read in (tables.encoding_of, read_csv):
        with pytest.raises(FileRefused) as refused:
            read(path, None)
        assert refused.value.facts["reason"] == "encoding_mixed"
        assert "from line 3 on" in refused.value.message("en")
    # Who names it is taken at their word.
    assert tables.encoding_of(path, "gb18030") == "gb18030"


def test_a_text_in_no_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,\xff\xff\xff\n")

    with pytest.raises(FileRefused) as refused:
        tables.encoding_of(path, None)

    assert "utf-8 / gb18030" in refused.value.message("en")
