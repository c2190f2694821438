"""Which columns of a table hold points, and the numbers that their texts mean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import Invalid
from geo.locate.batch import Column, Flaw, Flaws

# What the fast reader of CSV takes too, and a leading plus.
_NUMBER = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)(e[+-]?[0-9]{1,4})?", re.IGNORECASE)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|#num!|#div/0!)", re.IGNORECASE)
_EMPTY = frozenset({"", "null", "none", "na", "n/a", "#n/a", "\\n", "-"})
_LARGEST = 2**1000

# Field → headers that mean it, the plainest first; folded.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "lon": ("lon", "lng", "long", "longitude", "经度", "东经", "x", "东坐标", "easting"),
    "lat": ("lat", "latitude", "纬度", "北纬", "y", "北坐标", "northing"),
    "id": ("id", "编号", "序号", "uuid", "fid"),
    "accuracy_m": ("accuracym", "accuracy", "精度", "定位精度"),
    "address": ("address", "地址", "详细地址", "住址", "addr"),
}
# A remark in brackets, as in 经度(WGS84), says nothing about which field it is.
_REMARK = re.compile(r"[(（\[【].*?[)）\]】]\s*$")


class ColumnMissing(Invalid):
    """A table has no column for what is needed."""

    code = "column_missing"


class ColumnsEqual(Invalid):
    """Two columns of a table bear the same header, so it says nothing to name one."""

    code = "columns_equal"


@dataclass(frozen=True, slots=True)
class Guessed:
    """The header of the column that holds each field; None where there is none."""

    lon: str | None = None
    lat: str | None = None
    id: str | None = None
    accuracy_m: str | None = None
    address: str | None = None


def guessed(headers: Sequence[str]) -> Guessed:
    """Return which columns hold the fields of a point, by their headers.

    Examples
    --------
    >>> guessed(["序号", " 经度(GCJ-02)", "纬度", "地址"])
    Guessed(lon=' 经度(GCJ-02)', lat='纬度', id='序号', accuracy_m=None, address='地址')
    """
    known = {_folded(header): header for header in reversed(headers)}
    fields = {
        field: next((known[word] for word in words if word in known), None)
        for field, words in HEADERS.items()
    }
    return Guessed(**fields)


def chosen(
    headers: Sequence[str], *, named: Mapping[str, str | None], needed: Sequence[str]
) -> Guessed:
    """Return the columns that were named, and those guessed where none was.

    Raises
    ------
    ColumnsEqual
        When two columns bear the header of a field.
    ColumnMissing
        When a column that was named, or one that is needed, is not there.
    """
    found = guessed(headers)
    columns = {field: named.get(field) or getattr(found, field) for field in HEADERS}
    for field, header in columns.items():
        if header not in headers and (header is not None or field in needed):
            words = ", ".join(HEADERS[field][:5])
            said = named.get(field) or field
            raise ColumnMissing(value=said, headers=_shown(headers), words=words)
        if header is not None and list(headers).count(header) > 1:
            raise ColumnsEqual(value=header)
    return Guessed(**columns)


def numbers(values: Sequence[Any] | npt.NDArray[np.object_]) -> tuple[Column, Flaws]:
    """Return the numbers that values mean, and what is wrong with those that mean none.

    Text is read as a decimal number, full width too; nothing is read out of a truth value.

    Returns
    -------
    (n,) float64, NaN where there is a flaw; (n,) int8 ``Flaw``

    Examples
    --------
    >>> found, flaws = numbers([116.8, " 33.95", "", "nan", True, "北"])
    >>> found.tolist(), [Flaw(flaw).name for flaw in flaws][2:]
    ([116.8, 33.95, nan, nan, nan, nan], ['MISSING', 'NOT_FINITE', 'NOT_NUMBER', 'NOT_NUMBER'])
    """
    if {*map(type, values)} == {float}:
        # As nearly always in JSON: nothing has to be looked at one by one.
        found = np.fromiter(values, np.float64, len(values))
        finite = np.isfinite(found)
        flaws = np.where(finite, Flaw.NONE, Flaw.NOT_FINITE).astype(np.int8)
        return np.where(finite, found, np.nan), flaws
    read = [_number(value) for value in values]
    found = np.array([number for number, _ in read], dtype=np.float64)
    return found, np.array([flaw for _, flaw in read], dtype=np.int8)


def joint(one: Flaws, other: Flaws) -> Flaws:
    """Return what is wrong with pairs: with the first, else with the second."""
    return np.where(one != Flaw.NONE, one, other).astype(np.int8)


def accuracy_flaws(flaws: Flaws) -> Flaws:
    """Return what is wrong with rows for their accuracy, which may be missing."""
    good = np.isin(flaws, (Flaw.NONE, Flaw.MISSING))
    return np.where(good, Flaw.NONE, Flaw.ACCURACY).astype(np.int8)


def _number(value: Any) -> tuple[float, Flaw]:
    if value is None or (isinstance(value, str) and value.strip().lower() in _EMPTY):
        return np.nan, Flaw.MISSING
    if isinstance(value, bool | np.bool_):
        return np.nan, Flaw.NOT_NUMBER
    if isinstance(value, int | float | np.integer | np.floating):
        # A whole number may be too large for any float.
        return _finite(float(value) if -_LARGEST < value < _LARGEST else np.inf)
    if not isinstance(value, str):
        return np.nan, Flaw.NOT_NUMBER
    plain = unicodedata.normalize("NFKC", value).strip()
    if _NUMBER.fullmatch(plain):
        return _finite(float(plain))
    return np.nan, Flaw.NOT_FINITE if _NOT_FINITE.fullmatch(plain) else Flaw.NOT_NUMBER


def _finite(number: float) -> tuple[float, Flaw]:
    return (number, Flaw.NONE) if np.isfinite(number) else (np.nan, Flaw.NOT_FINITE)


def _folded(header: str) -> str:
    plain = _REMARK.sub("", unicodedata.normalize("NFKC", header).replace("\ufeff", ""))
    return re.sub(r"[\s_\-*:]+", "", plain).casefold()


def _shown(headers: Sequence[str]) -> str:
    return ", ".join(str(header)[:40] for header in headers[:20])
