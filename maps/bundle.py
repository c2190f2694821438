"""Our ES modules as one script, for files that stand alone.

There is no build step: the modules keep to a strict form (:data:`RULES`), which a few lines can
turn into nested functions. What does not keep to it is refused, so that the file never differs
from the served page in silence.
"""

import posixpath
import re
from functools import cache

from maps import assets

RULES = """\
one import a line: import { a, b } from './x.js';
exports stand before a declaration: export function | async function | class | const
no default export, no re-export, no dynamic import, no circle; no template literal over two lines
no line that begins with // inside a string"""

_IMPORT = re.compile(r"^import \{ (?P<names>[\w, ]+) \} from '(?P<path>\.[\w./-]+\.js)';$")
_EXPORT = re.compile(r"^export (?P<kind>(?:async )?function|class|const) (?P<name>\w+)")
_COMMENT = re.compile(r"^\s*(//|/\*\*?|\*/|\*\s|\*$)")


class ModuleRefused(ValueError):
    """A module does not keep to the form that can be bundled."""

    def __init__(self, name: str, line: str) -> None:
        super().__init__(f"{name}: {line.strip()!r} cannot be bundled; the form is:\n{RULES}")


@cache
def bundle(entry: str) -> str:
    """Return ``entry`` and all it imports as one classic script.

    Parameters
    ----------
    entry
        Path below ``maps/static``, ``js/map/occupancy.js``.

    Raises
    ------
    ModuleRefused
        When a module breaks a rule, or modules import each other in a circle.
    """
    order: list[str] = []
    _visit(entry, order, ())
    names = {name: f"m{number}" for number, name in enumerate(order)}
    bodies = (f"const {names[name]}=(()=>{{\n{_body(name, names)}\n}})();" for name in order)
    return "(()=>{'use strict';\n" + "\n".join(bodies) + "\n})();"


def _visit(name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ModuleRefused(name, f"circle {' > '.join((*above, name))}")
    if name in order:
        return
    for line in assets.read(name).splitlines():
        if found := _IMPORT.match(line):
            _visit(_resolve(name, found["path"]), order, (*above, name))
    order.append(name)


def _resolve(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _body(name: str, names: dict[str, str]) -> str:
    lines: list[str] = []
    exported: list[str] = []
    for line in assets.read(name).splitlines():
        if not line.strip() or _COMMENT.match(line):
            continue
        if line.count("`") % 2:
            raise ModuleRefused(name, line)
        lines.append(_line(name, line, names, exported))
    return "\n".join((*lines, f"return{{{','.join(exported)}}};"))


def _line(name: str, line: str, names: dict[str, str], exported: list[str]) -> str:
    if found := _IMPORT.match(line):
        return f"const {{{found['names']}}}={names[_resolve(name, found['path'])]};"
    if found := _EXPORT.match(line):
        exported.append(found["name"])
        return line.removeprefix("export ")
    if re.match(r"\s*(import|export)\b", line) or "import(" in line:
        raise ModuleRefused(name, line)
    return line.strip()
