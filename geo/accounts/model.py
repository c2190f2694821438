"""Tables of accounts: people and systems, what was granted, sign-ins, keys, failures, requests.

No secret stands here in a form that opens anything: passwords as argon2id, tokens and keys as
SHA-256. Rows end; what has ended long enough goes (``docs/reference/retention.md``).
"""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.db.base import Base, Id
from geo.db.types import CodeText

_INSTANT = DateTime(timezone=True)


class Account(Base):
    """Somebody or something that signs in."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'client')", "kind"),
        CheckConstraint("login = lower(login)", "login"),
        {"comment": "People and systems that sign in"},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(Text, comment="person, or client: another system")
    login: Mapped[str] = mapped_column(CodeText, unique=True, comment="Name to sign in with")
    name: Mapped[str] = mapped_column(Text, comment="Name as shown")
    password_hash: Mapped[str | None] = mapped_column(
        Text, comment="argon2id in PHC form; none: signs in by other means"
    )
    password_set_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="When it was set")
    must_change: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Password must be changed first"
    )
    demo: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Of the demo: its password is public"
    )
    worker_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("worker.id"), comment="The worker this person is, if any"
    )
    subject: Mapped[str | None] = mapped_column(
        Text, unique=True, comment="Identity at a single sign-on, if any"
    )
    factor_cipher: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="Secret of a second factor, encrypted; none: not set up"
    )
    created_at: Mapped[datetime] = mapped_column(
        _INSTANT, server_default=text("now()"), comment="When added"
    )
    created_by: Mapped[str] = mapped_column(Text, comment="Who added it")
    locked_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="When an admin locked it")
    ended_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="When it ended for good")
    resets: Mapped[list[dict[str, str]]] = mapped_column(
        JSONB,
        server_default=text("'[]'"),
        default=list,
        comment="Last times somebody else set the password: when and by whom",
    )


class RoleGrant(Base):
    """A role somebody holds in an area for a time."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", "validity"),
        Index("ix_role_grant_account_id", "account_id"),
        {"comment": "Roles by account, area, case types and time"},
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id"), comment="Whose role"
    )
    role: Mapped[str] = mapped_column(Text, comment="Which role")
    cell_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("cell.id"), comment="Its area; none: the whole deployment"
    )
    case_types: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="Kinds of incidents; none: all"
    )
    valid_from: Mapped[datetime] = mapped_column(
        _INSTANT, server_default=text("now()"), comment="From when, included"
    )
    valid_to: Mapped[datetime | None] = mapped_column(
        _INSTANT, comment="Until when, excluded; open if none"
    )
    granted_by: Mapped[str] = mapped_column(Text, comment="Who granted it")


class SignIn(Base):
    """Somebody signed in on one device: a page's session, or a client's family of tokens."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint("kind IN ('page', 'token')", "kind"),
        Index("ix_sign_in_account_id", "account_id"),
        {"comment": "Sign-ins of pages and clients"},
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id"), comment="Who signed in"
    )
    kind: Mapped[str] = mapped_column(Text, comment="page: a cookie; token: bearer and refresh")
    token_hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of the cookie or the access token"
    )
    token_until: Mapped[datetime] = mapped_column(
        _INSTANT, comment="Until when that token opens anything; use prolongs a page's"
    )
    expires_at: Mapped[datetime] = mapped_column(_INSTANT, comment="Ends then whatever happens")
    created_at: Mapped[datetime] = mapped_column(
        _INSTANT, server_default=text("now()"), comment="When signed in"
    )
    seen_at: Mapped[datetime] = mapped_column(
        _INSTANT, server_default=text("now()"), comment="Last use, to the minute"
    )
    ended_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="When it ended")
    ended_why: Mapped[str] = mapped_column(
        Text, server_default="", comment="signed_out, reused, locked, password, other_device"
    )
    address: Mapped[str] = mapped_column(Text, server_default="", comment="Address at the sign-in")
    device: Mapped[str] = mapped_column(Text, server_default="", comment="Browser or client")


class RefreshToken(Base):
    """A token that buys the next pair once; a second use ends the whole sign-in."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        Index("ix_refresh_token_sign_in_id", "sign_in_id"),
        {"comment": "Refresh tokens, each good for one use"},
    )

    id: Mapped[Id]
    sign_in_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("sign_in.id"), comment="Its sign-in: the family"
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment="SHA-256")
    issued_at: Mapped[datetime] = mapped_column(
        _INSTANT, server_default=text("now()"), comment="When issued"
    )
    expires_at: Mapped[datetime] = mapped_column(_INSTANT, comment="Good until")
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="When used")
    used_key: Mapped[str] = mapped_column(
        Text, server_default="", comment="SHA-256 of the key of that use, so that it may be retried"
    )


class ApiKey(Base):
    """A key of another system; its account says where, the key may say less."""

    __tablename__ = "api_key"
    __table_args__ = (
        Index("ix_api_key_account_id", "account_id"),
        {"comment": "Keys of other systems"},
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("account.id"), comment="The system's account"
    )
    name: Mapped[str] = mapped_column(Text, comment="What it is for")
    shown: Mapped[str] = mapped_column(Text, comment="First characters, to tell keys apart")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment="SHA-256")
    permissions: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="The only permissions; none: all of the account's roles"
    )
    created_at: Mapped[datetime] = mapped_column(
        _INSTANT, server_default=text("now()"), comment="When made"
    )
    created_by: Mapped[str] = mapped_column(Text, comment="Who made it")
    expires_at: Mapped[datetime] = mapped_column(_INSTANT, comment="Good until")
    last_used_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="Last use, to the hour")
    ended_at: Mapped[datetime | None] = mapped_column(_INSTANT, comment="When ended")


class SignInFailure(Base):
    """A wrong password; by login, whether there is such an account or not."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_login_hash", "login_hash", "at"),
        {"comment": "Wrong passwords of the last minutes"},
    )

    id: Mapped[Id]
    login_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the login tried")
    at: Mapped[datetime] = mapped_column(_INSTANT, server_default=text("now()"), comment="When")
    cleared: Mapped[bool] = mapped_column(
        Boolean, server_default=text("false"), comment="Counts no more: signed in or unlocked since"
    )
    address: Mapped[str] = mapped_column(
        Text, server_default="", comment="From where, as tries are counted: of IPv6 the network"
    )


class IdempotencyKey(Base):
    """A write that was asked for under a client's key; never what was sent or answered."""

    __tablename__ = "idempotency_key"
    __table_args__ = ({"comment": "Writes by key, so that a repeat does nothing twice"},)

    actor: Mapped[str] = mapped_column(Text, primary_key=True, comment="Who asked")
    key: Mapped[str] = mapped_column(Text, primary_key=True, comment="SHA-256 of the client's key")
    request_hash: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of method, address and body"
    )
    status: Mapped[int] = mapped_column(SmallInteger, comment="Status of the first answer")
    made: Mapped[str] = mapped_column(
        Text, server_default="", comment="Id or address of what was made"
    )
    at: Mapped[datetime] = mapped_column(_INSTANT, server_default=text("now()"), comment="When")
