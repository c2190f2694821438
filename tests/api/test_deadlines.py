"""Deadlines: each phase has its time, our own slowness counts for nobody."""

import pytest

from api.deadlines import Deadlines, Overdue, Phase, Progress, overdue

LIMITS = Deadlines(
    head_s=10, body_s=30, stall_s=8, take_s=20, rate_bytes_s=100, idle_s=15, linger_s=3
)


@pytest.mark.parametrize(
    ("phase", "since", "heard", "now", "verdict"),
    [
        (Phase.HEAD, 0, 9, 10, None),
        (Phase.HEAD, 0, 10, 10.1, Overdue.SLOW),  # a byte a second does not help
        (Phase.BODY, 0, 25, 30, None),
        (Phase.BODY, 0, 30, 30.1, Overdue.SLOW),
        (Phase.BODY, 0, 5, 13, None),
        (Phase.BODY, 0, 5, 13.1, Overdue.SLOW),  # nothing came for 8 s
        (Phase.WORK, 0, 0, 1e6, None),  # we are the slow ones
        (Phase.IDLE, 0, 0, 15, None),
        (Phase.IDLE, 0, 0, 15.1, Overdue.SILENT),
        (Phase.CLOSING, 0, 0, 3, None),
        (Phase.CLOSING, 0, 0, 3.1, Overdue.STUCK),
    ],
)
def test_each_phase_has_its_time(
    phase: Phase, since: float, heard: float, now: float, verdict: Overdue | None
) -> None:
    assert overdue(Progress(phase, since, heard), LIMITS, now) is verdict


def test_a_long_body_has_more_time_for_what_has_come() -> None:
    progress = Progress(Phase.BODY, since=0.0, heard=60.0)
    assert overdue(progress, LIMITS, 61.0) is Overdue.SLOW

    progress.due_s = 40.0

    assert overdue(progress, LIMITS, 61.0) is None
    assert overdue(progress, LIMITS, 68.5) is Overdue.SLOW  # silent for 8 s


def working() -> Progress:
    return Progress(Phase.WORK, 0.0, 0.0)


def test_who_takes_nothing_is_dropped() -> None:
    progress = working()
    for now in (1.0, 11.0, 21.0):
        progress.look_at_unsent(5000, now)
        assert overdue(progress, LIMITS, now) is None
    progress.look_at_unsent(5000, 21.1)

    assert overdue(progress, LIMITS, 21.1) is Overdue.STUCK


def test_who_takes_a_little_each_time_is_waited_for_by_the_rate() -> None:
    progress = working()  # 5,000 bytes at 100 a second and 20 s: until 70 s after the first look
    for second in range(70):
        progress.look_at_unsent(5000 - second, float(second))
        assert overdue(progress, LIMITS, float(second)) is None
    progress.look_at_unsent(4000, 70.1)

    assert overdue(progress, LIMITS, 70.1) is Overdue.STUCK


def test_more_to_take_is_no_progress() -> None:
    progress = working()
    progress.look_at_unsent(100, 0.0)
    progress.look_at_unsent(90_000, 15.0)
    progress.look_at_unsent(90_000, 20.1)

    assert overdue(progress, LIMITS, 20.1) is Overdue.STUCK


def test_who_has_taken_all_begins_anew() -> None:
    progress = working()
    progress.look_at_unsent(100, 0.0)
    progress.look_at_unsent(0, 19.0)
    progress.look_at_unsent(100, 30.0)

    assert overdue(progress, LIMITS, 49.0) is None


def test_a_new_phase_has_all_its_time() -> None:
    progress = Progress(Phase.HEAD, 0.0, 0.0)
    progress.enter(Phase.BODY, 9.0)

    assert overdue(progress, LIMITS, 16.0) is None


@pytest.mark.parametrize("phase", [Phase.IDLE, Phase.CLOSING])
def test_neither_idle_nor_lingering_begins_while_an_answer_is_taken(phase: Phase) -> None:
    progress = Progress(phase, 0.0, 0.0)
    for second in range(60):
        progress.look_at_unsent(6000 - second, float(second))
        assert overdue(progress, LIMITS, float(second)) is None
    progress.look_at_unsent(0, 60.0)

    assert overdue(progress, LIMITS, 61.0) is None
    assert overdue(progress, LIMITS, 75.0) is not None
