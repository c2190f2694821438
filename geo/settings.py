"""Every setting, read once from the environment in ``geo/runtime.py`` and passed on.

A name here is ``WANGGE_<NAME>`` outside; a secret may also come from a file named by
``WANGGE_<NAME>_FILE``. ``docs/reference/settings.md`` has a row for each.
"""

import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.texts import Lang


class Settings(BaseSettings):
    """What a deployment may choose."""

    model_config = SettingsConfigDict(env_prefix="WANGGE_", extra="ignore", frozen=True)

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
    public_team: bool = Field(True, description="Whether anybody is told who answers at a place")
    demo: bool | None = Field(
        None, description="Whether this is a demo; unset: when the database is the own one"
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

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: as said, else when no database is named."""
        return self.database_url is None if self.demo is None else self.demo

    @property
    def keys_path(self) -> Path:
        """Where the keyring is."""
        return self.keys_file or self.home / "keys.json"

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("database_url", "database_owner_url"):
            path = os.environ.get(f"WANGGE_{name.upper()}_FILE")
            if path and not values.get(name):
                values[name] = Path(path).read_text(encoding="utf-8").strip()
        return values

    def with_urls(self, *, app: str, owner: str) -> Self:
        """Return the same settings with the URLs of a cluster that was just started."""
        urls = {"database_url": app, "database_owner_url": owner}
        return self.model_copy(update={**urls, "demo": self.is_demo})
