"""What is asked of every route in the city: by whom, and with what answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.access import API
from geo.access.roles import Role
from tests.access import city
from tests.access.seats import SPARE, Seat

# Routes that send nothing to the database but what finds out who asks.
PLAIN = {
    "GET /static", "GET /docs", "GET /docs/docs.css", "GET /docs/docs.js", "GET /healthz",
    "GET /readyz", "GET /metrics", f"GET {API}/docs", f"GET {API}/openapi.json",
}  # fmt: skip
REASON = "city: called back about the address"
_PRINTS = (Role.COMMUNITY_ADMIN, Role.DISTRICT_ADMIN)
_STAFFS = (Role.COMMUNITY_ADMIN, Role.STREET_DISPATCHER, Role.DISTRICT_ADMIN)


@dataclass(frozen=True, slots=True)
class CityAsk:
    """One request in the city.

    Parameters
    ----------
    status : of the answer
    whole : it counts all there is, so that reading all there is is right
    area : it counts all of an area, however many, and reads what lies there by the index
    """

    route: str
    target: str
    body: Any = None
    status: int = 200
    whole: bool = False
    area: bool = False

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]


def asks(seat: Seat, doors: int) -> Iterator[CityAsk]:
    """Return what somebody asks: the routes of the grid and of people, or those of their office."""
    if seat.role is Role.SYSTEM_ADMIN:
        yield from _of_accounts()
    elif seat.role is Role.AUDIT_ADMIN:
        yield from _of_the_audit()
    elif seat.role is Role.ANONYMOUS:
        yield from _of_the_grid(seat.cell)
        yield from _of_public_pages()
        return
    else:
        yield from _of_the_grid(seat.cell)
        yield from _of_people(doors)
        yield from _of_single_people(seat.role, doors)
        yield from _of_requests(seat.role, doors)
        yield from _of_workers(seat.role)
        yield from _of_names(seat)
        yield from _of_plans(seat)
        yield from _of_pages(seat, doors)
    yield from _of_oneself()


def _get(route: str, *targets: str, whole: bool = False, area: bool = False) -> Iterator[CityAsk]:
    for target in targets or (route,):
        yield CityAsk(f"GET {API}{route}", API + target, whole=whole, area=area)


def _post(
    route: str, body: Any = None, status: int = 200, target: str | None = None
) -> Iterator[CityAsk]:
    yield CityAsk(f"POST {API}{route}", API + (target or route), body, status)


def _of_the_grid(cell: str) -> Iterator[CityAsk]:
    building, leaf, box = city.building(), city.LEAF, "bbox=116.40,33.04,116.41,33.05"
    yield from _get("/cells", "/cells", f"/cells?below={cell}", f"/cells?parent={cell}")
    yield from _get("/cells", f"/cells?code={leaf}", f"/cells?{box}")
    yield from _get("/cells/{code}", f"/cells/{cell}", f"/cells/{cell}?f=geojson")
    yield from _get("/cells/{code}/children", f"/cells/{cell}/children")
    yield from _get("/cells/{code}/ancestors", f"/cells/{leaf}/ancestors")
    is_all = cell == city.ROOT
    yield from _get("/cells/{code}/counts", f"/cells/{cell}/counts", whole=is_all, area=not is_all)
    yield from _get("/cells/{code}/counts", f"/cells/{leaf}/counts")
    # Nobody of the four may count there: the numbers of everybody.
    yield from _get("/cells/{code}/counts", f"/cells/{city.NEXT_COMMUNITY}/counts")
    yield from _get("/publications")
    yield from _get("/publications/{number}", "/publications/1")
    yield from _get("/buildings", "/buildings", f"/buildings?cell={cell}", f"/buildings?{box}")
    yield from _get("/buildings", "/buildings?estate=e100", f"/buildings?code={building}")
    yield from _get("/buildings/{code}", f"/buildings/{building}")
    yield from _get("/posts")
    yield from _get("/occupancies")
    places = (f"building={building}", "lon=116.4&lat=33.04&crs=wgs84")
    yield from _get("/locate", *(f"/locate?{place}" for place in places))
    # Where no process holds the grid it is read in for the one batch.
    point = [{"lon": 116.4, "lat": 33.04}]
    yield CityAsk(f"POST {API}/locate/batch", f"{API}/locate/batch", point, whole=True)
    # Reads in the gazetteer, once a process.
    yield from _get("/addresses", "/addresses?q=h", whole=True)


def _of_people(doors: int) -> Iterator[CityAsk]:
    building, leaf, household = city.building(), city.LEAF, city.household(doors)
    queries = ("", f"?cell={leaf}", "?occupancy=rented", f"?building={building}")
    yield from _get("/households", *(f"/households{query}" for query in queries))
    yield from _get("/households", "/households?vacant=true&limit=500")
    yield from _get("/households/{id}", f"/households/{household}")
    yield from _get("/buildings/{code}/households", f"/buildings/{building}/households")
    for body in ({"phone": "13800138000"}, {"id_number": "1"}, {"head_name": "王伟"}):
        yield from _post("/households/search", body)


def _of_single_people(role: Role, doors: int) -> Iterator[CityAsk]:
    one, reason = f"/households/{city.household(doors)}", {"reason": REASON}
    fields = {"fields": ["head_name"], **reason}
    may_print, may_erase = (200 if role in who else 403 for who in (_PRINTS, (_PRINTS[1],)))
    yield from _post("/households/{id}/reveal", fields, 200, f"{one}/reveal")
    yield from _post("/households/{id}/print", reason, may_print, f"{one}/print")
    # Another one: an erasure answers what its household has asked.
    other = f"/households/{city.household(doors) + 1}/erase"
    yield from _post("/households/{id}/erase", reason, may_erase, other)


def _of_names(seat: Seat) -> Iterator[CityAsk]:
    name = {"name": f"back door of {seat.name}", "building": city.building()}
    yield CityAsk("GET /names", "/names")
    yield from _get("/addresses/nicknames", "/addresses/nicknames", "/addresses/nicknames?q=b7")
    yield from _post("/addresses/nicknames", name, 201)
    yield from _post("/addresses/nicknames/{id}/end", None, 404, "/addresses/nicknames/999999/end")


_DRAFTS = (Role.COMMUNITY_ADMIN, Role.STREET_DISPATCHER, Role.DISTRICT_ADMIN)
_APPROVES = (Role.STREET_DISPATCHER, Role.DISTRICT_ADMIN)


def _of_plans(seat: Seat) -> Iterator[CityAsk]:
    """Ask for plans: there is none yet but the one that is begun; a change names no revision."""
    reads, drafts = (200, 400) if seat.role in _DRAFTS else (403, 403)
    approves = 400 if seat.role in _APPROVES else 403
    begins = 201 if seat.role in _DRAFTS else 403
    missed = 404 if seat.role in _DRAFTS else 403
    for query in ("", "?state=draft", f"?cell={city.GRID}"):
        yield CityAsk(f"GET {API}/plans", f"{API}/plans{query}", status=reads)
    body = {"cell": city.GRID, "title": "city"}
    yield CityAsk(f"POST {API}/plans", f"{API}/plans", body, begins)
    restored = 409 if seat.role in _DRAFTS else 403
    target = f"{API}/publications/1/restore"
    route = f"POST {API}/publications/{{number}}/restore"
    yield CityAsk(route, target, {"cell": city.GRID}, restored)
    for what in ("", "/coverage", "/cells", "/problems", "/impact", "/difference"):
        target = f"{API}/plans/999999{what}"
        yield CityAsk(f"GET {API}/plans/{{id}}{what}", target, status=missed)
    for method, what, answer in (
        ("PATCH", "", drafts), ("DELETE", "", drafts), ("POST", "/operations", drafts),
        ("PUT", "/cells", drafts),
        ("DELETE", "/operations/{n}", drafts), ("POST", "/excuse", drafts),
        ("POST", "/rebase", drafts), ("POST", "/submit", drafts), ("POST", "/approve", approves),
        ("POST", "/return", approves), ("POST", "/division", drafts),
    ):  # fmt: skip
        target = f"{API}/plans/999999{what.replace('{n}', '0')}"
        sent = None if method == "DELETE" else {}
        yield CityAsk(f"{method} {API}/plans/{{id}}{what}", target, sent, answer)
    for method in ("GET", "DELETE"):
        route = f"{method} {API}/plans/{{id}}/division/{{job}}"
        yield CityAsk(route, f"{API}/plans/999999/division/1", status=missed)


def _of_requests(role: Role, doors: int) -> Iterator[CityAsk]:
    household = city.household(doors)
    queries = ("", f"?cell={city.LEAF}", "?state=open", "?overdue=true", "?kind=access")
    yield from _get("/data-requests", *(f"/data-requests{query}" for query in queries))
    yield from _get("/data-requests", f"/data-requests?household={household}")
    yield from _get("/data-requests/{id}", f"/data-requests/{city.REQUEST}")
    new = {"household": str(household), "kind": "access"}
    yield from _post("/data-requests", new, 201)
    reason, may = {"reason": REASON}, 200 if role in _PRINTS else 403
    target = f"/data-requests/{city.REQUEST}/reveal"
    yield from _post("/data-requests/{id}/reveal", reason, may, target)
    # Without a word why: nothing is decided, so that each of them may try.
    decision, status = {"state": "refused"}, 400 if role in _PRINTS else 403
    target = f"/data-requests/{city.REQUEST}/decide"
    yield from _post("/data-requests/{id}/decide", decision, status, target)


def _of_workers(role: Role) -> Iterator[CityAsk]:
    building, leaf = city.building(), city.LEAF
    worker = f"w{building[1:]}"
    yield from _get(
        "/workers", "/workers", f"/workers?cell={leaf}", "/workers?former=true", "/workers?q=W"
    )
    yield from _get("/workers/{code}", f"/workers/{worker}")
    queries = ("", f"?cell={leaf}", f"?building={building}", "?post=building_head")
    yield from _get("/assignments", *(f"/assignments{query}" for query in queries))
    yield from _get("/assignments", f"/assignments?worker={worker}")
    away = ("", f"?cell={leaf}", f"?worker={worker}")
    yield from _get("/leaves", *(f"/leaves{query}" for query in away))
    # Nobody stands in for themselves: nothing is written, so that each of them may try.
    wrong, none = (400, 404) if role in _STAFFS else (403, 403)
    yield from _post("/leaves", {"worker": worker, "substitute": worker}, wrong)
    police = {"worker": worker, "post": "community_police", "building": building}
    yield from _post("/assignments", {**police, "is_primary": True}, wrong)
    for what in ("leaves", "assignments"):
        yield from _post(f"/{what}/{{id}}/end", None, none, f"/{what}/99999999/end")


def _of_pages(seat: Seat, doors: int) -> Iterator[CityAsk]:
    # The map of a town draws all there is in it.
    is_large = seat.cell in (city.TOWN, city.ROOT)
    for target in ("/", f"/?cell={city.GRID}"):
        yield CityAsk("GET /", target, whole=is_large and target == "/")
    yield CityAsk("GET /maps/{name}", f"/maps/occupancy?cell={city.GRID}")
    yield CityAsk("GET /maps/{name}", f"/maps/public?cell={city.GRID}")
    yield CityAsk("GET /login", "/login", status=303)
    plans = 200 if seat.role in _DRAFTS else 403
    yield CityAsk("GET /editor", f"/editor?cell={city.GRID}", status=plans)
    yield CityAsk("GET /people", f"/people?building={city.building()}")
    yield CityAsk("GET /data-requests", "/data-requests")
    yield CityAsk("GET /leaves", "/leaves")
    target = f"/households/{city.household(doors)}/print"
    may = seat.role in _PRINTS
    yield CityAsk("GET /households/{id}/print", target, status=200 if may else 403)


def _of_public_pages() -> Iterator[CityAsk]:
    for target in ("/", f"/?cell={city.GRID}", "/maps/public"):
        route = "/" if target.startswith("/?") else target.replace("public", "{name}")
        # The map of the whole city counts all there is, and is kept for a minute.
        yield CityAsk(f"GET {route}", target, whole="?" not in target)
    # The plan of the town on it is kept for a minute too.
    yield CityAsk("GET /login", "/login", whole=True)


def _of_accounts() -> Iterator[CityAsk]:
    login, client = f"/accounts/{SPARE['person']}", f"/accounts/{SPARE['client']}"
    queries = ("", "?q=nobody77", "?role=grid_worker", "?kind=client", "?state=locked")
    yield CityAsk("GET /users", "/users")
    yield from _get("/accounts", *(f"/accounts{query}" for query in queries))
    yield from _get("/accounts/{login}", login)
    yield from _get("/accounts/{login}/keys", f"{client}/keys")
    yield from _post("/accounts", {"login": "city.made", "name": "city"}, 201)
    grant = {"role": "volunteer", "cell": city.GRID}
    yield from _post("/accounts/{login}/grants", grant, 201, f"{login}/grants")
    yield from _post("/accounts/{login}/keys", {"name": "city"}, 201, f"{client}/keys")
    for what in ("lock", "unlock", "reset"):
        yield from _post(f"/accounts/{{login}}/{what}", target=f"{login}/{what}")
    yield from _post("/grants/{id}/end", target=f"/grants/{SPARE['grant']}/end")
    yield from _post("/keys/{id}/end", target=f"/keys/{SPARE['key']}/end")
    yield from _post("/accounts/{login}/end", target=f"{login}/end")
    yield from _get("/jobs", "/jobs", "/jobs?kind=check", "/jobs?state=done")
    yield from _get("/jobs/{id}", "/jobs/1")


def _of_the_audit() -> Iterator[CityAsk]:
    yield CityAsk("GET /audit", "/audit")
    queries = (
        "", "?from=2026-11-01&to=2026-11-21", "?account=nobody77", "?action=people.list",
        "?outcome=missed", "?subject_kind=household&subject=77", "?request_id=city-0001",
    )  # fmt: skip
    yield from _get("/audit/records", *(f"/audit/records{query}" for query in queries))
    yield from _get("/audit/export", "/audit/export?account=nobody77&f=jsonl")
    yield from _get("/audit/chain")
    yield from _get("/audit/findings", "/audit/findings", "/audit/findings?open=true")
    review = {"remark": "on duty that night"}
    yield from _post("/audit/findings/{id}/review", review, target="/audit/findings/1/review")


def _of_oneself() -> Iterator[CityAsk]:
    yield CityAsk("GET /me", "/me")
    for path in ("/me", "/sign-ins", "/roles"):
        yield from _get(path)
    refresh = {"refresh_token": "wgr_" + "0" * 43}
    yield from _post("/sign-ins", {"login": "nobody77", "password": "wrong"}, 401)
    yield from _post("/sign-ins/refresh", refresh, 401)
    passwords = {"old": "wrong", "new": "city-2026-long-enough"}
    yield from _post("/me/password", passwords, 403)
    yield from _post("/sign-ins/{id}/end", status=404, target="/sign-ins/1/end")
    yield from _post("/sign-ins/end-others")
    yield from _post("/sign-out", status=204)
