"""``POST /api/v1/locate/batch``: many points at once to their cells, in the format they come in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect

from api.access import API
from api.batches.answering import answered
from api.batches.description import REQUEST, RESPONSES
from api.batches.wishes import BatchQuery
from api.deps import ActorOf, RuntimeOf
from api.signin import AskerOf

router = APIRouter(prefix=f"{API}/locate", tags=["locate"])

_GONE = 499


@router.post("/batch", response_class=Response, responses=RESPONSES, openapi_extra=REQUEST)
async def locate_batch(
    query: Annotated[BatchQuery, Query()],
    request: Request,
    runtime: RuntimeOf,
    actor: ActorOf,
    asker: AskerOf,
) -> Response:
    """Return the cells of many points, a row for each, in their order.

    CSV, an Arrow stream or JSON comes in; the answer has the same format, or one that `Accept`
    names. Each row is answered as `GET /api/v1/locate` answers a point; one that cannot be used has
    `error`. The team is told by `include=team`, and only that of now. Nothing is changed, so no key
    of idempotency is needed.
    """
    try:
        return await answered(query, request, runtime, actor, asker)
    except ClientDisconnect:
        return Response(status_code=_GONE)  # to nobody
