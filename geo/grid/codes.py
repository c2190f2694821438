"""Codes of new cells: by the pattern of the deployment, in the order of the map, never twice. Pure.

A pattern is text with two places in it: ``{parent}`` or ``{parent:12}``, the code of the cell
above, and ``{seq:3}``, a number of so many digits at the end. ``PATTERNS`` holds those that
standards ask for; which one holds is a setting, because places differ.

Source: DB11 unit grids and GB/T 30428.1 (15 digits: 6 county, 3 street, 3 community, 3 sequence);
CJ/T 349-2010 (20 digits: 6 service object, 12 division, 2 sequence, 00 for a community that is not
divided); Xi'an DB6101/T 3185-2024 (numbered west to east, north to south, new ones going on).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy.typing as npt

from geo.errors import Invalid, Refused
from geo.spatial.order import reading_order

PATTERNS: Final = {
    "division": "{parent}{seq:3}",
    "15": "{parent:12}{seq:3}",
    "20": "000000{parent:12}{seq:2}",
}

_PATTERN = re.compile(
    r"(?P<before>[0-9A-Za-z_-]{0,12})\{parent(?::(?P<digits>[1-9]\d?))?\}"
    r"(?P<between>[0-9A-Za-z_-]{0,6})\{seq:(?P<length>[1-6])\}"
)


class CodePatternRefused(Invalid):
    """A pattern of codes cannot be read."""

    code = "code_pattern_refused"


class ParentCodeUnfit(Refused):
    """The code of the cell above does not fit the pattern of the deployment."""

    code = "parent_code_unfit"


class CodesExhausted(Refused):
    """No number is left below a cell."""

    code = "codes_exhausted"


@dataclass(frozen=True, slots=True)
class CodePattern:
    """How the code of a cell is made of its parent's and a number.

    Parameters
    ----------
    before, between : fixed text before the parent's code and before the number
    parent_digits : how many digits the parent's code must have; None: any code
    length : digits of the number
    """

    before: str
    between: str
    parent_digits: int | None
    length: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the pattern that a text, or a name in ``PATTERNS``, stands for.

        Raises
        ------
        CodePatternRefused
            When it is no pattern.

        Examples
        --------
        >>> CodePattern.of("15").code("370114001002", 7)
        '370114001002007'
        """
        found = _PATTERN.fullmatch(PATTERNS.get(text, text))
        if found is None:
            raise CodePatternRefused(value=text)
        digits = found["digits"]
        return cls(
            before=found["before"],
            between=found["between"],
            parent_digits=int(digits) if digits else None,
            length=int(found["length"]),
        )

    def prefix(self, parent: str) -> str:
        """Return what stands before the number in the codes below a cell.

        Raises
        ------
        ParentCodeUnfit
            When the parent's code is not of the digits the pattern asks for.
        """
        wanted = self.parent_digits
        if wanted is not None and not re.fullmatch(rf"[0-9]{{{wanted}}}", parent):
            raise ParentCodeUnfit(value=parent, digits=wanted)
        return f"{self.before}{parent}{self.between}"

    def code(self, parent: str, number: int) -> str:
        """Return the code with a number below a cell."""
        return f"{self.prefix(parent)}{number:0{self.length}}"


def allocated(
    pattern: CodePattern, parents: Sequence[str], shapes: npt.ArrayLike, used: Collection[str]
) -> list[str]:
    """Return codes for new cells, numbered west to east and north to south below each parent.

    Numbers go on after the highest ever used below the parent. Only when the last one has been
    given are numbers taken that were left out; one that was ever used is never given again.

    Parameters
    ----------
    pattern : of the deployment
    parents : (n,) code of the cell above each
    shapes : (n,) of the new cells, degrees lon, lat
    used : every code that a cell ever had, also of cells that are no more

    Returns
    -------
    list of n codes, in the order of ``shapes``

    Raises
    ------
    ParentCodeUnfit, CodesExhausted

    Examples
    --------
    >>> from shapely import box
    >>> east, west = box(1, 0, 2, 1), box(0, 0, 1, 1)
    >>> allocated(CodePattern.of("division"), ["A", "A"], [east, west], {"A001", "A004"})
    ['A006', 'A005']
    """
    free = {parent: _Numbers.of(pattern, parent, used) for parent in sorted(set(parents))}
    codes = [""] * len(parents)
    for index in reading_order(shapes).tolist():
        codes[index] = free[parents[index]].take()
    return codes


@dataclass(slots=True)
class _Numbers:
    """The numbers below one cell that nobody ever had."""

    pattern: CodePattern
    parent: str
    used: set[int]
    next: int

    @classmethod
    def of(cls, pattern: CodePattern, parent: str, used: Collection[str]) -> Self:
        prefix, length = pattern.prefix(parent), pattern.length
        tails = {code[len(prefix) :] for code in used if code.startswith(prefix)}
        taken = {int(tail) for tail in tails if re.fullmatch(rf"[0-9]{{{length}}}", tail)}
        return cls(pattern, parent, taken, max(taken, default=0) + 1)

    def take(self) -> str:
        last = 10**self.pattern.length - 1
        if self.next > last:
            left_out = (number for number in range(1, last + 1) if number not in self.used)
            self.next = next(left_out, last + 1)
        if self.next > last:
            raise CodesExhausted(value=self.parent, count=last)
        code = self.pattern.code(self.parent, self.next)
        self.used.add(self.next)
        self.next = self.next + 1 if self.next + 1 not in self.used else last + 1
        return code
