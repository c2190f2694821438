"""What the rows of a file ask, and why one cannot be answered. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geo.exchange.report import visible
from geo.exchange.table import as_text
from geo.locate.batch import CODES, Column, Flaw, Flaws
from geo.texts import Lang, text

_SHOWN = 60
# What can be said of the one column that is wrong.
_OF_COLUMN: Mapping[int, str] = {
    Flaw.MISSING: "exchange.missing_value",
    Flaw.NOT_NUMBER: "exchange.not_a_number",
}


class By(StrEnum):
    """What a row goes by."""

    NOTHING = ""
    POINT = "point"
    BUILDING = "building"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a row is not located: a sentence of the catalogue, and the column and value it is about.

    Parameters
    ----------
    key : of the sentence, in full
    column : header; empty when no column is to blame
    value : as it stands in the file
    facts : of the sentence
    """

    key: str
    column: str = ""
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        """Return what is wrong, with the column and the value."""
        what = text(self.key, lang, **self.facts)
        shown = visible(" ".join(self.value.split()))[:_SHOWN]
        if not self.column and not shown:
            return what
        where = f"{self.column} “{shown}”" if shown else self.column
        return text("located.where", lang, where=where.strip(), what=what)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows of a chunk ask.

    Parameters
    ----------
    by : (n,) what each row goes by
    lon, lat : (n,) float64, as they stand in the file, NaN where there is none
    flaws : (n,) ``Flaw``; ``MISSING`` for a row that does not go by a point
    accuracy_m : (n,) float64, NaN where the row does not say
    texts : code or address of the rows that go by one
    stairwells : of buildings
    wrong : by row, what is known to be wrong already
    """

    by: list[By]
    lon: Column
    lat: Column
    flaws: Flaws
    accuracy_m: Column
    texts: dict[int, str] = field(default_factory=dict)
    stairwells: dict[int, int] = field(default_factory=dict)
    wrong: dict[int, Wrong] = field(default_factory=dict)


def wrong_value(flaw: int, column: str, value: Any) -> Wrong:
    """Return what is wrong with one of the columns of a point."""
    return Wrong(_OF_COLUMN.get(flaw) or sentence(flaw), column, as_text(value))


def sentence(flaw: int) -> str:
    """Return the key of the sentence that says what is wrong with a point."""
    return f"locate.flaw.{CODES[Flaw(flaw)]}"
