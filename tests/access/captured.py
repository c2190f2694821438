"""The statements that requests send, each with its plan and its time, as they are sent."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from tests.plans import Node, nodes

_READS = ("SELECT",)
_EXPLAINED = (*_READS, "WITH", "INSERT", "UPDATE", "DELETE")


@dataclass
class Sent:
    """One statement: its text, the plan PostgreSQL had for it, how long it took."""

    statement: str
    plan: Node | None
    ms: float = 0.0

    def scans(self) -> Iterator[Node]:
        """Return the nodes that read a table from end to end."""
        if self.plan is not None:
            yield from (node for node in nodes(self.plan) if node["Node Type"] == "Seq Scan")

    def read(self) -> Iterator[tuple[str, int]]:
        """Return how many rows each node took from a table or its index, those thrown away too."""
        for node in nodes(self.plan) if self.plan is not None else ():
            if "Relation Name" in node and "Actual Rows" in node:
                each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                yield node["Relation Name"], int(each * node["Actual Loops"])


@dataclass
class Captured:
    """What was sent while it listened.

    Parameters
    ----------
    planned : also ask for each statement's plan, in its transaction, before it runs
    """

    planned: bool
    sent: list[Sent] = field(default_factory=list)
    _begun: float = 0.0

    @property
    def ms(self) -> float:
        """How long the database worked on all of it, as the application saw it."""
        return sum(one.ms for one in self.sent)

    def take(self) -> list[Sent]:
        """Return what was sent since the last time."""
        taken, self.sent = self.sent, []
        return taken

    def before(
        self, _conn: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        plan = None
        begins = statement.lstrip().upper()
        if self.planned and begins.startswith(_EXPLAINED):
            # Of many rows by many statements the first; several by one have their values in one.
            values = parameters[0] if many and isinstance(parameters, list) else parameters
            # On a cursor of its own in the same transaction, with its settings and tables.
            with cursor.connection.cursor() as asking:
                # What only reads is run for it as well, so that it says what was read.
                how = "ANALYZE, TIMING OFF, " if begins.startswith(_READS) else ""
                asking.execute(f"EXPLAIN ({how}FORMAT JSON) {statement}", values)
                plan = asking.fetchone()[0][0]["Plan"]
        self.sent.append(Sent(statement, plan))
        self._begun = time.perf_counter()

    def after(self, *_: Any) -> None:
        self.sent[-1].ms = (time.perf_counter() - self._begun) * 1000


@contextmanager
def captured(engine: Engine, *, planned: bool = True) -> Iterator[Captured]:
    """Listen to what an engine sends; for requests that run one after another."""
    listening = Captured(planned)
    event.listen(engine, "before_cursor_execute", listening.before)
    event.listen(engine, "after_cursor_execute", listening.after)
    try:
        yield listening
    finally:
        event.remove(engine, "before_cursor_execute", listening.before)
        event.remove(engine, "after_cursor_execute", listening.after)
