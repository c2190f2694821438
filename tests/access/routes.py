"""Every route, what is asked of it and what each asker must be answered, by hand."""

from dataclasses import replace

from geo.access.fields import FieldClass
from tests.access import world
from tests.access.asking import Answer
from tests.access.routes_office import last_asks, office_asks, own_asks
from tests.access.routes_pages import page_asks
from tests.access.routes_plans import plan_asks
from tests.access.seats import Seat
from tests.access.seen import (
    API,
    DECIDING,
    DENIED_HERE,
    EACH,
    FIELD,
    MISSED,
    NAMING,
    PEOPLE,
    SEARCHING,
    STAFFING,
    TAKING_DOWN,
    WORKFORCE,
    Ask,
    See,
    Seen,
    coded,
    counted,
    found_by,
    in_clear,
    listed,
    missed,
    nickname,
    only,
    public,
    single,
    team,
    within,
)
from tests.access.world import Known, Row

REASON = "matrix: called back about the address"
# A place beyond the own areas, for somebody within them.
NOT_THEIRS = Seen(404, outcome="missed", check=coded("target_not_yours"))


def asks(known: Known) -> list[Ask]:
    """Return every request of the matrix; the last one signs the asker out."""
    return [ask for group in groups(known) for ask in group]


def groups(known: Known) -> list[list[Ask]]:
    """Return the same by what is asked about: any group but the last may be asked first."""
    return [
        grid_asks(known),
        people_asks(known),
        clear_asks(known),
        request_asks(known),
        workforce_asks(known),
        plan_asks(known),
        plain_asks(),
        page_asks(known),
        office_asks(),
        own_asks(),
        last_asks(),
    ]


def grid_asks(known: Known) -> list[Ask]:
    cell, building = world.TARGET, f"h-{world.OTHER_CHILD}"
    middle = world.middle(world.OTHER_CHILD)
    open_to_all = [
        ("/cells", "/cells"),
        ("/cells", f"/cells?below={cell}"),
        ("/cells/{code}", f"/cells/{cell}"),
        ("/cells/{code}/children", f"/cells/{cell}/children"),
        ("/cells/{code}/ancestors", f"/cells/{cell}/ancestors"),
        ("/publications", "/publications"),
        ("/publications/{number}", "/publications/1"),
        ("/buildings", f"/buildings?cell={cell}"),
        ("/buildings/{code}", f"/buildings/{building}"),
        ("/posts", "/posts"),
        ("/occupancies", "/occupancies"),
    ]
    return [
        *(_get(route, target, public) for route, target in open_to_all),
        *(
            _get("/cells/{code}/counts", f"/cells/{code}/counts", counted(code))
            for code in (world.TARGET, world.OTHER_CHILD, world.COMMUNITY, world.FOREIGN)
        ),
        _get("/locate", f"/locate?lon={middle.x}&lat={middle.y}&crs=wgs84", team(known)),
        _get("/locate", f"/locate?building={building}", team(known)),
        Ask(
            f"POST {API}/locate/batch",
            f"{API}/locate/batch?include=team",
            team(known),
            [{"id": "1", "lon": middle.x, "lat": middle.y}],
        ),
        _get("/addresses", "/addresses?q=%E9%B8%BD%E5%AD%90%E6%A5%BC", nickname()),
        _get(
            "/addresses/nicknames",
            f"/addresses/nicknames?building={building}",
            only(NAMING, _names_at(world.OTHER_CHILD)),
        ),
        _post(
            "/addresses/nicknames",
            {"name": EACH, "building": building},
            only(NAMING, _named(world.OTHER_CHILD)),
        ),
        Ask(
            f"POST {API}/addresses/nicknames/{{id}}/end",
            f"{API}/addresses/nicknames/999999/end",
            only(NAMING, _nobody("place_name")),
        ),
    ]


