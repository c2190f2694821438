"""Where machine code is kept: as asked for, else beside the sources, else the user's cache."""

from pathlib import Path

import numba
import pytest

from geo.spatial.tiles import compiled


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    return monkeypatch


def place() -> Path | None:
    return compiled.cache_folder.__wrapped__()


def test_what_was_asked_for_goes_first(asked: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked.setattr(numba.config, "CACHE_DIR", str(tmp_path))

    folder = place()

    assert folder is not None
    assert folder.parent == tmp_path


def test_a_checkout_that_cannot_be_written_leads_to_the_users_cache(
    asked: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "__pycache__").touch()  # a file: nothing can be made below it
    asked.setattr(compiled, "_PACKAGE", tmp_path)
    asked.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    folder = place()

    assert folder is not None
    assert folder.parent == tmp_path / "cache" / "wangge"


def test_without_any_folder_nothing_is_kept_and_nothing_fails(
    asked: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "__pycache__").touch()
    asked.setattr(compiled, "_PACKAGE", tmp_path)
    asked.setenv("XDG_CACHE_HOME", str(tmp_path / "__pycache__"))
    folder = place()
    asked.setattr(compiled, "cache_folder", lambda: folder)

    kernel = compiled.compiled(twice)

    assert folder is None
    assert kernel(21) == 42


def test_other_sources_have_another_folder(asked: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked.setattr(compiled, "_PACKAGE", tmp_path)
    (tmp_path / "kernel.py").write_text("one")
    first = place()
    (tmp_path / "kernel.py").write_text("two")

    assert first is not None
    assert place() not in (None, first)


def test_numbas_own_settings_stay_as_they_were() -> None:
    before = numba.config.CACHE_DIR

    compiled.compiled(twice)

    assert before == numba.config.CACHE_DIR


def twice(number: int) -> int:
    return 2 * number
