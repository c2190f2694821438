"""What a refusal leaves in the audit: the row or code asked for, and nothing about anybody."""

import pytest

from geo.access.actors import PermissionMissing
from geo.audit.actions import Action, Outcome
from geo.audit.service import refusal
from geo.errors import Invalid
from geo.people.store import HouseholdUnknown
from geo.places.store import BuildingUnknown


def test_a_row_that_was_not_found_is_recorded_by_its_id() -> None:
    note = refusal(HouseholdUnknown(value="1203"))

    assert note is not None
    assert (note.action, note.outcome) == (Action.LOOKUP, Outcome.MISSED)
    assert (note.subject_kind, note.subjects, note.reason) == ("household", (1203,), "")


@pytest.mark.parametrize("code", ["w-17", "340603002001", "340603002001-017", "110105194912310021"])
def test_a_code_that_was_not_found_is_recorded_as_it_stands(code: str) -> None:
    note = refusal(HouseholdUnknown(value=code))

    assert note is not None
    assert (note.subjects, note.reason) == ((), code)


@pytest.mark.parametrize(
    "typed",
    # ID numbers of the appendix of GB 11643-1999: their check characters are right.
    [
        "13800138000",
        "8613800138000",
        "11010519491231002X",
        "440524188001010014",
        "王伟芳",
        "",
        "a b",
    ],
)
def test_what_could_be_somebodys_is_not_recorded(typed: str) -> None:
    note = refusal(HouseholdUnknown(value=typed))

    assert note is not None
    assert (note.outcome, note.subjects, note.reason) == (Outcome.MISSED, (), "")


def test_a_missing_permission_is_recorded_by_its_name() -> None:
    note = refusal(PermissionMissing(permission="people.read"))

    assert note is not None
    assert (note.outcome, note.reason) == (Outcome.DENIED, "people.read")


@pytest.mark.parametrize("error", [BuildingUnknown(value="x"), Invalid()])
def test_what_says_nothing_about_people_leaves_no_record(error: Exception) -> None:
    assert refusal(error) is None  # type: ignore[arg-type]
