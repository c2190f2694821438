"""Workbooks that are damaged or hostile are refused before they take time or memory."""

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.exchange.located.books import BookSource
from geo.exchange.located.columns import fields_for
from geo.exchange.report import FileRefused
from tests.geo.exchange import files

SHEET = "xl/worksheets/sheet1.xml"
_LAUGHS = b"".join(
    b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9)
)


def _bomb(xml: bytes) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + _LAUGHS + b"]><worksheet"
    return xml.replace(b"<worksheet", doctype, 1).replace(b"<v>7</v>", b"<v>&j;</v>")


def _peek(xml: bytes) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY z SYSTEM "file:///etc/hostname">]><worksheet'
    return xml.replace(b"<worksheet", doctype, 1).replace(b"<v>7</v>", b"<v>&z;</v>")


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "entities": (SHEET, _bomb),
    "another file": (SHEET, _peek),
    "cut off": (SHEET, lambda xml: xml[: len(xml) // 2]),
    "a row far away": (SHEET, lambda xml: xml.replace(b'r="2"', b'r="99999999"')),
    "no such sheet": ("xl/workbook.xml", lambda xml: xml.replace(b"rId1", b"rId9")),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_or_hostile_workbook_is_refused(tmp_path: Path, name: str) -> None:
    good = files.xlsx(tmp_path / "good.xlsx", [["lon", "lat"], [7, 8]])
    member, change = DAMAGES[name]
    with (
        zipfile.ZipFile(good) as before,
        zipfile.ZipFile(tmp_path / "f.xlsx", "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for one in before.namelist():
            after.writestr(one, change(before.read(one)) if one == member else before.read(one))
    begun = time.monotonic()

    with pytest.raises(FileRefused) as refused:
        list(BookSource(tmp_path / "f.xlsx", None, fields_for({})).chunks())

    assert "damaged" in refused.value.message("en")
    assert time.monotonic() - begun < 20
