"""Reads a workbook in a process of its own, so that a hostile or damaged one ends only that.

The reader of workbooks ends its whole process on some damaged files, or asks for a hundred
gigabytes. ``geo.exchange.sheets`` runs this file as a script, within limits on memory and time,
and reads one JSON value from it. It imports nothing of ours, so it starts in a tenth of a second.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

_MOST_BYTES = 4 * 2**30
_MOST_CELLS = 8_000_000


def answer(path: str, name: str | None) -> dict[str, Any]:
    """Return the names of the visible worksheets, or the rows of one.

    Returns
    -------
    ``{"names": […]}``, ``{"rows": [[…], …]}``, or ``{"refused": key, …facts}``
    """
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            return {"names": _names(book)} if name is None else _rows(book, name)
    except calamine.PasswordError:
        return {"refused": "has_password"}
    except (calamine.CalamineError, OSError) as error:
        return {"refused": "file_damaged", "detail": str(error)}


def _names(book: calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible
        and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _rows(book: calamine.CalamineWorkbook, name: str) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    rows, columns = sheet.total_height, sheet.total_width
    if rows * columns > _MOST_CELLS:
        return {"refused": "too_many_cells", "rows": rows, "columns": columns}
    return {"rows": sheet.to_python(skip_empty_area=False)}


def _plain(value: Any) -> str:
    """Return what JSON has no word for as text."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    _found = answer(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    sys.stdout.buffer.write(json.dumps(_found, default=_plain).encode())
