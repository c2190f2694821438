from pathlib import Path

import pytest

from maps import assets, bundle
from maps.atlas.occupancy import ENTRY


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    monkeypatch.setattr(assets, "read", assets.read.__wrapped__)
    monkeypatch.setattr(bundle, "bundle", bundle.bundle.__wrapped__)
    return tmp_path


def test_modules_become_functions_in_the_order_of_need(modules: Path) -> None:
    (modules / "a.js").write_text("import { b } from './b.js';\n/** Why. */\nconsole.log(b());\n")
    (modules / "b.js").write_text("export function b() {\n  return 1;\n}\n")
    assert bundle.bundle("a.js") == (
        "(()=>{'use strict';\n"
        "const m0=(()=>{\nfunction b() {\nreturn 1;\n}\nreturn{b};\n})();\n"
        "const m1=(()=>{\nconst { b }=m0;\nconsole.log(b());\nreturn{};\n})();\n"
        "})();"
    ).replace("const { b }", "const {b}")


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export { a };",
        "import a from './b.js';",
        "import * as a from './b.js';",
        "const a = import('./b.js');",
        "const a = `two",
    ],
)
def test_a_form_that_cannot_be_bundled_is_refused(modules: Path, line: str) -> None:
    (modules / "a.js").write_text(f"{line}\n")
    (modules / "b.js").write_text("export const b = 1;\n")
    with pytest.raises(bundle.ModuleRefused, match="cannot be bundled"):
        bundle.bundle("a.js")


def test_a_circle_is_refused(modules: Path) -> None:
    (modules / "a.js").write_text("import { b } from './b.js';\nexport const a = 1;\n")
    (modules / "b.js").write_text("import { a } from './a.js';\nexport const b = 1;\n")
    with pytest.raises(bundle.ModuleRefused, match="circle"):
        bundle.bundle("a.js")


def test_the_occupancy_map_bundles_all_its_modules() -> None:
    script = bundle.bundle(ENTRY)
    folder = assets.FOLDER / "js"
    own = [folder / "shell/dom.js", *folder.glob("core/*.js"), *folder.glob("map/*.js")]
    forms = {folder / f"core/{name}.js" for name in ("api", "csrf", "device")}
    exported = [
        name
        for path in own
        if path not in forms
        for name in path.read_text(encoding="utf-8").split("export function ")[1:]
    ]
    missing = [
        name.split("(")[0] for name in exported if f"function {name.split('(')[0]}(" not in script
    ]
    assert missing == []


def test_core_knows_neither_leaflet_nor_the_page() -> None:
    for path in (assets.FOLDER / "js" / "core").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert "../map/" not in text, path
        assert "document" not in text, path
        assert "window" not in text.replace("a window", "").replace("the window", ""), path


def test_no_module_writes_markup_or_runs_text() -> None:
    banned = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    )
    for path in (assets.FOLDER / "js").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert [word for word in banned if word in text] == [], path
