"""Formulas of a worksheet that were saved without their value: their cells are read as empty.

Programs that write workbooks without computing them leave such cells; Excel and WPS compute and
keep them when the file is saved there.
"""

import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from geo.exchange.located.books import BookSource
from geo.exchange.located.chunks import Source
from geo.exchange.located.looking import Remark

# A cell with a formula and no value; a text that a formula makes may be empty, and is known.
_UNSAVED = re.compile(
    rb"<(?:\w+:)?c (?P<facts>[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_TEXT = b't="str"'
_READ_BYTES = 1 << 20
# No cell is longer: a text has 32,767 characters, a formula 8,192.
_LONGEST = 1 << 18
_NAMED = 3


def unsaved(source: Source) -> tuple[Remark, ...]:
    """Return what is to be said of a file's formulas that have no saved value, if any."""
    if not isinstance(source, BookSource):
        return ()
    places = _places(source.path, source.part)
    first = list(islice(places, _NAMED))
    more = sum(1 for _ in places)
    if not first:
        return ()
    cells = ", ".join(first) + (" …" if more else "")
    count = f"{len(first) + more:,}"
    return (Remark("located.formulas_unsaved", {"count": count, "cells": cells}),)


def _places(path: Path, part: str) -> Iterator[str]:
    """Yield the places, ``C7``, of formulas without a value in one part of a workbook."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        held = b""
        while piece := stream.read(_READ_BYTES):
            held += piece
            end = max(held.rfind(b"</c>"), held.rfind(b":c>"))
            whole = held[: end + 4] if end >= 0 else b""
            for cell in _UNSAVED.finditer(whole):
                place = _PLACE.search(cell["facts"])
                if place is not None and _TEXT not in cell["facts"]:
                    yield place[1].decode()
            held = held[len(whole) :][-_LONGEST:]
