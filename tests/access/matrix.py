"""The walk of the matrix: everybody asks every route, and every answer is held against its row.

What is expected stands in ``tests/access/routes.py``, written by hand. An answer is wrong when its
status differs, when a token of a row that the asker may not see stands in it, when rows that the
asker may see are missing from it, or when it shows a field in a form that the asker may not see.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI

from geo.access.fields import FieldClass
from tests.access.asking import Answer, Asker
from tests.access.routes_pages import PUBLIC_MAP
from tests.access.seats import Seat
from tests.access.seen import DENIED, EACH, LEAK, PUBLIC, Ask, Seen, within
from tests.access.tokens import Tokens
from tests.access.world import Known, Row

# Shown of a household by the class of its fields, by the order of ``Row.shown``: id, name, phone,
# ID number.
_CLASS_OF_SHOWN = (
    FieldClass.PUBLIC,
    FieldClass.PERSONAL,
    FieldClass.PERSONAL,
    FieldClass.SENSITIVE,
)
_FEW = ("anonymous.nowhere", "grid_worker.own", "system_client.own")
# Nobody, somebody, a program, and who may do nothing but look at the own account.
_ONCE = (*_FEW, "grid_worker.former")
# Who stands for everybody where all are answered alike, and the positions that stand for others.
_ANYBODY = (*_FEW, "intake_clerk.own")
_LEFT_OUT = ("sibling", "child", "parent", "foreign")
# Scopes are worked out alike for all roles: of these a place inside and one beside are enough.
_ALIKE = ("intake_clerk", "street_dispatcher", "duty_leader", "department_officer")
_NEARLY = ("volunteer", "community_admin")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that was made, what came back and what is wrong with it."""

    seat: Seat
    ask: Ask
    seen: Seen
    answer: Answer
    request_id: str
    given: frozenset[tuple[str, int]] = frozenset()
    faults: tuple[str, ...] = ()

    @property
    def leaks(self) -> tuple[str, ...]:
        """Those faults by which somebody learns what is not theirs to know."""
        return tuple(fault for fault in self.faults if fault.startswith(LEAK))

    @property
    def story(self) -> str:
        return f"{self.seat.name} {self.ask.name}: {'; '.join(self.faults)}"


@dataclass
class Walk:
    """Asks an application as everybody.

    Parameters
    ----------
    known : everything stored
    prefix : of the requests' ids and idempotency keys, so that two walks differ
    """

    app: FastAPI
    known: Known
    prefix: str = "matrix"
    _tokens: Tokens = field(init=False)
    _asker: Asker = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        self._tokens = Tokens(self.known)
        self._asker = Asker(self.app)

    def close(self) -> None:
        self._asker.close()

    def go(
        self, seats: Sequence[Seat], asks: Sequence[Ask], *, thin: bool = False
    ) -> Iterator[Asked]:
        """Make each request as each of them; one after the other, in a fixed order.

        Parameters
        ----------
        thin : leave out what hardly differs: another place of somebody whom a route refuses by
            role, or answers like anybody
        """
        for seat in seats:
            for ask in asks:
                if seat.role.value in ask.but:
                    continue
                seen = ask.see(seat)
                is_one = ask.few and seat.name not in _ONCE
                if not is_one and not (thin and _is_alike(seat, seen)):
                    yield self.once(seat, ask, seen)

    def once(self, seat: Seat, ask: Ask, seen: Seen) -> Asked:
        """Make one request."""
        self._count += 1
        request_id = f"{self.prefix}-{self._count:06d}"
        headers = {**seat.headers, "x-request-id": request_id}
        if ask.method == "POST":
            headers["idempotency-key"] = request_id
        if ask.method != "GET":
            headers["if-match"] = '"99"'  # a revision that nothing has
        body = ask.body
        if isinstance(body, dict):
            body = {key: request_id if one == EACH else one for key, one in body.items()}
        answer = self._asker.ask(ask.method, ask.target, body=body, headers=headers)
        given, faults = self._judged(seat, ask, seen, answer)
        return Asked(seat, ask, seen, answer, request_id, given, tuple(faults))

    def _judged(
        self, seat: Seat, ask: Ask, seen: Seen, answer: Answer
    ) -> tuple[frozenset[tuple[str, int]], list[str]]:
        faults = []
        if answer.status != seen.status:
            faults.append(f"{answer.status} instead of {seen.status}: {answer.text[:300]}")
        # A refusal may name the row it refuses, by the id it was asked by; never a value.
        told = ask.target if answer.status >= 400 else ""
        if answer.status == 404 and isinstance(ask.body, dict):
            told += f" {ask.body.get('household')}"
        found = self._tokens.found(answer.text, told=told)
        for token, row in found.items():
            if (row.kind, row.id) not in seen.rows:
                # A row of the asker's own areas, but not one that was asked for, tells nothing new.
                is_own = seen.outcome in ("done", "missed", "") and within(seat, row.cell)
                verb = "shows" if is_own else LEAK
                faults.append(f"{verb} {token} of {row.kind} {row.id} in {row.cell}")
            elif token in row.clear and token not in seen.clear:
                faults.append(f"{LEAK} {token} in clear")
            elif _class_of(row, token) > seen.masked:
                faults.append(f"{LEAK} {token}, a field of a higher class")
        given = frozenset((row.kind, row.id) for row in found.values())
        if missing := (seen.rows if seen.must is None else seen.must) - given:
            faults.append(f"does not show {sorted(missing)}")
        if missing_clear := seen.clear - found.keys():
            faults.append(f"does not reveal {sorted(missing_clear)}")
        if seen.check is not None and answer.status == seen.status:
            faults.extend(seen.check(answer))
        return given, faults


def _is_alike(seat: Seat, seen: Seen) -> bool:
    """Return whether an answer says hardly more than one to another place of the same role."""
    if seen in (PUBLIC, PUBLIC_MAP):
        return seat.name not in _ANYBODY
    if seat.role.value in _ALIKE:
        return seat.position not in ("own", "sibling")
    if seat.role.value in _NEARLY and seat.position in ("foreign", "former"):
        return True
    return seen == DENIED and seat.position in _LEFT_OUT


def _class_of(row: Row, token: str) -> FieldClass:
    if row.kind != "household" or token in row.clear:
        return FieldClass.PUBLIC
    return _CLASS_OF_SHOWN[row.shown.index(token)]
