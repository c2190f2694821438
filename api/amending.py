"""One request that changes something that has revisions: what it was made for is named by If-Match.

The revision is a strong ETag, ``"7"``. Whoever names another one than there is by now is refused
(412) and told what was done since, so nothing is overwritten unseen. PATCH, PUT and DELETE need no
idempotency key: sent again, they name a revision that is no more.
"""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from api.deps import RuntimeOf, WriteWork
from api.reading import Reading
from geo.errors import Invalid

_TAG = re.compile(r'"([0-9]{1,9})"')


class IfMatchNeeded(Invalid):
    """A change does not say for which revision it was made."""

    code = "if_match_needed"


IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", json_schema_extra={"pattern": '^"[0-9]{1,9}"$'}),
]


async def revision_of(request: Request, _tag: IfMatch = None) -> int:
    """Return the revision that a change was made for.

    Raises
    ------
    IfMatchNeeded
        When it names none, several, any (``*``), or something that is no revision.
    """
    given = request.headers.getlist("If-Match")
    found = _TAG.fullmatch(given[0].strip()) if len(given) == 1 else None
    if found is None:
        raise IfMatchNeeded()
    return int(found[1])


def tag_of(revision: int) -> str:
    """Return the strong ETag of a revision.

    Examples
    --------
    >>> tag_of(7)
    '"7"'
    """
    return f'"{revision}"'


async def amending(
    work: WriteWork, runtime: RuntimeOf, request: Request, response: Response
) -> Reading:
    """Give a route that changes something its reading, in a transaction that is committed."""
    return Reading(work, runtime.settings, request, response)


Revision = Annotated[int, Depends(revision_of)]
Amend = Annotated[Reading, Depends(amending)]
