"""What somebody must be answered: by role and by place, in words that ``routes.py`` puts together.

Roles are written out here a second time, so that a permission that changes its meaning, or a route
that changes its permission, is seen. A refusal names the outcome of the record that it leaves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.access.fields import FieldClass
from tests.access import world
from tests.access.asking import Answer
from tests.access.seats import NOBODY, Seat
from tests.access.world import Known, Row, is_below

API = "/api/v1"
RowKey = tuple[str, int]
Check = Callable[[Answer], list[str]]

# In a body: a text that no other request has.
EACH = "{each}"

# How a fault begins that tells somebody what is not theirs to know.
LEAK = "betrays"

FIELD = ("grid_worker", "community_admin", "street_dispatcher", "district_admin")
DECIDING = ("community_admin", "district_admin")
PEOPLE = (*FIELD, "volunteer", "intake_clerk", "system_client")
SEARCHING = TAKING_DOWN = (*FIELD, "intake_clerk")
WORKFORCE = (*FIELD, "intake_clerk", "duty_leader", "department_officer", "system_client")
STAFFING = ("community_admin", "street_dispatcher", "district_admin")
COUNTS = (*FIELD, "duty_leader", "department_officer", "system_client")
MAPS = (*FIELD, "volunteer", "duty_leader")
TEAM = (*PEOPLE, "duty_leader", "department_officer")
NAMING = (*FIELD, "volunteer", "intake_clerk", "duty_leader", "department_officer")
# Whoever has an account of a person, whatever it may do.
PERSONS = (*FIELD, "volunteer", "intake_clerk", "duty_leader", "department_officer")
PERSONS += ("system_admin", "audit_admin")

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
        """The rows that the record must name when they show; of assignments and leaves workers."""
        kinds = {kind for kind, _ in (self.rows if self.must is None else self.must)}
        told = {"worker" if kind in ("assignment", "worker_leave") else kind for kind in kinds}
        return frozenset(key for key in self.rows if key[0] in told)


DENIED = Seen(403, outcome="denied")
MISSED = Seen(404, outcome="missed")
NOT_SIGNED_IN = Seen(401)
PUBLIC = Seen(200)

See = Callable[[Seat], Seen]


def coded(code: str) -> Check:
    """Return a check that a refusal says why."""

    def check(answer: Answer) -> list[str]:
        return [] if answer.code == code else [f"is refused by {answer.code}, not by {code}"]

    return check


# Refused for what the row is like, not for the role: it is asked at every position.
DENIED_HERE = Seen(403, outcome="denied", masked=FieldClass.NOTHING)


def missed(kind: str) -> Seen:
    """Return what is told of a row that is not the asker's: as of one that is not there."""

    def check(answer: Answer) -> list[str]:
        told = answer.code
        return [] if told == f"{kind}_unknown" else [f"{LEAK} that it is there: {told}"]

    return Seen(404, outcome="missed", check=check)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request and what each asker must be answered.

    Parameters
    ----------
    few : it costs a password's work and does not depend on the role: two of them are enough
    but : roles that do not ask it, since it would be done for all who ask after them
    """

    route: str
    target: str
    see: See
    body: Any = None
    few: bool = False
    but: tuple[str, ...] = ()

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


def of_persons(see: See) -> See:
    """Return what is seen when anybody with an own account may ask, former roles or not."""

    def guarded(seat: Seat) -> Seen:
        if seat.role.value == NOBODY:
            return NOT_SIGNED_IN
        return see(seat) if seat.role.value in PERSONS else DENIED

    return guarded


def answers(status: int, outcome: str = "", check: Check | None = None) -> See:
    """Return that everybody who may ask gets the same, and nothing about anybody."""
    seen = Seen(status, outcome=outcome, check=check)
    return lambda _seat: seen


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
        if areas is None or (also and not within(seat, also)):
            return MISSED
        if also:
            areas = [also]
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
    unknown = missed(row[0])

    def see(seat: Seat) -> Seen:
        if not within(seat, cell):
            return unknown
        return Seen(
            200,
            frozenset({row, *also}),
            must=frozenset({row}),
            masked=MASKED[seat.role.value],
            outcome="done",
        )

    return see


def found_by(known: Known, row: Row) -> See:
    """Return what a search that fits one row shows: the row, or nobody."""

    def see(seat: Seat) -> Seen:
        rows = frozenset({(row.kind, row.id)}) if within(seat, row.cell) else frozenset[RowKey]()
        return Seen(200, rows, masked=MASKED[seat.role.value], outcome="done")

    return see


def in_clear(row: Row, values: Iterable[str], also: Iterable[RowKey] = ()) -> See:
    """Return what somebody is shown of a row in clear: these values of it and no other."""
    unknown = missed(row.kind)

    def see(seat: Seat) -> Seen:
        if not within(seat, row.cell):
            return unknown
        own = frozenset({(row.kind, row.id)})
        # Who is shown the value itself may be shown its mask.
        return Seen(200, own | {*also}, must=own, clear=frozenset(values), outcome="done")

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
        if body["households"] == count or body["persons"] == count * world.PERSONS_EACH:
            return [f"{LEAK} a count of {count}: {told}"]
        return [f"tells {told}"] if wrong else []

    return check


def counted(cell: str) -> See:
    """Return what the counts of a cell show: exact where all of it is the asker's to count."""

    def see(seat: Seat) -> Seen:
        if seat.role.value in COUNTS and within(seat, cell):
            return Seen(200, outcome="done", check=exact(cell))
        return Seen(200, outcome="any", check=in_fives(cell))

    return see


def nickname() -> See:
    """Return what is offered of a nickname: itself to staff, nothing to everybody else."""

    def check(answer: Answer) -> list[str]:
        return [] if world.NICKNAME in answer.text else ["keeps a nickname from staff"]

    def hidden(answer: Answer) -> list[str]:
        return [f"{LEAK} a nickname"] if world.NICKNAME in answer.text else []

    told, untold = Seen(200, check=check), Seen(200, check=hidden)
    return lambda seat: told if seat.role.value in TEAM and seat.stands else untold


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
