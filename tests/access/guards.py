"""Takes away one of the two guards of rows, so that the other can be tried alone."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import ColumnElement, true

from geo.access.scope import Scope
from geo.db import paging
from geo.db.policies import SCOPED, WORDS
from geo.db.session import make_engine
from geo.runtime import Runtime


def without_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every query of this process ask for all rows, as if nobody had thought of areas."""
    for name, instead in _INSTEAD.items():
        original = getattr(paging, name)
        for module in list(sys.modules.values()):
            if getattr(module, name, None) is original:
                monkeypatch.setattr(module, name, instead)
    monkeypatch.setattr(Scope, "covers", lambda _scope, _path: True)


def without_policies(runtime: Runtime, *tables: str) -> None:
    """Let the application's role see every row of some tables, of all scoped ones if none."""
    owner = make_engine(str(runtime.settings.database_owner_url), pool_size=1)
    with owner.begin() as connection:
        for table in tables or (*SCOPED, *WORDS):
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    owner.dispose()


def _all_ranges(_scope: Scope, _area: str | None = None) -> list[None]:
    return [None]


def _no_condition(*_: Any) -> tuple[ColumnElement[bool], ...]:
    return ()


def _always(*_: Any) -> ColumnElement[bool]:
    return true()


_INSTEAD: dict[str, Callable[..., Any]] = {
    "ranges_within": _all_ranges,
    "in_range": _no_condition,
    "is_within": _always,
}
