"""Whether the process lives, whether it can serve, and its counts."""

import os

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.access import is_local
from api.deps import RuntimeOf
from api.errors import lang_of, problem
from api.schemas.health import HealthBody, ReadyBody
from geo.audit.sealer import Sealer
from geo.db.roles import UnsafeRole, check_role
from geo.texts import text
from migrations.revision import NotMigrated, check_revision

router = APIRouter(tags=["server"])


@router.get("/healthz", response_model=HealthBody)
async def read_health() -> HealthBody:
    """Say that the process lives; asks nothing of the database or the thread pool."""
    return HealthBody(status="ok", pid=os.getpid())


@router.get("/readyz", response_model=ReadyBody)
def read_readiness(request: Request, runtime: RuntimeOf) -> ReadyBody | Response:
    """Say whether requests can be served: database there, schema ours, role bound by policies.

    What is wrong with which role or revision is told on this machine only, as the counts are.
    """
    is_near, lang = is_local(request.scope), lang_of(request)
    try:
        revision = check_revision(runtime.engine)
        check_role(runtime.engine)
    except (NotMigrated, UnsafeRole) as fault:
        # Not a conflict of this request, which 409 would say: nobody can be served.
        said = fault.message(lang) if is_near else text("api.not_ready", lang)
        return problem(request, 503, fault.code, said)
    if not is_near:
        return ReadyBody(status="ready")
    # Records that wait for their seal hold up nobody, so this process stays in service.
    sealer: Sealer | None = getattr(request.app.state, "sealer", None)
    ails = sealer is not None and sealer.ailing
    return ReadyBody(status="ready", revision=revision, remarks=["sealer_ailing"] if ails else [])


@router.get("/metrics", response_class=Response)
async def read_metrics(request: Request) -> Response:
    """Return this process's counts in Prometheus' text format."""
    metrics = request.app.state.metrics
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
