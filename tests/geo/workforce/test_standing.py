"""The roster in memory gives the same team as SQL, whatever stands, has ended or is to begin."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geo.access.actors import Reason
from geo.grid.store import chain, version_by_code
from geo.work import Work
from geo.workforce.responsibility import team
from geo.workforce.roster import Place, duties
from geo.workforce.standing import Roster, standing_roster
from tests import world

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
LEAVES = ("100A1", "100A2001", "100A2002", "100B1")
POSTS = ("grid_worker", "building_head", "community_secretary", "community_police")
WORKERS = ("w1", "w2", "w3")

hours = st.integers(-72, 72)
spells = st.tuples(
    st.sampled_from(["w1", "w2", "w3"]),
    st.sampled_from(["100", "100A", "100A2", *LEAVES]),
    st.sampled_from(POSTS),
    st.booleans(),
    hours,
    st.none() | st.integers(1, 48),
)
days = st.none() | st.integers(-3, 3)
employments = st.lists(st.tuples(days, days), min_size=3, max_size=3)
# Who is away, who stands in, from when, for how long, ended so many hours after it began.
away = st.tuples(
    st.sampled_from(WORKERS),
    st.none() | st.sampled_from(WORKERS),
    hours,
    st.none() | st.integers(1, 96),
    st.none() | st.integers(-24, 48),
)
Spell = tuple[str, str, str, bool, int, int | None]
Away = tuple[str, str | None, int, int | None, int | None]


@pytest.fixture
def town(work: Work) -> Work:
    world.fill(work)
    return work


def place_of(work: Work, code: str) -> Place:
    leaf = version_by_code(work.session, code, 1)
    cells = chain(work.session, leaf.path, 1)
    return Place(cells={cell.cell_id: (cell.code, cell.level) for cell in cells})


def leave(work: Work, leaves: list[Away]) -> None:
    """Write leaves; one that would be a second at once, or of who stands in for themselves, not."""
    for worker, substitute, begin, length, ended in leaves:
        work.session.execute(text("SAVEPOINT one"))
        try:
            work.session.execute(
                text(
                    "INSERT INTO worker_leave (worker_id, substitute_id, begins_at, ends_at,"
                    " ended_at, ended_by, added_by, path) SELECT worker.id, other.id,"
                    " now() + make_interval(hours => :begin),"
                    " now() + make_interval(hours => :begin + CAST(:length AS int)),"
                    " now() + make_interval(hours => :begin + CAST(:ended AS int)),"
                    " CASE WHEN CAST(:ended AS int) IS NULL THEN NULL ELSE 't' END, 't',"
                    " worker.path FROM worker LEFT JOIN worker AS other ON other.code = :substitute"
                    " WHERE worker.code = :worker"
                ),
                {
                    "worker": worker, "substitute": substitute, "begin": begin, "length": length,
                    "ended": ended,
                },
            )  # fmt: skip
        except IntegrityError:
            work.session.execute(text("ROLLBACK TO SAVEPOINT one"))


def arrange(
    work: Work, stands: list[Spell], employed: list[tuple[int | None, int | None]],
    leaves: list[Away] | None = None,
) -> None:  # fmt: skip
    session = work.session
    # Nothing is deleted by the application's role: what an example before left, never held.
    session.execute(text("UPDATE worker_leave SET ended_by = 't', ended_at = begins_at"))
    leave(work, leaves or [])
    session.execute(text("UPDATE assignment SET valid_to = valid_from + interval '1 ms'"))
    for code, (begin, end) in zip(("w1", "w2", "w3"), employed, strict=True):
        later = end if begin is None or end is None else max(begin, end)
        session.execute(
            text(
                "UPDATE worker SET employed_from = CURRENT_DATE + CAST(:begin AS int),"
                " employed_to = CURRENT_DATE + CAST(:end AS int) WHERE code = :code"
            ),
            {"code": code, "begin": begin, "end": later},
        )
    for worker, cell, post, primary, begin, length in stands:
        session.execute(text("SAVEPOINT one"))
        try:
            session.execute(
                text(
                    "INSERT INTO assignment (worker_id, post, is_primary, cell_id, valid_from,"
                    " valid_to, path) SELECT worker.id, :post, :primary, version.cell_id,"
                    " now() + make_interval(hours => :begin),"
                    " now() + make_interval(hours => :begin + CAST(:length AS int)), version.path"
                    " FROM worker, cell_version AS version"
                    " WHERE worker.code = :worker AND version.code = :cell"
                ),
                {
                    "worker": worker, "cell": cell, "post": post, "primary": primary,
                    "begin": begin, "length": length,
                },
            )  # fmt: skip
        except IntegrityError:  # two would answer first
            session.execute(text("ROLLBACK TO SAVEPOINT one"))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(spells, max_size=12),
    employments,
    st.lists(away, max_size=5),
    st.lists(st.integers(0, 96), max_size=4),
)
def test_memory_and_sql_name_the_same_team_now_and_later(
    town: Work,
    stands: list[Spell],
    employed: list[tuple[int | None, int | None]],
    leaves: list[Away],
    later: list[int],
) -> None:
    with town.elevated(Reason.DUTY_LOOKUP):
        arrange(town, stands, employed, leaves)
        roster = standing_roster(town.session, town.now, ZONE)
        for leaf in LEAVES:
            place = place_of(town, leaf)
            for moment in [town.now, *(town.now + timedelta(hours=hour) for hour in later)]:
                in_sql = team(duties(town.session, place, moment))
                assert team(roster.duties(place, moment)) == in_sql


def test_it_is_known_until_when_the_same_assignments_bear(town: Work) -> None:
    with town.elevated(Reason.DUTY_LOOKUP):
        arrange(town, [("w1", "100A1", "grid_worker", True, 2, 3)], [(None, None)] * 3)
        roster, place = standing_roster(town.session, town.now, ZONE), place_of(town, "100A1")

    def seen(hours: float) -> tuple[float | None, list[str]]:
        moment = town.now + timedelta(hours=hours)
        until = roster.same_until(moment)
        names = [duty.name for duty in roster.duties(place, moment)]
        return until and (until - town.now).total_seconds() / 3600, names

    assert [seen(1.9), seen(2), seen(4.9), seen(5)] == [
        (2.0, []),
        (5.0, ["沈知夏"]),
        (5.0, ["沈知夏"]),
        (None, []),
    ]


def test_a_leave_begins_and_ends_by_the_clock_alone(town: Work) -> None:
    with town.elevated(Reason.DUTY_LOOKUP):
        arrange(
            town,
            [("w1", "100A1", "grid_worker", True, -9, None)],
            [(None, None)] * 3,
            [("w1", "w2", 2, 3, None)],
        )
        roster, place = standing_roster(town.session, town.now, ZONE), place_of(town, "100A1")

    def seen(hours: float) -> tuple[float | None, str, str]:
        moment = town.now + timedelta(hours=hours)
        until, found = roster.same_until(moment), team(roster.duties(place, moment))
        left = until and (until - town.now).total_seconds() / 3600
        return left, found.members[0].name, found.reason

    assert [seen(1.9), seen(2), seen(4.9), seen(5)] == [
        (2.0, "沈知夏", "cell"),
        (5.0, "骆平川", "cell; substitute"),
        (5.0, "骆平川", "cell; substitute"),
        (None, "沈知夏", "cell"),
    ]


def test_an_empty_roster_has_nobody(town: Work) -> None:
    empty = Roster((), datetime.fromisoformat("2026-11-21T08:00:00+08:00"))

    assert empty.duties(place_of(town, "100A1"), town.now) == []
    assert empty.same_until(town.now) is None