def people_asks(known: Known) -> list[Ask]:
    mine, moved = _household(known, 3), known.of("household", world.MOVED)[0]
    objected = world.objected(known)
    building, kinds = f"h-{world.OTHER_CHILD}", ("household",)
    lists = [
        ("", None),
        (f"?cell={world.TARGET}", world.TARGET),
        (f"?cell={world.MOVED}", world.MOVED),
        (f"?cell={world.ROOT}", world.ROOT),
    ]
    of_building = only(PEOPLE, listed(known, kinds, also=world.OTHER_CHILD))
    return [
        *(
            _get("/households", f"/households{query}", only(PEOPLE, listed(known, kinds, cell)))
            for query, cell in lists
        ),
        _get("/households", f"/households?building={building}", of_building),
        _get("/buildings/{code}/households", f"/buildings/{building}/households", of_building),
        *(
            _get("/households/{id}", f"/households/{row.id}", only(PEOPLE, _single(known, row)))
            for row in (mine, moved)
        ),
        _get("/households/{id}", "/households/9", only(PEOPLE, _nobody("household"))),
        *(
            _post("/households/search", body, only(SEARCHING, found_by(known, mine)))
            for body in ({"phone": mine.clear[1]}, {"head_name": mine.clear[0]})
        ),
        _post(
            "/households/search",
            {"phone": objected.clear[1]},
            only(SEARCHING, _if_deciding(found_by(known, objected))),
        ),
    ]


def clear_asks(known: Known) -> list[Ask]:
    """Return what is asked of single households in clear, and for good."""
    printed, revealed, erased, _ = (_household(known, place) for place in range(4))
    moved, objected = known.of("household", world.MOVED)[0], world.objected(known)
    name, phone, number = revealed.clear
    personal = {"fields": ["head_name", "head_phone"], "reason": REASON}
    sensitive = {"fields": ["head_id_number"], "reason": REASON}
    return [
        _of_one(revealed, "reveal", only(FIELD, in_clear(revealed, (name, phone))), personal),
        _of_one(
            revealed, "reveal", only(FIELD, _sensitive(in_clear(revealed, [number]))), sensitive
        ),
        _of_one(moved, "reveal", only(FIELD, in_clear(moved, moved.clear[:2])), personal),
        _of_one(objected, "reveal", only(FIELD, _unless_objected(objected)), personal),
        _of_one(printed, "print", only(DECIDING, _file(known, printed))),
        _of_one(moved, "print", only(DECIDING, _file(known, moved))),
        _of_one(erased, "erase", only(["district_admin"], _erased(erased))),
    ]


def request_asks(known: Known) -> list[Ask]:
    mine, asked = _household(known, 3), known.of("data_request", world.OTHER_CHILD)[0]
    _, correction, erasure = known.of("data_request", world.SIBLING)
    moved = known.of("data_request", world.MOVED)[0]
    kinds = ("data_request", "household")
    new = {"household": str(mine.id), "kind": "access", "wish": ""}
    return [
        *(
            _get(
                "/data-requests",
                f"/data-requests{query}",
                only(TAKING_DOWN, listed(known, kinds, cell)),
            )
            for query, cell in (
                ("", None),
                (f"?cell={world.TARGET}", world.TARGET),
                (f"?cell={world.MOVED}", world.MOVED),
            )
        ),
        *(
            _get(
                "/data-requests/{id}",
                f"/data-requests/{row.id}",
                only(TAKING_DOWN, _request(known, row)),
            )
            for row in (asked, moved, correction)
        ),
        _get(
            "/data-requests",
            f"/data-requests?household={mine.id}",
            only(TAKING_DOWN, _some_at(known, mine.cell, kinds, missed(mine.kind))),
        ),
        _post("/data-requests", new, only(TAKING_DOWN, _taken_down(mine))),
        *(
            _post_to(
                "/data-requests/{id}/reveal",
                f"/data-requests/{row.id}/reveal",
                only(DECIDING, _if_mine(row, _wish(row))),
            )
            for row in (asked, moved)
        ),
        # A refusal needs a word: nothing is decided, so that everybody may try.
        _decide(asked, only(DECIDING, _if_mine(asked, Seen(400))), "refused"),
        # Who may decide may not erase by it; who may erase does not ask, or it were done.
        replace(
            _decide(erasure, only(DECIDING, _if_mine(erasure, DENIED_HERE)), "done"),
            but=("district_admin",),
        ),
    ]


