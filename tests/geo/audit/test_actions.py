"""Every action, outcome and fault has its words, its term and its row in the reference."""

import re
from pathlib import Path

import pytest

from geo.audit.actions import KEEP, Action, Keep, Outcome
from geo.audit.chain import FaultKind
from geo.texts import catalogue

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "audit.md").read_text(encoding="utf-8")


def first_cells() -> set[str]:
    return set(re.findall(r"^\| `([a-z_.]+)` \|", PAGE, re.MULTILINE))


def test_every_action_has_its_row_with_its_words_and_its_term() -> None:
    found = set(re.findall(r"^\| `([a-z_.]+)` \| (.+?) \| (.+?) \| (\d+) \|", PAGE, re.MULTILINE))
    lines = catalogue()

    assert found == {
        (
            action.value,
            lines[f"audit.action.{action.value}"]["zh"],
            lines[f"audit.action.{action.value}"]["en"],
            str(KEEP[action].value),
        )
        for action in Action
    }


@pytest.mark.parametrize("words", [Outcome, FaultKind])
def test_every_outcome_and_fault_has_its_row(words: type[Outcome] | type[FaultKind]) -> None:
    assert {word.value for word in words} <= first_cells()


def test_every_word_is_in_the_catalogue() -> None:
    wanted = {f"audit.outcome.{outcome.value}" for outcome in Outcome}
    wanted |= {f"audit.fault.{fault.value}" for fault in FaultKind}
    wanted |= {f"audit.action.{action.value}" for action in Action}

    assert wanted - catalogue().keys() == set()


def test_the_words_of_actions_stand_in_one_place() -> None:
    named = {key for key in catalogue() if re.search(r"\baction_?s?\.", key)}

    assert named == {f"audit.action.{action.value}" for action in Action}


def test_logs_are_kept_six_months_and_processing_three_years() -> None:
    # The longest six calendar months: 1 March to 1 September has 184 days. Three years: 366 + 730.
    assert Keep.LOG.value >= 184
    assert Keep.PROCESSING.value >= 1096
    assert KEEP[Action.SIGN_IN] is Keep.LOG
    assert KEEP[Action.PEOPLE_REVEAL] is Keep.PROCESSING
    assert KEEP[Action.AUDIT_EXPIRE] is Keep.PROCESSING
