"""Who stands in for somebody away: by hand, and against a plain walk through the rule's text."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.workforce.leave import LONGEST, Away, LeaveTimesRefused, leave_span, stood_in
from geo.workforce.responsibility import Duty, Person, Via, team

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
RUNGS = (Via.HOUSEHOLD, Via.BUILDING, Via.CELL, Via.PARENT_CELL)
PEOPLE = ("a", "b", "c", "d", "e")


def duty(worker: str, via: Via = Via.CELL, *, primary: bool = False, rank: int = 1,
         overlay: bool = False) -> Duty:  # fmt: skip
    post = f"post {rank}"
    return Duty(worker, worker, "", post, rank, primary, via, "L4", 4, overlay=overlay)


def away(**substitutes: str | None) -> Away:
    return {
        worker: None if other is None else Person(other, other)
        for worker, other in substitutes.items()
    }


def told(duties: list[Duty], absent: Away) -> tuple[list[tuple[str, str, bool]], str]:
    found = team(stood_in(duties, absent))
    members = [
        (d.worker_id, d.substitute_for.worker_id if d.substitute_for else "", d.primary)
        for d in found.members
    ]
    return members, found.reason


def test_a_substitute_takes_the_place_as_it_is() -> None:
    duties = [duty("a", primary=True), duty("c", rank=2)]

    assert told(duties, away(a="b")) == ([("b", "a", True), ("c", "", False)], "cell; substitute")


def test_without_a_substitute_the_next_on_the_rung_answers_first() -> None:
    duties = [duty("a", primary=True), duty("c", rank=2), duty("d", Via.PARENT_CELL, primary=True)]

    assert told(duties, away(a=None)) == ([("c", "", True)], "cell; deputy")


def test_with_nobody_left_on_the_rung_who_comes_above_answers() -> None:
    duties = [duty("e", Via.BUILDING), duty("a", primary=True), duty("d", Via.PARENT_CELL,
              primary=True)]  # fmt: skip

    assert told(duties, away(a=None)) == (
        [("d", "", True), ("e", "", False)],
        "building > parent_cell; away",
    )


def test_when_everybody_is_away_nobody_answers_and_it_is_said() -> None:
    assert told([duty("a", primary=True)], away(a=None)) == ([], "nobody; away")


def test_a_substitute_who_is_away_is_stood_in_for() -> None:
    duties = [duty("a", primary=True)]

    assert told(duties, away(a="b", b="c"))[0] == [("c", "a", True)]


def test_two_who_stand_in_for_each_other_leave_the_place_empty() -> None:
    duties = [duty("a", primary=True), duty("c", rank=2)]

    assert told(duties, away(a="b", b="a")) == ([("c", "", True)], "cell; deputy")


def test_a_substitute_of_the_same_team_stands_in_it_once() -> None:
    duties = [duty("a", primary=True), duty("b")]

    assert told(duties, away(a="b")) == ([("b", "a", True)], "cell; substitute")


def test_those_beside_the_team_never_answer_first_and_end_no_way_up() -> None:
    duties = [duty("p", rank=21, overlay=True), duty("q", Via.PARENT_CELL, rank=21, overlay=True),
              duty("l", Via.BUILDING, rank=22, overlay=True), duty("d", Via.PARENT_CELL,
              primary=True)]  # fmt: skip
    found = team(stood_in(duties, away(q="r", l=None)))

    assert [member.worker_id for member in found.members] == ["d"]
    assert found.reason == "parent_cell"
    assert [(d.worker_id, d.primary) for d in found.overlays] == [("p", False), ("r", False)]


def test_only_somebody_beside_the_team_is_nobody_who_answers() -> None:
    found = team([duty("p", rank=21, overlay=True)])

    assert (found.members, found.reason, len(found.overlays)) == ((), "nobody", 1)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[Duty], Away]:
    """Duties with at most one primary a rung, as the constraint has it, and who is away."""
    duties = []
    for via in RUNGS:
        people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3))
        first = draw(st.integers(-1, 2))
        duties += [
            duty(worker, via, primary=place == first, rank=draw(st.integers(1, 3)))
            for place, worker in enumerate(people)
        ]
    pairs = draw(st.dictionaries(st.sampled_from(PEOPLE), st.none() | st.sampled_from(PEOPLE)))
    own = {worker: other for worker, other in pairs.items() if other != worker}
    return draw(st.permutations(duties)), away(**own)


def by_the_text(duties: list[Duty], absent: Away) -> tuple[list[tuple[str, str, bool]], str]:
    """The rule once more, a rung at a time with plain lists, from the words of the decision."""
    members: list[tuple[str, str, bool]] = []
    vias: list[str] = []
    why = ""
    for via in RUNGS:
        seats: dict[tuple[str, int], tuple[int, str, str, bool]] = {}
        lost = False
        # The primary's seat is filled first, then own seats, then those stood in for.
        mine = sorted((d for d in duties if d.via is via), key=lambda d: d.worker_id)
        for first in (True, False):
            for stands_in in (False, True):
                for one in mine:
                    if one.primary is not first or (one.worker_id in absent) is not stands_in:
                        continue
                    who, seen = one.worker_id, []
                    while who in absent and who not in seen:
                        seen.append(who)
                        person = absent[who]
                        who = person.worker_id if person else ""
                    if not who or who in absent:
                        lost = lost or one.primary
                        continue
                    instead = one.worker_id if stands_in else ""
                    seats.setdefault(
                        (who, one.post_rank), (one.post_rank, who, instead, one.primary)
                    )
        here = [(w, s, p) for _, w, s, p in sorted(seats.values(), key=lambda t: (t[0], t[1]))]
        if lost:
            why = "; deputy" if here else "; away"
            here = [(w, s, place == 0) for place, (w, s, _) in enumerate(here)]
        members += here
        vias += [via.value] if here else []
        head = next((one for one in here if one[2]), None)
        if head:
            members.remove(head)
            members.insert(0, head)
            why = "; substitute" if head[1] else why
            break
    return members, (" > ".join(vias) or "nobody") + why


@given(rosters())
def test_the_rule_is_what_its_text_says(roster: tuple[list[Duty], Away]) -> None:
    duties, absent = roster

    assert told(duties, absent) == by_the_text(duties, absent)


def test_today_begins_now_and_a_leave_may_be_open() -> None:
    assert leave_span(None, None, NOW) == (NOW, None)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (timedelta(seconds=-1), None),
        (timedelta(days=401), None),
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(), LONGEST + timedelta(seconds=1)),
    ],
)
def test_times_that_cannot_be_are_refused(begins: timedelta, ends: timedelta | None) -> None:
    with pytest.raises(LeaveTimesRefused):
        leave_span(NOW + begins, None if ends is None else NOW + ends, NOW)
