"""The code with one check of access left out: every place that decides who sees what, by its AST.

A mutant is one module whose source differs in one expression, or one statement of SQL without its
range. ``planted`` makes this process import it in place of the original; files stay as they are.
"""

import ast
import importlib.abc
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]

_SCOPE = "__import__('geo.access.scope', fromlist=['Scope']).Scope"
_CLASS = "__import__('geo.access.fields', fromlist=['FieldClass']).FieldClass"
_EVERYWHERE = f"{_SCOPE}.everything()"
_AREA = "__import__('geo.access.scope', fromlist=['area_range']).area_range"
_PLACES = "__import__('geo.places.store', fromlist=['store'])"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_REPLACE = "__import__('dataclasses').replace"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check left out.

    Parameters
    ----------
    file : below the root of the project
    line : where
    was, now : the expression before and after
    source : of the whole file after
    route : the one that it is about; empty for several
    function : in which it stands
    """

    file: str
    line: int
    was: str
    now: str
    source: str
    route: str = ""
    function: str = ""

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.was} → {self.now}"

    @property
    def check(self) -> str:
        """What is left out, wherever in its function it stands today."""
        return f"{self.file} {self.function}: {self.was}"

    def is_near(self, route: str) -> bool:
        """Return whether answers of a route are likely to tell that it is left out."""
        if self.route:
            return route == self.route
        return any(self.file.startswith(f) and part in route for f, part in _NEAR)


def _receiver(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return ast.unparse(call.func.value)


def _building(reading: str, code: str) -> str:
    return f"{code} and {_PLACES}.building_place({reading}.session, {code}).id"


# The name that is called → what stands in place of the call.
CALLS: dict[str, Callable[[ast.Call], str]] = {
    "ranges_within": lambda _: "[None]",
    "ranges_of": lambda call: f"[{_AREA}({ast.unparse(call.args[1])})]",
    "in_range": lambda _: "()",
    "covers": lambda _: "True",
    "is_within": lambda _: "__import__('sqlalchemy').true()",
    "acting": lambda call: f"{_REPLACE}({_receiver(call)}, scope={_EVERYWHERE})",
    "areas": lambda _: _EVERYWHERE,
    "require": lambda _: "None",
    "may": lambda _: "True",
    "masked": lambda _: f"{_CLASS}.SENSITIVE",
    "reveals": lambda _: f"{_CLASS}.SENSITIVE",
    "hidden_from": lambda _: "()",
    "check_household": lambda _: "None",
    "own_building": lambda call: _building(_receiver(call), ast.unparse(call.args[0])),
    "own_area": lambda call: f"{_receiver(call)}.area({ast.unparse(call.args[0])})",
}
# What only commands of the machine's operator run sees everything by intent.
_PACKAGES = ("geo/access", "geo/accounts", "geo/db", "geo/people", "geo/people/rights")
_PACKAGES += ("geo/workforce", "api/routes", "api/batches", "api")
_SQL = ("geo/people", "geo/workforce")
# Whose answers notice first, by the beginning of a file: a part of the route.
_NEAR = (
    ("geo/people/rights", "/data-requests"),
    ("geo/people/reading", "/households"),
    ("geo/people/store", "/households"),
    ("geo/people/sight", "/maps"),
    ("geo/people/frames", "/maps"),
    ("geo/people/sql", "/maps"),
    ("geo/people/public", "/counts"),
    ("geo/workforce", "/workers"),
    ("geo/access", "/households"),
    ("geo/accounts", "/households"),
    ("api/routes/data_requests", "/data-requests"),
    ("api/routes/households", "/households"),
    ("api/routes/workers", "/workers"),
    ("api/routes/me", "/me"),
    ("api/routes/pages", "/maps"),
    ("api/map_pages", "/maps"),
    ("api/page_views", "/me"),
    ("api/public_maps", "/maps"),
    ("api/reading", "/households"),
    ("api/gazetteer", "/addresses"),
    ("api/points", "/locate"),
    ("api/batches", "/locate"),
)
# Checks that are no calls: file → what stands there, and what stands there without the check.
PLANTED = {
    "geo/access/actors.py": {
        "if g.area and path.startswith(g.area)": "if g.area",
        "if permission in ROLES[grant.role].permissions": "",
        "if self.allowed is not None and permission not in self.allowed": "if False",
    },
    "geo/accounts/sql/grants.sql": {
        "role_grant.valid_from <= now()": "true",
        "role_grant.valid_to > now()": "true",
    },
    "geo/people/public.py": {
        'public_frame(cells.join(sums), kinds, ["persons"])': (
            "sums.assign(households=sums[kinds].sum(axis=1))[[*_TOTALS, *kinds]]"
        ),
    },
}


def mutants() -> Iterator[Mutant]:
    """Return every mutant, file by file."""
    for package in _PACKAGES:
        for path in sorted((ROOT / package).glob("*.py")):
            yield from _of_file(path)
    for package in _SQL:
        for path in sorted((ROOT / package / "sql").glob("*.sql")):
            yield from _of_sql(path)
    for name, changes in PLANTED.items():
        source = (ROOT / name).read_text(encoding="utf-8")
        for was, now in changes.items():
            line = source[: source.index(was)].count("\n") + 1
            yield Mutant(name, line, was, now, source.replace(was, now))


def _of_file(path: Path) -> Iterator[Mutant]:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(source)
    for node, now in _found(tree):
        yield replace(_with(name, source, node, now), function=_function_of(tree, node))
    if name == "api/access.py":
        for route, node in _permissions(tree):
            # What everybody has who has signed in: the role is not looked at any more.
            yield replace(_with(name, source, node, "P.GRID_READ"), route=route)


def _found(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else ""
            called = called or getattr(function, "id", "")
            if called in CALLS and not _is_another(node, called):
                yield node, CALLS[called](node)


def _function_of(tree: ast.Module, node: ast.expr) -> str:
    """Return the name of the innermost function in which an expression stands."""
    around = [
        found
        for found in ast.walk(tree)
        if isinstance(found, _FUNCTIONS) and found.lineno <= node.lineno <= _end(found)
    ]
    return max(around, key=lambda found: found.lineno).name if around else ""


def _end(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno


def _is_another(call: ast.Call, called: str) -> bool:
    """Return whether a call only looks like one of ours: a column's method, a mask of text."""
    if isinstance(call.func, ast.Attribute):
        return not call.args and not call.keywords
    return called == "masked"


