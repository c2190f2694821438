"""The application: middleware from the outside in, then routers; nothing runs at import."""

from collections.abc import Sequence

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import Receive, Scope, Send

from api.batches.answering import BATCH_TURNS, BATCHES_AT_ONCE, BATCHES_AT_ONCE_EACH
from api.batches.forms import MEDIA, Form
from api.conditional import Conditional
from api.deps import GUARD, STRICT
from api.errors import HANDLERS
from api.intake import Intake, Large
from api.kept import Kept
from api.lifespan import lifespan
from api.limits import THROTTLED, Limits, Throttle
from api.metrics import Metrics
from api.middleware import Edge, HeadAsGet, SecurityHeaders
from api.openapi import operation_id
from api.points import PATH, Points
from api.protocol import AtOnce
from api.proxies import Proxied
from api.public_maps import DRAWING_TURN, KEPT_S, PublicMaps
from api.routes import (
    accounts,
    addresses,
    audit,
    buildings,
    cells,
    data_requests,
    docs,
    health,
    households,
    jobs,
    keys,
    leaves,
    locate,
    locate_batch,
    me,
    pages,
    persons,
    plan_divisions,
    plans,
    publications,
    roles,
    sign_ins,
    workers,
)
from api.signin import Standings
from api.static_files import Immutable
from api.turns import TURN, turns_of
from geo.accounts.shares import shares_of
from geo.grid.plans.kept import Drafts
from geo.places.addresses.kept import KeptGazetteer
from geo.runtime import Runtime
from maps.assets import FOLDER, static_root

# Under /api/v1: unknown parameters are refused, and JSON must be welcome.
API_ROUTERS: Sequence[APIRouter] = (
    locate.router,
    locate_batch.router,
    addresses.router,
    cells.router,
    publications.router,
    plans.router,
    plans.restoring,
    plan_divisions.router,
    buildings.router,
    households.router,
    persons.router,
    data_requests.router,
    workers.router,
    leaves.router,
    sign_ins.router,
    me.router,
    accounts.router,
    audit.router,
    keys.router,
    roles.router,
    jobs.router,
)
# Pages open their own works, so they wait for their turn at the database as a whole.
PAGE_ROUTERS: Sequence[APIRouter] = (pages.router,)
PLAIN_ROUTERS: Sequence[APIRouter] = (docs.router, health.router)


class Application(FastAPI):
    """FastAPI, with a short way for what is answered from memory."""

    points: Points
    at_once: AtOnce

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # A lifespan has no path.
        if scope.get("path") == PATH and await self.points(scope, send):
            return
        await super().__call__(scope, receive, send)


def create_app(runtime: Runtime) -> FastAPI:
    """Return the application on a runtime, which stays its maker's to close."""
    metrics = Metrics(runtime.engine)
    limits = Limits(runtime.settings.rate_factor, metrics.limited)
    app = Application(
        title="Wangge",
        version="1",
        openapi_url=None,  # api/routes/docs.py gives the document, in the asker's language
        docs_url=None,
        redoc_url=None,
        # A redirect would have to guess scheme and host.
        redirect_slashes=False,
        lifespan=lifespan,
        dependencies=[THROTTLED, GUARD],
        exception_handlers=dict(HANDLERS),
        generate_unique_id_function=operation_id,
        # Counts and lines are our own; nothing is ever sent anywhere.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        middleware=_layers(runtime, metrics, limits),
    )
    _keep(app, runtime, metrics, limits)
    _route(app)
    return app


def _layers(runtime: Runtime, metrics: Metrics, limits: Limits) -> list[Middleware]:
    """Return what a request goes through on its way in, the outermost first."""
    return [
        Middleware(Proxied, networks=runtime.settings.proxies),
        Middleware(Edge, metrics=metrics),
        Middleware(SecurityHeaders),
        Middleware(Throttle, limits=limits),
        Middleware(Intake),
        Middleware(HeadAsGet),
        Middleware(
            GZipMiddleware,
            minimum_size=1024,
            compresslevel=5,
            exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, MEDIA[Form.ARROW]),
        ),
        Middleware(Conditional),
    ]


def _keep(app: Application, runtime: Runtime, metrics: Metrics, limits: Limits) -> None:
    """Give an application what its requests share: counts, turns, and what stays in memory."""
    app.state.runtime = runtime
    app.state.metrics = metrics
    app.state.limits = limits
    app.state.shares = shares_of(runtime.settings, metrics.share_used)
    app.state.turns = turns_of(runtime.settings.pool_size)
    app.state.password_turns = CapacityLimiter(runtime.hasher.slots)
    app.state.standings = Standings()
    app.state.batches = Large(BATCHES_AT_ONCE, BATCHES_AT_ONCE_EACH)
    app.state.batch_turns = CapacityLimiter(BATCH_TURNS)
    app.state.live = None  # the lifespan starts what holds the grid
    app.points = app.state.points = Points(runtime, app.state)
    app.at_once = {PATH.encode(): app.points.at_once}
    app.state.gazetteer = KeptGazetteer()
    app.state.drafts = Drafts()
    app.state.public_maps = PublicMaps()
    app.state.plans = Kept[int, Markup](KEPT_S)
    app.state.public_counts = cells.PublicNumbers(cells.KEPT_S, most=20_000)
    app.state.query_parameters = {}
    app.state.descriptions = {}
    app.state.documents = {}


def _route(app: Application) -> None:
    for router in API_ROUTERS:
        app.include_router(router, dependencies=list(STRICT))
    for router in PAGE_ROUTERS:
        app.include_router(router, dependencies=[DRAWING_TURN, TURN])
    for router in PLAIN_ROUTERS:
        app.include_router(router)
    # The path holds a hash of every file below it, so each may be kept for ever.
    app.mount(static_root(), Immutable(directory=FOLDER), name="static")
