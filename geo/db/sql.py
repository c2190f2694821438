"""SQL statements from the ``.sql`` files beside the code that runs them."""

from functools import cache
from importlib import resources

from sqlalchemy import TextClause, text


@cache
def statement(package: str, name: str) -> TextClause:
    """Return the statement in ``<package>/sql/<name>.sql``; values are bound as ``:name``."""
    return text(source(package, name))


@cache
def source(package: str, name: str) -> str:
    """Return the text of ``<package>/sql/<name>.sql``."""
    path = resources.files(package) / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")
