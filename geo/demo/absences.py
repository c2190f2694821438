"""Who stands beside the teams of the demo town, and who of it is away; all invented.

Made after everybody else, so that nobody else changes: people have codes of their own (``P``).
"""

import pandas as pd

from geo.demo import names
from geo.demo.streams import stream
from geo.demo.workforce import phones

_SHARED = 2  # every so many communities an officer has the next one too
_ESTATES = 2  # estates of a community with a named property manager


def beside(
    seed: int, workers: pd.DataFrame, assignments: pd.DataFrame, estates: dict[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return workers and assignments with those beside the teams.

    Parameters
    ----------
    seed : the town's seed
    workers, assignments : as ``geo.demo.workforce.workforce`` makes them
    estates : community → codes of its estates

    Returns
    -------
    Two DataFrames of the same columns: police by community, some for two of them, so that areas
    overlap; a property manager for some estates; a legal adviser and a fire officer for each street
    """
    communities = sorted(estates)
    wanted: list[tuple[str, str, list[tuple[str, str]]]] = []
    for place, code in enumerate(communities):
        shared = communities[place : place + (2 if place % _SHARED == 0 else 1)]
        wanted.append((code, "community_police", [("cell", one) for one in shared]))
        for estate in estates[code][:_ESTATES]:
            wanted.append((code, "property_manager", [("estate", estate)]))
    for street in sorted({code[:9] for code in communities}):
        wanted.append((street, "legal_adviser", [("cell", street)]))
        wanted.append((street, "fire_officer", [("cell", street)]))
    hired = _hired(seed, workers, [cell for cell, _, _ in wanted])
    rows = [
        (code, post, kind, target, None, False)
        for code, (_, post, targets) in zip(hired["code"], wanted, strict=True)
        for kind, target in targets
    ]
    made = pd.DataFrame(rows, columns=assignments.columns).astype({"stairwell": "Int64"})
    return (
        pd.concat([workers, hired], ignore_index=True),
        pd.concat([assignments, made], ignore_index=True),
    )


def leaves(workers: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return who is away: in each community one with a substitute, one without, one to come.

    Parameters
    ----------
    workers, assignments : of the teams

    Returns
    -------
    DataFrame: worker_code, substitute_code (None for nobody), begins_in (days from today), days
    """
    on_cells = assignments[assignments["target_kind"] == "cell"]
    first = on_cells[(on_cells["post"] == "grid_worker") & on_cells["is_primary"]]
    others = on_cells[on_cells["post"].isin(["grid_worker", "grid_leader"])]
    rows: list[tuple[str, str | None, int, int]] = []
    for _, grids in first.groupby(first["target_code"].str[:12]):
        # The first grids stay as texts and pictures tell of them.
        chosen = grids.sort_values("target_code").iloc[-3:]
        plans = ((True, 0, 5), (False, 0, 2), (True, 3, 4))
        for duty, (stood_in, begins_in, days) in zip(chosen.itertuples(), plans, strict=False):
            near = others[
                (others["target_code"] == duty.target_code)
                & (others["worker_code"] != duty.worker_code)
            ]["worker_code"].tolist()
            rows.append((duty.worker_code, near[0] if stood_in and near else None, begins_in, days))
    return pd.DataFrame(rows, columns=["worker_code", "substitute_code", "begins_in", "days"])


def _hired(seed: int, workers: pd.DataFrame, cells: list[str]) -> pd.DataFrame:
    taken = set(workers["name"])
    drawn = names.apart(stream(seed, "beside"), len(cells) + len(taken))
    free = [name for name in drawn if name not in taken]
    every = phones(seed, len(workers) + len(cells))
    return pd.DataFrame(
        {
            "code": [f"{cell}P{number:03d}" for number, cell in enumerate(cells, 1)],
            "name": free[: len(cells)],
            "duty_phone": every[len(workers) :],
            "cell_code": cells,
        }
    )
