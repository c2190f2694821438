"""SELECTs on publications and cells. Cells are public: no scope, but always an ``as_of``."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.errors import NotFound
from geo.grid.model import CellShape, CellVersion, Publication
from geo.texts import Lang, text


class NothingPublished(NotFound):
    """No grid was published at the moment asked for.

    Parameters
    ----------
    first : from when there is one, told to the next whole second; None for never
    """

    code = "nothing_published"

    def __init__(self, moment: datetime, first: datetime | None) -> None:
        told = {"moment": moment.isoformat(timespec="seconds")}
        if first is not None:
            since = first + timedelta(seconds=1, microseconds=-1)
            told["first"] = since.astimezone(moment.tzinfo).isoformat(timespec="seconds")
        super().__init__(**told)

    def message(self, lang: Lang) -> str:
        """Return the sentence; it says from when there is a grid, if there is one at all."""
        key = "grid.nothing_yet" if "first" in self.facts else f"errors.{self.code}"
        return text(key, lang, **self.facts)


class CellUnknown(NotFound):
    """No cell bears this code or id in the publication asked for."""

    code = "cell_unknown"


def latest_publication(session: Session) -> Publication | None:
    """Return the newest publication, in effect or still to come; None before the first."""
    return session.scalar(select(Publication).order_by(Publication.number.desc()).limit(1))


def publication_at(session: Session, moment: datetime) -> Publication:
    """Return the publication in effect at a moment.

    Raises
    ------
    NothingPublished
        When the first publication took effect later, or there is none.
    """
    found = session.scalar(
        select(Publication)
        .where(Publication.effective_at <= moment)
        .order_by(Publication.effective_at.desc())
        .limit(1)
    )
    if found is None:
        raise NothingPublished(moment, session.scalar(select(func.min(Publication.effective_at))))
    return found


def versions_in(number: int) -> Select[CellVersion]:
    """Return the query of all cell versions that hold in a publication."""
    return select(CellVersion).where(CellVersion.during.contains(number))


def version_by_code(session: Session, code: str, number: int) -> CellVersion:
    """Return the version of the cell that bears a code in a publication.

    Raises
    ------
    CellUnknown
        When no cell bears it.
    """
    found = session.scalar(versions_in(number).where(CellVersion.code == code))
    if found is None:
        raise CellUnknown(value=code)
    return found


def chain(session: Session, path: str, number: int) -> list[CellVersion]:
    """Return a cell's ancestors and itself, root first, from its path."""
    ids = [int(step) for step in path.split(".") if step]
    query = versions_in(number).where(CellVersion.cell_id.in_(ids)).order_by(CellVersion.level)
    return list(session.scalars(query))


def counts_by_level(session: Session, number: int, low: str, high: str) -> dict[int, int]:
    """Return how many cells of each level a path range holds in a publication."""
    query = (
        select(CellVersion.level, func.count())
        .where(CellVersion.during.contains(number))
        .where(CellVersion.path >= low, CellVersion.path < high)
        .group_by(CellVersion.level)
        .order_by(CellVersion.level)
    )
    return {level: count for level, count in session.execute(query)}


def holds_demo(session: Session, number: int) -> bool:
    """Return whether a publication still shows a cell that came with invented data."""
    demos = list(session.scalars(select(Publication.number).where(Publication.demo)))
    if not demos:
        return False  # no need to look at every cell for nothing
    begun = func.lower(CellShape.during).in_(demos)
    invented = select(CellShape.id).where(CellShape.during.contains(number), begun)
    return bool(session.scalar(select(invented.exists())))


def shapes_in(number: int) -> Select[CellShape]:
    """Return the query of all cell shapes that hold in a publication."""
    return select(CellShape).where(CellShape.during.contains(number))
