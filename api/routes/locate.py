"""``GET /api/v1/locate``: any location to its cells and the team that answers there."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.access import API, is_local
from api.deps import ReadWork, RuntimeOf, moment_of
from api.schemas.locate import LocatedBody, LocateQuery
from geo.locate.service import Question, locate

router = APIRouter(prefix=f"{API}/locate", tags=["locate"])


@router.get("", response_model=LocatedBody)
def locate_place(
    query: Annotated[LocateQuery, Query()], request: Request, work: ReadWork, runtime: RuntimeOf
) -> LocatedBody:
    """Return the cells of a location, root first, and the team that answers there.

    Give `lon` and `lat` in any of the four datums, or a `building`. Exactly one cell a level owns a
    point; on a shared border it is the one with the bytewise lower code. Outside every cell the
    answer is 200 with `matched: false` and the nearest cell. Beyond this machine the team is
    withheld until sign-in exists.
    """
    zone = runtime.settings.time_zone
    question = Question(
        lon=query.lon,
        lat=query.lat,
        crs=query.crs,
        building=query.building,
        stairwell=query.stairwell,
        as_of=moment_of(work, query.as_of, zone) if query.as_of else None,
        accuracy_m=query.accuracy_m,
    )
    body = LocatedBody.of(locate(work, question), phones=runtime.settings.show_duty_phone)
    return body if is_local(request.scope) else body.without_team()
