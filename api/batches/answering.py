"""One batch from its request to its answer."""

from contextlib import ExitStack
from datetime import datetime
from http import HTTPStatus

from fastapi import Request, Response
from starlette.datastructures import State

from api.batches.answers import BatchAnswer, Plan, begun, pieces
from api.batches.body import received
from api.batches.forms import MEDIA, READ, WRITERS, Facts
from api.batches.refusals import BatchRefused, TeamOnlyNow
from api.batches.sights import sight_of
from api.batches.wishes import BatchQuery, form_sent, form_wanted
from api.errors import HTTP_CODES, lang_of, problem
from api.limits import charge
from api.params import instant
from api.signin import Asker
from geo.access.actors import Actor
from geo.access.roles import Permission
from geo.clock import now
from geo.crs.systems import system
from geo.locate.answer import ACCURACY_LIMIT_M
from geo.locate.service import AccuracyRefused, MomentRefused
from geo.locate.sheets import TEAM, Sheet, Teams
from geo.runtime import Runtime
from geo.texts import text

# So much of a strange media type is told back.
_SHOWN = 80
# A request takes one token, and one more for each so many bytes: about 10,000 rows of CSV.
BYTES_A_TOKEN = 256 * 1024
# Batches that are being received or answered, and how many are located at the same time: each takes
# a whole processor, and requests about one point have to go on.
BATCHES_AT_ONCE, BATCHES_AT_ONCE_EACH = 16, 4
BATCH_TURNS = 2


async def answered(
    query: BatchQuery, request: Request, runtime: Runtime, actor: Actor, asker: Asker
) -> Response:
    """Return the answer to a batch.

    Raises
    ------
    GeoError
        When the batch is refused as a whole.
    HTTPException
        When its size is.
    starlette.requests.ClientDisconnect
        When the client leaves before its body is whole.
    """
    state: State = request.app.state
    sent = form_sent(request)
    if sent is None:
        return _strange(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "content-type")
    form = form_wanted(request, sent)
    if form is None:
        return _strange(request, HTTPStatus.NOT_ACCEPTABLE, "accept")
    known = system(query.crs)
    if not 0.0 <= query.accuracy_m <= ACCURACY_LIMIT_M:
        raise AccuracyRefused(value=str(query.accuracy_m))
    as_of = _as_of(query, state, runtime.settings.time_zone)
    asks_team = not {*TEAM}.isdisjoint(query.columns)
    if asks_team and as_of is not None:
        raise TeamOnlyNow()
    client = request.client.host if request.client else ""
    with ExitStack() as lent:
        lent.enter_context(state.batches.lent(client))
        body = await received(request, runtime.settings.home / "batches")
        if not len(body):
            raise BatchRefused("empty")
        charge(request, asker, len(body) / BYTES_A_TOKEN)
        sight = await sight_of(state, runtime, as_of)
        told = runtime.settings.public_team or actor.may(Permission.TEAM_READ)
        teams = Teams(sight, told=told) if asks_team else None
        lang = lang_of(request)
        sheet = Sheet(sight.snapshot, query.columns, lang, teams)
        facts = Facts(sight.snapshot.number, sight.moment.isoformat(), known.name)
        plan = Plan(sheet, known, query.accuracy_m, form, WRITERS[form](facts), lang)
        rest = pieces(plan, READ[sent](body, query.named))
        held, whole = await begun(rest, state.batch_turns)
        headers = {"Wangge-Version": str(facts.version), "Wangge-As-Of": facts.as_of}
        if not whole:
            done = lent.pop_all()
            return BatchAnswer(plan, held, rest, state.batch_turns, headers, done=done)
    content = b"".join(piece.body for piece in held)
    return Response(content, headers=headers, media_type=MEDIA[form])


def _strange(request: Request, status: HTTPStatus, header: str) -> Response:
    """Return the refusal of a format, with the names of those that are known.

    Source: RFC 9110 §15.5.16, by which ``Accept`` in the answer says what would have been taken.
    """
    known, given = ", ".join(MEDIA.values()), request.headers.get(header, "")[:_SHOWN]
    sentence = text(f"api.batch.{header}", lang_of(request), known=known, given=given)
    return problem(request, status, HTTP_CODES[status], sentence, headers={"Accept": known})


def _as_of(query: BatchQuery, state: State, zone: str) -> datetime | None:
    """Return the moment asked about; None for now, which of today is its end so far."""
    if query.as_of is None:
        return None
    present = now() if state.live is None else state.live.now()
    found = instant(query.as_of, zone, present)
    if found > present:
        raise MomentRefused(value=str(query.as_of))
    return None if found == present else found
