"""Which PostgreSQL programs run the private cluster; finds them, starts nothing.

Looked at: the folder named by ``WANGGE_PG_BIN`` and nothing else when that is set; else Debian's
and Ubuntu's ``/usr/lib/postgresql/N/bin``, packages unpacked below the data folder, and what
``pg_config`` on the PATH names. PostGIS must lie beside them. Standard library only: the launcher
asks this module before any package is installed.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.db.cluster_place import existing_major, place_of
from geo.errors import Unavailable

OLDEST_MAJOR: Final = 15
SYSTEM: Final = Path("/")
EXIT_NONE_FOUND: Final = 3
_MAJOR: Final = re.compile(r"\d+")
_NEEDED: Final = ("postgres", "initdb", "pg_ctl", "psql")


class ClusterProgramsMissing(Unavailable):
    """No PostgreSQL with PostGIS was found on this machine."""

    code = "cluster_programs_missing"


@dataclass(frozen=True, slots=True)
class Programs:
    """One PostgreSQL with PostGIS: where its programs lie and what they need to run."""

    bin: Path
    major: int
    environ: Mapping[str, str]


def find_programs(home: Path, *, prefer: int | None = None) -> Programs:
    """Return the programs to use: of major ``prefer`` where there are such, else the newest.

    Parameters
    ----------
    home
        The data folder; ordinary users' unpacked packages lie in it.
    prefer
        Major version of a cluster that already exists; any other major cannot open it.

    Raises
    ------
    ClusterProgramsMissing
        When there is no PostgreSQL of at least version 15 with PostGIS.
    """
    chosen = os.environ.get("WANGGE_PG_BIN")
    found = (
        list(_asked(Path(chosen) / "pg_config"))
        if chosen
        else [*_debian(SYSTEM), *_unpacked(home), *_configured()]
    )
    if not found:
        raise ClusterProgramsMissing(oldest=OLDEST_MAJOR)
    return choose(found, prefer=prefer)


def choose(found: Iterable[Programs], *, prefer: int | None) -> Programs:
    """Return the preferred major, else the newest; among equals the first found."""
    return max(found, key=lambda programs: (programs.major == prefer, programs.major))


def _debian(root: Path) -> Iterator[Programs]:
    for folder in sorted(root.glob("usr/lib/postgresql/*/bin")):
        name = folder.parent.name
        share = root / "usr/share/postgresql" / name / "extension"
        if name.isdigit() and _complete(folder, share, int(name)):
            yield Programs(folder, int(name), {})


def _unpacked(home: Path) -> Iterator[Programs]:
    # Root never uses them: the server's account could not reach them, and root has apt.
    if os.geteuid() == 0:
        return
    # A cluster may have a home of its own (in the tests); the launcher unpacked into WANGGE_HOME.
    for folder in {home: None, Path(os.environ.get("WANGGE_HOME", home)).resolve(): None}:
        root = folder / "debs" / "postgres"
        for programs in _debian(root):
            yield Programs(programs.bin, programs.major, unpacked_environ(root))


def _configured() -> Iterator[Programs]:
    if found := shutil.which("pg_config"):
        yield from _asked(Path(found))


def _asked(pg_config: Path) -> Iterator[Programs]:
    """Ask a ``pg_config`` where its programs lie; nothing when it cannot be run."""
    try:
        said = subprocess.run(
            [pg_config, "--version", "--bindir", "--sharedir"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return
    major = int(_MAJOR.findall(said[0])[0])
    folder = Path(said[1])
    if _complete(folder, Path(said[2]) / "extension", major):
        yield Programs(folder, major, {})


def _complete(folder: Path, extensions: Path, major: int) -> bool:
    return (
        major >= OLDEST_MAJOR
        and all((folder / name).exists() for name in _NEEDED)
        and (extensions / "postgis.control").exists()
    )


def unpacked_environ(root: Path) -> dict[str, str]:
    """Return the variables under which programs of unpacked packages find their files.

    BLAS and LAPACK lie in folders of their own, which Debian links by ``update-alternatives``;
    nothing runs that for packages that are only unpacked.
    """
    libraries = [
        folder
        for top in ("usr/lib", "lib")
        for triple in sorted((root / top).glob("*-linux-gnu*"))
        for folder in (triple, triple / "blas", triple / "lapack")
        if folder.is_dir()
    ]
    return {
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "PROJ_DATA": str(root / "usr/share/proj"),
        "PROJ_LIB": str(root / "usr/share/proj"),
        "GDAL_DATA": str(root / "usr/share/gdal"),
    }


def main(arguments: list[str]) -> int:
    """Tell the launcher the programs' folder, and the cluster's when it must lie elsewhere.

    Returns
    -------
    int
        0, or 3 when no programs were found; the launcher then installs them.
    """
    home = Path(arguments[0]).resolve()
    place = place_of(home, tests=False)
    try:
        programs = find_programs(home, prefer=existing_major(place.folder))
    except ClusterProgramsMissing:
        return EXIT_NONE_FOUND
    first = existing_major(place.folder) is None
    sys.stdout.write(f"{programs.bin}\n{place.folder if place.moved and first else ''}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
