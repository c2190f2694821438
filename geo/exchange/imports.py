"""The one way in: a file is read, checked as a whole, and written all or not at all.

The caller opens the work; a dry run is a work that is rolled back, so it does everything a real
import does and its counts are true.
"""

from dataclasses import dataclass

from geo.access.actors import Reason
from geo.crs.local import LocalGrid
from geo.exchange.controls import control
from geo.exchange.formats import format_of
from geo.exchange.kinds.cells import slug
from geo.exchange.kinds.staged import Staged
from geo.exchange.layers import KINDS, Kind, tables
from geo.exchange.report import Note
from geo.exchange.run import Count, Progress, Request, Run, silent
from geo.exchange.table import Table
from geo.work import Work

TOWN = "town"
NAMES = (*KINDS, TOWN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    Parameters
    ----------
    rows : read from the file, by kind
    grid : the city's own grid that the places were in, when they were in one
    """

    rows: dict[str, int]
    counts: tuple[Count, ...]
    notes: tuple[Note, ...]
    grid: LocalGrid | None = None

    @property
    def changes(self) -> int:
        """How many things are not what they were; 0 when the file was in already."""
        return sum(count.changes for count in self.counts)


def import_file(work: Work, request: Request, *, zone: str, progress: Progress = silent) -> Outcome:
    """Read a file, check all of it, write what differs from what stands, and count.

    Parameters
    ----------
    zone : in which today is a day
    progress : called with ``read``, ``check`` or ``write``, how many tables are done, and of how
        many

    Raises
    ------
    ImportRefused
        When anything is wrong; names every row.
    FileRefused
        When the file cannot be read as what it should be.
    """
    run = Run(work, request, zone)
    progress("read", 0, 1)
    found = list(tables(request, format_of(request.path), run))
    progress("read", 1, 1)
    if request.control is not None:
        crs, force = request.crs, request.force_crs
        run.local = control(request.control, run.report, crs=crs, force=force)
        run.report.check()
    with work.elevated(Reason.IMPORT):
        counts = _taken_in(run, found, progress)
    run.report.check()
    rows = {kind.name: len(table.cells) for kind, table in found}
    grid = run.local.grid if run.local else None
    return Outcome(rows, _summed(counts), tuple(run.report.notes), grid)


def _taken_in(run: Run, found: list[tuple[Kind, Table]], progress: Progress) -> list[Count]:
    """Check each table and write it before the next, which may point at it."""
    counts: list[Count] = []
    _set_prefix(run, None)
    for done, (kind, table) in enumerate(found, start=1):
        progress("check", done - 1, len(found))
        staged = kind.check(run, table)
        progress("check", done, len(found))
        if kind.name == "cells":
            _set_prefix(run, staged)
        if names := staged.sheet.ignored:
            layer = staged.sheet.table.name
            run.report.note(
                "columns_ignored", layer=layer, count=len(names), names=", ".join(names)
            )
        if not run.report.total:
            progress("write", done - 1, len(found))
            counts += kind.write(run, staged)
            progress("write", done, len(found))
    return counts


def _set_prefix(run: Run, cells: Staged | None) -> None:
    """Put the town's root, else the file's name, before building codes that only number rows."""
    code = run.request.code or slug(run.request.path.stem)
    if cells is not None and len(cells.rows) == 1 and cells.rows["code"].notna().all():
        code = str(cells.rows["code"].iloc[0])
    run.prefix = f"{code}-"


def _summed(counts: list[Count]) -> tuple[Count, ...]:
    """Return one count a thing: a town may hold several layers of a kind."""
    things = dict.fromkeys(count.thing for count in counts)
    return tuple(
        Count(
            thing,
            *(
                sum(getattr(count, name) for count in counts if count.thing == thing)
                for name in ("new", "changed", "unchanged", "ended")
            ),
        )
        for thing in things
    )
