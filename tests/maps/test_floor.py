"""Own scripts and styles keep to what Chromium 86 knows, the oldest browser in offices.

No such browser can be run here: what came later is looked for by name, with the version it came
in. A style that falls back to an older one of the same property in the same rule may stay.
"""

import re
from pathlib import Path

import pytest

from maps import assets

FLOOR = 86
# What kills a module or throws: the version it came in, what it looks like.
SCRIPTS = {
    "top-level await": (89, r"^(?:(?:const|let|var) [^=]*= )?await "),
    "static block": (94, r"\bstatic \{"),
    "#x in o": (91, r"#\w+ in "),
    "regular expression flag d or v": (90, r"(?:[=(,:]|return) ?/[^/\n*][^/\n]*/[gimsuy]*[dv]"),
    "at": (92, r"(?<!this)\.at\("),
    "findLast": (97, r"\.findLast(?:Index)?\("),
    "toSorted and its like": (110, r"\.to(?:Sorted|Reversed|Spliced)\("),
    "Array.fromAsync": (121, r"Array\.fromAsync"),
    "Object.hasOwn": (93, r"Object\.hasOwn\b"),
    "groupBy": (117, r"(?:Object|Map)\.groupBy"),
    "Promise.withResolvers": (119, r"Promise\.(?:withResolvers|try)"),
    "operations on sets": (122, r"\.(?:union|intersection|symmetricDifference|isSubsetOf)\("),
    "cause of an error": (93, r"\{ ?cause\b"),
    "structuredClone": (98, r"\bstructuredClone\("),
    "randomUUID": (92, r"randomUUID"),
    "AbortSignal.timeout": (103, r"AbortSignal\.(?:timeout|any|abort)"),
    "Intl.Segmenter": (87, r"Intl\.(?:Segmenter|ListFormat\(.*style: 'unit'|DurationFormat)"),
    "roundRect": (99, r"\.roundRect\("),
    "reset of a canvas": (99, r"context\.reset\("),
    "letterSpacing of a canvas": (99, r"context\.letterSpacing"),
    "conic gradient": (99, r"createConicGradient"),
    "inert": (102, r"\.inert\b"),
    "popover": (114, r"\bpopover\b|\.(?:show|hide|toggle)Popover\("),
    "showPicker": (99, r"\.showPicker\("),
    "checkVisibility": (105, r"\.checkVisibility\("),
    "scheduler": (94, r"\bscheduler\.(?:postTask|yield)"),
    "import map": (89, r"importmap"),
    "import with a type": (91, r"^import .* (?:assert|with) \{"),
    "setHTML": (105, r"\.setHTML"),
    "view transition": (111, r"startViewTransition"),
}
# What drops a whole rule or leaves a page without its measure.
STYLES = {
    ":has": (105, r":has\("),
    ":is, :where": (88, r":(?:is|where)\("),
    ":not with a list": (88, r":not\([^()]*,"),
    ":user-invalid": (119, r":user-(?:in)?valid"),
    "inset": (87, r"(?<![-\w])inset(?:-\w+)*:"),
    "aspect-ratio": (88, r"(?<!\()aspect-ratio:"),
    "small and dynamic heights": (108, r"\d[dsl]v(?:h|w|min|max)\b"),
    "lh": (109, r"\d(?:r?lh|cap)\b"),
    "color-mix": (111, r"color-mix\("),
    "newer colours": (111, r"\b(?:oklch|oklab|lab|lch|color|light-dark)\("),
    "@layer": (99, r"@layer"),
    "@container": (105, r"@container|container-type:"),
    "@scope": (118, r"@scope"),
    "ranges in a media query": (104, r"@media[^{]*[<>]"),
    "translate, rotate, scale apart": (104, r"(?<![-\w])(?:translate|rotate|scale):"),
    "subgrid": (117, r"subgrid"),
    "overflow: clip": (90, r"overflow(?:-[xy])?: ?clip"),
    "nesting": (112, r"(?m)^\s*&"),
}
RULE = re.compile(r"\{([^{}]*)\}")


def own(suffix: str) -> list[Path]:
    vendor = assets.FOLDER / "vendor"
    return [path for path in assets.FOLDER.rglob(f"*{suffix}") if vendor not in path.parents]


def bare(text: str) -> str:
    """Return a script or style without its comments, lines kept."""
    return re.sub(r"/\*.*?\*/|^\s*//.*?$", _lines, text, flags=re.DOTALL | re.MULTILINE)


def _lines(comment: re.Match[str]) -> str:
    return "\n" * comment.group().count("\n")


def without_fallbacks(text: str) -> str:
    """Return a style without what is said once more in older words before it, in the same rule."""
    return RULE.sub(lambda rule: "{" + ";".join(_first(rule.group(1).split(";"))) + "}", text)


def _first(declarations: list[str]) -> list[str]:
    seen: set[str] = set()
    kept = []
    for one in declarations:
        name = one.partition(":")[0].strip()
        if name not in seen:
            kept.append(one)
        seen.add(name)
    return kept


def found(text: str, table: dict[str, tuple[int, str]]) -> list[str]:
    return [
        f"{name} came in {since}"
        for name, (since, pattern) in table.items()
        if since > FLOOR and re.search(pattern, text, re.MULTILINE)
    ]


def test_scripts_use_nothing_that_came_later() -> None:
    read = {path.name: bare(path.read_text("utf-8")) for path in own(".js")}
    assert len(read) > 60
    assert {name: what for name, text in read.items() if (what := found(text, SCRIPTS))} == {}


def test_styles_use_nothing_that_came_later() -> None:
    read = {path.name: without_fallbacks(bare(path.read_text("utf-8"))) for path in own(".css")}
    assert len(read) > 10
    assert {name: what for name, text in read.items() if (what := found(text, STYLES))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "const a = await import('./b.js');",
        "  const last = list.at(-1);",
        "const copy = structuredClone(one);",
        "context.roundRect(0, 0, 4, 4, 2);",
        "const seen = new Set(a).union(b);",
    ],
)
def test_a_script_that_is_too_new_is_found(line: str) -> None:
    assert found(bare(line), SCRIPTS)


@pytest.mark.parametrize(
    ("style", "is_found"),
    [
        (".a:has(.b) { color: red }", True),
        (".a { inset: 0 }", True),
        (".a { box-shadow: inset 0 0 0 1px red }", False),
        (".a { height: 100dvh }", True),
        (".a { height: 100vh; height: 100dvh }", False),
        (".a { transform: translate(1px, 2px) }", False),
        ("/* :has */ .a { color: red }", False),
    ],
)
def test_a_style_is_found_when_nothing_older_stands_before_it(style: str, is_found: bool) -> None:
    assert bool(found(without_fallbacks(bare(style)), STYLES)) is is_found
