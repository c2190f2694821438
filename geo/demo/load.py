"""Stores the demo town in an empty database, by the services every import uses."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from geo.clock import start_of
from geo.demo.town import Town
from geo.errors import Refused
from geo.grid import store as grid
from geo.grid.service import publish_cells
from geo.people.service import add_households
from geo.places import service as places
from geo.work import Work
from geo.workforce import service as workforce
from geo.workforce.leaves.service import NewLeave, add_leave

Progress = Callable[[str, int, int], None]


class DatabaseNotEmpty(Refused):
    """The database holds a grid already; invented data never join real ones."""

    code = "database_not_empty"


def load(work: Work, town: Town, *, zone: str, progress: Progress) -> dict[str, int]:
    """Store a town in one transaction; return how many rows of each kind.

    Parameters
    ----------
    zone : in which today is a day
    progress : called with ``store``, tables done, tables in all

    Raises
    ------
    DatabaseNotEmpty
        When a grid was ever published here.
    """
    if grid.latest_publication(work.session) is not None:
        raise DatabaseNotEmpty()
    progress("store", 0, 8)
    publish_cells(work, town.cells, note="demo", demo=True)
    progress("store", 1, 8)
    places.add_ground(work, town.ground)
    progress("store", 2, 8)
    places.add_estates(work, town.estates)
    progress("store", 3, 8)
    places.add_buildings(work, town.buildings)
    progress("store", 4, 8)
    add_households(work, town.households, zone=zone)
    progress("store", 5, 8)
    workforce.add_workers(work, town.workers)
    progress("store", 6, 8)
    workforce.assign(work, town.assignments)
    progress("store", 7, 8)
    _leave(work, town.leaves, zone)
    progress("store", 8, 8)
    return {
        "cells": len(town.cells),
        "buildings": len(town.buildings),
        "households": len(town.households),
        "residents": int(town.households["persons"].sum()),
        "workers": len(town.workers),
    }


def _leave(work: Work, leaves: pd.DataFrame, zone: str) -> None:
    """Enter leaves by today's date: an invented town has always just been made."""
    today = work.now.astimezone(ZoneInfo(zone)).date()
    for row in leaves.itertuples():
        begins = today + timedelta(days=row.begins_in)
        new = NewLeave(
            worker=row.worker_code,
            substitute=None if pd.isna(row.substitute_code) else row.substitute_code,
            begins=None if row.begins_in == 0 else start_of(begins, zone),
            ends=start_of(begins + timedelta(days=row.days), zone),
        )
        add_leave(work, new)
