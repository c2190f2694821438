"""Compiles the kernels of the division ahead: ``python -m geo.grid.division.ready``.

The first division compiles them, about 25 s of one core; what is compiled is kept.
A mark beside it says for which processor that was done.
"""

import numpy as np
import shapely

from geo.grid.division.compiled import kept_folder
from geo.grid.division.divide import divide
from geo.grid.division.model import CLASS, Barrier, Case, Rules
from geo.spatial.ready import mark_in
from geo.spatial.units.frame import plane_frame

_HOUSES, _STEP_M, _HOUSE_M = 6, 20.0, 5.0


def compile_kernels() -> None:
    """Divide a few houses: anew, and from cells that miss their bounds."""
    for again in (False, True):
        divide(_houses(again=again), Rules(30.0, 50.0))
    if (mark := mark_in(kept_folder())) is not None:
        mark.touch()


def is_ready() -> bool:
    """Return whether they are compiled for this processor, or cannot be kept anyway."""
    mark = mark_in(kept_folder())
    return mark is None or mark.exists()


def _houses(*, again: bool) -> Case:
    side = _HOUSES * _STEP_M
    at = (np.indices((_HOUSES, _HOUSES)).reshape(2, -1).T + 0.5) * _STEP_M
    west, south = (at - _HOUSE_M).T
    east, north = (at + _HOUSE_M).T
    area = np.array([shapely.box(0.0, 0.0, side, side)], dtype=object)
    street = shapely.LineString([(0.0, side / 2.0), (side, side / 2.0)])
    count = len(at)
    halves = [shapely.box(0.0, 0.0, side / 3.0, side), shapely.box(side / 3.0, 0.0, side, side)]
    return Case(
        plane_frame(area),
        area,
        np.zeros(1, dtype=np.int64),
        np.asarray(shapely.box(west, south, east, north), dtype=object),
        np.full(count, 7.0),
        np.array([street], dtype=object),
        np.array([CLASS[Barrier.STREET]], dtype=np.int64),
        np.array(halves if again else [], dtype=object),
        np.zeros(2 if again else 0, dtype=np.bool_),
        np.ones(count, dtype=np.int64),
    )


if __name__ == "__main__":
    compile_kernels()
