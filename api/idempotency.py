"""Writes that may be repeated: every POST carries a key, a second run answers what the first made.

A route takes ``once: Idempotent`` beside its ``WriteWork`` and asks it before anything else::

    if once.replayed is not None:
        return AccountBody.of(account(work, once.replayed))
    made = add_account(work, body)
    once.made(201, str(made.id))

The key is taken in the route's own transaction, so what a refusal rolls back leaves no key behind,
and a client whose answer was lost asks again and is told the same id.
"""

import hmac
import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from api.bodies import canonical
from api.deps import RuntimeOf, WriteWork
from api.openapi import IDEMPOTENCY_HEADER
from geo.accounts.idempotency import Earlier, claim, settle
from geo.errors import Invalid
from geo.work import Work

HEADER = IDEMPOTENCY_HEADER
REPLAYED_HEADER = "Idempotency-Replayed"
# Longer than any UUID, within what Stripe and the IETF draft take.
KEY_PATTERN = r"[\x21-\x7e]{8,255}"
_KEY = re.compile(KEY_PATTERN)
# Keeps this use of the key apart from blind indexes.
_PURPOSE = "idempotency"


class IdempotencyKeyNeeded(Invalid):
    """A write came without a key of its own, or with one that cannot be one."""

    code = "idempotency_key_needed"


class Unsettled(AssertionError):
    """A route did its work under a key and never said what it made: a fault of ours."""


class Once:
    """One keyed write: what it made before, or the place to say what it makes now.

    Parameters
    ----------
    work : in whose transaction the key was taken
    key : as the client sent it
    earlier : how the first run ended; None when this is the first
    """

    def __init__(self, work: Work, key: str, earlier: Earlier | None) -> None:
        self._work = work
        self._key = key
        self._earlier = earlier
        self.settled = earlier is not None

    @property
    def replayed(self) -> str | None:
        """What the first run made, as it said it; None when this is the first."""
        return self._earlier.made if self._earlier else None

    @property
    def status(self) -> int | None:
        """The status that the first run answered; None when this is the first."""
        return self._earlier.status if self._earlier else None

    def made(self, status: int, made: str = "") -> None:
        """Say what this run answers and the id of what it made; never a person's data."""
        settle(self._work, self._key, status, made)
        self.settled = True


# For the description alone: ``key_of`` looks closer, and has the better sentence.
KeyHeader = Annotated[
    str | None,
    Header(
        alias=HEADER, json_schema_extra={"pattern": f"^{KEY_PATTERN}$", "format": "idempotency-key"}
    ),
]


def key_of(request: Request) -> str:
    """Return the key of a request.

    Raises
    ------
    IdempotencyKeyNeeded
        When there is none, more than one, or one that is too short, too long or not plain ASCII.
    """
    given = request.headers.getlist(HEADER)
    if len(given) != 1 or _KEY.fullmatch(given[0]) is None:
        raise IdempotencyKeyNeeded()
    return given[0]


async def request_hash(request: Request, runtime: RuntimeOf, _key: KeyHeader = None) -> bytes:
    """Return a digest of method, address and body: equal for two spellings of one JSON text.

    It is keyed, because a plain digest of a body with one phone number in it gives the number away
    to whoever tries them all.
    """
    body = canonical(await request.body())
    parts = (_PURPOSE, request.method, request.scope["path"], request.url.query)
    named = b"\n".join([*(part.encode() for part in parts), body])
    return hmac.digest(runtime.keyring.blind.secret, named, "sha256")


def once_of(
    request: Request,
    response: Response,
    work: WriteWork,
    digest: Annotated[bytes, Depends(request_hash)],
) -> Iterator[Once]:
    """Give a route its keyed write, its key taken; what is not settled is rolled back."""
    key = key_of(request)
    once = Once(work, key, claim(work, key, digest))
    if once.replayed is not None:
        response.headers[REPLAYED_HEADER] = "true"
    yield once
    if not once.settled:
        raise Unsettled(request.scope["route"].path)


Idempotent = Annotated[Once, Depends(once_of, scope="function")]
