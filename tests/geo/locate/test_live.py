"""What is held in memory follows the database within two seconds, or is not used."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import TextClause
from sqlalchemy.exc import OperationalError

from geo.access.actors import Actor
from geo.grid.service import publish_cells
from geo.locate import history, live
from geo.locate.live import FRESH_S, Live
from geo.locate.memory import located
from geo.locate.service import Question, locate
from geo.runtime import Runtime
from geo.workforce import service as workforce
from tests import world
from tests.geo.grid.test_service import divided

pytestmark = pytest.mark.db

Make = Callable[..., Live]

# Publishes in a process of its own and says when its commit began and had ended.
PUBLISH = """
import sys, time
from geo.access.actors import Actor
from geo.grid.service import publish_cells
from geo.runtime import Runtime
from geo.settings import Settings
from tests.geo.grid.test_service import divided
runtime = Runtime(Settings(database_url=sys.argv[1]))
cells = divided()
with runtime.work(Actor.system("test")) as work:
    publish_cells(work, cells, note="second")
print(time.monotonic())
"""


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    return small_town


@pytest.fixture
def make(town: Runtime, tmp_path: Path) -> Iterator[Make]:
    """Makes what holds the town, and stops it in the end."""
    made: list[Live] = []

    def live_of(folder: Path = tmp_path, **more: object) -> Live:
        settings = town.settings
        url, zone = settings.database_url or "", settings.time_zone
        made.append(Live(town, url=url, folder=folder, zone=zone, **more))  # type: ignore[arg-type]
        return made[-1]

    yield live_of
    for found in made:
        found.stop()


def started(found: Live) -> Live:
    found.start()
    deadline = time.monotonic() + 60
    while found.sight() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def leaf(found: Live, east: float, north: float) -> str | None:
    sight, place = found.sight(), world.at(east, north)
    if sight is None:
        return None
    return sight.snapshot.steps(
        sight.snapshot.chain(sight.snapshot.index.locate(place.x, place.y))
    )[-1].code


def test_nothing_is_held_before_the_first_look(town: Runtime, make: Make, tmp_path: Path) -> None:
    assert make().sight() is None


def test_a_look_holds_the_grid_and_the_roster(town: Runtime, make: Make, tmp_path: Path) -> None:
    found = make()

    assert (found.look(), found.look()) == (False, True)
    sight = found.sight()
    assert sight is not None
    assert (sight.snapshot.number, leaf(found, 0.25, 0.5)) == (1, "100A2001")


def test_an_answer_from_memory_is_the_one_from_sql(town: Runtime, make: Make) -> None:
    found = make()
    found.look()
    sight = found.sight()
    assert sight is not None
    with town.work(Actor.anonymous(), reading=True) as work:
        for east, north in [(0.25, 0.5), (0.75, 0.5), (0.5, 0.5), (1.0, 1.0), (2.5, 1.5)]:
            place = world.at(east, north)
            question = Question(lon=place.x, lat=place.y, accuracy_m=50.0)
            in_sql = locate(work, question)
            in_memory = located(town, sight, in_sql.point, 50.0)

            for answer in (in_sql.boundary, in_memory.boundary, in_sql.nearest, in_memory.nearest):
                assert answer is None or answer.distance_m >= 0.0
            assert replace(in_memory, as_of=in_sql.as_of, boundary=None, nearest=None) == replace(
                in_sql, boundary=None, nearest=None
            )


def test_what_nobody_has_confirmed_for_two_seconds_is_not_used(
    town: Runtime, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    found = make(clock=lambda: clock[0])
    found.look()

    clock[0] += FRESH_S
    assert found.sight() is not None
    clock[0] += 0.01
    assert found.sight() is None
    found.look()
    assert found.sight() is not None


def test_a_look_counts_from_its_beginning(
    town: Runtime, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was committed while the answer was on its way must not be missed for longer.
    clock = [100.0]
    found = make(clock=lambda: clock[0])
    found.look()
    ask = found._listener.ask

    def slow(statement: TextClause) -> tuple[object, ...]:
        answer = ask(statement)
        clock[0] += 1.5
        return answer

    monkeypatch.setattr(found._listener, "ask", slow)
    found.look()
    assert found.sight() is not None
    clock[0] += 0.51
    assert found.sight() is None


@pytest.mark.parametrize("heard", [True, False])
def test_a_publication_of_another_process_is_served_within_two_seconds(
    town: Runtime, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    if not heard:
        monkeypatch.setattr(live, "CHANNEL", "nobody_speaks_here")
    found = started(make())
    assert leaf(found, 1.25, 0.5) == "100B2"
    command = [sys.executable, "-c", PUBLISH, town.settings.database_url or ""]
    served: list[tuple[float, str | None]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while not served or served[-1][1] != "100B2001":
            served.append((time.monotonic(), leaf(found, 1.25, 0.5)))
            assert len(served) < 60_000
            time.sleep(0.002)
        out, _ = process.communicate(timeout=30)
    committed = float(out)

    assert {answer for _, answer in served} <= {"100B2", "100B2001", None}
    old = [at for at, answer in served if answer == "100B2"]
    assert max(old) - committed <= FRESH_S
    assert served[-1][0] - committed <= FRESH_S + 1.0


def test_a_change_of_the_roster_is_noticed(town: Runtime, make: Make, tmp_path: Path) -> None:
    found = make()
    found.look()
    before = found.sight()
    with town.work(Actor.system("test")) as work:
        workforce.end_assignments(work, [1])

    assert found.look() is False
    after = found.sight()

    assert before is not None
    assert after is not None
    assert after.snapshot is before.snapshot
    assert after.roster is not before.roster


def test_a_past_publication_is_read_once_somebody_asks(
    town: Runtime, make: Make, tmp_path: Path
) -> None:
    with town.work(Actor.system("test")) as work:
        first = work.now
    with town.work(Actor.system("test")) as work:
        publish_cells(work, divided(), note="second")
    found = make()
    found.look()

    assert found.sight(first) is None
    found._past.join()
    past = found.sight(first)

    assert past is not None
    assert (past.snapshot.number, past.roster, past.moment) == (1, None, first)
    assert leaf(found, 1.25, 0.5) == "100B2001"


def test_the_publication_before_stays_at_hand(town: Runtime, make: Make, tmp_path: Path) -> None:
    found = make()
    found.look()
    then = found.now()
    with town.work(Actor.system("test")) as work:
        publish_cells(work, divided(), note="second")
    found.look()

    past = found.sight(then)

    assert past is not None
    assert past.snapshot.number == 1


def test_the_future_and_what_came_before_the_first_are_the_databases(
    town: Runtime, make: Make, tmp_path: Path
) -> None:
    found = make()
    found.look()

    assert found.sight(found.now() + timedelta(minutes=1)) is None
    assert found.sight(found.now() - timedelta(days=1)) is None


def test_processes_share_the_file_of_a_publication(
    town: Runtime, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make().look()
    monkeypatch.setattr(history, "loaded", None)  # would be called to read it from the database

    other = make()
    other.look()

    sight = other.sight()
    assert sight is not None
    mapped = sight.snapshot.index.arrays.root
    while mapped.base is not None and not hasattr(mapped, "filename"):
        mapped = mapped.base
    assert Path(str(getattr(mapped, "filename", ""))).is_relative_to(tmp_path)
    assert leaf(other, 0.25, 0.5) == "100A2001"


def test_a_broken_file_is_made_again(town: Runtime, make: Make, tmp_path: Path) -> None:
    make().look()
    (index,) = tmp_path.glob("*/index")
    index.write_bytes(b"short")

    found = make()
    found.look()

    assert leaf(found, 0.25, 0.5) == "100A2001"
    assert index.stat().st_size > 1000


def test_without_a_folder_it_is_held_all_the_same(
    town: Runtime, make: Make, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    found = make(tmp_path / "file")
    found.look()

    assert leaf(found, 0.25, 0.5) == "100A2001"


def test_a_database_that_is_away_makes_it_ail_and_comes_back(
    town: Runtime,
    make: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = make()
    ask = found._listener.ask

    def away(statement: TextClause) -> tuple[object, ...]:
        raise OperationalError("look", {}, OSError("away"))

    monkeypatch.setattr(found._listener, "ask", away)
    assert found._tried() > 0
    assert found._tried() > 0
    monkeypatch.setattr(found._listener, "ask", ask)
    assert found._tried() == 0
    assert found.sight() is not None
    assert [record.message for record in caplog.records].count(
        "the grid is not held in memory; trying again: OperationalError"
    ) == 1
