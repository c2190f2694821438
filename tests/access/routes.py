"""What each route shows to whom, by hand: the other half of the matrix.

``asks`` names every route of the application at least once. Roles are written out here a second
time, so that a permission that changes its meaning, or a route that changes its permission, is
seen. A refusal names the outcome of the record that it leaves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.access.fields import FieldClass
from tests.access import world
from tests.access.asking import Answer
from tests.access.seats import NOBODY, Seat
from tests.access.world import Known, is_below

API = "/api/v1"
RowKey = tuple[str, int]
Check = Callable[[Answer], list[str]]

FIELD = ("grid_worker", "community_admin", "street_dispatcher", "district_admin")
PEOPLE = (*FIELD, "volunteer", "intake_clerk", "system_client")
WORKFORCE = (*FIELD, "intake_clerk", "duty_leader", "department_officer", "system_client")
COUNTS = (*FIELD, "duty_leader", "department_officer", "system_client")
MAPS = (*FIELD, "volunteer", "duty_leader")
TEAM = (*PEOPLE, "duty_leader", "department_officer")

MASKED: Mapping[str, FieldClass] = {
    "grid_worker": FieldClass.SENSITIVE,
    "community_admin": FieldClass.SENSITIVE,
    "district_admin": FieldClass.SENSITIVE,
    "volunteer": FieldClass.PERSONAL,
    "intake_clerk": FieldClass.PERSONAL,
    "street_dispatcher": FieldClass.PERSONAL,
    "system_client": FieldClass.INTERNAL,
    "duty_leader": FieldClass.INTERNAL,
    "department_officer": FieldClass.INTERNAL,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one asker must be answered.

    Parameters
    ----------
    status : of the answer
    rows : those that may show in it
    must : those that must; None for all of ``rows``
    clear : values in clear that must show
    masked : the highest class of fields that may show
    outcome : of the record in the audit; empty for none at all, ``any`` for either
    check : further faults of the body
    """

    status: int
    rows: frozenset[RowKey] = frozenset()
    must: frozenset[RowKey] | None = None
    clear: frozenset[str] = frozenset()
    masked: FieldClass = FieldClass.SENSITIVE
    outcome: str = ""
    check: Check | None = None

    @property
    def named(self) -> frozenset[RowKey]:
        """The rows that the record in the audit must name when they show."""
        return self.rows if self.must is None else self.must


DENIED = Seen(403, outcome="denied")
MISSED = Seen(404, outcome="missed")
NOT_SIGNED_IN = Seen(401)
PUBLIC = Seen(200)

See = Callable[[Seat], Seen]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request and what each asker must be answered."""

    route: str
    target: str
    see: See
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def name(self) -> str:
        return f"{self.method} {self.target} {self.body or ''}".rstrip()


def public(_seat: Seat) -> Seen:
    """Everybody gets the same, and nothing about anybody."""
    return PUBLIC


def only(roles: Iterable[str], see: See) -> See:
    """Return what is seen when some roles alone may ask."""
    allowed = frozenset(roles)

    def guarded(seat: Seat) -> Seen:
        if seat.role.value == NOBODY:
            return NOT_SIGNED_IN
        if seat.role.value not in allowed or not seat.stands:
            return DENIED
        return see(seat)

    return guarded


def within(seat: Seat, cell: str) -> bool:
    """Return whether a cell lies in the areas of an asker."""
    return any(is_below(cell, area) for area in seat.areas)


def keys(known: Known, areas: Sequence[str], *kinds: str) -> frozenset[RowKey]:
    """Return the rows of some tables in some cells."""
    return frozenset((kind, id) for kind in kinds for id in known.ids(kind, *areas))


def common(seat: Seat, cell: str | None) -> list[str] | None:
    """Return what a cell and an asker's areas have in common; None when nothing."""
    if cell is None:
        return list(seat.areas)
    if within(seat, cell):
        return [cell]
    return [area for area in seat.areas if is_below(area, cell)] or None


def listed(known: Known, kinds: Sequence[str], cell: str | None = None, *, also: str = "") -> See:
    """Return what a list of the first kind shows: the rows in the cell and in the asker's areas.

    Parameters
    ----------
    kinds : of rows that may show; those of the first kind must
    also : a condition on a building: rows of this leaf alone
    """

    def see(seat: Seat) -> Seen:
        areas = common(seat, cell)
        if areas is None:
            return MISSED
        if also:
            areas = [also] if within(seat, also) else []
        # Who answers may be employed anywhere in the asker's areas.
        others = keys(known, seat.areas, *set(kinds[1:]) & {"worker"})
        return Seen(
            200,
            keys(known, areas, *kinds) | others,
            must=keys(known, areas, kinds[0]),
            masked=MASKED[seat.role.value],
            outcome="done",
        )

    return see


def single(known: Known, row: RowKey, *, also: Sequence[RowKey] = ()) -> See:
    """Return what one row by its id shows: itself within the asker's areas, else nothing."""
    cell = next(one.cell for one in known.rows if (one.kind, one.id) == row)

    def see(seat: Seat) -> Seen:
        if not within(seat, cell):
            return MISSED
        return Seen(
            200,
            frozenset({row, *also}),
            must=frozenset({row}),
            masked=MASKED[seat.role.value],
            outcome="done",
        )

    return see


def exact(cell: str) -> Check:
    """Return a check that a body counts a cell as it is."""

    def check(answer: Answer) -> list[str]:
        told = (answer.body["households"], answer.body["persons"])
        count = world.count_of(cell)
        right = (count, count * world.PERSONS_EACH)
        return [] if told == right else [f"counts {told} instead of {right}"]

    return check


