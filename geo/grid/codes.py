"""Codes of new cells: by the pattern of the deployment, in the order of the map, never twice. Pure.

A pattern is text with two places in it: ``{parent}`` or ``{parent:12}``, the code of the cell
above, and ``{seq:3}``, a number of so many digits at the end. ``PATTERNS`` holds those that
standards ask for; which one holds is a setting, because places differ.

Source: DB11 unit grids and GB/T 30428.1 (15 digits: 6 county, 3 street, 3 community, 3 sequence);
CJ/T 349-2010 (20 digits: 6 service object, 12 division, 2 sequence, 00 for a community that is not
divided); Xi'an DB6101/T 3185-2024 (numbered west to east, north to south, new ones going on).

A pattern counts for cells whose siblings do not say the width: a deployment that began with other
codes goes on with codes that look like its own.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
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
        >>> CodePattern.of("15").length
        3
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


def allocated(
    pattern: CodePattern, parents: Sequence[str], shapes: npt.ArrayLike, used: Collection[str]
) -> list[str]:
    """Return codes for new cells, numbered west to east and north to south below each parent.

    Where all children a parent ever had share one width of two digits or more, new ones look like
    them; elsewhere the pattern says the width. Numbers go on after the highest ever used below the
    parent. Only when the last one has been given are numbers taken that were left out, then wider
    ones up to the width of the pattern; one that was ever used is never given again.

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
    >>> allocated(CodePattern.of("division"), ["A"], [west], {"A01", "A02"})
    ['A03']
    """
    free = {parent: _Numbers.of(pattern, parent, used) for parent in sorted(set(parents))}
    codes = [""] * len(parents)
    for index in reading_order(shapes).tolist():
        codes[index] = free[parents[index]].take()
    return codes


def _width(tails: Collection[str]) -> int | None:
    """Return how many digits all siblings have in common, by what follows their parent's code.

    What begins with another's code is that one's child, no sibling.
    """
    siblings = [t for t in tails if not any(t[:end] in tails for end in range(1, len(t)))]
    widths = {len(tail) for tail in siblings}
    is_numbered = all(re.fullmatch(r"[0-9]{2,6}", tail) for tail in siblings)
    return widths.pop() if len(widths) == 1 and is_numbered else None


@dataclass(slots=True)
class _Numbers:
    """The numbers below one cell that nobody ever had, of the width in use and wider ones.

    Parameters
    ----------
    tails : what followed the prefix in every code below the cell, numbers and others
    width, widest : digits of the numbers given now, and of those given last
    next : where the search for a free one begins, at first after the highest that was ever given
    """

    prefix: str
    parent: str
    tails: set[str]
    width: int
    widest: int
    next: int

    @classmethod
    def of(cls, pattern: CodePattern, parent: str, used: Collection[str]) -> Self:
        """Begin at the width in use; the pattern's is the widest, unless wider ones are in use."""
        prefix = pattern.prefix(parent)
        tails = {code[len(prefix) :] for code in used if code.startswith(prefix)} - {""}
        width = _width(tails) or pattern.length
        numbers = cls(prefix, parent, tails, width, max(width, pattern.length), 1)
        numbers.next = numbers._after_highest(1)
        return numbers

    def take(self) -> str:
        """Give the code of the first free number: of this width, else of the next wider one."""
        number = self._free()
        while number is None:
            if self.width == self.widest:
                raise CodesExhausted(value=self.parent, count=10**self.width - 1)
            self.width += 1
            self.next = self._after_highest(10 ** (self.width - 1))
            number = self._free()
        self.tails.add(f"{number:0{self.width}}")
        self.next = number + 1
        return f"{self.prefix}{number:0{self.width}}"

    def _after_highest(self, least: int) -> int:
        digits = re.compile(rf"[0-9]{{{self.width}}}")
        taken = (int(tail) for tail in self.tails if digits.fullmatch(tail))
        return max(least, max(taken, default=0) + 1)

    def _free(self) -> int | None:
        """Return the number to give next of this width: onward, then what was left out."""
        end = 10**self.width
        going_on = range(self.next, end)
        return next(
            (n for n in chain(going_on, range(1, min(self.next, end))) if self._is_free(n)), None
        )

    def _is_free(self, number: int) -> bool:
        return f"{number:0{self.width}}" not in self.tails
