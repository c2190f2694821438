"""What a division is worth and takes: ``python -m bench.division [CASE.gpkg …]``.

Without arguments: the suburb of ``tests/data``, the demo town at two levels, the suburb two and ten
times side by side, and counts changed by 3 %. One's own files hold area, buildings and streets.
Times are of the processor, of one core, after the kernels are compiled; files are read before.
"""

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.town import Scale, build
from geo.exchange.division.cases import Asked, opened
from geo.grid.division.divide import divide
from geo.grid.division.model import CLASS, Barrier, Case, Division, Rules
from geo.grid.division.rules import rules_of
from geo.spatial.units.frame import degree_frame, plane_frame

SUBURB = Path(__file__).parents[1] / "tests" / "data" / "karhula.gpkg"
_STREET_M = 6.0
_RANKS = {1: Barrier.MAIN, 2: Barrier.MAIN, 3: Barrier.STREET}


@dataclass(frozen=True)
class Verdict:
    """Figures of a division, as the columns of the table in docs/performance.md."""

    cells: int
    ok_pct: float
    excused: int
    whole_pct: float
    valid: bool
    misfit_m2: float
    cut: int
    compactness: float
    street_pct: float


def judged(case: Case, rules: Rules, made: Division) -> Verdict:
    """Return what a division is worth, measured on its shapes alone."""
    shapes = case.frame.metres(made.shapes)
    areas = case.frame.metres(case.areas)
    footprints = case.frame.metres(case.footprints)
    inside = shapely.point_on_surface(footprints)
    building, cell = shapely.STRtree(shapes).query(inside, predicate="within")
    weight = np.bincount(cell, case.weights[building], minlength=len(shapes))
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, cell, case.weights[building])
    fits = (weight >= rules.low) & (weight <= rules.high)
    alone = (weight > rules.high) & (largest == weight)
    lost = shapely.area(shapely.difference(footprints[building], shapes[cell]))
    share = lost / np.maximum(shapely.area(footprints[building]), 1e-9)
    cut = (share > 0.02) & (lost > 1.0) & (case.weights[building] <= rules.high)
    size, rim = shapely.area(shapes), shapely.length(shapes)
    whole = shapely.union_all(areas)
    off = shapely.symmetric_difference(whole, shapely.coverage_union_all(shapes))
    return Verdict(
        len(shapes),
        100.0 * float((fits | alone).mean()),
        int(alone.sum()),
        100.0 * float((shapely.get_type_id(shapes) == 3).mean()),
        bool(shapely.coverage_is_valid(made.shapes)),
        float(shapely.area(off)),
        int(cut.sum()),
        float((4.0 * np.pi * size / rim**2).mean()),
        _on_streets(case, shapes, whole),
    )


def _on_streets(case: Case, shapes: np.ndarray, whole: shapely.Geometry) -> float:
    if not len(case.barriers):
        return 0.0
    streets = case.frame.metres(case.barriers)
    near = shapely.union_all(shapely.buffer(streets, _STREET_M))
    borders = shapely.union_all(shapely.boundary(shapes))
    inner = shapely.difference(borders, shapely.buffer(shapely.boundary(whole), 0.05))
    return 100.0 * shapely.length(shapely.intersection(inner, near)) / shapely.length(inner)


def measured(name: str, case: Case, rules: Rules) -> Division:
    """Divide a case, print its row and return its cells."""
    begun = time.process_time()
    made = divide(case, rules)
    seconds = time.process_time() - begun
    v = judged(case, rules, made)
    print(
        f"| {name} | {len(case.weights):,} | {seconds:.1f} | {v.cells:,} | {v.ok_pct:.2f} | "
        f"{v.excused} | {v.whole_pct:.0f} | {v.valid} | {v.misfit_m2:.4f} | {v.cut} | "
        f"{v.compactness:.3f} | {v.street_pct:.0f} |",
        flush=True,
    )
    return made


