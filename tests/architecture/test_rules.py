"""Rules of the code base that no linter knows, held on the syntax trees of its files."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("geo", "maps", "api", "migrations")
COPIES = {"copy_expert", "copy_from", "copy_to"}  # of the driver


@pytest.fixture(scope="module", autouse=True)
def parsed() -> Iterator[None]:
    """Keep the trees for the tests of this file and no longer."""
    yield
    _calls.cache_clear()
    _trees.cache_clear()


@cache
def _trees(package: str) -> list[tuple[str, ast.Module]]:
    return [
        (name := path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes(), filename=name))
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


@cache
def _calls(package: str) -> list[tuple[str, ast.Call]]:
    return [
        (name, node)
        for name, tree in _trees(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def trees(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    return chain.from_iterable(map(_trees, packages))


def calls(*packages: str) -> Iterator[tuple[str, ast.Call]]:
    return chain.from_iterable(map(_calls, packages))


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_only_the_unit_of_work_commits() -> None:
    assert {name for name, call in calls(*PACKAGES) if called(call) == "commit"} == {"geo/work.py"}


def test_looking_beyond_ones_area_always_names_a_reason() -> None:
    for name, call in calls(*PACKAGES):
        if called(call) == "elevated":
            (reason,) = call.args
            assert isinstance(reason, ast.Attribute), name
            assert isinstance(reason.value, ast.Name), name
            assert reason.value.id == "Reason", name


def test_coordinates_are_rounded_in_one_place() -> None:
    rounding = {"set_precision", "rint"}
    users = {name for name, call in calls("geo") if called(call) in rounding}

    # A file that stays a file is divided on the lattice of its own system.
    assert users == {"geo/spatial/storage.py", "geo/spatial/units/frame.py"}


def test_popups_and_tooltips_of_folium_are_never_used() -> None:
    banned = {"Popup", "Tooltip", "GeoJsonPopup", "GeoJsonTooltip"}
    used = {
        (name, node.id if isinstance(node, ast.Name) else getattr(node, "attr", ""))
        for name, tree in trees("maps", "api")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }

    assert not {(name, word) for name, word in used if word in banned}


def test_a_generator_dependency_ends_before_the_answer_leaves() -> None:
    generators = {
        node.name
        for _, tree in trees("api")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(inner, ast.Yield) for inner in ast.walk(node))
    }
    for name, call in calls("api"):
        given = [arg.id for arg in call.args if isinstance(arg, ast.Name)]
        if called(call) == "Depends" and generators.intersection(given):
            keywords = {k.arg: ast.unparse(k.value) for k in call.keywords}
            # A file that is being sent, which holds no transaction.
            wanted = "'request'" if given == ["spool"] else "'function'"
            assert keywords.get("scope") == wanted, name


def test_the_clock_is_read_in_one_place() -> None:
    clocks = {"now", "utcnow", "today"}
    users = {
        name
        for name, call in calls("geo", "maps")
        if called(call) in clocks
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value) in {"datetime", "date", "datetime.datetime"}
    }

    assert users <= {"geo/clock.py"}


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    tracked = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked}

    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_nothing_committed_names_a_registry_or_a_home() -> None:
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"]
    hosts += ["deb" + ".debian.org", "/work" + "/"]
    folders = (*PACKAGES, "bench", "docker", "docs", "setup", "tests", ".ci")
    inside = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    texts = [
        path
        for path in [*inside, *ROOT.glob("*")]
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix not in {".png", ".gpkg", ".xls", ".xlsx"}
    ]
    found = [
        (path.relative_to(ROOT).as_posix(), host)
        for path in texts
        for host in hosts
        if host.encode() in path.read_bytes()
    ]

    assert len(texts) > 300
    assert found == []


def test_every_sql_file_is_used() -> None:
    files = sorted((ROOT / "geo").rglob("sql/*.sql"))
    slices = {path.parents[1] for path in files}
    code = {
        folder: "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
        for folder in slices | {ROOT / "geo" / "people"}
    }
    # A household brings its dwelling unit along: people run one statement of places.
    code[ROOT / "geo" / "places"] += code[ROOT / "geo" / "people"]

    assert [p.name for p in files if f'"{p.stem}"' not in code[p.parents[1]]] == []


def test_statements_pass_the_watch_because_nothing_goes_around_the_engine() -> None:
    """``geo/db/watch.py`` sees what an engine sends: a cursor of the driver it does not see.

    The copy of bulk writes goes into a temporary table, from which a watched statement takes it
    over. The migration runs as the owner, before there is anything to watch.
    """
    around = {"cursor", "raw_connection", "dbapi_connection", "driver_connection"}
    found = {
        (name, node.attr)
        for name, tree in trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in around
    }

    assert found == {
        ("geo/db/bulk.py", "cursor"),
        ("geo/db/listening.py", "dbapi_connection"),  # waits for what is told, no statement
        ("geo/db/session.py", "dbapi_connection"),  # the state of the transaction, no statement
        ("migrations/versions/0003_protect_fields.py", "cursor"),
        ("migrations/versions/0003_protect_fields.py", "dbapi_connection"),
    }


def test_a_bulk_write_copies_into_temporary_tables_alone() -> None:
    (tree,) = [tree for name, tree in trees("geo/db") if name == "geo/db/bulk.py"]
    told = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    copying = {name for name, call in calls("geo", "maps", "api") if called(call) in COPIES}

    assert [text for text in told if str(text).startswith("COPY ")] == ['COPY pg_temp."']
    assert copying == {"geo/db/bulk.py"}


def test_one_place_makes_engines_and_the_driver_is_imported_nowhere_else() -> None:
    drivers = {"psycopg", "psycopg2", "asyncpg", "pg8000"}
    importing = {
        name
        for name, tree in trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and drivers & {module.split(".")[0] for module in imported(node)}
    }
    making = {"create_engine", "create_async_engine", "engine_from_config", "create_pool_from_url"}
    makers = {name for name, call in calls(*PACKAGES) if called(call) in making}

    assert importing == makers == {"geo/db/session.py"}


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]
