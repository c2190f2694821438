"""What is asked of every route in the city: by whom, and with what answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.access import API
from geo.access.roles import Role
from tests.access import city
from tests.access.seats import Seat

# Routes that send nothing to the database but what finds out who asks.
PLAIN = {
    "GET /static", "GET /docs", "GET /docs/docs.css", "GET /docs/docs.js", "GET /healthz",
    "GET /readyz", "GET /metrics", f"GET {API}/docs", f"GET {API}/openapi.json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CityAsk:
    """One request in the city."""

    route: str
    target: str
    body: Any = None
    status: int = 200

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]


def asks(seat: Seat, doors: int) -> Iterator[CityAsk]:
    """Return what somebody asks: the routes of the grid and of people, or those of their office."""
    if seat.role is Role.SYSTEM_ADMIN:
        yield from _of_the_machine()
    elif seat.role is Role.AUDIT_ADMIN:
        yield from _of_the_audit()
    else:
        yield from _of_the_grid(seat.cell)
        yield from _of_people(seat.cell, doors)


def _get(route: str, *targets: str) -> Iterator[CityAsk]:
    for target in targets or (route,):
        yield CityAsk(f"GET {API}{route}", API + target)


def _of_the_grid(cell: str) -> Iterator[CityAsk]:
    building, leaf = city.building(), city.LEAF
    box = "bbox=116.40,33.04,116.41,33.05"
    yield from _get("/cells", "/cells", f"/cells?below={cell}", f"/cells?parent={cell}")
    yield from _get("/cells", "/cells?level=5&q=103", f"/cells?code={leaf}", f"/cells?{box}")
    yield from _get("/cells/{code}", f"/cells/{cell}", f"/cells/{cell}?f=geojson")
    yield from _get("/cells/{code}/children", f"/cells/{cell}/children")
    yield from _get("/cells/{code}/ancestors", f"/cells/{leaf}/ancestors")
    yield from _get("/cells/{code}/counts", f"/cells/{cell}/counts", f"/cells/{leaf}/counts")
    yield from _get("/publications")
    yield from _get("/publications/{number}", "/publications/1")
    yield from _get("/buildings", "/buildings", f"/buildings?cell={cell}", f"/buildings?{box}")
    yield from _get("/buildings", "/buildings?estate=e100", f"/buildings?code={building}")
    yield from _get("/buildings/{code}", f"/buildings/{building}")
    yield from _get("/posts")
    yield from _get("/occupancies")
    yield from _get(
        "/locate", f"/locate?building={building}", "/locate?lon=116.4&lat=33.04&crs=wgs84"
    )


def _of_people(cell: str, doors: int) -> Iterator[CityAsk]:
    building, household = city.building(), city.household(doors)
    leaf = city.LEAF
    yield from _get("/households", "/households", f"/households?cell={leaf}")
    yield from _get(
        "/households", "/households?occupancy=rented", f"/households?building={building}"
    )
    yield from _get("/households", "/households?vacant=true&limit=500")
    yield from _get("/households/{id}", f"/households/{household}")
    yield from _get("/buildings/{code}/households", f"/buildings/{building}/households")
    yield from _get("/workers", "/workers", f"/workers?cell={leaf}", "/workers?former=true")
    yield from _get("/workers/{code}", f"/workers/w{city.building()[1:]}")
    yield from _get("/assignments", "/assignments", f"/assignments?cell={leaf}")
    yield from _get(
        "/assignments", f"/assignments?building={building}", "/assignments?post=building_head"
    )
    yield from _get("/assignments", f"/assignments?worker=w{city.building()[1:]}")


def _of_the_machine() -> Iterator[CityAsk]:
    yield from _get("/jobs", "/jobs", "/jobs?kind=check", "/jobs?state=done")
    yield from _get("/jobs/{id}", "/jobs/1")


def _of_the_audit() -> Iterator[CityAsk]:
    yield from _get(
        "/audit/records",
        "/audit/records",
        "/audit/records?action=people.list&from=2026-01-01",
        "/audit/records?account=system:test",
        "/audit/records?subject_kind=household&subject=1",
        "/audit/records?request_id=1",
    )
    yield from _get("/audit/chain", "/audit/chain")
    yield from _get("/audit/findings", "/audit/findings", "/audit/findings?open=true")