def _permissions(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Return the routes that ask for a permission, each with where it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "ACCESS":
            assert isinstance(node.value, ast.Dict)
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                if ast.unparse(value) != "None":
                    yield _text(key), value


def _text(key: ast.expr | None) -> str:
    """Return a text as it is when ``API`` is put into it."""
    if isinstance(key, ast.JoinedStr):
        parts = [part.value for part in key.values if isinstance(part, ast.Constant)]
        return "/api/v1".join(map(str, parts))
    assert isinstance(key, ast.Constant)
    return str(key.value)


def _with(name: str, source: str, node: ast.expr, now: str) -> Mutant:
    lines = source.splitlines(keepends=True)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    begin = sum(len(line.encode()) for line in lines[: node.lineno - 1]) + node.col_offset
    end = sum(len(line.encode()) for line in lines[: node.end_lineno - 1]) + node.end_col_offset
    raw = source.encode()
    # In brackets: the expression may go on for lines.
    changed = raw[:begin] + f"({now})".encode() + raw[end:]
    return Mutant(
        name, node.lineno, " ".join(raw[begin:end].decode().split()), now, changed.decode()
    )


_RANGE = re.compile(r"[a-z_.]*path >= :\w+ AND [a-z_.]*path < :\w+")


def _of_sql(path: Path) -> Iterator[Mutant]:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    for found in _RANGE.finditer(source):
        changed = source[: found.start()] + "true" + source[found.end() :]
        yield Mutant(name, source[: found.start()].count("\n") + 1, found[0], "true", changed)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module in memory."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._module = mutant.file.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        origin = str(ROOT / self._mutant.file)
        return importlib.util.spec_from_file_location(fullname, origin, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self._mutant.source, str(module.__file__), "exec")
        exec(code, module.__dict__)


def planted(mutant: Mutant) -> None:
    """Make this process import a mutant; nothing of the project may have been imported before."""
    if mutant.file.endswith(".sql"):
        path = Path(mutant.file)
        _plant_sql(path, mutant.source)
        return
    sys.meta_path.insert(0, _Finder(mutant))


def _plant_sql(path: Path, changed: str) -> None:
    from geo.db import sql

    original, wanted = sql.source, (".".join(path.parts[:-2]), path.stem)

    def source(package: str, name: str) -> str:
        return changed if (package, name) == wanted else original(package, name)

    sql.source = source  # type: ignore[assignment]
