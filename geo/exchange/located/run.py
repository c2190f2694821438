"""A file located from its first row to its last: looked through, answered, put in place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from geo.access.actors import Actor
from geo.crs.systems import System
from geo.crypto.fields import HasKeyring
from geo.exchange.located import grids
from geo.exchange.located.answers import Answers, Tally
from geo.exchange.located.chunks import Answered, Result, Source
from geo.exchange.located.columns import Choice, choose, fields_for
from geo.exchange.located.formats import Format, Opening, output_for, reader_of, writer_of
from geo.exchange.located.leaves import Leaves
from geo.exchange.located.looking import Looked, Remark, decided, looked_at
from geo.exchange.located.named import Named
from geo.exchange.located.outputs import check_output, placed
from geo.exchange.located.unsaved import unsaved
from geo.exchange.report import FileRefused
from geo.locate.answer import ACCURACY_LIMIT_M
from geo.locate.history import Works
from geo.locate.service import AccuracyRefused
from geo.settings import Settings
from geo.texts import Lang, text

# Rows that ask the database take milliseconds each: so many at a time, that the progress shows.
_ASKED_ROWS = 500
# Called with the step (``look``, ``locate``), how many rows are done, and of how many; 0: unknown.
Progress = Callable[[str, int, int], None]


class Office(Works, HasKeyring, Protocol):
    """What locating a file needs of a runtime."""

    @property
    def settings(self) -> Settings:
        """The settings of the process."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks for.

    Parameters
    ----------
    path, layer : the file, and the layer or sheet when one is named
    out : where to write; beside the file when None
    force : what stands there may be replaced
    crs : name of the coordinate system, needed when the file names none
    force_crs : ``crs`` counts even against the file's own
    encoding : of a text; the likely one when None
    columns : role → header, see ``geo.exchange.located.columns``
    as_of : aware; None for now
    accuracy_m : how far off a point may be, where its row does not say
    lang : of headers and sentences
    """

    path: Path
    layer: str | None = None
    out: Path | None = None
    force: bool = False
    crs: str | None = None
    force_crs: bool = False
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime | None = None
    accuracy_m: float = 0.0
    lang: Lang = "en"


@dataclass(frozen=True)
class Opened:
    """A file whose columns are known.

    Parameters
    ----------
    writer : of the file that is written
    """

    request: Request
    source: Source
    choice: Choice
    out: Path
    writer: Format


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a file.

    Parameters
    ----------
    version : publication number of the grid that was asked
    known : the system the points were read in; None when the file has none
    """

    out: Path
    tally: Tally
    version: int
    moment: datetime
    known: System | None
    choice: Choice
    remarks: tuple[Remark, ...]


def opened(request: Request) -> Opened:
    """Return a file with its columns found; nothing has been asked of the database yet.

    Raises
    ------
    FileRefused, ColumnUnknown, ColumnsMissing, ColumnsHalf
        When it cannot be read, or does not say where its rows are.
    OutputRefused
        When nothing may be written where the result is to go.
    AccuracyRefused
        When the accuracy is no number of metres that makes sense.
    """
    if not 0.0 <= request.accuracy_m <= ACCURACY_LIMIT_M:
        raise AccuracyRefused(value=str(request.accuracy_m))
    path = request.path
    reader = reader_of(path)
    out = request.out or output_for(path)
    writer = writer_of(out)
    check_output(out, force=request.force, source=path)
    fields = fields_for(request.columns)
    source = reader.read(Opening(path, request.layer, fields, request.encoding))
    stated = source.stated
    choice = choose(
        stated.headers, request.columns, has_geometry=stated.has_geometry, file=path.name
    )
    return Opened(request, source, choice, out, writer)


def locate_file(office: Office, actor: Actor, file: Opened, progress: Progress) -> Done:
    """Locate every row of a file and write it with the answers; nothing is written on a refusal.

    Raises
    ------
    FileRefused, UnknownCrs, CrsUncertain
        When the file breaks off, or the system of its points is not plain.
    MomentRefused, NothingPublished
        As ``locate`` does.
    OutputRefused
        When the result cannot be written.
    """
    request, name = file.request, file.request.path.name
    settings = office.settings
    folder, zone = settings.home / "grids", settings.time_zone
    grid = grids.grid_at(office, actor, folder, zone, request.as_of)
    looked = looked_at(file.source, file.choice, lambda rows: progress("look", rows, 0))
    progress("look", looked.rows, looked.rows)
    _check_length(file, looked)
    known, remarks = decided(
        file.source,
        looked.points,
        lambda: grids.outline(office, actor, grid.snapshot.number),
        asked=request.crs,
        force=request.force_crs,
        file=name,
    )
    remarks = (*remarks, *unsaved(file.source))
    leaves = Leaves(office, grid, phones=settings.show_duty_phone, lang=request.lang)
    named = Named(office, actor, grid, leaves, request.lang)
    answers = Answers(
        grid.snapshot,
        file.choice,
        known=known,
        accuracy_m=request.accuracy_m,
        leaves=leaves,
        named=named,
        lang=request.lang,
    )
    with placed(file.out, force=request.force, source=request.path) as aside:
        chunks = _answered(file.source, answers, lambda rows: progress("locate", rows, looked.rows))
        file.writer.write(aside, _result(file, looked, answers, chunks))
        grids.note_told(office, actor, grid, leaves.told, file=name)
    if named.versions - {grid.snapshot.number}:
        remarks = (*remarks, Remark("located.grid_changed", {"version": grid.snapshot.number}))
    return Done(
        file.out,
        answers.tally,
        grid.snapshot.number,
        grid.moment,
        known if len(looked.points) else None,
        file.choice,
        remarks,
    )


def _answered(
    source: Source, answers: Answers, progress: Callable[[int], None]
) -> Iterator[Answered]:
    done = 0
    for whole in source.chunks():
        for chunk in whole.parts(_ASKED_ROWS if answers.asks else len(whole)):
            added, points = answers.of(chunk)
            yield chunk, added, points
            done += len(chunk)
            progress(done)


def _result(file: Opened, looked: Looked, answers: Answers, chunks: Iterator[Answered]) -> Result:
    lang = file.request.lang
    return Result(
        file.source.stated,
        looked.width,
        answers.columns(file.choice.headers),
        chunks,
        yes=text("located.yes", lang),
        no=text("located.no", lang),
        name=file.source.name or file.request.path.stem,
    )


def _check_length(file: Opened, looked: Looked) -> None:
    most = file.writer.most_rows
    rows = looked.rows + (len(file.source.stated.above) or 1)
    if not looked.rows:
        raise FileRefused("no_rows", file=file.request.path.name)
    if most is not None and rows > most:
        raise FileRefused("too_many_for_sheet", file=file.request.path.name, rows=rows, most=most)
