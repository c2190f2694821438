"""Stores the demo town in an empty database, by the services every import uses."""

from collections.abc import Callable

from geo.demo.town import Town
from geo.errors import Refused
from geo.grid import store as grid
from geo.grid.service import publish_cells
from geo.people.service import add_households
from geo.places import service as places
from geo.work import Work
from geo.workforce import service as workforce

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
    progress("store", 0, 7)
    publish_cells(work, town.cells, note="demo", demo=True)
    progress("store", 1, 7)
    places.add_ground(work, town.ground)
    progress("store", 2, 7)
    places.add_estates(work, town.estates)
    progress("store", 3, 7)
    places.add_buildings(work, town.buildings)
    progress("store", 4, 7)
    add_households(work, town.households, zone=zone)
    progress("store", 5, 7)
    workforce.add_workers(work, town.workers)
    progress("store", 6, 7)
    workforce.assign(work, town.assignments)
    progress("store", 7, 7)
    return {
        "cells": len(town.cells),
        "buildings": len(town.buildings),
        "households": len(town.households),
        "residents": int(town.households["persons"].sum()),
        "workers": len(town.workers),
    }
