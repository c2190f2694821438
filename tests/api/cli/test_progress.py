"""What a command tells of its progress into a log: few lines, and none on standard output."""

import pytest

from api.cli import progress, words
from api.cli.progress import bar, compiled


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


class Kernels:
    """Kernels that are compiled by being asked to."""

    def __init__(self) -> None:
        self.times = 0

    def is_ready(self) -> bool:
        return self.times > 0

    def compile_kernels(self) -> None:
        self.times += 1


def test_what_is_compiled_the_first_time_is_told_then_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(words, "_lang", "en")
    kernels = Kernels()
    for _ in range(2):
        with bar() as report:
            compiled(kernels, report)

    assert kernels.times == 1
    assert capsys.readouterr().err.count("Compiling, the first time only") == 1
