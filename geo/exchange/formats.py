"""Which reader a file gets: by its suffix, when its first bytes agree. The one table of formats."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geo.exchange import sheets, tables, vectors
from geo.exchange.archives import has_password
from geo.exchange.report import FileRefused
from geo.exchange.table import Table

_MOST_BYTES = 2 * 2**30
_HEAD_BYTES = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How a file of each format begins; text formats are told apart by what they are not.
_BEGINNINGS = {
    "GeoPackage (.gpkg)": b"SQLite format 3\x00",
    "FlatGeobuf (.fgb)": b"fgb\x03fgb",
    "Parquet (.parquet)": b"PAR1",
    "Shapefile (.shp)": b"\x00\x00\x27\x0a",
    "Excel (.xlsx) / zip": b"PK\x03\x04",
    "Excel 97 (.xls)": _OLE,
    "PDF": b"%PDF",
    "gzip": b"\x1f\x8b",
    "rar": b"Rar!",
}
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<")
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Parameters
    ----------
    content : what its first bytes must look like, see ``looks_like``
    names : sheets or layers of a file; one empty name for a format that holds only one
    read : a sheet or layer by name, in an encoding or the likely one
    """

    content: str
    names: Callable[[Path], list[str]]
    read: Callable[[Path, str, str | None], Table]


def _one_name(path: Path) -> list[str]:
    return [""]


def _read_csv(path: Path, name: str, encoding: str | None) -> Table:
    return tables.read_csv(path, encoding)


def _read_sheet(path: Path, name: str, encoding: str | None) -> Table:
    return sheets.read_sheet(path, name)


_CSV = Format("text", _one_name, _read_csv)
_XLSX = Format("Excel (.xlsx) / zip", sheets.sheet_names, _read_sheet)
_GEOJSON = Format("JSON", _one_name, vectors.read_geojson)
FORMATS = {
    ".csv": _CSV,
    ".txt": _CSV,
    ".tsv": _CSV,
    ".xlsx": _XLSX,
    ".xlsm": _XLSX,
    ".xls": Format("Excel 97 (.xls)", sheets.sheet_names, _read_sheet),
    ".gpkg": Format("GeoPackage (.gpkg)", vectors.layer_names, vectors.read_layer),
    ".shp": Format("Shapefile (.shp)", vectors.layer_names, vectors.read_layer),
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".fgb": Format("FlatGeobuf (.fgb)", vectors.layer_names, vectors.read_layer),
}


def split(source: str) -> tuple[Path, str | None]:
    """Return the path and the layer of ``FILE::LAYER``; the layer is None when none is named."""
    path, mark, layer = source.rpartition("::")
    return (Path(path), layer or None) if mark else (Path(source), None)


def format_of(path: Path) -> Format:
    """Return the format of a file whose content is what its suffix says.

    Raises
    ------
    FileRefused
        When there is no such file, it is a folder, empty or too large, its suffix is unknown, it
        has a password, or its content is something else.
    """
    check_there(path)
    if path.suffix.lower() not in FORMATS:
        raise FileRefused("suffix_unknown", file=path.name, suffixes=" ".join(FORMATS))
    if path.stat().st_size > _MOST_BYTES:
        raise FileRefused("file_too_large", file=path.name, most=_MOST_BYTES // 2**20)
    found = FORMATS[path.suffix.lower()]
    check_content(path, found.content)
    return found


def check_there(path: Path) -> None:
    """Pass when there is a file.

    Raises
    ------
    FileRefused
        When there is none, or a folder.
    """
    if path.is_dir():
        raise FileRefused("file_is_folder", file=str(path))
    if not path.is_file():
        raise FileRefused("file_missing", file=str(path))


def check_content(path: Path, content: str) -> None:
    """Pass when a file begins as one of its format does, see ``looks_like``.

    Raises
    ------
    FileRefused
        When it is empty, has a password, or its content is something else.
    """
    if path.stat().st_size == 0:
        raise FileRefused("file_empty", file=path.name)
    found = looks_like(path)
    if found == content:
        return
    if found == "Excel 97 (.xls)" and has_password(path):
        raise FileRefused("has_password", file=path.name)
    raise FileRefused("not_what_suffix_says", file=path.name, found=found)


def looks_like(path: Path) -> str:
    """Return what the first bytes of a file say it is; else ``text`` or ``binary``."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    for name, beginning in _BEGINNINGS.items():
        if head.startswith(beginning):
            return name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP):
        return "HTML / XML"
    if start.startswith((b"{", b"[")):
        return "JSON"
    binary = b"\x00" in head and not head.startswith(_TEXT_MARKS)
    return "binary" if binary else "text"
