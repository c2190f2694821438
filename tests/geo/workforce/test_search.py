"""Workers found by a part of the name or by how the code begins, as reading them all would find."""

import random
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.access.scope import Scope
from geo.db.paging import Page
from geo.db.session import make_engine
from geo.runtime import Runtime
from geo.work import Work
from geo.workforce.service import add_workers
from geo.workforce.store import WorkerFilter, WorkerRow, workers
from tests import world
from tests.databases import Databases
from tests.plans import found_by, plans_of, rows_read, scans_of
from tests.world import seer

pytestmark = pytest.mark.db

CELLS = ("100A1", "100A2", "100A2001", "100A2002", "100B1", "100B2")
LETTERS = "王小明·a%_\\"


def crowd(count: int, seed: int) -> pd.DataFrame:
    """Return workers whose names share few letters, so that most words find several."""
    drawn = random.Random(seed)
    rows = []
    for place in range(count):
        name = "".join(drawn.choices(LETTERS, k=drawn.randint(1, 7)))
        code = f"{drawn.choice('xa')}{drawn.choice('1a')}{place:03d}"
        rows.append((code, name, "", drawn.choice(CELLS)))
    return pd.DataFrame(rows, columns=["code", "name", "duty_phone", "cell_code"])


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    return small_town


def walk(work: Work, wanted: WorkerFilter, limit: int) -> Iterator[WorkerRow]:
    """Give all that is found, page after page."""
    page = Page(limit)
    while True:
        found = workers(work.session, work.scope, 1, wanted, page)
        yield from found.rows
        if found.after is None:
            return
        page = Page(limit, found.after)


def found(runtime: Runtime, words: str, *areas: str, limit: int = 50) -> list[str]:
    """Return the codes of whom somebody with some areas finds; with none of them everybody."""
    paths = world.paths(runtime)
    scope = Scope.of_areas(paths[code] for code in areas) if areas else Scope.everything()
    with runtime.work(seer(scope)) as work:
        return [row.code for row in walk(work, WorkerFilter(words=words), limit)]


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 9))]
)
def test_what_is_found_is_what_reading_everybody_finds(town: Runtime, seed: int) -> None:
    people = crowd(120, seed)
    with town.work(Actor.system("test")) as work:
        add_workers(work, people)
        everybody = list(walk(work, WorkerFilter(), 500))
        drawn = random.Random(seed)
        asked = ["x", "xa", "a1", "a10", "x101", "xa0999", "王", "沈知", "%", "_", "\\", "'"]
        for name in drawn.sample(list(people["name"]), 40):
            begin = drawn.randrange(len(name))
            asked.append(name[begin // 2 : begin // 2 + drawn.randint(1, 7)])
        asked += [name[-5:] for name in people["name"] if len(name) > 4][:15]
        for words in asked:
            rows = list(walk(work, WorkerFilter(words=words), drawn.choice((1, 4, 500))))
            right = [r for r in everybody if words in r.name or r.code.startswith(words)]
            assert rows == right, words

        assert sum(len(words) > 3 for words in asked) > 10


@pytest.mark.parametrize("words", ["沈", "知", "沈知夏", "w1", "w"])
def test_one_character_is_enough(town: Runtime, words: str) -> None:
    assert "w1" in found(town, words)


@pytest.mark.parametrize("words", ["沈夏", "沈知夏沈知夏", "1", "W", "x"])
def test_what_stands_nowhere_finds_nobody(town: Runtime, words: str) -> None:
    assert found(town, words) == []


@pytest.mark.parametrize("words", ["沈", "沈知夏", "w1", "w"])
def test_nobody_is_found_outside_the_own_areas(town: Runtime, words: str) -> None:
    assert found(town, words, "100B") == found(town, words, "100A2002", "100A1") == []
    assert "w1" in found(town, words, "100B", "100A2001")


def test_a_renamed_worker_is_found_by_the_new_name_alone(town: Runtime) -> None:
    with town.work(Actor.system("test")) as work:
        add_workers(work, world.workers().assign(name=["顾知秋", "骆平川", "陶一禾"]))

    assert [found(town, words) for words in ("顾", "秋", "知")] == [["w1"]] * 3
    assert [found(town, words) for words in ("沈", "夏", "沈知夏")] == [[]] * 3


def test_another_code_and_another_cell_are_followed(town: Runtime) -> None:
    with town.work(Actor.system("test")) as work:
        work.session.execute(text("UPDATE worker SET code = 'k9' WHERE code = 'w1'"))
        work.session.execute(
            text(
                "UPDATE worker SET path = there.path FROM cell_version AS there"
                " WHERE there.code = '100B1' AND worker.code = 'k9'"
            )
        )

    assert (found(town, "k"), found(town, "w1")) == (["k9"], [])
    assert (found(town, "沈", "100B"), found(town, "沈", "100A")) == (["k9"], [])


@pytest.mark.parametrize("words", ["骆", "骆平川", "w2"])
def test_somebody_who_has_left_is_found_among_the_former_alone(town: Runtime, words: str) -> None:
    with town.work(Actor.system("test")) as work:
        left = "UPDATE worker SET employed_from = '2001-01-01', employed_to = '2001-02-01'"
        work.session.execute(text(f"{left} WHERE code = 'w2'"))
    day = date(2026, 11, 22)
    with town.work(seer(Scope.everything())) as work:
        now = list(walk(work, WorkerFilter(words=words, employed_on=day), 50))

    assert (now, found(town, words)) == ([], ["w2"])


def test_a_worker_who_is_taken_away_leaves_no_word(town: Runtime) -> None:
    owner = make_engine(str(town.settings.database_owner_url), pool_size=1)
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM assignment")
        connection.exec_driver_sql("DELETE FROM worker WHERE code = 'w1'")
        left = connection.scalars(text("SELECT DISTINCT worker_id FROM worker_word")).all()
        there = connection.scalars(text("SELECT id FROM worker")).all()
    owner.dispose()

    assert sorted(left) == sorted(there)
    assert len(there) == 2


CITY = (
    "INSERT INTO worker (code, name, path) SELECT 'w' || i, '员' || i,"
    " '1.' || 2 + mod(i, 4) || '.' || 10 + i || '.' FROM generate_series(1, 4000) AS i"
)


@pytest.fixture(scope="module")
def city(databases: Databases, template: str) -> Iterator[Runtime]:
    name = databases.create(template=template)
    runtime = Runtime(databases.settings(name))
    owner = make_engine(databases.owner_url(name), pool_size=1)
    with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(CITY)
        connection.exec_driver_sql("VACUUM ANALYZE")
    owner.dispose()
    yield runtime
    runtime.close()
    databases.drop(name)


@pytest.mark.parametrize("areas", [["*"], ["1.2."], ["1.2.", "1.4."]])
@pytest.mark.parametrize("words", ["员", "w", "w1", "W", "员12", "员1234", "w1234"])
def test_a_search_reads_no_more_than_its_page(city: Runtime, areas: list[str], words: str) -> None:
    scope = Scope.everything() if areas == ["*"] else Scope.of_areas(areas)
    wanted = WorkerFilter(words=words)
    with city.work(seer(scope)) as work:
        plans = plans_of(
            work.session, lambda: workers(work.session, work.scope, 1, wanted, Page(20))
        )

    assert found_by(plans, "worker_word") == {"ix_worker_word_word"}
    assert "Seq Scan" not in found_by(plans, "worker")
    for table in ("worker_word", "worker"):
        read = [rows_read(node) * node["Actual Loops"] for node in scans_of(plans, table)]
        assert max(read, default=0) <= 42, (table, read)
