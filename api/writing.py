"""One request that writes: its keyed transaction, and what reading routes have besides.

What a POST only looks up (a search, a print) leaves a record too, so it runs here as well; asked a
second time under its key it looks again, because nothing of an answer is ever kept.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from api.deps import RuntimeOf, WriteWork
from api.idempotency import Idempotent, Once
from api.reading import Reading


@dataclass(frozen=True, slots=True)
class Writing(Reading):
    """What a writing route needs, in one argument."""

    once: Once

    @property
    def made(self) -> str | None:
        """What the first run under this key made; None when this is the first."""
        return self.once.replayed

    def done(self, status: int = 200, made: str = "") -> None:
        """Say what this run answers and made, unless it repeats an earlier one."""
        if self.once.replayed is None:
            self.once.made(status, made)

    def not_kept(self) -> None:
        """Let nobody keep the answer: it shows people in clear."""
        self.response.headers["Cache-Control"] = "no-store"


async def writing(
    work: WriteWork, once: Idempotent, runtime: RuntimeOf, request: Request, response: Response
) -> Writing:
    """Give a route its writing."""
    return Writing(work, runtime.settings, request, response, once)


Write = Annotated[Writing, Depends(writing)]
