"""Which publication holds when, and how often past ones are read."""

from datetime import UTC, datetime, timedelta
from typing import Any

from geo.locate.history import Past, Publications

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
THREE = Publications((1, 2, 3), (NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2)))


class Grid:
    """Stands for a snapshot."""

    def __init__(self, number: int) -> None:
        self.number = number


class Reading:
    """Reads at once, and says what was read; each takes some seconds of a clock of its own."""

    def __init__(self, took_s: float) -> None:
        self.clock, self.took_s, self.read = 100.0, took_s, list[int]()
        self.past = Past(self._read, clock=lambda: self.clock)  # type: ignore[arg-type]

    def _read(self, number: int) -> Any:
        self.read.append(number)
        self.clock += self.took_s
        return Grid(number)

    def get(self, number: int) -> int | None:
        found = self.past.get(number)
        self.past.join()
        return None if found is None else found.number


def test_a_publication_holds_from_its_instant_to_the_next() -> None:
    moments = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(minutes=60)]

    assert [THREE.at(moment) for moment in moments] == [0, 1, 2]
    assert THREE.at(NOON + timedelta(days=9)) == 3


def test_it_is_known_when_the_next_one_is_due() -> None:
    assert THREE.due_after(2) == (NOON + timedelta(hours=2)).timestamp()
    assert THREE.due_after(3) == float("inf")


def test_a_key_names_one_history_and_a_later_publication_does_not_change_it() -> None:
    two = Publications(THREE.numbers[:2], THREE.instants[:2])
    other = Publications((1, 2), (NOON, NOON + timedelta(microseconds=1)))

    assert THREE.key(2) == two.key(2)
    assert len({THREE.key(1), THREE.key(2), other.key(2)}) == 3


def test_after_one_was_read_the_next_has_to_wait_ten_times_as_long() -> None:
    reading = Reading(took_s=20.0)

    assert (reading.get(1), reading.get(1)) == (None, 1)
    assert reading.get(2) is None
    reading.clock += 199.0
    assert reading.get(2) is None
    assert reading.read == [1]
    reading.clock += 1.0
    assert (reading.get(2), reading.get(2)) == (None, 2)
    assert reading.read == [1, 2]


def test_what_was_not_asked_for_longest_makes_room() -> None:
    reading = Reading(took_s=0.0)
    for number in (1, 2, 3, 4, 1, 5):
        reading.get(number)
        reading.clock += 10.0

    assert [number for number in range(1, 6) if reading.past._kept.get(number)] == [1, 3, 4, 5]
