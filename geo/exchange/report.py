"""What is wrong with a file and what is worth knowing about it, each with its place in the file.

A fault stops the import; a note does not. Faults are collected, not raised: the user mends a file
once. At most ``SHOWN`` are kept, the first in the order of the file, and all are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.crypto.masks import mask_within
from geo.errors import Invalid
from geo.texts import Lang, text

SHOWN = 1000
_VALUE_LENGTH = 60
_NOTED_ROWS = 20


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    layer : sheet or layer; empty for a file that holds only one
    row : number in the file; 0 for what concerns all of it
    column : header as written; empty where no column is to blame
    value : text of the cell, cut
    key : its sentence is ``exchange.<key>``
    """

    layer: str
    row: int
    column: str
    value: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def message(self, lang: Lang) -> str:
        """Return what is wrong and what to do."""
        return text(f"exchange.{self.key}", lang, **self.facts)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing; ``rows`` holds the first rows it concerns, ``count`` how many."""

    layer: str
    key: str
    count: int
    rows: tuple[int, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        """Return the sentence."""
        return text(f"exchange.{self.key}", lang, count=self.count, **self.facts)


class ImportRefused(Invalid):
    """The file has faults; nothing was written."""

    code = "import_refused"

    def __init__(self, report: "Report") -> None:
        super().__init__(count=report.total)
        self.report = report

    def message(self, lang: Lang) -> str:
        """Return the count and the first fault."""
        return f"{super().message(lang)}: {self.report.faults[0].message(lang)}"


class FileRefused(Invalid):
    """The file as a whole cannot be read: ``exchange.<key>`` says why."""

    code = "file_refused"

    def __init__(self, key: str, *, file: str, **facts: Any) -> None:
        super().__init__(file=file, reason=key, **facts)

    def message(self, lang: Lang) -> str:
        """Return the name of the file, what is wrong with it and what to do."""
        reason = text(f"exchange.{self.facts['reason']}", lang, **self.facts)
        return text(f"errors.{self.code}", lang, **self.facts | {"reason": reason})


def visible(text: str) -> str:
    """Return a text of the file as it may be shown: no escapes, no turned writing, nobody's number.

    Mobile and ID numbers are masked wherever they stand, in a wrong column too.
    """
    return mask_within("".join(letter if letter.isprintable() else "�" for letter in text))


class Report:
    """Collects the faults and notes of one import."""

    def __init__(self) -> None:
        self.total = 0
        self.notes: list[Note] = []
        self._faults: list[Fault] = []

    @property
    def faults(self) -> list[Fault]:
        """The first faults in the order of the file."""
        return sorted(self._faults)[:SHOWN]

    def rows(self, layer: str) -> set[int]:
        """Return the rows of a layer that are known to be wrong."""
        return {fault.row for fault in self._faults if fault.layer == visible(layer)}

    def refuse(
        self,
        key: str,
        *,
        layer: str = "",
        rows: Sequence[int] = (0,),
        column: str = "",
        values: Sequence[str] | None = None,
        facts: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Note that rows are wrong for one reason.

        Parameters
        ----------
        values : text of the cell of each row
        facts : of the sentence, the same for all rows or one mapping a row
        """
        self.total += len(rows)
        shared = facts if isinstance(facts, Mapping) else {}
        first = sorted(range(len(rows)), key=rows.__getitem__)[:SHOWN]
        for place in first:
            value = visible(values[place])[:_VALUE_LENGTH] if values is not None else ""
            own = _shown(facts[place] if isinstance(facts, Sequence) else shared)
            row = int(rows[place])
            self._faults.append(Fault(visible(layer), row, visible(column), value, key, own))

    def note(
        self, key: str, *, layer: str = "", rows: Sequence[int] = (), count: int = 0, **facts: Any
    ) -> None:
        """Note something worth knowing about some rows."""
        shown = tuple(int(row) for row in sorted(rows)[:_NOTED_ROWS])
        self.notes.append(Note(visible(layer), key, count or len(rows), shown, _shown(facts)))

    def check(self) -> None:
        """Pass when nothing is wrong.

        Raises
        ------
        ImportRefused
            Holds this report.
        """
        if self.total:
            raise ImportRefused(self)


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: visible(f) if isinstance(f, str) else f for name, f in facts.items()}
