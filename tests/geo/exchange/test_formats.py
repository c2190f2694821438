from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.exchange.formats import FORMATS, format_of, looks_like, split
from geo.exchange.report import FileRefused
from tests.geo.exchange import files


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        format_of(path)
    return str(refused.value.facts["reason"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.gpkg", ("a.gpkg", None)),
        ("a.gpkg::buildings", ("a.gpkg", "buildings")),
        ("dir::x/a.gpkg::楼栋", ("dir::x/a.gpkg", "楼栋")),
        ("a.gpkg::", ("a.gpkg", None)),
    ],
)
def test_a_layer_may_be_named_behind_the_file(text: str, expected: tuple[str, str | None]) -> None:
    assert split(text) == (Path(expected[0]), expected[1])


def test_a_folder_and_missing_empty_and_unknown_files_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "notes.docx").write_bytes(b"PK\x03\x04")

    assert refusal(tmp_path / "none.csv") == "file_missing"
    assert refusal(tmp_path) == "file_is_folder"
    assert refusal(tmp_path / "empty.csv") == "file_empty"
    assert refusal(tmp_path / "notes.docx") == "suffix_unknown"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpkg", b"<OGRVRTDataSource/>"),
        ("a.geojson", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>"),
        ("a.xls", b"<html><table><tr><td>code</td></tr></table></html>"),
        ("a.xls", b"PK\x03\x04zip"),
        ("a.xlsx", b"code,name\n"),
        ("a.csv", b"PK\x03\x04zip"),
        ("a.csv", b"SQLite format 3\x00"),
        ("a.csv", b"a\x00\x00\x00b"),
        ("a.shp", b"{}"),
        ("a.fgb", b"%PDF-1.7"),
        ("a.json", b"code,name\n"),
    ],
)
def test_content_that_is_not_what_the_suffix_says_is_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    assert refusal(tmp_path / name) == "not_what_suffix_says"


def test_every_suffix_reads_what_was_written(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"code": ["b1"]}, geometry=[shapely.Point(116.8, 33.9)], crs=4326)
    paths = [
        files.csv(tmp_path / "t.csv", [["code"], ["b1"]]),
        files.xlsx(tmp_path / "t.xlsx", [["code"], ["b1"]]),
        *(
            files.vector(tmp_path / f"t.{suffix}", frame)
            for suffix in ("gpkg", "shp", "geojson", "fgb")
        ),
    ]

    for path in paths:
        found = format_of(path)
        assert "b1" in found.read(path, found.names(path)[0], None).cells[0].tolist()


def test_a_suffix_in_capitals_is_the_same(tmp_path: Path) -> None:
    assert format_of(files.csv(tmp_path / "T.CSV", [["code"], ["b1"]])) is FORMATS[".csv"]


def test_a_byte_order_mark_does_not_hide_json(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf {}")

    assert looks_like(tmp_path / "a.json") == "JSON"