def workforce_asks(known: Known) -> list[Ask]:
    worker, moved = (known.of("worker", cell)[0] for cell in (world.OTHER_CHILD, world.MOVED))
    kinds = ("assignment", "worker", "household")
    # What nobody may ask for is refused of one's own workers alone; of others there are none.
    refused = only(STAFFING, _if_mine(worker, Seen(400)))
    code = f"w-{worker.cell}"
    police = {"worker": code, "post": "community_police", "cell": worker.cell, "is_primary": True}
    # Nobody who may staff does so where the moved cell lies; no building has so many stairwells.
    there = {"worker": code, "post": "building_head", "building": f"h-{world.MOVED}"}
    not_theirs = only(STAFFING, _if_mine(worker, NOT_THEIRS))
    return [
        _post("/assignments", police, refused),
        _post("/assignments", {**there, "stairwell": 99}, not_theirs),
        _post("/leaves", {"worker": code, "substitute": code}, refused),
        *(
            Ask(
                f"POST {API}/{route}/{{id}}/end",
                f"{API}/{route}/{id}/end",
                only(STAFFING, _nobody(told)),
            )
            for route, kind, told in (
                ("assignments", "assignment", "assignment"),
                ("leaves", "worker_leave", "leave"),
            )
            for id in (999999, known.of(kind, world.MOVED)[0].id)
        ),
        _get(
            "/assignments",
            f"/assignments?building=h-{worker.cell}",
            only(WORKFORCE, _some_at(known, worker.cell, kinds, MISSED)),
        ),
        *(
            _get(f"/{route}", f"/{route}{query}", only(WORKFORCE, listed(known, shown, cell)))
            for route, shown in (
                ("workers", ("worker",)),
                ("assignments", kinds),
                ("leaves", ("worker_leave", "worker")),
            )
            for query, cell in (
                ("", None),
                (f"?cell={world.TARGET}", world.TARGET),
                (f"?cell={world.MOVED}", world.MOVED),
            )
        ),
        *(
            _get("/workers", f"/workers?q={words}", only(WORKFORCE, listed(known, ("worker",))))
            for words in ("w", "w-1")
        ),
        *(
            _get("/workers/{code}", f"/workers/w-{row.cell}", only(WORKFORCE, _single(known, row)))
            for row in (worker, moved)
        ),
        _get("/workers/{code}", "/workers/none", only(WORKFORCE, _nobody("worker"))),
    ]


def plain_asks() -> list[Ask]:
    bare = ["/docs", "/docs/docs.css", "/docs/docs.js", "/healthz", "/readyz", "/metrics"]
    return [
        _get("/openapi.json", "/openapi.json", public),
        _get("/docs", "/docs", public),
        *(Ask(f"GET {path}", path, public) for path in bare),
    ]


def _get(route: str, target: str, see: See) -> Ask:
    return Ask(f"GET {API}{route}", API + target, see)


def _post(route: str, body: object, see: See) -> Ask:
    return Ask(f"POST {API}{route}", API + route, see, body)


def _post_to(route: str, target: str, see: See) -> Ask:
    return Ask(f"POST {API}{route}", API + target, see, {"reason": REASON})


def _wish(row: Row) -> Seen:
    """Return what a request shows in clear: nothing but itself."""
    own = frozenset({(row.kind, row.id)})
    return Seen(200, own, must=frozenset(), masked=FieldClass.PUBLIC, outcome="done")