def in_fives(cell: str) -> Check:
    """Return a check that a body counts a cell as everybody may know it: never as it is."""

    def check(answer: Answer) -> list[str]:
        body = answer.body
        kinds = [kind[what] for kind in body["occupancies"] for what in ("households", "persons")]
        told = [body["households"], body["persons"], *kinds]
        wrong = [number for number in told if number is not None and (number % 5 or number < 5)]
        count = world.count_of(cell)
        true = (body["households"] == count, body["persons"] == count * world.PERSONS_EACH)
        return [f"tells {told}"] if wrong or any(true) else []

    return check


def counted(cell: str) -> See:
    """Return what the counts of a cell show: exact where all of it is the asker's to count."""

    def see(seat: Seat) -> Seen:
        if seat.role.value in COUNTS and within(seat, cell):
            return Seen(200, outcome="done", check=exact(cell))
        return Seen(200, outcome="any", check=in_fives(cell))

    return see


def team(known: Known) -> See:
    """Return what is shown of who answers at a place in ``OTHER_CHILD``: duty facts, by role."""
    cells = [code for code in world.PARENTS if is_below(world.OTHER_CHILD, code)]
    answering = [row for row in known.rows if row.kind == "worker" and row.cell in cells]
    # Who is employed next door and answers for the building.
    answering += [row for row in known.of("worker", world.SIBLING)]
    rows = frozenset((row.kind, row.id) for row in answering)

    def see(seat: Seat) -> Seen:
        if seat.role.value not in TEAM or not seat.stands:
            return PUBLIC
        return Seen(200, rows, must=frozenset())

    return see


def asks(known: Known) -> list[Ask]:
    """Return every request of the matrix."""
    return [*grid_asks(known), *people_asks(known), *workforce_asks(known), *plain_asks()]


def grid_asks(known: Known) -> list[Ask]:
    cell, building = world.TARGET, f"h-{world.OTHER_CHILD}"
    middle = f"lon={_lon(world.OTHER_CHILD)}&lat={_lat(world.OTHER_CHILD)}"
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
        *(Ask(f"GET {API}{route}", API + target, public) for route, target in open_to_all),
        *(
            Ask(f"GET {API}/cells/{{code}}/counts", f"{API}/cells/{code}/counts", counted(code))
            for code in (world.TARGET, world.OTHER_CHILD, world.COMMUNITY, world.FOREIGN)
        ),
        Ask(f"GET {API}/locate", f"{API}/locate?{middle}&crs=wgs84", team(known)),
        Ask(f"GET {API}/locate", f"{API}/locate?building={building}", team(known)),
    ]


def people_asks(known: Known) -> list[Ask]:
    mine, moved = (known.of("household", cell)[-1] for cell in (world.OTHER_CHILD, world.MOVED))
    kind = ("household",)
    return [
        *(
            Ask(
                f"GET {API}/households",
                f"{API}/households{query}",
                only(PEOPLE, listed(known, kind, cell)),
            )
            for query, cell in (
                ("", None),
                ("?limit=50&occupancy=rented&vacant=true", None),
                (f"?cell={world.TARGET}", world.TARGET),
                (f"?cell={world.MOVED}", world.MOVED),
                (f"?cell={world.ROOT}", world.ROOT),
            )
            if "vacant" not in query
        ),
        Ask(
            f"GET {API}/households",
            f"{API}/households?building=h-{world.OTHER_CHILD}",
            only(PEOPLE, listed(known, kind, also=world.OTHER_CHILD)),
        ),
        Ask(
            f"GET {API}/buildings/{{code}}/households",
            f"{API}/buildings/h-{world.OTHER_CHILD}/households",
            only(PEOPLE, listed(known, kind, also=world.OTHER_CHILD)),
        ),
        *(
            Ask(
                f"GET {API}/households/{{id}}",
                f"{API}/households/{row.id}",
                only(PEOPLE, single(known, (row.kind, row.id))),
            )
            for row in (mine, moved)
        ),
        Ask(f"GET {API}/households/{{id}}", f"{API}/households/9", only(PEOPLE, _nobody)),
    ]


def workforce_asks(known: Known) -> list[Ask]:
    worker = known.of("worker", world.OTHER_CHILD)[0]
    kinds = ("assignment", "worker", "household")
    return [
        *(
            Ask(
                f"GET {API}/{route}",
                f"{API}/{route}{query}",
                only(WORKFORCE, listed(known, shown, cell)),
            )
            for route, shown in (("workers", ("worker",)), ("assignments", kinds))
            for query, cell in (
                ("", None),
                (f"?cell={world.TARGET}", world.TARGET),
                (f"?cell={world.MOVED}", world.MOVED),
            )
        ),
        Ask(
            f"GET {API}/workers/{{code}}",
            f"{API}/workers/w-{worker.cell}",
            only(WORKFORCE, single(known, (worker.kind, worker.id))),
        ),
        Ask(f"GET {API}/workers/{{code}}", f"{API}/workers/none", only(WORKFORCE, _nobody)),
    ]


def plain_asks() -> list[Ask]:
    return [
        Ask(f"GET {API}/openapi.json", f"{API}/openapi.json", public),
        Ask(f"GET {API}/docs", f"{API}/docs", public),
        Ask("GET /docs", "/docs", public),
        Ask("GET /docs/docs.css", "/docs/docs.css", public),
        Ask("GET /docs/docs.js", "/docs/docs.js", public),
        Ask("GET /healthz", "/healthz", public),
        Ask("GET /readyz", "/readyz", public),
        Ask("GET /metrics", "/metrics", public),
    ]


def _nobody(_seat: Seat) -> Seen:
    return MISSED


def _lon(leaf: str) -> float:
    return float(world.middle(leaf).x)


def _lat(leaf: str) -> float:
    return float(world.middle(leaf).y)
