"""Other services that answer where a point lies, beside ours: ``python -m bench.http_peers NAME``.

Each runs in a virtual environment of its own, ``WANGGE_PEERS``/NAME, and asks a database of its own
on the server of ``WANGGE_PEERS_URL`` (a role that may create databases), filled with the cells of
``WANGGE_DATABASE_URL`` as it likes them best::

    python -m venv peers/tipg && peers/tipg/bin/pip install tipg uvicorn
    python -m venv peers/mapit
    peers/mapit/bin/pip install "django<4" django-mapit==3.0 psycopg2-binary waitress
    python -m bench.http_peers fill

``tipg`` has a plain indexed table of all cells; ``mapit`` its own tables, a type of area for each
level, one generation. MapIt 3.0 imports names that Django 4 no longer has. Nothing here imports
anything of ours but to fill, so that a peer's environment needs none of it.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

PEERS = ("tipg", "mapit")
# What each is asked: every cell that holds the point, with code, name and level, without shapes.
TARGETS = {
    "tipg": "/collections/public.cell/items?f=json&geom-column=none&limit=10"
    "&filter-lang=cql2-text&filter={filter}",
    "mapit": "/point/4326/{lon:.7f},{lat:.7f}",
}
_LIBRARY = "/usr/lib/x86_64-linux-gnu"
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


def database(name: str) -> str:
    """Return the URL of a peer's database."""
    server, _, _ = os.environ["WANGGE_PEERS_URL"].rpartition("/")
    return f"{server}/peer_{name}"


def python(name: str) -> str:
    """Return the interpreter of a peer's environment, ours where it has none."""
    own = os.path.join(os.environ.get("WANGGE_PEERS", ""), name, "bin", "python")
    return own if os.path.exists(own) else sys.executable


def fill() -> None:
    """Make the peers' databases and copy the cells into them."""
    import psycopg2  # noqa: PLC0415 - a peer's environment may have none

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
    if os.path.exists(os.path.join(os.environ.get("WANGGE_PEERS", ""), "mapit")):
        _fill_mapit(cells)
    print(f"{len(cells)} cells")


def _fill_tipg(cells: Rows) -> None:
    import psycopg2  # noqa: PLC0415

    with psycopg2.connect(database("tipg")) as target, target.cursor() as cursor:
        cursor.execute(_TIPG)
        cursor.executemany("INSERT INTO cell VALUES (%s, %s, %s, %s, %s, %s)", cells)
        cursor.execute("CREATE INDEX ON cell USING gist (geom)")
        cursor.execute("ANALYZE cell")


def _fill_mapit(cells: Rows) -> None:
    """Have MapIt make its tables, then write into them what its own import would."""
    import subprocess  # noqa: PLC0415

    import psycopg2  # noqa: PLC0415

    command = [python("mapit"), "-m", "bench.http_peers", "migrate-mapit", "0"]
    subprocess.run(command, check=True)
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
        cursor.execute("ANALYZE")


def tipg(port: int) -> None:
    """Serve TiPg."""
    os.environ["DATABASE_URL"] = database("tipg")
    import uvicorn  # noqa: PLC0415
    from tipg.main import app  # type: ignore[import-not-found]  # noqa: PLC0415 - optional

    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


def mapit(port: int) -> None:
    """Serve MapIt."""
    application = _django()
    import waitress  # type: ignore[import-not-found]  # noqa: PLC0415 - optional

    waitress.serve(_whole(application), host="127.0.0.1", port=port, threads=4, _quiet=True)


def migrate_mapit(_: int) -> None:
    """Make MapIt's tables."""
    _django()
    from django.core.management import call_command  # type: ignore[import-not-found]  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def _django() -> Any:
    """Return MapIt's application: nothing around it that an answer does not need."""
    import django  # type: ignore[import-not-found]  # noqa: PLC0415
    from django.conf import settings  # type: ignore[import-not-found]  # noqa: PLC0415

    server = database("mapit").removeprefix("postgresql://")
    login, _, where = server.rpartition("@")
    host, _, name = where.partition("/")
    user, _, password = login.partition(":")
    settings.configure(
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="bench",
        ROOT_URLCONF="mapit.urls",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.gis", "mapit"],
        MIDDLEWARE=["mapit.middleware.JSONPMiddleware", "mapit.middleware.ViewExceptionMiddleware"],
        DATABASES={
            "default": {
                "ENGINE": "django.contrib.gis.db.backends.postgis",
                "NAME": name,
                "USER": user,
                "PASSWORD": password,
                "HOST": host.partition(":")[0],
                "PORT": host.partition(":")[2],
                "CONN_MAX_AGE": None,
            }
        },
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        GDAL_LIBRARY_PATH=os.environ.get("GDAL_LIBRARY", f"{_LIBRARY}/libgdal.so.32"),
        GEOS_LIBRARY_PATH=os.environ.get("GEOS_LIBRARY", f"{_LIBRARY}/libgeos_c.so.1"),
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MAPIT_AREA_SRID=4326,
        MAPIT_COUNTRY="",
        MAPIT_RATE_LIMIT=["127.0.0.1"],
        POSTCODES_AVAILABLE=False,
        PARTIAL_POSTCODES_AVAILABLE=False,
        GOOGLE_ANALYTICS="",
        BASE_DIR="/",
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]  # noqa: PLC0415

    return get_wsgi_application()


def _whole(application: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """Return an application whose answers have a length: MapIt sends its own in pieces."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        said: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            said[:] = [status, headers, error]

        body = b"".join(application(environ, begin))
        status, headers, error = said
        kept = [one for one in headers if one[0].lower() != "content-length"]
        start(status, [*kept, ("Content-Length", str(len(body)))], error)
        return [body]

    return answer


RUN: dict[str, Callable[[int], None]] = {
    "fill": lambda _: fill(),
    "migrate-mapit": migrate_mapit,
    "tipg": tipg,
    "mapit": mapit,
}

if __name__ == "__main__":
    name = sys.argv[1]
    if name in PEERS:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    RUN[name](int(sys.argv[2]) if len(sys.argv) > 2 else 0)