def _of_one(row: Row, what: str, see: See, body: object = None) -> Ask:
    route, target = f"/households/{{id}}/{what}", f"{API}/households/{row.id}/{what}"
    return Ask(f"POST {API}{route}", target, see, body or {"reason": REASON})


def _decide(row: Row, see: See, state: str) -> Ask:
    target = f"{API}/data-requests/{row.id}/decide"
    return Ask(
        f"POST {API}/data-requests/{{id}}/decide", target, see, {"state": state, "outcome": ""}
    )


def _household(known: Known, place: int) -> Row:
    return known.of("household", world.OTHER_CHILD)[place]


def _single(known: Known, row: Row) -> See:
    return single(known, (row.kind, row.id))


def _nobody(kind: str) -> See:
    unknown = missed(kind)
    return lambda _seat: unknown


def _sensitive(see: See) -> See:
    """Return what is seen of a field that some may reveal nowhere."""

    def narrowed(seat: Seat) -> Seen:
        seen = see(seat)
        may = seat.role.value in DECIDING or seen.status == 404
        return seen if may else DENIED_HERE

    return narrowed


def _file(known: Known, row: Row) -> See:
    """Return what a print shows: the household in clear, who answers for it, what it has asked."""
    others = known.of("worker", row.cell) + known.of("data_request", row.cell)
    return in_clear(row, row.clear, [(other.kind, other.id) for other in others])


def _erased(row: Row) -> See:
    unknown = missed(row.kind)

    def see(seat: Seat) -> Seen:
        if not within(seat, row.cell):
            return unknown
        rows = frozenset({(row.kind, row.id)})
        return Seen(200, rows, masked=FieldClass.PUBLIC, outcome="done")

    return see


def _request(known: Known, row: Row) -> See:
    """Return what one request shows: itself and whose it is."""
    others = [("household", id) for id in known.ids("household", row.cell)]
    return single(known, (row.kind, row.id), also=others)


def _taken_down(household: Row) -> See:
    unknown = missed(household.kind)

    def see(seat: Seat) -> Seen:
        if not within(seat, household.cell):
            return unknown
        return Seen(
            201, frozenset({(household.kind, household.id)}), outcome="done", must=frozenset()
        )

    return see


def _names_at(cell: str) -> See:
    """Return what the names of a building show: the nickname, where it is the asker's to name."""

    def told(answer: Answer) -> list[str]:
        return [] if world.NICKNAME in answer.text else ["keeps a nickname"]

    return lambda seat: Seen(200, check=told) if within(seat, cell) else MISSED


def _named(cell: str) -> See:
    """Return what naming a building answers: it is done where it is the asker's."""
    return lambda seat: Seen(201, outcome="done") if within(seat, cell) else MISSED


def _if_mine(row: Row, mine: Seen) -> See:
    """Return the same of a row of one's own, whoever asks; of any other that there is none."""
    unknown = missed(row.kind)
    return lambda seat: mine if within(seat, row.cell) else unknown


def _some_at(known: Known, cell: str, kinds: tuple[str, ...], unknown: Seen) -> See:
    """Return what a list of what belongs to one row shows: some of what is in its cell."""
    see = listed(known, kinds, also=cell)

    def narrowed(seat: Seat) -> Seen:
        seen = see(seat)
        return unknown if seen.status == 404 else replace(seen, must=frozenset())

    return narrowed


def _unless_objected(row: Row) -> See:
    """Return what is shown in clear of somebody who has objected: to those alone who decide."""
    see = in_clear(row, row.clear[:2])

    def narrowed(seat: Seat) -> Seen:
        seen = see(seat)
        may = seat.role.value in DECIDING or seen.status == 404
        return seen if may else DENIED_HERE

    return narrowed


def _if_deciding(see: See) -> See:
    """Return what a search shows of somebody who has objected: to whoever decides, or nobody."""

    def narrowed(seat: Seat) -> Seen:
        seen = see(seat)
        return seen if seat.role.value in DECIDING else replace(seen, rows=frozenset())

    return narrowed
