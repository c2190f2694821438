"""The command line in this process: a start of its own takes seconds."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from api.cli import app, words
from geo.runtime import Runtime


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def wangge(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command line on the test's own database."""
    monkeypatch.setenv("WANGGE_DATABASE_URL", str(runtime.settings.database_url))
    monkeypatch.setenv("WANGGE_DATABASE_OWNER_URL", str(runtime.settings.database_owner_url))
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: object, lang: str = "en") -> Done:
        monkeypatch.setattr(words, "_lang", lang)
        status = app.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


@contextmanager
def full_disk(free: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk; the system itself refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
