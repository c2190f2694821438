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
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]

_SCOPE = "__import__('geo.access.scope', fromlist=['Scope']).Scope"
_CLASS = "__import__('geo.access.fields', fromlist=['FieldClass']).FieldClass"
_EVERYWHERE = f"{_SCOPE}.everything()"
_AREA = "__import__('geo.access.scope', fromlist=['area_range']).area_range"
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
    """

    file: str
    line: int
    was: str
    now: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.was} → {self.now}"


def _receiver(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return ast.unparse(call.func.value)


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
}
# What only commands of the machine's operator run sees everything by intent.
_PACKAGES = ("geo/access", "geo/accounts", "geo/audit", "geo/db", "geo/people", "geo/workforce")
_PACKAGES += ("api/routes", "api")
_SQL = ("geo/people", "geo/workforce", "geo/audit")


def mutants() -> Iterator[Mutant]:
    """Return every mutant, file by file."""
    for package in _PACKAGES:
        for path in sorted((ROOT / package).glob("*.py")):
            yield from _of_file(path)
    for package in _SQL:
        for path in sorted((ROOT / package / "sql").glob("*.sql")):
            yield from _of_sql(path)


def _of_file(path: Path) -> Iterator[Mutant]:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    for node, now in _found(ast.parse(source), name):
        yield _with(name, source, node, now)


def _found(tree: ast.Module, name: str) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else ""
            called = called or getattr(function, "id", "")
            if called in CALLS and not _is_column(node):
                yield node, CALLS[called](node)
    if name == "api/access.py":
        yield from _permissions(tree)


def _is_column(call: ast.Call) -> bool:
    """Return whether a call only looks like one of ours: a method without arguments."""
    return isinstance(call.func, ast.Attribute) and not call.args and not call.keywords


def _permissions(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Return the permissions that routes ask for, each to be left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "ACCESS":
            assert isinstance(node.value, ast.Dict)
            for value in node.value.values:
                if ast.unparse(value) != "None":
                    # What everybody has who has signed in: the role is not looked at any more.
                    yield value, "P.GRID_READ"


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
