"""What an import says: counts, notes and faults, each with its place in the file."""

from typing import Self

from pydantic import BaseModel

from geo.exchange.imports import Outcome
from geo.exchange.report import Fault, Note, Report
from geo.exchange.run import Count
from geo.texts import Lang


class CountBody(BaseModel):
    """What happened to the things of one kind."""

    new: int
    changed: int
    unchanged: int
    ended: int

    @classmethod
    def of(cls, count: Count) -> Self:
        """Return the counts without their thing."""
        return cls(
            new=count.new, changed=count.changed, unchanged=count.unchanged, ended=count.ended
        )


class NoteBody(BaseModel):
    """Something worth knowing; the first rows it concerns."""

    code: str
    message: str
    layer: str
    count: int
    rows: list[int]

    @classmethod
    def of(cls, note: Note, lang: Lang) -> Self:
        """Return a note in a language."""
        return cls(
            code=note.key,
            message=note.message(lang),
            layer=note.layer,
            count=note.count,
            rows=list(note.rows),
        )


class FaultBody(BaseModel):
    """Something wrong; ``row`` is null for what concerns the whole file."""

    code: str
    message: str
    layer: str
    row: int | None
    column: str
    value: str

    @classmethod
    def of(cls, fault: Fault, lang: Lang) -> Self:
        """Return a fault in a language."""
        return cls(
            code=fault.key,
            message=fault.message(lang),
            layer=fault.layer,
            row=fault.row or None,
            column=fault.column,
            value=fault.value,
        )


class ImportBody(BaseModel):
    """The answer of an import: done, tried, or refused."""

    file: str
    kind: str
    committed: bool
    rows: dict[str, int] = {}
    counts: dict[str, CountBody] = {}
    notes: list[NoteBody] = []
    error_count: int = 0
    errors: list[FaultBody] = []

    @classmethod
    def done(cls, outcome: Outcome, *, file: str, kind: str, committed: bool, lang: Lang) -> Self:
        """Return the answer of an import that went through, for real or as a dry run."""
        return cls(
            file=file,
            kind=kind,
            committed=committed,
            rows=outcome.rows,
            counts={count.thing: CountBody.of(count) for count in outcome.counts},
            notes=[NoteBody.of(note, lang) for note in outcome.notes],
        )

    @classmethod
    def refused(cls, report: Report, *, file: str, kind: str, lang: Lang) -> Self:
        """Return the answer of an import that was refused."""
        return cls(
            file=file,
            kind=kind,
            committed=False,
            notes=[NoteBody.of(note, lang) for note in report.notes],
            error_count=report.total,
            errors=[FaultBody.of(fault, lang) for fault in report.faults],
        )
