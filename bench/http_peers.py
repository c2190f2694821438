"""Other services that answer where a point lies, beside ours, as their own projects start them.

Each runs in a virtual environment of its own, ``WANGGE_PEERS``/NAME, and asks a database of its own
on the server of ``WANGGE_PEERS_URL`` (a role that may create databases), filled with the cells of
``WANGGE_DATABASE_URL`` as it likes them best::

    python -m venv peers/tipg && peers/tipg/bin/pip install tipg uvicorn
    python -m venv peers/mapit && git clone https://github.com/mysociety/mapit peers/mapit/repo
    peers/mapit/bin/pip install gunicorn -e peers/mapit/repo
    python -m bench.http_peers

``tipg`` has a plain indexed table of all cells and is started as its README says, ``uvicorn
tipg.main:app``. ``mapit`` is the site of its repository with that site's settings, middleware and
cache, ``DEBUG`` off, under gunicorn with one worker of its usual kind, as ``conf/sysvinit.example``
there starts it; its tables hold a type of area for each level, one generation. What a site has to
say is in ``conf/general.yml``, which is written here: the database, 4326 as the system of its
areas, and no rate limit for this machine.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import psycopg2

PEERS = ("tipg", "mapit")
# What each is asked: every cell that holds the point, with code, name and level, without shapes.
TARGETS = {
    "tipg": "/collections/public.cell/items?f=json&geom-column=none&limit=10"
    "&filter-lang=cql2-text&filter={filter}",
    "mapit": "/point/4326/{lon:.7f},{lat:.7f}",
}
_CELLS = """
SELECT version.cell_id, version.code, version.name, version.level, version.parent_id,
    ST_AsHEXEWKB(ST_Multi(shape.geom))
FROM cell_version AS version JOIN cell_shape AS shape
    ON shape.cell_id = version.cell_id AND upper_inf(shape.during)
WHERE upper_inf(version.during) ORDER BY version.level, version.code
"""
_TIPG = """
DROP TABLE IF EXISTS cell;
CREATE TABLE cell (
    id bigint PRIMARY KEY, code text, name text, level int, parent_id bigint,
    geom geometry(MultiPolygon, 4326)
);
"""
Rows = Iterable[tuple[Any, ...]]


class Command(NamedTuple):
    """How a server is started."""

    words: Sequence[str]
    folder: Path | None = None
    environment: dict[str, str] = {}  # noqa: RUF012 - never changed


def command(name: str, port: int) -> Command:
    """Return how a peer is started."""
    where = f"127.0.0.1:{port}"
    if name == "tipg":
        words = [_python(name), "-m", "uvicorn", "tipg.main:app", "--port", str(port)]
        return Command(words, environment={"DATABASE_URL": database(name)})
    return Command(
        [_python(name), "-m", "gunicorn", "project.wsgi:application", "-b", where], _site()
    )


def database(name: str) -> str:
    """Return the URL of a peer's database."""
    server, _, _ = os.environ["WANGGE_PEERS_URL"].rpartition("/")
    return f"{server}/peer_{name}"


def fill() -> None:
    """Make the peers' databases and copy the cells into them."""
    admin = psycopg2.connect(os.environ["WANGGE_PEERS_URL"])
    admin.autocommit = True
    with psycopg2.connect(os.environ["WANGGE_DATABASE_URL"]) as source, source.cursor() as cursor:
        cursor.execute(_CELLS)
        cells = cursor.fetchall()
    for name in PEERS:
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS peer_{name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE peer_{name} TEMPLATE template0 ENCODING 'UTF8'")
        with psycopg2.connect(database(name)) as target, target.cursor() as cursor:
            cursor.execute("CREATE EXTENSION postgis")
    admin.close()
    _fill_tipg(cells)
    if _site().exists():
        _fill_mapit(cells)
    print(f"{len(cells)} cells")


def _fill_tipg(cells: Rows) -> None:
    with psycopg2.connect(database("tipg")) as target, target.cursor() as cursor:
        cursor.execute(_TIPG)
        cursor.executemany("INSERT INTO cell VALUES (%s, %s, %s, %s, %s, %s)", cells)
        cursor.execute("CREATE INDEX ON cell USING gist (geom)")
        cursor.execute("ANALYZE cell")


def _fill_mapit(cells: Rows) -> None:
    """Have MapIt make its tables, then write into them what its own import would."""
    (_site() / "conf" / "general.yml").write_text(json.dumps(_told(), indent=1))
    migrate = [_python("mapit"), "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=_site(), check=True)
    with psycopg2.connect(database("mapit")) as target, target.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mapit_generation (id, active, created, description)"
            " VALUES (1, true, now(), 'bench')"
        )
        cursor.execute("INSERT INTO mapit_codetype (id, code, description) VALUES (1, 'c', 'code')")
        for level in range(1, 6):
            row = (level, f"L{level}", f"level {level}")
            cursor.execute(
                "INSERT INTO mapit_type (id, code, description) VALUES (%s, %s, %s)", row
            )
        for number, code, name, level, parent, shape in cells:
            cursor.execute(
                "INSERT INTO mapit_area (id, name, parent_area_id, type_id, generation_low_id,"
                " generation_high_id) VALUES (%s, %s, %s, %s, 1, 1)",
                (number, name, parent, level),
            )
            cursor.execute(
                "INSERT INTO mapit_code (area_id, type_id, code) VALUES (%s, 1, %s)", (number, code)
            )
            cursor.execute(
                "INSERT INTO mapit_geometry (area_id, polygon)"
                " SELECT %s, (ST_Dump(%s::geometry)).geom",
                (number, shape),
            )
        # As MapIt does for each geometry that it saves.
        cursor.execute(
            "INSERT INTO mapit_geometrysubdivided (geometry_id, division)"
            " SELECT id, ST_Subdivide(polygon) FROM mapit_geometry"
        )
        cursor.execute("ANALYZE")


def _told() -> dict[str, object]:
    """Return what MapIt's own settings read from a site; JSON is YAML, too."""
    parts = urlsplit(database("mapit"))
    return {
        "MAPIT_DB_NAME": parts.path.removeprefix("/"),
        "MAPIT_DB_USER": unquote(parts.username or ""),
        "MAPIT_DB_PASS": unquote(parts.password or ""),
        "MAPIT_DB_HOST": parts.hostname or "",
        "MAPIT_DB_PORT": parts.port or "",
        "AREA_SRID": 4326,
        "DJANGO_SECRET_KEY": "bench",
        "DEBUG": False,
        "RATE_LIMIT": {"ips": ["127.0.0.1"]},
    }


def _python(name: str) -> str:
    return str(_folder(name) / "bin" / "python")


def _site() -> Path:
    return _folder("mapit") / "repo"


def _folder(name: str) -> Path:
    return Path(os.environ.get("WANGGE_PEERS", "peers"), name).absolute()


if __name__ == "__main__":
    fill()