def rebalanced(name: str, case: Case, rules: Rules, made: Division) -> None:
    """Change 3 % of the counts to 0 to 2.2 times themselves, divide again and print what moves."""
    rng = np.random.default_rng(5)
    weights = case.weights.copy()
    peopled = np.flatnonzero(weights > 0)
    some = rng.choice(peopled, int(0.03 * len(peopled)), replace=False)
    weights[some] = np.rint(weights[some] * rng.uniform(0.0, 2.2, len(some)))
    locked = np.zeros(len(made.shapes), dtype=np.bool_)
    changed = replace(case, weights=weights, previous=made.shapes, locked=locked)
    again = measured(f"{name}, 3 % of the counts changed", changed, rules)
    print(f"  buildings that change their cell: {100.0 * again.moved.mean():.2f} %")


def beside_itself(case: Case, times: int) -> Case:
    """Return a case so many times side by side."""
    west, _, east, _ = shapely.total_bounds(case.areas)
    shifts = [np.array([n * (east - west + 50.0), 0.0]) for n in range(times)]
    areas, footprints, barriers = (
        np.concatenate([shapely.transform(shapes, lambda xy, by=by: xy + by) for by in shifts])
        for shapes in (case.areas, case.footprints, case.barriers)
    )
    return replace(
        case,
        frame=plane_frame(areas),
        areas=areas,
        parents=np.zeros(len(areas), dtype=np.int64),
        footprints=footprints,
        weights=np.tile(case.weights, times),
        barriers=barriers,
        classes=np.tile(case.classes, times),
        stairwells=np.tile(case.stairwells, times),
    )


def demo_case(level: int) -> Case:
    """Return Dong street of the demo town, its cells of a level as parents."""
    town = build(Scale.STREET)
    leaves = town.cells[(town.cells["level"] == 5)]
    code = {3: 12, 4: 15}[level]
    parents = gpd.GeoDataFrame(
        {"code": leaves["code"].str[:code]}, geometry=leaves.geometry
    ).dissolve("code")
    households = town.households.groupby("building_code").size()
    lines = town.ground[town.ground["kind"].isin(["street", "railway", "water"])]
    lines = lines[lines.intersects(parents.union_all())]
    kinds = [
        Barrier.WALL if kind != "street" else _RANKS.get(rank, Barrier.PATH)
        for kind, rank in zip(lines["kind"], lines["rank"], strict=True)
    ]
    areas = parents.geometry.to_numpy()
    return Case(
        degree_frame(areas, stored=True),
        areas,
        np.arange(len(areas)),
        town.buildings["footprint"].to_numpy(),
        households.reindex(town.buildings["code"]).fillna(0).to_numpy(dtype=np.float64),
        lines.geometry.to_numpy(),
        np.array([CLASS[kind] for kind in kinds], dtype=np.int64),
        np.empty(0, dtype=object),
        np.zeros(0, dtype=np.bool_),
        pd.to_numeric(town.buildings["stairwells"]).to_numpy(dtype=np.int64),
    )


def main() -> None:
    rules = Rules(30.0, 50.0)
    suburb = opened(Asked(data=str(SUBURB))).case
    divide(suburb, rules)  # compiles
    print(
        "| case | buildings | s | cells | ok % | excused | whole % | valid | misfit m² | cut |",
        end="",
    )
    print(" compactness | on streets % |")
    if len(sys.argv) > 1:
        for path in sys.argv[1:]:
            case = opened(Asked(data=path)).case
            rebalanced(Path(path).stem, case, rules, measured(Path(path).stem, case, rules))
        return
    rebalanced("suburb", suburb, rules, measured("suburb", suburb, rules))
    grids = demo_case(3)
    measured("demo, 75 grids of 6 communities", grids, rules_of(grids, None, None, 75))
    measured("demo, level 5 of 75 grids", demo_case(4), rules)
    measured("suburb twice", beside_itself(suburb, 2), rules)
    measured("suburb ten times", beside_itself(suburb, 10), rules)


if __name__ == "__main__":
    main()
