"""What it takes to publish a boundary plan in a city of 20,000 leaf cells and 200,000 buildings.

``WANGGE_DATABASE_URL=… WANGGE_DATABASE_OWNER_URL=… python -m bench.publish`` on a migrated database
without any grid; the city is made on the first run. Prints one line of JSON: seconds and processor
seconds (this process and the database's) of a plan that splits 50 cells, of one that hangs a whole
street below another district, and of an edit in a district's draft, in ms.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text

from bench.cities import city
from geo.access.actors import Actor, ActorKind
from geo.access.scope import Scope
from geo.db.session import make_engine
from geo.errors import GeoError
from geo.grid.plans import job, reading, service, store
from geo.grid.plans.kept import Drafts
from geo.grid.plans.opening import Desk, opened
from geo.grid.service import publish_cells
from geo.places import service as places
from geo.runtime import Runtime
from geo.settings import Settings

CELLS, EACH, HOUSEHOLDS = 20_000, 10, 3
DISTRICTS, STREETS, COMMUNITIES = 2, 20, 400
EDITOR, APPROVER = (Actor(n, Scope.everything(), ActorKind.SYSTEM) for n in ("editor", "approver"))
SPLITS = 50


def tree(leaves: np.ndarray) -> gpd.GeoDataFrame:
    """Return a city of two districts: leaves in order belong to communities, streets, districts."""
    place = np.arange(len(leaves))
    community = place * COMMUNITIES // len(leaves)
    street_of = np.arange(COMMUNITIES) * STREETS // COMMUNITIES
    district_of = np.arange(STREETS) * DISTRICTS // STREETS
    rows: list[tuple[str, str, int, str | None, Any]] = [("1", "市", 1, None, None)]
    rows += [(f"1{d}", f"区{d}", 2, "1", None) for d in range(DISTRICTS)]
    rows += [(f"2{s:02d}", f"街{s}", 3, f"1{district_of[s]}", None) for s in range(STREETS)]
    rows += [(f"3{c:03d}", f"社区{c}", 4, f"2{street_of[c]:02d}", None) for c in range(COMMUNITIES)]
    rows += [
        (f"3{c:03d}{i:05d}", f"格{i}", 5, f"3{c:03d}", shape)
        for i, c, shape in zip(place, community, leaves, strict=True)
    ]
    columns = ["code", "name", "level", "parent_code", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=4326)


def without_lake(leaves: np.ndarray) -> np.ndarray:
    """Return the cells and the lake between them as one more: a published grid has no gap."""
    whole = shapely.coverage_union_all(leaves)
    bodies = shapely.get_parts(whole)
    lakes = [shapely.Polygon(ring) for body in bodies for ring in body.interiors]
    return np.append(leaves, lakes)


def buildings(leaves: np.ndarray) -> gpd.GeoDataFrame:
    """Return ten buildings in each leaf, around its middle."""
    middle = shapely.get_coordinates(shapely.point_on_surface(leaves))
    spread = np.random.default_rng(3).normal(scale=4e-5, size=(len(leaves), EACH, 2))
    points = shapely.points((middle[:, None] + spread).reshape(-1, 2))
    codes = [f"b{i}" for i in range(len(points))]
    return gpd.GeoDataFrame(
        {
            "code": codes, "name": codes, "kind": "slab", "estate_code": None, "road": "路",
            "door_no": "1", "building_no": codes, "floors": 6, "stairwells": 1,
            "footprint": shapely.buffer(points, 1e-5, cap_style="square"),
        },
        geometry=points,
        crs=4326,
    )  # fmt: skip


def make(runtime: Runtime) -> None:
    """Store the city: cells and buildings by the services, people straight into their tables."""
    leaves = without_lake(city(CELLS - 1))
    with runtime.work(Actor.system("bench"), long=True) as work:
        publish_cells(work, tree(leaves), note="bench")
        places.add_buildings(work, buildings(leaves))
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with owner.begin() as connection:
        for statement in (
            "INSERT INTO dwelling_unit (building_id, stairwell, floor, number)"
            " SELECT id, 1, 1, n::text FROM building, generate_series(1, :households) AS n",
            "INSERT INTO household (unit_id, building_id, occupancy, persons, path)"
            " SELECT unit.id, building.id, 'owner_occupied', 2, building.path"
            " FROM dwelling_unit AS unit JOIN building ON building.id = unit.building_id",
            "INSERT INTO worker (code, name, cell_id, path) SELECT 'w' || code, code, cell_id, path"
            " FROM cell_version WHERE level = 5",
            "INSERT INTO assignment (worker_id, post, is_primary, cell_id, valid_from, path)"
            " SELECT id, 'grid_worker', true, cell_id, now(), path FROM worker",
        ):
            connection.execute(text(statement), {"households": HOUSEHOLDS})
        connection.exec_driver_sql("ANALYZE")
    owner.dispose()


def split(code: str, shape: shapely.Geometry) -> dict[str, Any]:
    """Return a cut through the middle of a cell, from south to north."""
    _, south, _, north = shapely.bounds(shape)
    middle = shapely.point_on_surface(shape)
    return {
        "op": "split",
        "cell": code,
        "line": [[middle.x, south - 1e-4], [middle.x, north + 1e-4]],
    }


def cuts(work: Any, drafts: Drafts, cell: str, number: int) -> list[dict[str, Any]]:
    """Return cuts of single leaves that the kernel takes, spread over a cell."""
    plan = service.begin_plan(work, cell, title="bench")
    base = opened(Desk(work, drafts), plan).base
    leaves = [code for code in sorted(base.cells) if code not in base.parents]
    chosen = leaves[:: max(1, len(leaves) // (4 * number))]
    found: list[dict[str, Any]] = []
    for code in chosen:
        operation = split(code, base.working.shape(code))
        try:
            service.edited(Desk(work, drafts), plan.id, plan.revision, _read([operation]))
        except GeoError:  # a crooked cell may be cut into three
            continue
        found.append(operation)
        if len(found) == number:
            break
    return found


def _read(operations: list[dict[str, Any]]) -> list[Any]:
    return reading.operations(operations, "wgs84")


def approved(runtime: Runtime, cell: str, operations: list[dict[str, Any]]) -> tuple[int, float]:
    """Return a plan that waits to be published, and the longest of its edits in ms."""
    drafts, slowest = Drafts(), 0.0
    with runtime.work(EDITOR, long=True) as work:
        desk = Desk(work, drafts)
        plan = service.begin_plan(work, cell, title="bench")
        opened(desk, plan).known.stock()
        for operation in operations:
            begun = time.perf_counter()
            service.edited(desk, plan.id, plan.revision, _read([operation]))
            slowest = max(slowest, (time.perf_counter() - begun) * 1000)
        for problem in service.problems_of(desk, opened(desk, plan)):
            if problem.is_open:
                service.excused(desk, plan.id, plan.revision, problem.code, "bench")
        service.submitted(desk, plan.id, plan.revision)
    with runtime.work(APPROVER, long=True) as work:
        row = store.plan_by_id(work.session, work.scope, plan.id)
        service.approved(Desk(work, drafts), plan.id, row.revision, None)
    return plan.id, slowest


def timed(act: Callable[[], object]) -> dict[str, float]:
    """Return how long something takes, and the processor time of this process in it."""
    begun, processor = time.perf_counter(), time.process_time()
    act()
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "process_seconds": round(time.process_time() - processor, 2),
    }


def main() -> None:
    runtime = Runtime(Settings())
    with runtime.work(Actor.system("bench")) as work:
        filled = work.session.scalar(text("SELECT count(*) FROM publication"))
    if not filled:
        make(runtime)
    with runtime.work(EDITOR, dry_run=True, long=True) as work:
        found = cuts(work, Drafts(), "10", SPLITS)
    figures: dict[str, object] = {}
    plan, slowest = approved(runtime, "10", found)
    figures["slowest edit of a 10,000-cell draft, ms"] = round(slowest, 1)
    figures[f"{len(found)} cells split"] = timed(lambda: job.publish_now(runtime, plan))
    with runtime.work(EDITOR) as work:
        query = text(
            "SELECT parent.code FROM cell_version AS street JOIN cell_version AS parent"
            " ON parent.cell_id = street.parent_id AND upper_inf(parent.during)"
            " WHERE street.code = '203' AND upper_inf(street.during)"
        )
        there = "10" if work.session.scalar(query) == "11" else "11"
    move = {"op": "reparent", "cell": "203", "parent": there}
    plan, _ = approved(runtime, "1", [move])
    figures["street of 1,000 cells moved"] = timed(lambda: job.publish_now(runtime, plan))
    runtime.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
