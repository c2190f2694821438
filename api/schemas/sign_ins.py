"""Bodies of signing in and out, and of the own account."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema

from api.schemas.accounts import GrantBody, Line
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.accounts.model import SignIn
from geo.accounts.sign_ins import Opened
from geo.accounts.tokens import csrf_of, masked

_SECRET_MAX = 200


def secret(value: str) -> str:
    """Return a secret as typed; what no screen shows may be part of it, and nothing is cut."""
    if not 1 <= len(value) <= _SECRET_MAX:
        raise ValueError("length")
    return value


Secret = Annotated[
    str,
    AfterValidator(secret),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": _SECRET_MAX}),
]


class SignInWish(BaseModel):
    """Who wants to sign in, and as what."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"login": "grid_worker", "password": "wangge-demo", "kind": "token"}]
        },
    )

    login: Line
    password: Secret
    kind: Literal["page", "token"] = "token"


class RefreshWish(BaseModel, extra="forbid"):
    """A refresh token, good for one use."""

    refresh_token: Secret


class PasswordWish(BaseModel, extra="forbid"):
    """A new password, with the old one as proof."""

    old: Secret
    new: Secret


class WhoBody(BaseModel):
    """Whose sign-in it is."""

    login: str
    name: str
    must_change: bool


class OpenedBody(BaseModel):
    """A sign-in that has begun; its tokens are shown now and never again."""

    id: IdText
    kind: Literal["page", "token"]
    account: WhoBody
    token: str | None
    expires_at: datetime
    refresh_token: str | None
    ends_at: datetime
    csrf: str | None

    @classmethod
    def of(cls, opened: Opened) -> Self:
        """Return the body; a page has its token in a cookie alone, where no script reads it."""
        is_page = opened.refresh is None
        account = opened.account
        return cls(
            id=opened.sign_in_id,
            kind="page" if is_page else "token",
            account=WhoBody(
                login=account.login, name=account.name, must_change=account.must_change
            ),
            token=None if is_page else opened.token,
            expires_at=opened.until,
            refresh_token=opened.refresh,
            ends_at=opened.ends,
            csrf=masked(csrf_of(opened.token)) if is_page else None,
        )


class SignInsQuery(PageQuery):
    """Which page of the own sign-ins."""


class SignInBody(BaseModel):
    """One of the own sign-ins."""

    id: IdText
    kind: Literal["page", "token"]
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    device: str
    current: bool

    @classmethod
    def of(cls, row: SignIn, current: int) -> Self:
        """Return the body of a sign-in, marked when it is the one that asks."""
        return cls(
            id=row.id,
            kind="page" if row.kind == "page" else "token",
            created_at=row.created_at,
            seen_at=row.seen_at,
            ends_at=row.expires_at,
            address=row.address,
            device=row.device,
            current=row.id == current,
        )


class SignInListBody(ListBody[SignInBody]):
    """A page of the own sign-ins that stand, newest first."""


class EndedBody(BaseModel):
    """How many sign-ins ended."""

    ended: int


class ResetBody(BaseModel):
    """When somebody else set the own password, and who: a login, or a task of the system."""

    at: datetime
    by: str


class MeBody(BaseModel):
    """The own account: roles that stand, all they allow somewhere, and who reset its password."""

    login: str
    name: str
    kind: Literal["person", "client"]
    must_change: bool
    demo: bool
    roles: list[GrantBody]
    permissions: list[str]
    resets: list[ResetBody]
    csrf: str | None
