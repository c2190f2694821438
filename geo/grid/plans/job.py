"""The jobs of plans, run by the server: publishing when the moment comes, and dividing cells."""

import logging
import time
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from geo.access.actors import Actor
from geo.errors import GeoError, Refused, Unavailable
from geo.grid.division.divide import divide
from geo.grid.plans.divisions import KIND, opened_for, refusal_of
from geo.grid.plans.kept import Drafts
from geo.grid.plans.offer import offered
from geo.grid.plans.opening import Desk
from geo.grid.plans.publishing import PlanPublished, publish_plan
from geo.grid.plans.service import PUBLISH, send_back
from geo.jobs.model import ANSWER
from geo.jobs.service import LeaseLost, RunningJob, TakenAgain
from geo.texts import Lang, catalogue, text
from geo.work import Work

_log = logging.getLogger(__name__)
_TRIES = 3
# What the database says by its state, in words: errors of its manual, appendix A.
_REASONS = {"53100": "disk_full", "53200": "memory", "57P01": "connection", "57P03": "connection"}
_PAUSE_S = 0.5
_PUBLISHER, _DIVIDER = Actor.system(PUBLISH), Actor.system(KIND)


class PublicationFailed(Refused):
    """A plan could not be published, for a reason that lies in no plan."""

    code = "plan_publication_failed"

    def message(self, lang: Lang) -> str:
        """Return the sentence, with the reason in words where it has some."""
        key = f"plans.fault.{self.facts['reason']}"
        reason = text(key, lang) if key in catalogue() else self.facts["reason"]
        return text(f"errors.{self.code}", lang, **{**self.facts, "reason": reason})


class Works(Protocol):
    """What publishing needs of a runtime: a work that may wait for its turn."""

    def work(
        self, actor: Actor, *, long: bool = False, reading: bool = False
    ) -> AbstractContextManager[Work]:
        """Open a work."""


def publish_now(works: Works, plan: int, revision: int | None = None) -> PlanPublished | None:
    """Publish an approved plan in a work of its own; None when it is not to be published now."""
    with works.work(_PUBLISHER, long=True) as work:
        return publish_plan(Desk(work, Drafts()), plan, revision=revision)


def run_publication(works: Works, job: RunningJob) -> dict[str, Any]:
    """Publish an approved plan; one that cannot be goes back with the reason, whatever it is.

    A job that is run again, because a process died, finds the plan published and does nothing.
    """
    plan, revision = int(job.payload["plan"]), int(job.payload["revision"])
    try:
        made = _tried(works, job, plan, revision)
    except GeoError as refusal:
        try:
            with works.work(_PUBLISHER) as work:
                send_back(work, plan, revision, refusal)
        except SQLAlchemyError as cause:
            # A full disk, for instance: an approved plan without a job would wait for ever.
            raise TakenAgain from cause
        return {"plan": str(plan), "published": None, "refused": refusal.code}
    return {"plan": str(plan), "published": made.number if made else None}


def give_up_publication(works: Works, job: RunningJob) -> None:
    """Give a plan back whose job is run no more, because processes died in it."""
    refusal = PublicationFailed(reason="process", tries=job.attempts - 1, job=str(job.id))
    with works.work(_PUBLISHER) as work:
        send_back(work, int(job.payload["plan"]), int(job.payload["revision"]), refusal)


def _tried(works: Works, job: RunningJob, plan: int, revision: int) -> PlanPublished | None:
    """Publish a plan, again when something failed that may pass."""
    for tries in range(1, _TRIES + 1):
        try:
            return publish_now(works, plan, revision)
        except Unavailable:
            if tries == _TRIES:
                raise
        except GeoError:
            raise
        except Exception as cause:
            # Nobody waits for a job: what is not told in the plan, nobody learns.
            _log.exception("plan %s could not be published, try %s", plan, tries)
            if tries == _TRIES:
                facts = {"tries": tries, "job": str(job.id)}
                raise PublicationFailed(reason=_reason(cause), **facts) from cause
        time.sleep(_PAUSE_S)
    return None


def _reason(cause: Exception) -> str:
    """Return why a publication failed: a reason that has words of its own, else what was raised."""
    if not isinstance(cause, DBAPIError):
        return type(cause).__name__
    if cause.connection_invalidated:
        return "connection"
    return _REASONS.get(getattr(cause.orig, "pgcode", None) or "", type(cause).__name__)


def run_division(works: Works, job: RunningJob) -> dict[str, Any]:
    """Divide cells of a draft; no transaction is open while that is worked out.

    What was found, or why it cannot be, is for whoever asked; who watches over jobs sees counts.
    """
    try:
        with works.work(_DIVIDER, long=True, reading=True) as work:
            found, ground = opened_for(Desk(work, Drafts()), job.payload)
        division = divide(ground.case, ground.rules, job.progress)
        job.progress("offer", 0, 1)
        offer = offered(ground, division, found.known)
    except LeaseLost:
        raise
    except GeoError as refusal:
        return {"plan": job.payload["plan"], ANSWER: {"refused": refusal_of(refusal)}}
    cells, missed = len(offer["cells"]), len(offer["misses"])
    return {"plan": job.payload["plan"], "cells": cells, "missed": missed, ANSWER: offer}
