"""The weekly look at reads and access given: facts gathered rightly, findings kept, not undone."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geo.access.roles import Role
from geo.audit.actions import Action
from geo.clock import now
from geo.oversight.jobs import run_unusual
from geo.oversight.watch import watch
from geo.runtime import Runtime
from tests.geo.audit.trail import ACTOR, as_owner, rows

pytestmark = pytest.mark.db

ZONE = ZoneInfo("Asia/Shanghai")


def monday(weeks_ago: int = 1) -> date:
    today = now().astimezone(ZONE).date()
    return today - timedelta(days=today.weekday() + 7 * weeks_ago)


def wednesday(hour: int = 12, weeks_ago: int = 1) -> datetime:
    day = monday(weeks_ago) + timedelta(days=2)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    """The small town; account 1 is worker w1 of grid 1, account 2 an admin named 甲某某."""
    as_owner(
        small_town,
        "INSERT INTO account (kind, login, name, created_by, worker_id)"
        " SELECT 'person', 'w1', name, 'x', id FROM worker WHERE code = 'w1'",
        "INSERT INTO account (kind, login, name, created_by)"
        " VALUES ('person', 'admin', '甲某某', 'x'), ('person', 'auditor', '乙某', 'x')",
        # Whoever is assigned now was so a year ago.
        "UPDATE assignment SET valid_from = valid_from - interval '1 year'",
    )
    return small_town


def left(
    town: Runtime,
    account: int,
    subjects: list[int],
    at: datetime,
    action: Action = Action.PEOPLE_READ,
    kind: str = "household",
) -> int:
    """Leave a record of that moment; return its id."""
    as_owner(
        town,
        "INSERT INTO audit_record"
        " (at, actor, account_id, action, outcome, subject_kind, subjects, count)"
        " VALUES (:at, 'x', :account, :action, 'done', :kind, :subjects, :count)",
        at=at,
        account=account,
        action=action.value,
        kind=kind,
        subjects=subjects,
        count=len(subjects),
    )
    return int(rows(town, "SELECT max(id) AS id FROM audit_record")[0]["id"])


def looked(town: Runtime) -> int:
    with town.work(ACTOR) as work:
        return watch(work)


def found(town: Runtime) -> list[tuple[date, int, str, int, list[int]]]:
    query = "SELECT * FROM audit_finding ORDER BY week, account_id, rule"
    return [
        (row["week"], row["account_id"], row["rule"], row["count"], row["examples"])
        for row in rows(town, query)
    ]


def household(town: Runtime, building: str) -> int:
    query = (
        "SELECT min(household.id) AS id FROM household JOIN building"
        " ON building.id = building_id WHERE building.code = :building"
    )
    return int(rows(town, query, building=building)[0]["id"])


def test_a_read_outside_the_readers_tasks_is_found(town: Runtime) -> None:
    own, foreign = household(town, "b1"), household(town, "b3")
    left(town, 1, [own], wednesday())
    record = left(town, 1, [own, foreign], wednesday(), Action.PEOPLE_LIST)

    assert looked(town) == 1
    assert found(town) == [(monday(), 1, "outside", 1, [record])]


def test_who_stands_in_reads_what_is_theirs_meanwhile(town: Runtime) -> None:
    as_owner(
        town,
        "UPDATE assignment SET building_id = place.id, path = place.path FROM worker,"
        " building AS place WHERE worker.id = worker_id AND worker.code = 'w2'"
        " AND place.code = 'b3'",
        "INSERT INTO worker_leave (worker_id, substitute_id, begins_at, ends_at, added_by)"
        " SELECT away.id, other.id, CAST(:since AS timestamptz), CAST(:until AS timestamptz), 'x'"
        " FROM worker AS away, worker AS other WHERE away.code = 'w2' AND other.code = 'w1'",
        since=wednesday(9),
        until=wednesday(12),
    )
    left(town, 1, [household(town, "b3")], wednesday(10))
    late = left(town, 1, [household(town, "b3")], wednesday(13))

    looked(town)

    assert found(town) == [(monday(), 1, "outside", 1, [late])]


def test_a_read_at_night_is_found_by_local_time(town: Runtime) -> None:
    own = household(town, "b1")
    record = left(town, 1, [own], wednesday(23))
    left(town, 1, [own], wednesday(7))

    looked(town)

    assert found(town) == [(monday(), 1, "night", 1, [record])]


def test_a_namesake_in_clear_is_found(town: Runtime) -> None:
    # The head of the first household in b1 is called 甲一, masked 甲**.
    record = left(town, 2, [household(town, "b1")], wednesday(), Action.PEOPLE_REVEAL)
    left(town, 2, [household(town, "b3")], wednesday(), Action.PEOPLE_REVEAL)

    looked(town)

    assert found(town) == [(monday(), 2, "surname", 1, [record])]


def test_bulk_is_measured_by_the_weeks_before(town: Runtime) -> None:
    usual = list(range(10_000, 10_400))
    for weeks_ago in (2, 3):
        left(town, 2, usual, wednesday(weeks_ago=weeks_ago), Action.PEOPLE_LIST)
    left(town, 2, list(range(20_000, 21_200)), wednesday(), Action.PEOPLE_LIST)
    left(town, 3, list(range(20_000, 21_200)), wednesday(), Action.PEOPLE_LIST)

    looked(town)

    # 1,200 is three times 400, not more; who never read anybody before has read 1,200.
    assert [(week, account, rule) for week, account, rule, _, _ in found(town)] == [
        (monday(), 3, "bulk")
    ]


def test_what_is_no_read_of_a_household_counts_not(town: Runtime) -> None:
    left(town, 1, [1], wednesday(23), Action.WORKFORCE_LIST, kind="worker")
    left(town, 1, [], wednesday(23), Action.PEOPLE_LIST)
    left(town, 1, [], wednesday(23), Action.PEOPLE_COUNT)

    assert looked(town) == 0


def test_the_running_week_waits(town: Runtime) -> None:
    left(town, 1, [household(town, "b1")], wednesday(23, weeks_ago=0))

    assert looked(town) == 0


def test_weeks_that_were_missed_are_made_up_for(town: Runtime) -> None:
    for weeks_ago in (1, 4, 5):
        left(town, 1, [household(town, "b1")], wednesday(23, weeks_ago))

    looked(town)

    assert [row[0] for row in found(town)] == [monday(4), monday(1)]


def test_a_second_look_finds_the_same_and_leaves_what_was_reviewed(town: Runtime) -> None:
    left(town, 1, [household(town, "b1")], wednesday(23, 2))
    left(town, 1, [household(town, "b1")], wednesday(23, 1))
    looked(town)
    before = found(town)
    as_owner(
        town,
        "UPDATE audit_finding SET reviewed_by = 3, reviewed_at = now(), remark = 'on duty'"
        f" WHERE week = '{monday(2)}'",
    )
    # One more of each week, as if it had been sealed late.
    for weeks_ago in (1, 2):
        left(town, 1, [household(town, "b1")], wednesday(22, weeks_ago))
    looked(town)

    assert [row[:3] for row in found(town)] == [row[:3] for row in before]
    assert [row[3] for row in found(town)] == [1, 2]


def test_examples_are_some_and_the_count_is_all(town: Runtime) -> None:
    for _ in range(25):
        left(town, 1, [household(town, "b1")], wednesday(23))
    looked(town)

    ((_, _, rule, count, examples),) = found(town)
    assert (rule, count, len(examples)) == ("night", 25, 20)


def did(
    town: Runtime,
    action: Action,
    account: int,
    after: dict[str, object],
    *,
    by: str = "root",
    weeks_ago: int = 1,
) -> int:
    """Leave a record of what somebody did to an account in a week; return its id."""
    as_owner(
        town,
        "INSERT INTO audit_record"
        " (at, actor, action, outcome, subject_kind, subjects, count, after)"
        " VALUES (:at, :by, :action, 'done', 'account', :subjects, 1, CAST(:after AS jsonb))",
        at=wednesday(weeks_ago=weeks_ago),
        by=by,
        action=action.value,
        subjects=[account],
        after=json.dumps(after),
    )
    return int(rows(town, "SELECT max(id) AS id FROM audit_record")[0]["id"])


def powers(town: Runtime) -> list[tuple[int, int, list[int], list[str]]]:
    query = "SELECT * FROM audit_finding WHERE rule = 'powers' ORDER BY week, account_id"
    return [
        (row["account_id"], row["count"], row["examples"], row["given_by"])
        for row in rows(town, query)
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_a_powerful_role_that_was_given_is_found(town: Runtime, role: Role) -> None:
    record = did(town, Action.GRANT_ADD, 2, {"role": role.value})
    shows_people = {"grid_worker", "community_admin", "street_dispatcher", "district_admin"}

    looked(town)

    is_found = role.value in shows_people | {"system_admin", "audit_admin"}
    assert powers(town) == ([(2, 1, [record], ["root"])] if is_found else [])


@pytest.mark.parametrize(
    ("held_from", "held_to", "is_found"),
    [
        (-9, None, True),
        (-9, 9, True),
        (-9, -1, False),  # a former post
        (1, None, False),  # given later: that grant is found by itself
        (None, None, False),
    ],
)
def test_a_reset_of_who_holds_a_powerful_role_is_found(
    town: Runtime, held_from: int | None, held_to: int | None, is_found: bool
) -> None:
    if held_from is not None:
        as_owner(
            town,
            "INSERT INTO role_grant (account_id, role, valid_from, valid_to, granted_by)"
            " VALUES (2, 'district_admin', :since, :until, 'x')",
            since=wednesday() + timedelta(days=held_from),
            until=None if held_to is None else wednesday() + timedelta(days=held_to),
        )
    record = did(town, Action.PASSWORD_SET, 2, {"must_change": True, "sign_ins_ended": 1})
    did(town, Action.PASSWORD_SET, 2, {"sign_ins_ended": 0}, by="admin")  # chosen by oneself

    looked(town)

    assert powers(town) == ([(2, 1, [record], ["root"])] if is_found else [])


def test_what_is_given_in_a_week_is_one_finding_an_account_with_all_who_gave(
    town: Runtime,
) -> None:
    given = [
        did(town, Action.GRANT_ADD, 2, {"role": "district_admin"}, by=by)
        for by in ("root", "system:user", "root")
    ]
    other = did(town, Action.GRANT_ADD, 3, {"role": "audit_admin"})
    did(town, Action.GRANT_ADD, 3, {"role": "audit_admin"}, weeks_ago=0)  # for next Monday
    did(town, Action.GRANT_END, 1, {"role": "audit_admin"})

    looked(town)
    looked(town)

    assert powers(town) == [(2, 3, given, ["root", "system:user"]), (3, 1, [other], ["root"])]


def test_the_look_itself_is_recorded(town: Runtime) -> None:
    left(town, 1, [household(town, "b1")], wednesday(23))

    assert run_unusual(town, None) == {"findings": 1}  # type: ignore[arg-type]
    (record,) = rows(town, "SELECT * FROM audit_record WHERE action = 'audit.watch'")
    assert record["after"] == {
        "weeks": [monday(ago).isoformat() for ago in (1, 2, 3, 4)],
        "findings": 1,
    }
