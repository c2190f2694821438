"""Who asks in the proofs: each role at each position relative to one cell, signed in already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo import clock
from geo.access.roles import Permission, Role
from geo.accounts.model import Account, ApiKey, RoleGrant, SignIn
from geo.accounts.tokens import TokenKind, digest
from geo.db.session import make_engine
from geo.grid.model import CellVersion
from geo.runtime import Runtime
from tests.access import world

FIRST_ACCOUNT = 4_000_001
# Where somebody stands, seen from the cell asked about; a former grant of that cell has ended.
POSITIONS = {
    "own": world.TARGET,
    "sibling": world.SIBLING,
    "child": world.CHILD,
    "parent": world.COMMUNITY,
    "foreign": world.FOREIGN,
    "former": world.TARGET,
}
# Of the whole deployment: they have no place, only a time.
WITHOUT_AREA = (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)
NOBODY = "anonymous"
# A grant that begins tomorrow; a key that says less than its account may.
COMING, NARROW = "coming", "narrow"
# Accounts that nobody asks with: they may be locked, reset and ended.
SPARE = {
    "person": "spare.person",
    "client": "spare.client",
    "grant": 4_900_003,
    "key": 4_900_004,
    "sign_in": 4_900_005,
}
_SPARE_PERSON, _SPARE_CLIENT = 4_900_001, 4_900_002


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who asks.

    Parameters
    ----------
    role : what was granted; whether it still holds is for ``areas``
    position : one of ``POSITIONS``, ``everywhere`` or ``nowhere``
    account_id : None for nobody
    token : what it shows to be known by
    cell : code of the cell it is for; empty for roles without an area
    """

    role: Role
    position: str
    account_id: int | None
    token: str
    cell: str = ""

    @property
    def name(self) -> str:
        return f"{self.role.value}.{self.position}"

    @property
    def stands(self) -> bool:
        """Whether the role holds now, and what is shown to be known by gives all of it."""
        return self.position not in ("former", COMING, NARROW)

    @property
    def areas(self) -> tuple[str, ...]:
        """Codes of the cells it is for now; none for roles without an area."""
        return (self.cell,) if self.stands and self.cell else ()

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


def seats() -> list[Seat]:
    """Return everybody who asks, in a fixed order."""
    placed = [
        (role, position)
        for role in Role
        if role not in (*WITHOUT_AREA, Role.ANONYMOUS)
        for position in POSITIONS
    ]
    whole = [(role, when) for role in WITHOUT_AREA for when in ("everywhere", "former")]
    special = [(Role.GRID_WORKER, COMING), (Role.SYSTEM_CLIENT, NARROW)]
    cells = {**POSITIONS, COMING: world.TARGET, NARROW: world.TARGET}
    made = [
        placed_at(role, cells.get(position, ""), place, position=position)
        for place, (role, position) in enumerate([*placed, *whole, *special])
    ]
    return [Seat(Role.ANONYMOUS, "nowhere", None, ""), *made]


def placed_at(role: Role, cell: str, number: int, *, position: str = "own") -> Seat:
    """Return somebody with a role at a cell; ``number`` tells them apart."""
    return Seat(role, position, FIRST_ACCOUNT + number, _token(role, number), cell)


def store(runtime: Runtime, who: Sequence[Seat]) -> None:
    """Store the accounts with their grants, each signed in."""
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with Session(owner) as session, session.begin():
        named = select(CellVersion.code, CellVersion.cell_id)
        cells = {code: cell_id for code, cell_id in session.execute(named)}
        known = [seat for seat in who if seat.account_id is not None]
        session.execute(insert(Account), [_account(seat) for seat in known])
        session.execute(insert(RoleGrant), [_grant(seat, cells) for seat in known])
        session.execute(insert(SignIn), [_sign_in(s) for s in known if not _is_system(s)])
        if systems := [_key(seat) for seat in known if _is_system(seat)]:
            session.execute(insert(ApiKey), systems)
        _add_spare(session, next(iter(cells.values())))
    owner.dispose()


def _add_spare(session: Session, cell_id: int) -> None:
    later = clock.now() + timedelta(days=1)
    of_person = {"account_id": _SPARE_PERSON, "token_hash": b"spare", "expires_at": later}
    of_client = {**of_person, "account_id": _SPARE_CLIENT}
    accounts = [
        {"id": id, "kind": kind, "login": SPARE[kind], "name": "spare", "created_by": "test"}
        for kind, id in (("person", _SPARE_PERSON), ("client", _SPARE_CLIENT))
    ]
    session.execute(insert(Account), accounts)
    grant = {"id": SPARE["grant"], "account_id": _SPARE_PERSON, "role": "volunteer"}
    session.execute(insert(RoleGrant), [{**grant, "cell_id": cell_id, "granted_by": "test"}])
    sign_in = {"id": SPARE["sign_in"], "kind": "token", "token_until": later}
    session.execute(insert(SignIn), [{**of_person, **sign_in}])
    key = {"id": SPARE["key"], "name": "spare", "shown": "spare", "created_by": "test"}
    session.execute(insert(ApiKey), [{**of_client, **key}])


def _token(role: Role, place: int) -> str:
    kind = TokenKind.KEY if role is Role.SYSTEM_CLIENT else TokenKind.ACCESS
    return f"{kind.value}{place:043d}"


def _is_system(seat: Seat) -> bool:
    return seat.role is Role.SYSTEM_CLIENT


def _account(seat: Seat) -> dict[str, object]:
    kind = "client" if _is_system(seat) else "person"
    return {
        "id": seat.account_id, "kind": kind, "login": seat.name, "name": seat.name,
        "created_by": "test",
    }  # fmt: skip


def _grant(seat: Seat, cells: dict[str, int]) -> dict[str, object]:
    now = clock.now()
    return {
        "account_id": seat.account_id,
        "role": seat.role.value,
        "cell_id": cells[seat.cell] if seat.cell else None,
        "valid_from": now + timedelta(days=1 if seat.position == COMING else -30),
        "valid_to": now - timedelta(seconds=1) if seat.position == "former" else None,
        "granted_by": "test",
    }


def _sign_in(seat: Seat) -> dict[str, object]:
    later = clock.now() + timedelta(days=1)
    return {
        "account_id": seat.account_id, "kind": "token", "token_hash": digest(seat.token),
        "token_until": later, "expires_at": later,
    }  # fmt: skip


def _key(seat: Seat) -> dict[str, object]:
    return {
        "account_id": seat.account_id, "name": seat.name, "shown": seat.token[:8],
        "token_hash": digest(seat.token), "created_by": "test",
        "expires_at": clock.now() + timedelta(days=1),
        "permissions": [Permission.GRID_READ.value] if seat.position == NARROW else None,
    }  # fmt: skip
