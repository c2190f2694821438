"""Where a file is written: aside first, and to its name when it is whole; never over another."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import Invalid
from geo.texts import Lang, text


class OutputRefused(Invalid):
    """A file cannot be written there; ``reason`` says why."""

    code = "output_refused"

    def message(self, lang: Lang) -> str:
        """Return the sentence, with the reason in it."""
        why = text(f"located.output_{self.facts['reason']}", lang, **self.facts)
        return text(f"errors.{self.code}", lang, file=self.facts["file"], reason=why)


def check_output(out: Path, *, force: bool, source: Path | None = None) -> None:
    """Pass when a file may be written, beside the one that is read when there is one.

    Raises
    ------
    OutputRefused
        When it is the file that is read, its folder is missing, or something stands there already
        and may not be replaced.
    """
    if source is not None and out.exists() and out.samefile(source):
        raise OutputRefused(file=str(out), reason="is_source")
    if not out.parent.is_dir():
        raise OutputRefused(file=str(out), reason="no_folder")
    if out.is_dir() or (out.exists() and not force):
        raise OutputRefused(file=str(out), reason="exists")


@contextmanager
def placed(
    out: Path, *, force: bool, source: Path | None = None, private: bool = False
) -> Iterator[Path]:
    """Give a path to write to; what was written gets its name when the block ends well.

    It may be read by who may read the source; without one by whom the umask lets, and by its
    owner alone when it is ``private``. What a killed process left aside is removed.

    Raises
    ------
    OutputRefused
        When nothing can be written there, or something stands there by now.
    """
    _remove_left_over(out)
    aside = out.with_name(f".{out.stem}.{os.getpid()}.part{out.suffix}")
    try:
        aside.touch(mode=0o600 if private or source is not None else 0o666)
        mode = stat.S_IMODE((aside if source is None else source).stat().st_mode)
        aside.chmod(mode)
        yield aside
        aside.chmod(mode)  # a database made its file anew
        with aside.open("rb+") as stream:
            os.fsync(stream.fileno())
        _put(aside, out, force=force)
    except OSError as error:
        raise _refused(out, error) from error
    finally:
        for path in (aside, *_beside(aside)):
            path.unlink(missing_ok=True)


def _refused(out: Path, error: OSError) -> OutputRefused:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = f"{shutil.disk_usage(out.parent).free / 2**20:.1f}"
        return OutputRefused(file=str(out), reason="no_room", free_mb=free)
    return OutputRefused(file=str(out), reason="not_written", why=error.strerror or str(error))


def _put(aside: Path, out: Path, *, force: bool) -> None:
    """Give a file its name; without force not even over one that came meanwhile."""
    if force:
        aside.replace(out)
        return
    try:
        os.link(aside, out)
    except FileExistsError as error:
        raise OutputRefused(file=str(out), reason="exists") from error
    except OSError:  # a file system without links
        if out.exists():
            raise OutputRefused(file=str(out), reason="exists") from None
        aside.replace(out)


def _beside(aside: Path) -> list[Path]:
    """Return what a database leaves beside its file when it is not closed."""
    return [aside.with_name(aside.name + end) for end in ("-journal", "-wal", "-shm")]


def _remove_left_over(out: Path) -> None:
    for path in out.parent.glob(f".{_plain(out.stem)}.*.part{_plain(out.suffix)}*"):
        number = path.name.removeprefix(f".{out.stem}.").split(".")[0]
        if number.isdigit() and not _runs(int(number)):
            with suppress(OSError):
                path.unlink()


def _plain(name: str) -> str:
    """Return a name in which nothing is a pattern."""
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in name)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
