"""Every setting, read once from the environment in ``geo/runtime.py`` and passed on.

A name here is ``WANGGE_<NAME>`` outside; a secret may also come from a file named by
``WANGGE_<NAME>_FILE``. ``docs/reference/settings.md`` has a row for each.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import Invalid
from geo.texts import Lang, catalogue, text

Network = IPv4Network | IPv6Network

_SECRETS = ("database_url", "database_owner_url")
# Read by the launcher or by tests, not here.
_ELSEWHERE = frozenset({"WANGGE_WHEELS", "WANGGE_CHROMIUM", "WANGGE_PG_BIN"})
# What ``geo.grid.codes`` reads; the names are those of its ``PATTERNS``.
_CODE_PATTERNS = frozenset({"division", "15", "20"})
_CODE_PATTERN = re.compile(
    r"[0-9A-Za-z_-]{0,12}\{parent(:[1-9]\d?)?\}[0-9A-Za-z_-]{0,6}\{seq:[1-6]\}"
)


class SettingRefused(Invalid):
    """A setting has a value that cannot be; the start is refused."""

    code = "setting_refused"

    @classmethod
    def of(cls, error: ValidationError) -> "SettingRefused":
        """Return the refusal of the first wrong value; a secret is not named."""
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else "tls_cert"
        context = fault.get("ctx") or {}
        shown = "…" if name in _SECRETS else str(fault["input"])[:100]
        if not fault["loc"]:
            name, shown = str(context.get("name", name)), str(context.get("value", ""))
        facts = {key: value for key, value in context.items() if key not in ("name", "value")}
        return cls(name=f"WANGGE_{name.upper()}", value=shown, why=fault["type"], **facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what the value would have to be."""
        known = f"settings.why.{self.facts['why']}"
        reason = text(known if known in catalogue() else "settings.why.other", lang, **self.facts)
        facts = {**self.facts, "reason": reason}
        return text(f"errors.{self.code}", lang, **facts)


class SettingUnknown(Invalid):
    """A variable looks like a setting and is none: a misspelt one would be without effect."""

    code = "setting_unknown"


