"""Which refusals leave a record, and what of what was typed stands in it."""

import pytest

from geo.access.actors import PermissionMissing
from geo.accounts.shares import DayShareUsed
from geo.audit.actions import Action, Outcome
from geo.audit.notes import Note
from geo.audit.service import refusal
from geo.errors import GeoError, Limited
from geo.grid.store import CellUnknown
from geo.people.store import HouseholdUnknown
from geo.workforce.store import WorkerUnknown


def test_an_unknown_id_of_people_is_a_missed_lookup() -> None:
    assert refusal(HouseholdUnknown(value="123")) == Note(
        Action.LOOKUP, Outcome.MISSED, subject_kind="household", subjects=(123,)
    )


def test_an_unknown_code_of_people_is_kept_as_it_was_asked() -> None:
    assert refusal(WorkerUnknown(value="w-1.7_a")) == Note(
        Action.LOOKUP, Outcome.MISSED, subject_kind="worker", reason="w-1.7_a"
    )


@pytest.mark.parametrize(
    "typed",
    ["王伟芳", "13812345678", "8613812345678", "11010519491231002X", "a b", "x" * 65, "", "½"],
)
def test_a_persons_data_typed_as_an_id_stay_out(typed: str) -> None:
    note = refusal(HouseholdUnknown(value=typed))

    assert note is not None
    assert (note.subjects, note.reason) == ((), "")


def test_what_everybody_may_know_leaves_nothing() -> None:
    assert refusal(CellUnknown(value="340603")) is None
    assert refusal(GeoError()) is None
    assert refusal(Limited(limit="requests", wait_s=1)) is None


def test_a_missing_permission_is_a_denied_request() -> None:
    assert refusal(PermissionMissing(permission="people.read")) == Note(
        Action.REQUEST, Outcome.DENIED, reason="people.read"
    )


def test_a_share_that_is_used_up_is_denied_under_its_own_name() -> None:
    note = refusal(DayShareUsed(limit="people", wait_s=60))

    assert note is not None
    assert (note.action.value, note.outcome) == (DayShareUsed.recorded, Outcome.DENIED)
