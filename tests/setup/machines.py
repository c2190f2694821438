"""A made-up machine for the launcher: its own PATH, its own PostgreSQL, its own program.

Every tool that would touch the network or take seconds is a stub that writes down how it was
called. The real thing is ``chroot.sh`` beside this file.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

TOOLS = (
    *("awk", "cat", "chmod", "cut", "dirname", "env", "find", "grep", "head", "ln", "mkdir", "mv"),
    *("readlink", "rm", "sed", "sh", "sha256sum", "sleep", "sort", "tail", "touch", "tr", "xargs"),
)

PROGRAM = """
import json, os, sys
names = ("WANGGE_HOME", "WANGGE_LANG", "WANGGE_CHROMIUM", "PYTHONPATH", "PYTHONHOME")
print(json.dumps({"arguments": sys.argv[1:], "cwd": os.getcwd(), "path": sys.path[0],
                  "env": {name: os.environ.get(name) for name in names}}))
sys.exit(7 if "fail" in sys.argv else 0)
"""

# Makes an environment in no time: its python is the same stub.
PYTHON = """
case "$1 $2" in
"-c import sys"*) [ -z "${OLD_PYTHON:-}" ] || exit 1 ;;
"-c import ensurepip"*) [ -z "${NO_ENSUREPIP:-}" ]; exit ;;
"-m venv")
    for folder in "$@"; do :; done
    note python3 -m venv
    mkdir -p "$folder/bin" && ln -s "$0" "$folder/bin/python"
    exit ;;
"-m pip") note pip "$@"; exit "${PIP_EXIT:-0}" ;;
*"/pip install") note wheel-pip "$@"; exit ;;
esac
exec "$REAL_PYTHON" "$@"
"""

UV = """
note uv "$@"
[ -z "${UV_SLEEPS:-}" ] || sleep "$UV_SLEEPS"
[ -z "${UV_FAILS:-}" ] || { echo "uv: no route" >&2; exit 1; }
case $1 in
venv)
    for folder in "$@"; do :; done
    mkdir -p "$folder/bin" && ln -s "$BIN/python3" "$folder/bin/python" ;;
python) exit 1 ;;
esac
"""

APT_GET = """
note apt-get "$@"
case " $* " in
*" install "*)
    [ -z "${APT_FAILS:-}" ] || { echo "E: no network" >&2; exit 100; }
    for package in "$@"; do :; done
    [ "$(id -u)" -ne 0 ] || exit 0
    touch "$WANGGE_HOME/apt/cache/archives/$package.deb" ;;
*" download "*)
    [ -z "${APT_FAILS:-}" ] || { echo "E: no network" >&2; exit 100; }
    for package in "$@"; do :; done
    touch "$package.deb" ;;
esac
"""

APT_CACHE = """
note apt-cache "$@"
case "$*" in
*chromium*) printf '%s\\n' "chromium - x" "chromium-headless-shell - x" ;;
*) printf '%s\\n' "postgresql-14-postgis-3 - x" "postgresql-15-postgis-3 - x" \
    "postgresql-16-postgis-3 - x" ;;
esac
"""

DPKG_DEB = """
note dpkg-deb "$@"
case $2 in
*pip-whl.deb)
    mkdir -p "$3/usr/share/python-wheels" && touch "$3/usr/share/python-wheels/pip-1.whl" ;;
*chromium*.deb)
    mkdir -p "$3/usr/lib/chromium"
    printf '#!/bin/sh\n' >"$3/usr/lib/chromium/chromium-headless-shell"
    chmod +x "$3/usr/lib/chromium/chromium-headless-shell" ;;
*postgis*.deb)
    bin=$3/usr/lib/postgresql/16/bin extensions=$3/usr/share/postgresql/16/extension
    mkdir -p "$bin" "$extensions"
    touch "$bin/postgres" "$bin/initdb" "$bin/pg_ctl" "$bin/psql" "$extensions/postgis-3.control" ;;