def check_names(environment: Mapping[str, str]) -> None:
    """Refuse variables that look like settings of ours and are none.

    Raises
    ------
    SettingUnknown
        Names the first.
    """
    known = {f"WANGGE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"WANGGE_{name.upper()}_FILE" for name in _SECRETS} | _ELSEWHERE
    unknown = sorted(name for name in environment if name.startswith("WANGGE_"))
    for name in unknown:
        if name not in known:
            raise SettingUnknown(name=name)


class Settings(BaseSettings):
    """What a deployment may choose."""

    # An empty variable counts as unset: compose files pass on what is not there as such.
    model_config = SettingsConfigDict(
        env_prefix="WANGGE_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(Path(".wangge"), description="Folder of the own database, files and logs")
    database_url: str | None = Field(
        None, description="Application role; unset: the own cluster below the data folder"
    )
    database_owner_url: str | None = Field(
        None, description="Owner role, for migrations and backup only"
    )
    lang: Lang = Field("zh", description="Language of pages and answers when the client names none")
    time_zone: str = Field("Asia/Shanghai", description="Zone in which days begin and end")
    host: str = Field("127.0.0.1", description="Address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port the server listens on")
    pool_size: int = Field(20, ge=1, le=200, description="Connections and threads of one process")
    lock_timeout_s: float = Field(3.0, gt=0, description="Longest wait for a row lock")
    statement_timeout_s: float = Field(30.0, gt=0, description="Longest statement of a request")
    page_limit: int = Field(100, ge=1, le=10_000, description="Rows of a page when unasked")
    show_duty_phone: bool = Field(True, description="Whether a team's answer names duty phones")
    request_days: int = Field(
        30, ge=1, le=30, description="Days within which a person's data request is answered"
    )
    public_team: bool = Field(True, description="Whether anybody is told who answers at a place")
    demo: bool | None = Field(
        None, description="Whether this is a demo; unset: when the own database began as one"
    )
    page_idle_min: int = Field(30, ge=1, le=1440, description="A page unused so long is signed out")
    page_most_h: int = Field(12, ge=1, le=72, description="A page is signed out after so long")
    access_token_min: int = Field(15, ge=1, le=60, description="Life of a client's access token")
    refresh_days: int = Field(30, ge=1, le=90, description="A client signs in again after so long")
    keys_file: Path | None = Field(
        None, description="Keyring of protected fields; unset: keys.json below the data folder"
    )
    cipher: Literal["aes-256-gcm", "sm4-gcm"] = Field(
        "aes-256-gcm", description="Cipher of keys that are made from now on"
    )

    audit_head_file: Path | None = Field(
        None, description="Heads of the audit's chain; unset: audit-head.log below the data folder"
    )
    tls_cert: Path | None = Field(None, description="Certificate chain, PEM; with it: https")
    tls_key: Path | None = Field(None, description="Private key of the certificate, PEM")
    trusted_proxies: str = Field(
        "", description="Addresses or networks, by commas, of proxies whose word is taken"
    )
    connections: int = Field(1000, ge=1, le=60_000, description="Connections at a time")
    connections_each: int = Field(200, ge=1, description="Connections of one address at a time")
    head_timeout_s: float = Field(10.0, gt=0, description="Longest time to send a header")
    body_timeout_s: float = Field(30.0, gt=0, description="Longest time to send a body")
    keep_alive_s: float = Field(15.0, gt=0, description="A connection unused so long is closed")
    rate_factor: float = Field(1.0, ge=0, le=1000, description="Multiplies rate limits; 0: none")
    reveals_per_day: int = Field(200, ge=1, description="Reveals and prints of an account a day")
    people_per_day: int = Field(20_000, ge=1, description="Rows of people for an account a day")
    code_pattern: str = Field("division", description="How codes of new cells are made")

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: as said; else a data folder that is marked so, or still empty.

        An office makes its keyring before anything else, so a folder with one and without the mark
        is never taken for a demo.
        """
        if self.demo is not None:
            return self.demo
        fresh = self.demo_mark.exists() or not self.keys_path.exists()
        return self.database_url is None and fresh

    @property
    def demo_mark(self) -> Path:
        """The file that says that the data folder holds a demo."""
        return self.home / "demo"

    @property
    def keys_path(self) -> Path:
        """Where the keyring is."""
        return self.keys_file or self.home / "keys.json"

    @property
    def heads_path(self) -> Path:
        """Where the heads of the audit's chain are kept."""
        return self.audit_head_file or self.home / "audit-head.log"

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The networks of trusted proxies."""
        named = (part.strip() for part in self.trusted_proxies.split(","))
        return tuple(ip_network(part, strict=False) for part in named if part)

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in _SECRETS:
            path = os.environ.get(f"WANGGE_{name.upper()}_FILE")
            if path and not values.get(name):
                values[name] = _read(f"{name}_file", Path(path)).strip()
        return values

    @field_validator(*_SECRETS)
    @classmethod
    def _a_database(cls, value: str | None) -> str | None:
        try:
            named = urlsplit(value or "postgresql://")
            known = named.scheme.partition("+")[0] in ("postgresql", "postgres")
            _ = named.port
        except ValueError:
            known = False
        if not known:
            raise PydanticCustomError("database", "database")
        return value

    @field_validator("time_zone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise PydanticCustomError("zone", "zone") from None
        return value

    @field_validator("code_pattern")
    @classmethod
    def _a_pattern(cls, value: str) -> str:
        if value not in _CODE_PATTERNS and not _CODE_PATTERN.fullmatch(value):
            raise PydanticCustomError("code_pattern", "code_pattern")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            _ = [
                ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()
            ]
        except ValueError:
            raise PydanticCustomError("networks", "networks") from None
        return value

    @model_validator(mode="after")
    def _certificate_with_its_key(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            missing = "tls_key" if self.tls_key is None else "tls_cert"
            raise PydanticCustomError("tls_pair", "tls_pair", {"name": missing, "value": ""})
        return self

    def with_urls(self, *, app: str, owner: str) -> Self:
        """Return the same settings with the URLs of a cluster that was just started."""
        urls = {"database_url": app, "database_owner_url": owner}
        return self.model_copy(update={**urls, "demo": self.is_demo})


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        facts = {"name": name, "value": str(path)}
        raise PydanticCustomError("unreadable", "unreadable", facts) from None
