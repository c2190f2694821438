"""The answer to a batch: located piece by piece in a thread, sent while the next is located.

What goes wrong in the first ``HELD_ROWS`` rows is a refusal like any other, for nothing has been
sent. What goes wrong later is said at the end of what was sent, and then the connection is closed
without the end of the chunked coding, so that no client takes the answer for whole.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from anyio import CapacityLimiter, to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.batches.forms import MEDIA, Form, Writer
from api.batches.refusals import BatchRefused, BatchSwapped
from api.batches.rows import Rows, Stream
from geo.crs.systems import System
from geo.errors import GeoError
from geo.locate.batch import Batch, locate_points, turned_matches
from geo.locate.sheets import BORDERS, NEIGHBOURS, Sheet
from geo.texts import Lang, text

HELD_ROWS = 131_072
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a batch is answered.

    Parameters
    ----------
    sheet : makes the columns
    crs : of the points
    accuracy_m : how far off they may be, where rows do not say
    writer : for one answer
    """

    sheet: Sheet
    crs: System
    accuracy_m: float
    form: Form
    writer: Writer
    lang: Lang


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of an answer, and the number of the row after its last."""

    body: bytes
    after: int


def pieces(plan: Plan, rows: Stream) -> Iterator[Piece]:
    """Yield the bytes of an answer.

    Raises
    ------
    GeoError
        When rows cannot be read, when there is none, and when the first ones are plainly swapped.
    """
    after = 1
    for part in rows:
        batch = _located(plan, part)
        if part.first == 1:
            _check_swapped(plan, part, batch)
        table = plan.sheet.answer(batch, part.first, part.ids)
        after = part.first + len(part)
        yield Piece(plan.writer.part(table), after)
    if after == 1:
        raise BatchRefused("empty")
    yield Piece(plan.writer.end(), after)


def _located(plan: Plan, part: Rows) -> Batch:
    accuracy_m = plan.accuracy_m if part.accuracy_m is None else part.accuracy_m
    return locate_points(
        plan.sheet.grid,
        part.lon,
        part.lat,
        crs=plan.crs,
        accuracy_m=accuracy_m,
        flaws=part.flaws,
        borders=plan.sheet.wants(BORDERS),
        neighbours=plan.sheet.wants(NEIGHBOURS),
    )


def _check_swapped(plan: Plan, part: Rows, batch: Batch) -> None:
    """Refuse rows of which none lies in a cell and most would with their numbers swapped."""
    if (batch.leaves >= 0).any():
        return
    turned = turned_matches(plan.sheet.grid, batch, part.lon, part.lat, plan.crs)
    readable = int(np.count_nonzero(np.isfinite(part.lon) & np.isfinite(part.lat)))
    if turned.any() and 2 * int(turned.sum()) > readable:
        row = int(np.argmax(turned))
        raise BatchSwapped(
            count=int(turned.sum()),
            rows=len(part),
            row=part.first + row,
            lon=float(part.lon[row]),
            lat=float(part.lat[row]),
        )


class BatchAnswer(Response):
    """An answer in pieces.

    Parameters
    ----------
    begun : pieces that are there
    rest : the others
    turns : one piece is made in each
    done : what ends with the answer
    """

    def __init__(
        self,
        plan: Plan,
        begun: list[Piece],
        rest: Iterator[Piece],
        turns: CapacityLimiter,
        headers: Mapping[str, str],
        *,
        done: ExitStack,
    ) -> None:
        super().__init__(headers=headers, media_type=MEDIA[plan.form])
        # The length is not known.
        del self.headers["content-length"]
        self._plan, self._begun, self._rest, self._turns = plan, begun, rest, turns
        self._done = done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._done:
            await self._send(send)

    async def _send(self, send: Send) -> None:
        head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(head)
        after = 1
        for piece in self._begun:
            await _send(send, piece.body)
            after = piece.after
        self._begun.clear()
        try:
            while (found := await following(self._rest, self._turns)) is not None:
                await _send(send, found.body)
                after = found.after
        except GeoError as error:
            _log.warning("a batch ends early: %s", error.code)
            lang = self._plan.lang
            sentence = text("api.batch.cut_off", lang, row=after, reason=error.message(lang))
            said = self._plan.writer.broken(error.code, sentence, after)
            await _send(send, said)
            return  # without the last chunk: the server closes the connection
        await send({"type": "http.response.body", "body": b""})


async def begun(rest: Iterator[Piece], turns: CapacityLimiter) -> tuple[list[Piece], bool]:
    """Return the first pieces, and whether they are all.

    Raises
    ------
    GeoError
        As ``pieces``.
    """
    held: list[Piece] = []
    while not held or held[-1].after <= HELD_ROWS:
        piece = await following(rest, turns)
        if piece is None:
            return held, True
        held.append(piece)
    return held, False


async def following(rest: Iterator[Piece], turns: CapacityLimiter) -> Piece | None:
    """Return the next piece, made in a thread; None when there is none."""
    found: Piece | None = await to_thread.run_sync(next, rest, None, limiter=turns)
    return found


async def _send(send: Send, body: bytes) -> None:
    if len(body):
        await send({"type": "http.response.body", "body": body, "more_body": True})
