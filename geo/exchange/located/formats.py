"""Which formats are located, by suffix: who reads them, who writes them. The one table of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.exchange.columns import Field
from geo.exchange.formats import check_content, check_there
from geo.exchange.located.books import MOST_ROWS, BookSource, write_book
from geo.exchange.located.chunks import Result, Source
from geo.exchange.located.packages import PackageSource, write_package
from geo.exchange.located.parquets import ParquetSource, write_parquet
from geo.exchange.located.texts import TextSource, write_text
from geo.exchange.report import FileRefused
from geo.exchange.shapefiles import attribute_encoding


@dataclass(frozen=True, slots=True)
class Opening:
    """What a reader is given.

    Parameters
    ----------
    layer : sheet or layer, when the user names one
    fields : by which a header is known
    """

    path: Path
    layer: str | None
    fields: Sequence[Field]
    encoding: str | None


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Parameters
    ----------
    content : what its first bytes must look like
    most_rows : that it can hold; None for any number
    out : suffix of what is written, where that is another
    """

    content: str
    read: Callable[[Opening], Source]
    write: Callable[[Path, Result], None]
    most_rows: int | None = None
    out: str | None = None


def _text(about: Opening) -> Source:
    return TextSource(about.path, about.fields, about.encoding)


def _book(about: Opening) -> Source:
    return BookSource(about.path, about.layer, about.fields)


def _package(about: Opening) -> Source:
    return PackageSource(about.path, about.layer)


def _shapefile(about: Opening) -> Source:
    encoding = attribute_encoding(about.path, about.encoding)
    return PackageSource(about.path, about.layer, encoding)


def _parquet(about: Opening) -> Source:
    return ParquetSource(about.path)


_TEXT = Format("text", _text, write_text)
_PARQUET = Format("Parquet (.parquet)", _parquet, write_parquet)
_GEOJSON = Format("JSON", _package, write_package, out=".gpkg")
_EXCEL = "Excel (.xlsx) / zip"
FORMATS = {
    ".csv": _TEXT,
    ".txt": _TEXT,
    ".tsv": _TEXT,
    ".xlsx": Format(_EXCEL, _book, write_book, MOST_ROWS),
    ".xlsm": Format(_EXCEL, _book, write_book, MOST_ROWS, ".xlsx"),
    ".gpkg": Format("GeoPackage (.gpkg)", _package, write_package),
    ".parquet": _PARQUET,
    ".geoparquet": _PARQUET,
    # Read as they come, written as what holds long names, many types and a system.
    ".shp": Format("Shapefile (.shp)", _shapefile, write_package, out=".gpkg"),
    ".fgb": Format("FlatGeobuf (.fgb)", _package, write_package, out=".gpkg"),
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
}


def reader_of(path: Path) -> Format:
    """Return the format of a file whose content is what its suffix says.

    Raises
    ------
    FileRefused
        When there is no such file, it is a folder, its suffix is unknown, or its content is
        something else.
    """
    check_there(path)
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise FileRefused("suffix_unknown", file=path.name, suffixes=" ".join(FORMATS))
    check_content(path, found.content)
    return found


def writer_of(path: Path) -> Format:
    """Return the format in which a file of this name is written.

    Raises
    ------
    FileRefused
        When the suffix is unknown, or of a format that is only read.
    """
    found = FORMATS.get(path.suffix.lower())
    if found is None or found.out is not None:
        written = (suffix for suffix, one in FORMATS.items() if one.out is None)
        raise FileRefused("suffix_unknown", file=path.name, suffixes=" ".join(written))
    return found


def output_for(source: Path) -> Path:
    """Return where the result goes unless somebody says: beside the file, in its format.

    Examples
    --------
    >>> output_for(Path("a/people.xlsm")).as_posix()
    'a/people-located.xlsx'
    """
    suffix = FORMATS[source.suffix.lower()].out or source.suffix
    return source.with_name(f"{source.stem}-located{suffix}")
