"""The desk of a command: the runtime, and what runs after the commit, besides."""

from collections.abc import Callable
from dataclasses import dataclass, field

from geo.grid.plans.opening import Desk
from geo.runtime import Runtime


@dataclass(frozen=True)
class CommandDesk(Desk):
    """Where a command works on plans.

    Parameters
    ----------
    after : run when the command's own transaction is committed
    """

    runtime: Runtime = field(kw_only=True)
    after: list[Callable[[], object]] = field(default_factory=list, kw_only=True)
