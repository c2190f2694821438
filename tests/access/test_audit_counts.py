"""As many records as reads, whoever reads at the same time; and no reader waits for a writer."""

import threading
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import text

from api.app import create_app
from geo.access.actors import Actor
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.turns import take_turn
from geo.runtime import Runtime
from tests.access import trail, world
from tests.access.asking import Asker
from tests.access.conftest import Made, settings_of
from tests.access.routes import REASON
from tests.access.seats import Seat
from tests.access.world import Known
from tests.databases import Databases

pytestmark = pytest.mark.db

READERS, READS_EACH = 8, 25
OPEN_S = 3.0


@pytest.fixture(scope="module")
def deployment(databases: Databases, made: Made) -> Iterator[Runtime]:
    """A runtime with connections for all who ask at once."""
    name = databases.create(template=made.name)
    settings = settings_of(databases, name).model_copy(update={"pool_size": 10})
    runtime = Runtime(settings)
    yield runtime
    runtime.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def reader(everybody: tuple[Seat, ...]) -> Seat:
    return next(seat for seat in everybody if seat.name == "community_admin.parent")


def reads(known: Known) -> list[tuple[str, str, object]]:
    """Return reads of people of each kind."""
    row = known.of("household", world.SIBLING)[0]
    fields = {"fields": ["head_name"], "reason": REASON}
    return [
        ("GET", "/api/v1/households?limit=5", None),
        ("GET", f"/api/v1/households/{row.id}", None),
        ("GET", f"/api/v1/cells/{world.TARGET}/counts", None),
        ("GET", "/api/v1/workers", None),
        ("POST", f"/api/v1/households/{row.id}/reveal", fields),
        ("GET", "/api/v1/households/7000030", None),  # in another town: missed
    ]


async def asked(
    asker: Asker, reader: Seat, known: Known, name: str, count: int
) -> list[tuple[str, int]]:
    """Return the ids and statuses of requests made one after another."""
    what, made = reads(known), []
    for number in range(count):
        method, target, body = what[number % len(what)]
        request_id = f"counts-{name}-{number:04d}"
        headers = {**reader.headers, "x-request-id": request_id, "idempotency-key": request_id}
        answer = await asker.asked(method, target, body, headers)
        made.append((request_id, answer.status))
    return made


def test_as_many_records_as_reads_with_eight_at_once(
    deployment: Runtime, reader: Seat, known: Known
) -> None:
    asker = Asker(create_app(deployment))
    names = [f"t{number}" for number in range(READERS)]
    each = asker.at_once(asked(asker, reader, known, name, READS_EACH) for name in names)
    asker.close()
    made = [entry for one in each for entry in one]
    left = trail.records(deployment)

    statuses = Counter(status for _, status in made)
    assert set(statuses) == {200, 404}
    assert sum(statuses.values()) == READERS * READS_EACH
    assert [request for request, _ in made if len(left[request]) != 1] == []
    assert {left[request][0].outcome for request, status in made if status == 404} == {"missed"}


def test_no_reader_waits_for_a_writer(deployment: Runtime, reader: Seat, known: Known) -> None:
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        """Hold a transaction open that has written people, the audit and taken a writer's turn."""
        with deployment.work(Actor.system("test")) as work:
            take_turn(work.session)
            work.session.execute(text("UPDATE household SET persons = persons"))
            work.session.execute(text("UPDATE account SET name = name"))
            work.note(Note(Action.PEOPLE_IMPORT, subject_kind="household"))
            deployed = text(
                "INSERT INTO audit_record (actor, action, outcome) VALUES ('t', 'x', 'done')"
            )
            work.session.execute(deployed)
            begun.set()
            over.wait(OPEN_S)

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(OPEN_S)
    try:
        spent = _reads_until(deployment, reader, known, time.monotonic() + OPEN_S - 0.5)
        assert writer.is_alive()
    finally:
        over.set()
        writer.join()

    assert len(spent) >= 3
    assert float(np.percentile(spent, 95)) < 1.0


def _reads_until(runtime: Runtime, reader: Seat, known: Known, end: float) -> list[float]:
    """Return how many seconds each read took, as many as there are until an instant."""
    asker, spent = Asker(create_app(runtime)), []
    while time.monotonic() < end and len(spent) < 100:
        at = time.monotonic()
        (made,) = asker.at_once([asked(asker, reader, known, f"w{len(spent)}", 5)])
        spent.append((time.monotonic() - at) / len(made))
        assert {status for _, status in made} == {200}
    asker.close()
    return spent
