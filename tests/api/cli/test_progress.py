"""What a command tells of its progress into a log: few lines, and none on standard output."""

import pytest

from api.cli import progress, words
from api.cli.progress import bar


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


def test_a_step_is_told_when_it_begins_and_again_after_some_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    monkeypatch.setattr(words, "_lang", "en")

    with bar() as report:
        for done in range(2000):  # 20 seconds
            report("reading", done, 2000)
            clock.now += 0.01
        report("better borders", 0, 0)

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "[0 s] reading 0/2,000",
        "[5 s] reading 500/2,000",
        "[10 s] reading 1,000/2,000",
        "[15 s] reading 1,500/2,000",
        "[20 s] better borders",
    ]
