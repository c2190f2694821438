"""``GET /api/v1/locate``: any location to its cells and the team that answers there."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import API
from api.deps import ReadWork, RuntimeOf, moment_of
from api.gazetteer import KeptOf, told_nicknames
from api.schemas.addresses import LocatedAddressBody
from api.schemas.locate import LocatedBody, LocateQuery
from geo.access.roles import Permission
from geo.locate.addresses import check_address_alone, locate_address
from geo.locate.service import Question, locate

router = APIRouter(prefix=f"{API}/locate", tags=["locate"])


@router.get("", response_model=LocatedAddressBody | LocatedBody)
def locate_place(
    query: Annotated[LocateQuery, Query()], work: ReadWork, runtime: RuntimeOf, kept: KeptOf
) -> LocatedAddressBody | LocatedBody:
    """Return the cells of a location, root first, and the team that answers there.

    Give `lon` and `lat` in any of the four datums, or a `building`, or an `address` as people write
    it. Exactly one cell a level owns a point; on a shared border it is the one with the bytewise
    lower code. Outside every cell the answer is 200 with `matched: false` and the nearest cell.
    Where the deployment says so, the team is told only to somebody who has signed in; the team of a
    past moment always is told only to staff of that area. To everybody else `reason` is `withheld`.
    An address that somebody has to look at has candidates, but neither cells nor team.
    """
    zone, settings = runtime.settings.time_zone, runtime.settings
    as_of = moment_of(work, query.as_of, zone) if query.as_of else None
    is_told = settings.public_team or work.actor.may(Permission.TEAM_READ)
    if query.address is not None:
        check_address_alone(query.lon, query.lat, query.building, query.stairwell)
        found = locate_address(
            work,
            kept.of(work.session),
            query.address,
            nicknames=told_nicknames(work),
            as_of=as_of,
            accuracy_m=query.accuracy_m,
        )
        phones = settings.show_duty_phone
        return LocatedAddressBody.of_address(found, phones=phones, team=is_told)
    question = Question(
        lon=query.lon,
        lat=query.lat,
        crs=query.crs,
        building=query.building,
        stairwell=query.stairwell,
        as_of=as_of,
        accuracy_m=query.accuracy_m,
    )
    return LocatedBody.of(locate(work, question), phones=settings.show_duty_phone, team=is_told)
