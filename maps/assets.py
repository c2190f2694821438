"""The files a page is made of: where they lie, under which hash they are served.

Pages ask for ``/static/<release hash>/…``; the hash is taken over every static file, so no module
can be older than its neighbour and all may be cached for ever. Nothing here knows what the files
contain.
"""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
LEAFLET = "vendor/leaflet-1.9.4"
SHEETS = (f"{LEAFLET}/leaflet.css", "css/page.css", "css/map.css", "css/map_print.css")


class UnknownAsset(ValueError):
    """A page asks for a file that is not vendored."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url!r} is not a file below maps/static: vendor it (docs/guides/add-a-map.md), "
            "pages load nothing from elsewhere"
        )


@cache
def release_hash() -> str:
    """Return 12 hex digits over the path and bytes of every static file."""
    digest = hashlib.sha256()
    for path in sorted(p for p in FOLDER.rglob("*") if p.is_file()):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def static_root() -> str:
    """Return the path the application mounts :data:`FOLDER` at, without a closing slash."""
    return f"/static/{release_hash()}"


@cache
def static_paths() -> frozenset[str]:
    """Return the path of every static file, as it is served."""
    files = (path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
    return frozenset(f"{static_root()}/{name}" for name in files)


def asset(name: str) -> str:
    """Return ``name`` when it is a vendored or own file, with forward slashes.

    Raises
    ------
    UnknownAsset
        For addresses, absolute paths, paths that leave the folder, and missing files.
    """
    if ":" in name or name.startswith("/") or ".." in name or not (FOLDER / name).is_file():
        raise UnknownAsset(name)
    return name


@cache
def read(name: str) -> str:
    """Return the text of a static file."""
    return (FOLDER / asset(name)).read_text(encoding="utf-8")
