"""What stands in a file stands in the one that is written: any text, any width, in any format."""

import csv
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.exchange.located.books import BookSource, write_book
from geo.exchange.located.chunks import Column, Records, Result, Stated
from geo.exchange.located.columns import fields_for
from geo.exchange.located.packages import write_package
from geo.exchange.located.texts import TextSource, write_text
from geo.exchange.report import FileRefused
from tests.geo.exchange import files

FIELDS = fields_for({})
HEAD = ["lon", "lat", "note"]
letters = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n",;\t=@+-0')
rows = st.lists(st.lists(st.text(letters, max_size=12), min_size=1, max_size=6), max_size=8)


def result(source: TextSource | BookSource, width: int) -> Result:
    chunks = [(chunk, [["x"] * len(chunk)], np.zeros((len(chunk), 2))) for chunk in source.chunks()]
    return Result(source.stated, width, (Column("ours"),), chunks, "yes", "no", "name")


def shown(text: str) -> str:
    """Return a text as it stands in the CSV; the rule of formulas has tests of its own."""
    return text.removeprefix("'")


@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from([",", ";", "\t"]))
def test_any_text_goes_through_a_csv(content: list[list[str]], delimiter: str) -> None:
    width = max([3, *map(len, content)])
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "f.csv", Path(folder) / "o.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            # The delimiter is known by the first lines.
            writer.writerows([HEAD, *[["1", "2", "3"]] * 9, *content])
        source = TextSource(path, FIELDS)
        if source.stated.about["delimiter"] != delimiter:
            return
        write_text(out, result(source, width))
        with out.open(encoding="utf-8-sig", newline="") as stream:
            back = list(csv.reader(stream, delimiter=delimiter))

    assert back[0] == [*HEAD, *[""] * (width - 3), "ours"]
    for row, found in zip(content, back[10:], strict=True):
        assert [shown(text) for text in found[:-1]] == [
            shown(text) for text in [*row, *[""] * (width - len(row))]
        ]
        assert found[-1] == "x"


values = (
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(-1e14, 1e14).filter(lambda x: x != 0.0 and abs(x) > 1e-300)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
    | st.datetimes().filter(lambda at: at.year > 1900).map(lambda at: at.replace(microsecond=0))
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(values, min_size=1, max_size=6), max_size=6))
def test_any_value_goes_through_a_workbook(content: list[list[Any]]) -> None:
    width = max([3, *map(len, content)])
    with tempfile.TemporaryDirectory() as folder:
        path = files.xlsx(Path(folder) / "f.xlsx", [HEAD])
        book = openpyxl.load_workbook(path)
        for number, row in enumerate(content, start=2):
            for place, value in enumerate(row, start=1):
                book.active.cell(number, place).value = value
                if isinstance(value, str):
                    book.active.cell(number, place).data_type = "s"
        book.save(path)
        before = [
            row for chunk in BookSource(path, None, FIELDS).chunks() for row in chunk.records()
        ]
        write_book(Path(folder) / "o.xlsx", result(BookSource(path, None, FIELDS), width))
        after = BookSource(Path(folder) / "o.xlsx", None, FIELDS)
        back = [row for chunk in after.chunks() for row in chunk.records()]

    assert [[*row, *[None] * (width - len(row)), "x"] for row in before] == back


def stated(*headers: str) -> Stated:
    return Stated(headers, (list(headers),))


def written(tmp_path: Path, kind: str, headers: list[str], row: list[Any]) -> Path:
    chunks = [(Records(2, [row]), [["x"]], np.array([[116.8, 33.9]]))]
    made = Result(stated(*headers), len(headers), (Column("ours"),), chunks, "yes", "no", "a/b[c]")
    out = tmp_path / f"o{kind}"
    {".gpkg": write_package, ".xlsx": write_book}[kind](out, made)
    return out


def test_headers_that_a_database_keeps_for_itself_are_kept_too(tmp_path: Path) -> None:
    headers = ["fid", "geom", "", "Name", "name", "OURS"]

    out = written(tmp_path, ".gpkg", headers, ["a", "b", "c", "d", "e", "f"])

    frame = pyogrio.read_dataframe(out)
    assert frame.drop(columns="geometry").iloc[0].to_dict() == {
        "fid": "a",
        "geom": "b",
        "column 3": "c",
        "Name": "d",
        "name (2)": "e",
        "OURS": "f",
        "ours (2)": "x",
    }
    assert (frame.geometry[0].x, frame.geometry[0].y) == (116.8, 33.9)


def test_a_workbook_takes_neither_broken_characters_nor_a_letter_too_many(tmp_path: Path) -> None:
    out = written(tmp_path, ".xlsx", ["a", "b"], ["x\x01y", "=1+1"])

    sheet = openpyxl.load_workbook(out).active
    assert sheet.title == "a b c"
    assert [cell.value for cell in sheet[2]] == ["x�y", "=1+1", "x"]
    assert sheet["B2"].data_type == "s"
    with pytest.raises(FileRefused) as refused:
        written(tmp_path, ".xlsx", ["a"], ["x" * 32_768])
    assert "32767" in refused.value.message("en")
