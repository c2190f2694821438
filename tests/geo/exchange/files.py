"""Files for the tests, written in every format that is read, and the import of one."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
from sqlalchemy import text

from geo.access.actors import Actor
from geo.exchange.imports import Outcome, import_file
from geo.exchange.report import Fault, ImportRefused
from geo.exchange.run import Request
from geo.runtime import Runtime
from geo.work import Work
from tests import world

DATA = Path(__file__).parents[2] / "data"
KARHULA = DATA / "karhula.gpkg"
ZONE = "Asia/Shanghai"
Rows = Sequence[Sequence[Any]]


def csv(path: Path, rows: Rows, *, encoding: str = "utf-8") -> Path:
    """Write rows as a CSV file, the first its header."""
    frame = pd.DataFrame([list(row) for row in rows])
    path.write_bytes(frame.to_csv(header=False, index=False).encode(encoding))
    return path


def xlsx(
    path: Path, rows: Rows, *, sheet: str = "Sheet1", more: dict[str, Rows] | None = None
) -> Path:
    """Write rows into a workbook, cells with the types they have."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for name, others in (more or {}).items():
        made = book.create_sheet(name)
        for row in others:
            made.append(list(row))
    book.save(path)
    book.close()
    return path


def vector(path: Path, frame: gpd.GeoDataFrame, **options: Any) -> Path:
    """Write a frame in the vector format of the suffix."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a Shapefile cuts its headers to ten bytes
        frame.to_file(path, engine="pyogrio", **options)
    return path


def town_cells() -> gpd.GeoDataFrame:
    """Return the leaves of the small town, and its upper cells, with a shape each."""
    frame = world.cells()
    whole = shapely.union_all(frame.geometry.dropna().to_numpy())
    shapes = [whole if shape is None else shape for shape in frame.geometry]
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=4326)


def take_in(work: Work, path: Path, kind: str, **options: Any) -> Outcome:
    """Import a file in an open work."""
    return import_file(work, Request(path, kind, **options), zone=ZONE)


def faults(work: Work, path: Path, kind: str, **options: Any) -> list[Fault]:
    """Return what is wrong with a file; none when it goes through."""
    try:
        take_in(work, path, kind, **options)
    except ImportRefused as refused:
        return refused.report.faults
    return []


def told(found: Sequence[Fault]) -> list[tuple[int, str, str, str]]:
    """Return row, column, value and key of faults."""
    return [(fault.row, fault.column, fault.value, fault.key) for fault in found]


def counts(outcome: Outcome) -> dict[str, tuple[int, int, int, int]]:
    """Return new, changed, unchanged and ended by thing."""
    return {c.thing: (c.new, c.changed, c.unchanged, c.ended) for c in outcome.counts}


def notes(outcome: Outcome) -> dict[str, int]:
    """Return how many rows each note concerns."""
    return {note.key: note.count for note in outcome.notes}


TABLES = ("publication", "cell", "building", "dwelling_unit", "household", "ground_feature")


def commit(runtime: Runtime, path: Path, kind: str, *, dry_run: bool = False) -> Outcome:
    """Import a file in a work of its own."""
    with runtime.work(Actor.system("test"), dry_run=dry_run, long=True) as work:
        return take_in(work, path, kind)


def sizes(runtime: Runtime) -> dict[str, int]:
    """Return how many rows each table holds."""
    with runtime.work(Actor.system("test")) as work:
        return {
            table: work.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES
        }
