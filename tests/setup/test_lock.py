"""The two locks hold every dependency, each with its hashes, and name no registry."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN: list[str] = PROJECT["project"]["dependencies"]
DEV: list[str] = PROJECT["dependency-groups"]["dev"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def entries(lock: str) -> dict[str, str]:
    """Return each locked package's lines, continuations joined, by its name."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", "", text).splitlines()
    return {name_of(line): line for line in lines if line.strip() and line.strip()[0] != "#"}


@pytest.mark.parametrize(("lock", "wanted"), [(LOCKS[0], RUN), (LOCKS[1], RUN + DEV)])
def test_every_dependency_is_locked(lock: str, wanted: list[str]) -> None:
    assert {name_of(requirement) for requirement in wanted} <= entries(lock).keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(lock: str) -> None:
    for line in entries(lock).values():
        assert re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("lock", LOCKS)
def test_no_registry_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-|index|\.(org|com|cn|io)\b", text, flags=re.MULTILINE)


def test_what_the_product_runs_on_is_what_is_tested() -> None:
    tested = entries(LOCKS[1])
    assert all(tested[name] == line for name, line in entries(LOCKS[0]).items())


@pytest.mark.parametrize(
    "path",
    [
        "wangge",
        "Dockerfile",
        "docker-compose.yml",
        ".ci/run",
        *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "setup").iterdir()),
    ],
)
def test_no_script_of_the_set_up_names_a_host(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert hosts <= {"127.0.0.1"}
