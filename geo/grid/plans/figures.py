"""What a plan moved as it is kept: numbers and codes, people by id alone. Pure.

Who answers for a cell is looked up when it is shown: a name that is erased stands nowhere else.
"""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from geo.grid.plans.impact import CellImpact, Duty, Impact, Load, Move, WorkerImpact

_NOBODY = ("", "")


def figures(impact: Impact) -> dict[str, Any]:
    """Return what a plan moves as JSON: a list for each row, in the order of its fields."""
    return {
        "cells": [
            [one.code, one.name, _numbers(one.before), _numbers(one.after)] for one in impact.cells
        ],
        "moves": [list(astuple(move)) for move in impact.moves],
        "workers": [
            [one.duty.id, one.duty.post, one.duty.is_primary, one.duty.cell, one.before, one.after]
            for one in impact.workers
        ],
        "unattended": impact.unattended,
    }


def impact_of(kept: Mapping[str, Any], people: Mapping[int, tuple[str, str]]) -> Impact:
    """Return what a plan moved.

    Parameters
    ----------
    kept : as ``figures``
    people : code and name of each worker that may be seen, by id; others have none

    Examples
    --------
    >>> made = Impact([CellImpact("1A", "A", None, Load(1, 2, 3))], [], [], ["1A"])
    >>> impact_of(figures(made), {}) == made
    True
    """
    return Impact(
        cells=[
            CellImpact(code, name, _load(before), _load(after))
            for code, name, before, after in kept["cells"]
        ],
        moves=[Move(*row) for row in kept["moves"]],
        workers=[
            WorkerImpact(Duty(person, *people.get(person, _NOBODY), *duty), before, after)
            for person, *duty, before, after in kept["workers"]
        ],
        unattended=list(kept["unattended"]),
    )


def _numbers(load: Load | None) -> list[int] | None:
    return None if load is None else list(astuple(load))


def _load(numbers: list[int] | None) -> Load | None:
    return None if numbers is None else Load(*numbers)
