"""Workers of the demo town: grid workers and leaders, heads of buildings and stairs, secretaries.

All invented. The first grid worker of a grid answers for it; leaders and heads stand beside. Duty
phones have the form 0561-555-xxxx, which stands for no subscriber.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.demo import names
from geo.demo.lattice import Ints
from geo.demo.streams import stream

_GRIDS_A_LEADER = 3
_LARGE_GRID = 260  # households from which a grid has two workers
_SECOND_SHARE = 0.25
_HEADED_SHARE, _MOST_BUILDINGS = 0.7, 4  # buildings with a head; buildings one head looks after
_STAIR_SHARE = 0.08
# Names that the texts of the project use as examples.
_EXAMPLES = {"340603002001006": "沈知夏", "340603002001": "陶一禾"}


@dataclass(frozen=True)
class Posts:
    """The places that need somebody, as parallel arrays in the order of their codes.

    Parameters
    ----------
    building, building_grid : (b,) object, codes of buildings and of their grids
    households, stairwells : (b,) int64
    """

    building: np.ndarray
    building_grid: np.ndarray
    households: Ints
    stairwells: Ints


@dataclass
class _Staff:
    """Posts of one community while they are filled; names come at the end, no two alike."""

    community: str
    draw: np.random.Generator
    cells: list[str] = field(default_factory=list)
    named: dict[int, str] = field(default_factory=dict)
    assignments: list[tuple[str, str, str, str, int | None, bool]] = field(default_factory=list)

    def hire(self, cell: str, name: str | None = None) -> str:
        if name is not None:
            self.named[len(self.cells)] = name
        self.cells.append(cell)
        return f"{self.community}W{len(self.cells):04d}"

    def workers(self) -> list[tuple[str, str, str]]:
        chosen = names.apart(self.draw, len(self.cells))
        return [
            (f"{self.community}W{n + 1:04d}", self.named.get(n, chosen[n]), cell)
            for n, cell in enumerate(self.cells)
        ]


def workforce(seed: int, posts: Posts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the workers and assignments frames.

    Parameters
    ----------
    seed : the town's seed
    posts : Posts

    Returns
    -------
    DataFrame: code, name, duty_phone, cell_code
    DataFrame: worker_code, post, target_kind, target_code, stairwell, is_primary
    """
    community = np.array([code[:12] for code in posts.building_grid], dtype=object)
    staffs = []
    for code in np.unique(community):
        staff = _Staff(str(code), stream(seed, "staff", str(code)))
        _appoint(staff, posts, np.flatnonzero(community == code))
        staffs.append(staff)
    workers = pd.DataFrame(
        [worker for staff in staffs for worker in staff.workers()],
        columns=["code", "name", "cell_code"],
    )
    workers.insert(2, "duty_phone", phones(seed, len(workers)))
    assignments = pd.DataFrame(
        [row for staff in staffs for row in staff.assignments],
        columns=["worker_code", "post", "target_kind", "target_code", "stairwell", "is_primary"],
    )
    assignments["stairwell"] = assignments["stairwell"].astype("Int64")
    return workers, assignments


def _appoint(staff: _Staff, posts: Posts, members: Ints) -> None:
    secretary = staff.hire(staff.community, _EXAMPLES.get(staff.community))
    staff.assignments.append(
        (secretary, "community_secretary", "cell", staff.community, None, True)
    )
    grids = posts.building_grid[members]
    for number, grid in enumerate(np.unique(grids)):
        own = members[grids == grid]
        if number % _GRIDS_A_LEADER == 0:
            leader = staff.hire(str(grid))
        staff.assignments.append((leader, "grid_leader", "cell", str(grid), None, False))
        _grid_workers(staff, str(grid), int(posts.households[own].sum()))
        _heads(staff, str(grid), posts, own)


def _grid_workers(staff: _Staff, grid: str, households: int) -> None:
    second = households >= _LARGE_GRID or staff.draw.random() < _SECOND_SHARE
    for number in range(2 if second else 1):
        worker = staff.hire(grid, _EXAMPLES.get(grid) if number == 0 else None)
        staff.assignments.append((worker, "grid_worker", "cell", grid, None, number == 0))


def _heads(staff: _Staff, grid: str, posts: Posts, own: Ints) -> None:
    """Appoint heads of runs of buildings, and of a few stairwells in them."""
    left = 0
    head: str | None = None
    for number in own:
        if posts.households[number] < 8:
            continue
        if left == 0:
            left = int(staff.draw.integers(1, _MOST_BUILDINGS + 1))
            head = staff.hire(grid) if staff.draw.random() < _HEADED_SHARE else None
        left -= 1
        building = str(posts.building[number])
        if head is not None:
            staff.assignments.append((head, "building_head", "building", building, None, False))
        for stair in range(1, int(posts.stairwells[number]) + 1):
            if posts.stairwells[number] > 1 and staff.draw.random() < _STAIR_SHARE:
                worker = staff.hire(grid)
                staff.assignments.append(
                    (worker, "stair_head", "stairwell", building, stair, False)
                )


def phones(seed: int, count: int) -> list[str]:
    """Return so many duty phones, no two alike; more of them begin with the same."""
    order = stream(seed, "phones").permutation(10_000)
    return [f"0561-{555 + n // 10_000}-{order[n % 10_000]:04d}" for n in range(count)]
