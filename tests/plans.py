"""The plans PostgreSQL makes for the statements that a call sends."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

Node = dict[str, Any]


def plans_of(session: Session, call: Callable[[], object]) -> list[Node]:
    """Run a call, then explain each SELECT it sent, with what was really read."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    connection = session.connection()
    explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "
    return [
        connection.exec_driver_sql(explain + statement, parameters).scalar_one()[0]["Plan"]
        for statement, parameters in sent
        if statement.lstrip().upper().startswith(("SELECT", "WITH"))
    ]


def nodes(plan: Node) -> Iterator[Node]:
    """Return a plan's nodes, itself first."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def scans_of(plans: list[Node], table: str) -> list[Node]:
    """Return the nodes that read a table."""
    return [node for plan in plans for node in nodes(plan) if node.get("Relation Name") == table]
