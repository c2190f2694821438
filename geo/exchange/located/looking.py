"""A first look through a file: how long it is, and which system its points are in. No guessing.

A file that names no system is held to the grid, and the sentence that refuses it says what it looks
like and what to pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.crs.detect import Detection, detect
from geo.crs.systems import System, system
from geo.crs.zones import other_form, zone_of
from geo.exchange import systems
from geo.exchange.located.chunks import Chunk, Features, Records, Source
from geo.exchange.located.columns import Choice
from geo.exchange.located.places import asked
from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.locate.batch import Flaw
from geo.spatial.storage import Geometries, Points
from geo.texts import Lang, text

# So many points of a file are held to the grid, from all of it.
_SAMPLE = 40_000
_OF_CHUNK = 2_000
# To points outside every cell another system is named when it brings in more than this share.
_CLEARLY = 0.05
_RIVALS_NAMED = 4


@dataclass(frozen=True, slots=True)
class Looked:
    """What a first look finds.

    Parameters
    ----------
    rows : below the header, blank ones too
    width : of the longest row
    points : (n, 2) float64, some of them, as they stand in the file
    """

    rows: int
    width: int
    points: Points


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing about a file as a whole."""

    key: str
    facts: Mapping[str, Any]

    def message(self, lang: Lang) -> str:
        """Return the sentence."""
        return text(self.key, lang, **self.facts)


def looked_at(source: Source, choice: Choice, progress: Callable[[int], None]) -> Looked:
    """Go through a file once.

    Parameters
    ----------
    progress : called with how many rows have been looked at
    """
    drawn = np.random.default_rng(0)
    rows, width, share = 0, len(choice.headers), 1.0
    kept: list[Points] = []
    for chunk in source.chunks():
        rows += len(chunk)
        if isinstance(chunk, Records):
            width = max(width, *map(len, chunk.rows)) if chunk.rows else width
        if choice.has_points or source.stated.has_geometry:
            found = _some_points(chunk, choice, drawn)
            kept.append(found[drawn.random(len(found)) < share])
        if sum(map(len, kept)) > _SAMPLE:
            kept = [np.vstack(kept)]
            kept = [kept[0][drawn.random(len(kept[0])) < 0.5]]
            share /= 2.0
        progress(rows)
    return Looked(rows, width, np.vstack([np.empty((0, 2)), *kept]))


def decided(
    source: Source,
    points: Points,
    leaves: Callable[[], Geometries],
    *,
    asked: str | None,
    force: bool,
    file: str,
) -> tuple[System, tuple[Remark, ...]]:
    """Return the system of a file's points, and what is worth knowing about it.

    Parameters
    ----------
    points : some of the file's; without any the system is of no account
    leaves : gives the leaf cells, storage CRS
    asked : what the user named
    force : that counts even against the file's own

    Raises
    ------
    FileRefused
        When neither the file nor the user names a system, they contradict each other, or the
        numbers cannot be in it.
    UnknownCrs, CrsUncertain
        When the user's is none.
    """
    stated = source.stated
    if not len(points) and asked is None and stated.system is None:
        return system("wgs84"), ()
    table = Table("", pd.DataFrame(), system=stated.system, assumed=stated.assumed)
    try:
        known = systems.decided(table, asked=asked, force=force, file=file, points=points)
    except FileRefused as error:
        if error.facts["reason"].startswith("crs_missing"):
            raise _missing(points, leaves(), error, file) from error
        raise
    if not len(points):
        return known, ()
    if unit := systems.unit_mismatch(points, known):
        other = zone_of(points) or other_form(known.epsg or 0)
        facts = {"crs": known.name, "other": other.name if other else ""}
        raise FileRefused(f"numbers_are_{unit}", file=file, **facts)
    return known, _remarks(detect(points, leaves(), also=[known]), known)


def _some_points(chunk: Chunk, choice: Choice, drawn: np.random.Generator) -> Points:
    """Return points of some rows; of all when those have none, for a few may be hidden there."""
    if len(chunk) > _OF_CHUNK:
        found = _points_of(_rows(chunk, np.sort(drawn.permutation(len(chunk))[:_OF_CHUNK])), choice)
        if len(found):
            return found
    return _points_of(chunk, choice)


def _points_of(chunk: Chunk, choice: Choice) -> Points:
    found = asked(chunk, choice)
    good = found.flaws == Flaw.NONE
    good[list(found.wrong)] = False
    return np.column_stack([found.lon, found.lat])[good]


def _rows(chunk: Chunk, rows: np.ndarray) -> Chunk:
    if isinstance(chunk, Features):
        return Features(chunk.first, chunk.batch.take(rows), chunk.attributes, chunk.geometry)
    formats = None if chunk.formats is None else [chunk.formats[row] for row in rows]
    return Records(chunk.first, [chunk.rows[row] for row in rows], formats)


def _missing(points: Points, leaves: Geometries, error: FileRefused, file: str) -> FileRefused:
    """Return the refusal that says what a file looks like, and what to pass."""
    if not len(leaves):
        return error
    if plain := systems.looking_like(points, leaves):
        return FileRefused(plain[0], file=file, **plain[1])
    found = detect(points, leaves)
    rivals = [reading for reading in found.rivals if not reading.swapped]
    if not rivals:
        return error
    told = ", ".join(f"{one.system.name} {one.inside:,}" for one in rivals[:_RIVALS_NAMED])
    return FileRefused("crs_missing_rivals", file=file, told=told, places=found.places)


def _remarks(found: Detection, known: System) -> tuple[Remark, ...]:
    """Return what the points look like when that is not as they are read."""
    now, likely = found.inside(known), found.likely
    facts: dict[str, Any] = {"crs": known.name, "now": now}
    if likely is not None and likely.swapped:
        best = {"best": likely.system.name, "more": likely.inside}
        return (Remark("located.looks_swapped", facts | best),)
    if likely is not None and likely.system != known:
        best = {"best": likely.system.name, "more": likely.inside}
        return (Remark("exchange.looks_shifted", facts | best),)
    if now or not found.places:
        return ()
    first = next((reading for reading in found.readings if not reading.swapped), None)
    if first is None or first.inside <= _CLEARLY * found.places:
        return (Remark("located.all_outside", facts),)
    best = {"best": first.system.name, "more": first.inside}
    return (Remark("located.all_outside_try", facts | best),)
