"""What each row asks: a point, a building, or an address; and what is wrong with how it is written.

Coordinates that stand in a row are what it means: when they cannot be read the row is an error,
however good its address is. Only a row without any goes by its building, then by its address.
"""

from collections.abc import Sequence

import numpy as np

from geo.exchange.located.chunks import Chunk, Records
from geo.exchange.located.columns import Choice
from geo.exchange.located.points import points
from geo.exchange.located.questions import Asked, By, Wrong, wrong_value
from geo.exchange.table import as_text
from geo.exchange.values import Flaw as Unread
from geo.exchange.values import code, integer
from geo.locate.batch import Flaw
from geo.locate.columns import numbers

_MOST_STAIRWELLS = 100


def asked(chunk: Chunk, choice: Choice) -> Asked:
    """Return what the rows of a chunk ask."""
    made = points(chunk, choice)
    _accuracies(chunk, choice, made)
    left = [row for row, by in enumerate(made.by) if by is By.NOTHING]
    for role, by in (("building", By.BUILDING), ("address", By.ADDRESS)):
        if role in choice.places:
            left = _texts(chunk, choice, made, left, role, by)
    blank = chunk.blank() if left else []
    for row in left:
        if not blank[row]:
            made.wrong.setdefault(row, Wrong("located.nothing"))
    if isinstance(chunk, Records):
        _long_rows(chunk, choice, made)
    return made


def _accuracies(chunk: Chunk, choice: Choice, made: Asked) -> None:
    """Put in how far off each row says it may be."""
    if "accuracy" not in choice.places:
        return
    values = chunk.values(choice.places["accuracy"])
    found, off = numbers(values)
    made.accuracy_m[:] = found
    for row in np.flatnonzero((off != Flaw.NONE) & (off != Flaw.MISSING)).tolist():
        what = wrong_value(Flaw.ACCURACY, choice.header("accuracy"), values[row])
        made.wrong.setdefault(row, what)


def _texts(
    chunk: Chunk, choice: Choice, made: Asked, rows: Sequence[int], role: str, by: By
) -> list[int]:
    """Take the rows that have a building or an address; return those that have none."""
    values = chunk.values(choice.places[role]) if rows else []
    stairs = _stairs(chunk, choice) if rows and by is By.BUILDING else None
    left = []
    for row in rows:
        line = as_text(values[row]).strip()
        if not line:
            left.append(row)
            continue
        made.by[row], made.texts[row] = by, line
        if by is By.BUILDING:
            _building(made, row, choice.header(role), line)
            if stairs is not None and (number := stairs[row]) is not None:
                made.stairwells[row] = number
    return left


def _building(made: Asked, row: int, column: str, line: str) -> None:
    """Mend a code that a spreadsheet made a number of; refuse it when digits are lost."""
    found = code(line)
    if isinstance(found, Unread):
        made.wrong.setdefault(row, Wrong(f"exchange.{found.key}", column, line))
    else:
        made.texts[row] = found


def _stairs(chunk: Chunk, choice: Choice) -> list[int | None] | None:
    if "stairwell" not in choice.places:
        return None
    lines = (as_text(value).strip() for value in chunk.values(choice.places["stairwell"]))
    return [_stair(line) for line in lines]


def _stair(line: str) -> int | None:
    """Return the number of a stairwell; what is none says nothing, the building alone does."""
    number = integer(line, low=1, high=_MOST_STAIRWELLS, units="单元") if line else None
    return number if isinstance(number, int) else None


def _long_rows(chunk: Records, choice: Choice, made: Asked) -> None:
    """Refuse rows that go on beyond the header: a stray delimiter has moved their values."""
    width = len(choice.headers)
    if chunk.formats is not None:  # a worksheet's columns stay where they are
        return
    for row, values in enumerate(chunk.rows):
        if len(values) > width and any(value.strip() for value in values[width:]):
            told = ", ".join(value for value in values[width:] if value.strip())
            made.wrong[row] = Wrong("exchange.value_without_header", "", told)