esac
"""

STUBS = {
    "python3": PYTHON,
    "uv": UV,
    "apt-get": APT_GET,
    "apt-cache": APT_CACHE,
    "dpkg-deb": DPKG_DEB,
    "dpkg-query": "echo 1:150-1",
    "id": 'echo "${USER_ID:-1000}"',
    "chromium": "exit",
    "chromium-headless-shell": "exit",
    "fc-list": "echo a Chinese font",
}


@dataclass
class Machine:
    """A machine of an ordinary user with a fresh checkout."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def home(self) -> Path:
        return self.checkout / ".wangge"

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def build(self, *stubs: str) -> "Machine":
        """Lay out the checkout and the PATH with the named stubs."""
        self.bin.mkdir(parents=True)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        for name in stubs:
            self.add(name)
        self.checkout.mkdir()
        shutil.copy(ROOT / "wangge", self.checkout)
        shutil.copytree(ROOT / "setup", self.checkout / "setup")
        self._move("setup/python.sh", " /usr/share/python-wheels")
        self._move("setup/postgres.sh", '"/usr/lib/postgresql')
        self._move("setup/browser.sh", "=/usr/lib/chromium")
        (self.checkout / "requirements.lock").write_text("one==1 --hash=sha256:1\n")
        (self.checkout / "requirements-dev.lock").write_text("two==2 --hash=sha256:2\n")
        self._write_program()
        return self

    def _move(self, script: str, place: str) -> None:
        """Let a script look below this machine's own (empty) root instead of the real one."""
        path = self.checkout / script
        text = path.read_text(encoding="utf-8")
        assert place in text
        moved = place[0] + str(self.folder / "system") + place[1:]
        path.write_text(text.replace(place, moved), encoding="utf-8")

    def _write_program(self) -> None:
        """Write a program that tells how it was called, and the real search for PostgreSQL.

        The search sees this machine's own (empty) /usr, and an ordinary user.
        """
        (self.checkout / "api" / "cli").mkdir(parents=True)
        (self.checkout / "api" / "cli" / "__main__.py").write_text(PROGRAM)
        copy = self.checkout / "geo"
        (copy / "db").mkdir(parents=True)
        shutil.copytree(ROOT / "geo" / "texts", copy / "texts")
        for name in (
            "__init__",
            "errors",
            "db/__init__",
            "db/cluster_place",
            "db/cluster_programs",
        ):
            text = (ROOT / "geo" / f"{name}.py").read_text(encoding="utf-8")
            text = text.replace('Path("/")', f"Path({str(self.folder / 'system')!r})")
            text = text.replace("os.geteuid()", "1000")
            (copy / f"{name}.py").write_text(text, encoding="utf-8")

    def add(self, name: str) -> None:
        """Put a stub on the PATH."""
        note = 'note() { echo "$@" >>"$CALLS"; }\n'
        (self.bin / name).write_text(f"#!/bin/sh\nset -eu\n{note}{STUBS[name]}\n")
        (self.bin / name).chmod(0o755)

    def install_postgres(self, major: int = 15) -> None:
        """Install PostgreSQL with PostGIS."""
        folder = self.folder / "system/usr/lib/postgresql" / str(major) / "bin"
        extensions = self.folder / "system/usr/share/postgresql" / str(major) / "extension"
        folder.mkdir(parents=True)
        extensions.mkdir(parents=True)
        (extensions / "postgis.control").touch()
        for name in ("postgres", "initdb", "pg_ctl", "psql"):
            (folder / name).touch()

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
        """Start ``./wangge`` in a session of its own."""
        return subprocess.Popen(
            [options.pop("script", self.checkout / "wangge"), *arguments],
            env={
                "PATH": str(self.bin),
                "BIN": str(self.bin),
                "CALLS": str(self.folder / "calls"),
                "REAL_PYTHON": sys.executable,
                "HOME": str(self.folder),
                **self.env,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )

    def run(self, *arguments: str, **options: Any) -> "Answer":
        """Run ``./wangge`` and wait."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=60)
        return Answer(process.returncode, out, err)

    def calls(self) -> list[str]:
        """Return what the stubs were called with since the last time, and forget it."""
        path = self.folder / "calls"
        if not path.exists():
            return []
        lines = path.read_text().splitlines()
        os.unlink(path)
        return lines


@dataclass(frozen=True)
class Answer:
    """What one run gave."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """Return what the program says about how it was called."""
        return json.loads(self.out)
