"""Every fault, note and refusal named in the code has its sentence, and none is left over."""

import ast
import re
from pathlib import Path

from geo.texts import catalogue

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "geo" / "exchange").rglob("*.py"), ROOT / "api" / "cli" / "imports.py"]
# Families whose last word is made at run time.
MADE = {
    "cell_": {"code_twice", "parent_unknown", "root_level", "level_order", "too_deep",
              "leaf_without_shape", "gap", "overlap"},
    "crs_missing_": {"degrees", "metres", "zone", "unknown"},
    "geometry_type_": {"0", "1", "3"},
    "control_": {"too_few", "too_close", "swapped", "scale", "disagree"},
    "numbers_are_": {"degrees", "metres", "zone", "no_zone"},
    "step_": {"read", "check", "write"},
    "column_": {"thing", "new", "changed", "unchanged", "ended"},
    "thing_": {"cells", "buildings", "estates", "households", "workers", "assignments", "ground"},
}  # fmt: skip


def named() -> set[str]:
    words = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = {family + word for family, endings in MADE.items() for word in endings}
    return {word for word in words if re.fullmatch(r"[a-z0-9_]+", word)} | made


def test_every_sentence_is_used() -> None:
    keys = {key.removeprefix("exchange.") for key in catalogue() if key.startswith("exchange.")}

    assert keys - named() == set()


def test_every_key_given_to_the_report_has_its_sentence() -> None:
    given = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if name not in {"refuse", "note", "Flaw", "FileRefused", "_refuse"}:
                continue
            given |= {
                argument.value
                for argument in node.args[:2]
                if isinstance(argument, ast.Constant) and "_" in str(argument.value)
            }
    fields = {"estate_code", "building_code", "cell_code", "local_code", "grid_code"}

    assert {key for key in given - fields if f"exchange.{key}" not in catalogue()} == set()
