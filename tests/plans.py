"""The plans PostgreSQL makes for the statements that a call sends."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

Node = dict[str, Any]
# Statements that stand in files begin with what they are for.
_COMMENTS = re.compile(r"^\s*--.*$", re.MULTILINE)


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
        if _COMMENTS.sub("", statement).lstrip().upper().startswith(("SELECT", "WITH"))
    ]


def nodes(plan: Node) -> Iterator[Node]:
    """Return a plan's nodes, itself first."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def scans_of(plans: list[Node], table: str) -> list[Node]:
    """Return the nodes that read a table."""
    return [node for plan in plans for node in nodes(plan) if node.get("Relation Name") == table]


def found_by(plans: list[Node], table: str) -> set[str]:
    """Return by what a table's rows were found: names of indexes, ``Seq Scan`` for a scan."""
    return {name for plan in plans for name in _ways(plan, table)}


def rows_read(node: Node) -> int:
    """Return how many rows a node looked at, also those it threw away."""
    thrown = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(node["Actual Rows"] + sum(node.get(name, 0) for name in thrown))


def _ways(plan: Node, table: str, heap: str = "") -> Iterator[str]:
    """Give the ways of a plan; below a bitmap ``heap`` the index nodes name no table."""
    kind, relation = plan["Node Type"], plan.get("Relation Name", "")
    if kind == "Bitmap Index Scan" and heap == table:
        yield str(plan["Index Name"])
    elif relation == table and kind != "Bitmap Heap Scan":
        yield str(plan.get("Index Name", kind))
    for below in plan.get("Plans", []):
        yield from _ways(below, table, relation or heap)
