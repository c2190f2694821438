"""The reference pages name what the code has, no more and no less."""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import geo
from geo.access.actors import Reason
from geo.access.roles import APART, ROLES, Permission
from geo.events import Event
from geo.handlers import HANDLERS
from geo.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def first_cells(page: str, pattern: str) -> set[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return set(re.findall(rf"^\| `({pattern})`", text, flags=re.MULTILINE))


def test_every_setting_has_its_row() -> None:
    launcher = {"WANGGE_WHEELS", "WANGGE_CHROMIUM", "WANGGE_PG_BIN"}
    named = {f"WANGGE_{name.upper()}" for name in Settings.model_fields}

    assert first_cells("reference/settings.md", "WANGGE_[A-Z_]+") - launcher == named


def test_every_event_has_its_row() -> None:
    for module in pkgutil.walk_packages(geo.__path__, "geo."):
        if module.name.endswith(".events"):
            importlib.import_module(module.name)
    ours = {e.__name__ for e in Event.__subclasses__() if e.__module__.startswith("geo")}

    assert first_cells("reference/events.md", "[A-Za-z]+") == ours
    assert {event.__name__ for event in HANDLERS.before_commit} <= ours


def test_every_reason_has_its_row() -> None:
    assert first_cells("reference/reasons.md", "[a-z_]+") == {reason.value for reason in Reason}


def test_every_role_has_its_column_and_its_row() -> None:
    text = (DOCS / "reference/roles.md").read_text(encoding="utf-8")
    head, *rows = (
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith(("| permission ", "| `"))
    )
    matrix = {row[0]: row[1:-1] for row in rows if len(row) == len(head)}
    classes = {row[0]: row[2:] for row in rows if len(row) != len(head)}

    assert head[1:-1] == [role.value for role in ROLES] == list(classes)
    assert matrix == {
        one.value: ["✓" if one in rule.permissions else "" for rule in ROLES.values()]
        for one in Permission
    }
    assert classes == {
        role.value: [
            rule.masked.name.lower(),
            rule.reveals.name.lower(),
            "a cell and all below it" if rule.has_area else "the whole deployment",
        ]
        for role, rule in ROLES.items()
    }
    assert all(f"`{role.value}`" in text.split("## Kept apart")[1] for role in APART)


def test_every_dependency_has_its_row() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[<>=]", requirement)[0] for requirement in wanted}
    text = (DOCS / "decisions/0009-dependencies.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| ([a-z0-9-]+) \|", text, flags=re.MULTILINE)) - {"library"} == names


def test_every_decision_is_listed() -> None:
    pages = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    listed = re.findall(r"\]\((0[^)]+)\)", (DOCS / "decisions/README.md").read_text("utf-8"))

    assert set(listed) == pages


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        (page.relative_to(ROOT).as_posix(), target)
        for page in [ROOT / "README.md", *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
