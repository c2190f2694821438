"""Workbooks: the sheets of an xlsx or xls as tables, read by ``workbooks`` in its own process."""

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.exchange.archives import check_workbook, has_password
from geo.exchange.report import FileRefused
from geo.exchange.table import Table, from_records

_READER = Path(__file__).with_name("workbooks.py")
_LONGEST_S = 300.0
_OLE = b"\xd0\xcf\x11\xe0"


def sheet_names(path: Path) -> list[str]:
    """Return the names of the visible worksheets.

    Raises
    ------
    FileRefused
        When the workbook is damaged, hostile, or has a password.
    """
    _check(path)
    return [str(name) for name in _asked(path)["names"]]


def read_sheet(path: Path, name: str) -> Table:
    """Return a worksheet; formulas give the value they had when the file was saved.

    Raises
    ------
    FileRefused
        As for ``sheet_names``.
    """
    _check(path)
    return from_records(name, _asked(path, name)["rows"])


def _check(path: Path) -> None:
    about = path.stat()
    _check_version(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=8)
def _check_version(path: Path, changed_ns: int, size: int) -> None:
    """Check a workbook once, not for each of its sheets."""
    with path.open("rb") as stream:
        packed = stream.read(len(_OLE)) != _OLE
    if packed:
        check_workbook(path)
    elif has_password(path):
        raise FileRefused("has_password", file=path.name)


def _asked(path: Path, *name: str) -> dict[str, Any]:
    command = [sys.executable, "-P", str(_READER), str(path.absolute()), *name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise FileRefused("file_damaged", file=path.name, detail="–") from error
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise FileRefused(answer.pop("refused"), file=path.name, **answer)
    return answer
