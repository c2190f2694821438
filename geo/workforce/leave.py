"""Who stands in for somebody away, and which leaves may be entered: the rules, pure.

A leave holds from its beginning until its end, the end not included; one that was ended early holds
until then. Who is away leaves every post at once. The substitute takes the place as it is: the
post, the places, and whether it answers first. A substitute who is away too is stood in for by the
own substitute, and so on; where nobody is left in that row, the place is empty meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from geo.errors import Invalid
from geo.workforce.responsibility import Duty, Person

LONGEST = timedelta(days=1_100)
# A leave may be entered so long before it begins.
AHEAD = timedelta(days=400)

# Who is away → who stands in; None where nobody does.
Away = Mapping[str, Person | None]


class LeaveTimesRefused(Invalid):
    """A leave begins in the past or too far off, ends before it begins, or takes too long."""

    code = "leave_times_refused"


class Span(NamedTuple):
    """The time of a leave, half-open; no end: until it is ended."""

    begins: datetime
    ends: datetime | None


def leave_span(begins: datetime | None, ends: datetime | None, now: datetime) -> Span:
    """Return the time of a leave as it is entered.

    Parameters
    ----------
    begins : None for now; what lies in the past is refused, because answers were given by then
    ends : the moment of return; None until it is ended

    Raises
    ------
    LeaveTimesRefused
        When it cannot be so.

    Examples
    --------
    >>> noon = datetime(2026, 11, 22, 12)
    >>> leave_span(None, datetime(2026, 11, 25), noon).begins == noon
    True
    """
    begin = now if begins is None else begins
    too_late = ends is not None and not begin < ends <= begin + LONGEST
    if not now <= begin <= now + AHEAD or too_late:
        told = (moment.isoformat(timespec="minutes") for moment in (begin, ends) if moment)
        raise LeaveTimesRefused(value=" – ".join(told), days=LONGEST.days, ahead=AHEAD.days)
    return Span(begin, ends)


def stood_in(duties: Iterable[Duty], away: Away) -> list[Duty]:
    """Return duties as they are carried out at a moment.

    Parameters
    ----------
    duties : as assigned
    away : at that moment, with everybody who may have to stand in

    Returns
    -------
    Duties in no order: of a substitute with ``substitute_for``; of who is away without one marked
    ``away``. A substitute who holds the same post at the same place anyhow has it once.
    """
    carried: dict[object, Duty] = {}
    for duty in sorted((_carried(duty, away) for duty in duties), key=_order):
        key = (duty.worker_id, duty.post, duty.rung, duty.away)
        carried.setdefault(key, duty)
    return list(carried.values())


def _carried(duty: Duty, away: Away) -> Duty:
    if duty.worker_id not in away:
        return duty
    person = _present(duty.worker_id, away)
    if person is None:
        return replace(duty, away=True)
    return replace(
        duty,
        worker_id=person.worker_id,
        name=person.name,
        sealed_phone=person.sealed_phone,
        worker_code=person.code,
        substitute_for=Person(duty.worker_id, duty.name, code=duty.worker_code),
    )


def _present(worker_id: str, away: Away) -> Person | None:
    """Return who stands in for somebody away; None when nobody does, or they wait in a ring."""
    passed = {worker_id}
    person = away[worker_id]
    while person is not None and person.worker_id in away:
        if person.worker_id in passed:
            return None
        passed.add(person.worker_id)
        person = away[person.worker_id]
    return person


def _order(duty: Duty) -> tuple[bool, str]:
    """Return which of two equal duties of one worker counts: the first one, then the own one."""
    standing_in = duty.substitute_for
    return not duty.primary, standing_in.worker_id if standing_in else ""
