"""The language of an answer by what the client accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.lang import preferred


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.1, zh;q=0.2", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh-Hans-CN", "zh"),
        ("en, zh", "en"),
        ("zh, en", "zh"),
    ],
)
def test_the_highest_quality_wins_then_the_first(accepted: str, lang: str) -> None:
    assert preferred(accepted, "en" if lang == "zh" else "zh") == lang


@pytest.mark.parametrize(
    "accepted", ["", "*", "fr", "fr, *;q=0.5", "zho", "zh;q=2", ";;;", "zh_CN"]
)
@pytest.mark.parametrize("default", ["zh", "en"])
def test_the_default_holds_when_neither_is_named(accepted: str, default: str) -> None:
    assert preferred(accepted, default) == default  # type: ignore[arg-type]  # both are languages


@given(st.text())
def test_any_header_gives_a_language(accepted: str) -> None:
    assert preferred(accepted, "zh") in ("zh", "en")
