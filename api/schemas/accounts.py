"""Bodies and queries of accounts, roles and keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from api.params import Moment, Words, moment, words
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.access.fields import FieldClass
from geo.access.roles import Permission, Role, RoleRule
from geo.accounts.model import Account, ApiKey
from geo.accounts.states import State, state_of
from geo.accounts.store import GrantRow

Kind = Literal["person", "client"]
Line = Annotated[
    str,
    AfterValidator(words),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 100}),
]
Until = Annotated[
    Moment,
    BeforeValidator(moment),
    WithJsonSchema({"type": "string", "examples": ["2027-06-30", "2027-06-30T18:00:00+08:00"]}),
]


class GrantWish(BaseModel):
    """A role to give: where, about what, until when; a day means its end."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"role": "grid_worker", "cell": "340603002001001", "valid_to": None}]
        },
    )

    role: Line
    cell: Line | None = None
    case_types: list[Line] | None = None
    valid_to: Until | None = None


class AccountWish(BaseModel):
    """An account to add, with its first role when one is named."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "login": "zhao.min",
                    "name": "赵敏",
                    "kind": "person",
                    "role": "community_admin",
                    "cell": "340603002001",
                }
            ]
        },
    )

    login: Line
    name: Line
    kind: Kind = "person"
    worker: Line | None = None
    role: Line | None = None
    cell: Line | None = None
    case_types: list[Line] | None = None
    valid_to: Until | None = None

    @property
    def grant(self) -> GrantWish | None:
        """The first role; None when none is named."""
        if self.role is None:
            return None
        return GrantWish(
            role=self.role, cell=self.cell, case_types=self.case_types, valid_to=self.valid_to
        )


class KeyWish(BaseModel, extra="forbid"):
    """A key to make: what for, how much less than its account may, for how many days."""

    name: Line
    permissions: list[Permission] | None = None
    days: int = 365


class AccountsQuery(PageQuery):
    """Which accounts."""

    q: Words | None = None
    role: Words | None = None
    kind: Kind | None = None
    state: State | None = None


class KeysQuery(PageQuery):
    """Which page of an account's keys."""


class AreaBody(BaseModel):
    """The cell a role is for."""

    code: str
    name: str


class GrantBody(BaseModel):
    """A role of an account; ``stands`` says whether it holds now."""

    id: IdText
    role: str
    area: AreaBody | None
    case_types: list[str] | None
    valid_from: datetime
    valid_to: datetime | None
    granted_by: str
    stands: bool

    @classmethod
    def of(cls, row: GrantRow) -> Self:
        """Return the body of a role."""
        area = None
        if row.cell_id is not None:
            area = AreaBody(code=row.cell_code or "", name=row.cell_name or "")
        return cls(
            id=row.id,
            role=row.role,
            area=area,
            case_types=row.case_types,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            granted_by=row.granted_by,
            stands=row.stands,
        )


class AccountBody(BaseModel):
    """An account with the roles that stand."""

    login: str
    name: str
    kind: Kind
    state: State
    must_change: bool
    demo: bool
    worker: str | None
    roles: list[GrantBody]
    seen_at: datetime | None
    locked_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    created_by: str

    @classmethod
    def of(
        cls,
        row: Account,
        *,
        roles: Sequence[GrantRow],
        seen_at: datetime | None,
        worker: str | None,
    ) -> Self:
        """Return the body of an account.

        Parameters
        ----------
        roles : that it holds now
        seen_at : when it was used last
        worker : code of the worker this person is
        """
        return cls(
            login=row.login,
            name=row.name,
            kind="person" if row.kind == "person" else "client",
            state=state_of(row),
            must_change=row.must_change,
            demo=row.demo,
            worker=worker,
            roles=[GrantBody.of(grant) for grant in roles],
            seen_at=seen_at,
            locked_at=row.locked_at,
            ended_at=row.ended_at,
            created_at=row.created_at,
            created_by=row.created_by,
        )


class AccountFileBody(AccountBody):
    """An account with its former roles too."""

    former: list[GrantBody]


class AccountMadeBody(AccountBody):
    """An account with a password just made for it, shown now and never again."""

    password: str | None


class AccountListBody(ListBody[AccountBody]):
    """A page of accounts in the order of their logins."""


class KeyBody(BaseModel):
    """A key of another system, by its first characters."""

    id: IdText
    name: str
    shown: str
    permissions: list[str] | None
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, row: ApiKey) -> Self:
        """Return the body of a key."""
        return cls.model_validate(row)


class KeyMadeBody(KeyBody):
    """A key just made; ``secret`` is the key itself, shown now and never again."""

    secret: str | None


class KeyListBody(ListBody[KeyBody]):
    """A page of an account's keys, newest first."""


class RoleBody(BaseModel):
    """A role: what it allows, which fields it shows and how, whether it is for an area."""

    role: str
    permissions: list[str]
    masked: str
    reveals: str
    has_area: bool

    @classmethod
    def of(cls, role: Role, rule: RoleRule) -> Self:
        """Return the body of a role, its permissions in the order of the table."""
        return cls(
            role=role.value,
            permissions=[one.value for one in Permission if one in rule.permissions],
            masked=class_name(rule.masked),
            reveals=class_name(rule.reveals),
            has_area=rule.has_area,
        )


class RoleListBody(ListBody[RoleBody]):
    """Every role, in the order of the table."""


def class_name(field_class: FieldClass) -> str:
    """Return the name of a class of fields."""
    return field_class.name.lower()
