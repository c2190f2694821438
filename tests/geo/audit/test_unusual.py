"""Which reads look unusual: outside own tasks, at night, in bulk, same surname."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geo.audit.actions import Action
from geo.audit.unusual import (
    BULK_PEOPLE,
    PeopleRead,
    Person,
    ReaderFacts,
    Rule,
    Task,
    surname,
    unusual,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 18, 12, tzinfo=ZONE)
EARLIER, LATER = NOON - timedelta(days=30), NOON + timedelta(days=30)
OWN = Task("1.2.3.", EARLIER, None)
PEOPLE = {
    1: Person("1.2.3.", "王**"),
    2: Person("1.2.3.7.", "李**"),
    3: Person("1.2.4.", "王**"),
    4: Person("", "欧阳**"),
}


def read(
    record: int, *subjects: int, at: datetime = NOON, action: str = "people.read"
) -> PeopleRead:
    return PeopleRead(record, at, action, subjects)


def facts(
    *, name: str = "张**", tasks: tuple[Task, ...] | None = (OWN,), days: tuple[int, ...] = ()
) -> ReaderFacts:
    return ReaderFacts(name, tasks, days)


def test_what_is_usual_is_not_found() -> None:
    reads = [read(10, 1, 2), read(11, 2, action="people.reveal")]

    assert unusual(facts(), reads, PEOPLE) == {}


def test_a_household_beyond_the_readers_tasks_is_outside() -> None:
    found = unusual(facts(), [read(10, 1), read(11, 1, 3), read(12, 4)], PEOPLE)

    assert found == {Rule.OUTSIDE: [11, 12]}


@pytest.mark.parametrize(
    ("task", "outside"),
    [
        (Task("1.2.3.", EARLIER, NOON), True),  # ended at that moment
        (Task("1.2.3.", EARLIER, LATER), False),
        (Task("1.2.3.", NOON, None), False),  # began at that moment
        (Task("1.2.3.", NOON + timedelta(seconds=1), None), True),
        (Task("1.2.", EARLIER, None), False),
        (Task("", EARLIER, None), True),  # in no cell: nobody's whole town
    ],
)
def test_a_task_counts_only_while_it_stands(task: Task, outside: bool) -> None:
    found = unusual(facts(tasks=(task,)), [read(10, 1)], PEOPLE)

    assert (Rule.OUTSIDE in found) is outside


def test_a_worker_without_a_task_is_always_outside() -> None:
    assert unusual(facts(tasks=()), [read(10, 1)], PEOPLE) == {Rule.OUTSIDE: [10]}


def test_an_account_that_is_no_workers_has_no_tasks_to_be_outside_of() -> None:
    assert unusual(facts(tasks=None), [read(10, 3)], PEOPLE) == {}


def test_somebody_who_is_not_known_any_more_is_nowhere() -> None:
    assert unusual(facts(), [read(10, 99)], PEOPLE) == {}


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(21, 59, False), (22, 0, True), (23, 59, True), (0, 0, True), (5, 59, True), (6, 0, False)],
)
def test_a_night_lasts_from_ten_to_six(hour: int, minute: int, night: bool) -> None:
    at = NOON.replace(hour=hour, minute=minute)

    assert (Rule.NIGHT in unusual(facts(), [read(10, 1, at=at)], PEOPLE)) is night


def many(count: int, *, first: int = 0, at: datetime = NOON, record: int = 10) -> PeopleRead:
    return read(record, *range(1000 + first, 1000 + first + count), at=at)


def test_more_people_than_ever_in_a_day_is_bulk() -> None:
    day = [many(300, record=10), many(201, first=300, record=11)]
    next_day = many(500, at=NOON + timedelta(days=1), record=12)

    assert unusual(facts(), [*day, next_day], {}) == {Rule.BULK: [10, 11]}


def test_the_same_people_again_are_counted_once() -> None:
    assert unusual(facts(), [many(400, record=10), many(400, record=11)], {}) == {}


@pytest.mark.parametrize(
    ("days", "people", "bulk"),
    [
        ((400,), 1200, False),  # three times the usual day is not far above it
        ((400,), 1201, True),
        ((100, 200, 900), 600, False),  # the median is 200
        ((100, 200, 900), 601, True),
        ((10,), BULK_PEOPLE, False),
        ((10,), BULK_PEOPLE + 1, True),
    ],
)
def test_bulk_is_far_above_ones_own_usual_day(
    days: tuple[int, ...], people: int, bulk: bool
) -> None:
    assert (Rule.BULK in unusual(facts(days=days), [many(people)], {})) is bulk


@pytest.mark.parametrize("action", Action)
def test_only_what_was_given_in_clear_counts_for_the_surname(action: Action) -> None:
    found = unusual(facts(name="王**"), [read(10, 1, action=action.value)], PEOPLE)

    clear = action in {Action.PEOPLE_REVEAL, Action.PEOPLE_PRINT}
    assert found == ({Rule.SURNAME: [10]} if clear else {})


@pytest.mark.parametrize(
    ("own", "other", "same"),
    [
        ("王**", "王**", True),
        ("王**", "李**", False),
        ("欧阳**", "欧阳**", True),
        ("欧阳**", "欧**", False),
        ("J**", "J**", False),
        ("", "", False),
        ("**", "**", False),
    ],
)
def test_a_namesake_bears_the_same_chinese_surname(own: str, other: str, same: bool) -> None:
    people = {1: Person("1.2.3.", other)}
    found = unusual(facts(name=own), [read(10, 1, action="people.print")], people)

    assert (Rule.SURNAME in found) is same


def test_a_read_may_be_unusual_in_several_ways() -> None:
    late = NOON.replace(hour=23)
    found = unusual(facts(name="王**"), [read(10, 3, at=late, action="people.reveal")], PEOPLE)

    assert found == {Rule.OUTSIDE: [10], Rule.NIGHT: [10], Rule.SURNAME: [10]}


def test_a_surname_is_read_off_a_mask() -> None:
    assert [surname(name) for name in ("王**", "欧阳**", "A**", "", "**")] == [
        "王", "欧阳", "", "", "",
    ]  # fmt: skip
