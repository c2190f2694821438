"""One request that reads: its transaction, its moment, its cells, its page and its next address."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from api.cursors import cursor_text
from api.deps import ReadWork, RuntimeOf, moment_of
from api.params import Moment
from api.schemas.lists import PageQuery
from geo.access.scope import Scope
from geo.db.paging import Key, Page, ranges_within
from geo.errors import NotFound
from geo.grid import store as grid
from geo.places.store import building_place
from geo.settings import Settings
from geo.work import Work


class AreaNotYours(NotFound):
    """A cell of which nothing lies in the asker's areas."""

    code = "area_not_yours"
    scoped = "cell"


class BuildingNotYours(NotFound):
    """A building that lies in none of the asker's areas, asked for with what is in it."""

    code = "building_not_yours"
    scoped = "building"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading route needs, in one argument."""

    work: Work
    settings: Settings
    request: Request
    response: Response

    @property
    def session(self) -> Session:
        """The transaction's session."""
        return self.work.session

    @property
    def scope(self) -> Scope:
        """What the asker may see."""
        return self.work.scope

    @property
    def today(self) -> date:
        """The local day."""
        return self.work.now.astimezone(ZoneInfo(self.settings.time_zone)).date()

    def moment(self, asked: Moment | None) -> datetime:
        """Return the instant asked about, now when none is named.

        Raises
        ------
        MomentRefused
            When it lies in the future: what will hold then is not decided.
        """
        return moment_of(self.work, asked, self.settings.time_zone)

    def number(self, asked: Moment | None = None) -> int:
        """Return the publication in effect at the moment asked about."""
        return grid.publication_at(self.session, self.moment(asked)).number

    @property
    def current(self) -> int:
        """The publication in effect now; 0 before the first, which has no cells."""
        try:
            return self.number()
        except grid.NothingPublished:
            return 0

    def area(self, code: str | None) -> str | None:
        """Return the path of the cell that bears a code now; None for no code."""
        if code is None:
            return None
        return grid.version_by_code(self.session, code, self.current).path

    def own_area(self, code: str | None) -> str | None:
        """Return the path of a cell that the asker's areas meet; None for no code.

        Raises
        ------
        AreaNotYours
            When all of it lies beyond them: recorded, as any row of somebody else's is.
        """
        path = self.area(code)
        if path is not None and not ranges_within(self.scope, path):
            raise AreaNotYours(value=code)
        return path

    def own_building(self, code: str | None) -> int | None:
        """Return the id of a building in the asker's areas; None for no code.

        Raises
        ------
        BuildingUnknown
            When no building bears the code.
        BuildingNotYours
            When it lies beyond the areas: recorded, as any row of somebody else's is.
        """
        if code is None:
            return None
        found = building_place(self.session, code)
        if not self.scope.covers(found.path):
            raise BuildingNotYours(value=code)
        return found.id

    def page(self, query: PageQuery, kind: str, *shape: type) -> Page:
        """Return the page that a query asks for.

        Parameters
        ----------
        kind : name of the list; a cursor of another list is refused
        shape : types of the parts of its key
        """
        limit = query.limit if query.limit is not None else self.settings.page_limit
        return Page(limit, position(query, kind, shape))

    def following(self, kind: str, after: Key | None) -> str | None:
        """Return the address of the next page and name it in ``Link`` (RFC 8288); None at the end.

        Every filter of this request stays; scheme and host are left out, since behind a proxy we
        would only guess them.
        """
        if after is None:
            return None
        kept = [pair for pair in self.request.query_params.items() if pair[0] != "after"]
        query = urlencode([*kept, ("after", cursor_text(kind, after))])
        address = f"{quote(self.request.scope['path'])}?{query}"
        self.response.headers["Link"] = f'<{address}>; rel="next"'
        return address


def position(query: PageQuery, kind: str, shape: tuple[type, ...]) -> Key | None:
    """Return the key a query goes on from; None at the beginning.

    Raises
    ------
    RequestValidationError
        When the cursor belongs to another list.
    """
    if query.after is None:
        return None
    if query.after.kind != kind or tuple(map(type, query.after.key)) != shape:
        fault = {"type": "cursor", "loc": ("query", "after"), "msg": "", "input": query.after.kind}
        raise RequestValidationError([fault])
    return query.after.key


async def reading(
    work: ReadWork, runtime: RuntimeOf, request: Request, response: Response
) -> Reading:
    """Give a route its reading."""
    return Reading(work, runtime.settings, request, response)


Read = Annotated[Reading, Depends(reading)]
