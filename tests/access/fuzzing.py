"""Runs schemathesis over the application as somebody: every phase, every check, and ours.

Three things its checks cannot know are told to it here. A limit above the largest is taken for the
largest (OGC Features /req/core/fc-limit-definition), so the document it reads names none. A text
that the schema allows may still be refused, for a cursor of another list or two parameters that do
not go together: 400 counts as an answer, and ``explained_refusal`` looks at what it says. And who
signs out is not asked again.
"""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NOT_SET
from schemathesis.engine import Status, events, from_schema

from api.errors import HTTP_CODES
from api.openapi import description
from geo.texts import catalogue
from tests.access.seats import Seat

_ANSWERS = ["2xx", "3xx", "4xx"]
_INTERNALS = ("Traceback (most", "psycopg2.errors", "sqlalche.me", '  File "', "site-packages")
_SIGNS_OUT = "/api/v1/sign-out"
_NAMED = ("/api/v1/households/search",)
_ASKED_BY_PUT = {"coverage": {"unexpected-methods": ["PUT"]}}
# Each costs a password's work, tens of milliseconds: a few examples of them are enough.
_SLOW = ("/api/v1/sign-ins", "/api/v1/me/password", "/api/v1/accounts/{login}/reset")


@dataclass
class Run:
    """What came of one run.

    Parameters
    ----------
    cases : requests by phase
    statuses : answers by status
    failures : what broke a check, in words
    """

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.cases.values())


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Send what has no content without any: with one it is refused before its method is."""
    if case.method.upper() not in ("POST", "PUT", "PATCH", "QUERY"):
        case.body = NOT_SET


@schemathesis.check
def explained_refusal(_context: Any, response: Any, case: Any) -> None:
    """A refusal is a problem with a known code; of the inside it shows what was sent, if that."""
    if response.status_code < 400:
        return
    body = response.json()
    known = set(HTTP_CODES.values())
    assert body["code"] in known or f"errors.{body['code']}" in catalogue(), body
    sent = repr((case.path_parameters, case.query, case.headers, case.cookies, case.body))
    shown = [part for part in _INTERNALS if part in response.text and part not in sent]
    assert not shown, f"shows {shown}"


def run(app: FastAPI, seat: Seat, *, examples: int, seed: int, steps: int = 6) -> Run:
    """Ask an application as somebody.

    Parameters
    ----------
    examples : made-up requests a route, in the phase that makes them up
    steps : of one walk along the links between routes
    """
    document = deepcopy(description(app, "en"))
    for path in document["paths"].values():
        for operation in path.values():
            _without_largest(operation)
    config = SchemathesisConfig.from_dict(_settings(seat, examples, seed, steps))
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = _local(app)
    if seat.token:
        schema = schema.exclude(path=_SIGNS_OUT)
    found = Run()
    with _quiet():
        for event in from_schema(schema).execute():
            _count(found, event)
    return found


def _settings(seat: Seat, examples: int, seed: int, steps: int) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "base-url": "http://127.0.0.1:8000",
        "seed": seed,
        "workers": 1,
        "generation": {"max-examples": examples, "database": "none"},
        "phases": {"stateful": {"generation": {"max-examples": examples}, "max-steps": steps}},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": _ANSWERS},
            # An address too long for any parameter is refused too (414).
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
            "max_response_time": 10,
        },
        "operations": [
            *({"include-path": path, "generation": {"max-examples": 3}} for path in _SLOW),
            # Asked by GET, ``search`` is an id, and a wrong one.
            *({"include-path": path, "phases": _ASKED_BY_PUT} for path in _NAMED),
        ],
    }
    if seat.token.startswith("wgk_"):
        settings["auth"] = {"openapi": {"key": {"api_key": seat.token}}}
    elif seat.token:
        settings["auth"] = {"openapi": {"bearer": {"bearer": seat.token}}}
    return settings


def _without_largest(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "limit":
            for schema in (parameter["schema"], *parameter["schema"].get("anyOf", [])):
                schema.pop("maximum", None)


def _count(found: Run, event: events.EngineEvent) -> None:
    if isinstance(event, events.NonFatalError):
        found.failures.append(f"error: {event.label} {event.info.message if event.info else ''}")
    elif isinstance(event, events.FatalError):
        found.failures.append(f"fatal: {event.exception!r}")
    elif isinstance(event, events.ScenarioFinished):
        recorder = event.recorder
        found.cases[str(event.phase)] += len(recorder.interactions)
        for interaction in recorder.interactions.values():
            if interaction.response is not None:
                found.statuses[interaction.response.status_code] += 1
        for case_id, checks in recorder.checks.items():
            failed = [check for check in checks if check.status is not Status.SUCCESS]
            found.failures += [_told(recorder, case_id, check) for check in failed]


def _told(recorder: Any, case_id: str, check: Any) -> str:
    case = recorder.cases[case_id].value
    answer = recorder.interactions.get(case_id)
    content = answer.response.content[:200] if answer and answer.response else b""
    failure = str(check.failure_info.failure) if check.failure_info else ""
    asked = f"{case.method} {case.formatted_path} {case.query} {case.body!r}"
    return f"{check.name}: {' '.join(failure.split())[:300]} | {asked[:300]} | {content!r}"


def _local(app: FastAPI) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """Return the application as this machine asks it: only so may one sign in without TLS."""

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": ("127.0.0.1", 50000)}, receive, send)

    return asked


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the lines of thousands of requests."""
    logger = logging.getLogger("api.requests")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
